"""Finds the time zones that a TZID may mean, with the standard library alone.

Where several zones are possible, all of them are returned, and whoever asks blocks the time
of each. No zone at all means that the name says nothing: the time could be anywhere.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from connectd.domain.contacts import NAMES_OF_THE_HOST
from connectd.formats.content_lines import CalendarText

ZoneOptions = Callable[[str | None], tuple[tzinfo, ...]]
"""The zones that a TZID may mean; None asks for floating times and dates."""

EASTERNMOST = timezone(timedelta(hours=14))
WESTERNMOST = timezone(timedelta(hours=-12))

_OFFSET = re.compile(
    r"^TZOFFSET(?:FROM|TO)[^:\r\n]*:([+-])([0-9]{2})([0-9]{2})([0-9]{2})?",
    re.MULTILINE | re.IGNORECASE,
)
_LONGEST_NAME = 200


@lru_cache(maxsize=512)
def by_name(tzid: str) -> tzinfo | None:
    """Return the zone of the database that a TZID names.

    A name with a vendor's path in front, as in ``/mozilla.org/20070129_1/Europe/Berlin``,
    means the zone at its end (RFC 5545 section 3.2.19 leaves such names to the vendor).
    """
    if tzid.upper() in {"UTC", "Z", "ETC/UTC"}:
        return UTC
    parts = tzid[:_LONGEST_NAME].strip("/").split("/")
    starts = range(len(parts)) if tzid.startswith("/") else range(1)
    return next(filter(None, (_in_database("/".join(parts[start:])) for start in starts)), None)


def _in_database(key: str) -> ZoneInfo | None:
    if key in NAMES_OF_THE_HOST:
        return None
    try:
        return ZoneInfo(key)
    except (KeyError, ValueError, OSError):
        return None


def loose_options(found: CalendarText, user_zone: str) -> ZoneOptions:
    """Return the zones that are possible without understanding any VTIMEZONE.

    A TZID that the object defines itself may have any offset that stands in the definition.
    """

    def options(tzid: str | None) -> tuple[tzinfo, ...]:
        if tzid is None:
            return _distinct(ZoneInfo(user_zone), by_name(found.default_zone or user_zone))
        return _distinct(by_name(tzid), *offsets_in(found.zones, tzid))

    return options


def offsets_in(definitions: Mapping[str, str], tzid: str) -> list[tzinfo]:
    """Return each offset that a VTIMEZONE's text mentions, as a zone of its own."""
    offsets = {
        timedelta(hours=int(hours), minutes=int(minutes), seconds=int(seconds or 0))
        * (-1 if sign == "-" else 1)
        for sign, hours, minutes, seconds in _OFFSET.findall(definitions.get(tzid, ""))
    }
    return [timezone(offset) for offset in sorted(offsets) if abs(offset) < timedelta(days=1)]


def _distinct(*zones: tzinfo | None) -> tuple[tzinfo, ...]:
    return tuple(dict.fromkeys(zone for zone in zones if zone is not None))
