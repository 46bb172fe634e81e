"""Understands the time zones that a calendar object defines itself (VTIMEZONE).

A definition may differ from the zone database under the same name, because one of them is
out of date or wrong. Both are then possible, and both block time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone
from icalendar.timezone import tzp
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from connectd.domain.model import Span
from connectd.formats.content_lines import CalendarText
from connectd.formats.time_values import DAY
from connectd.formats.zones import ZoneOptions, by_name

_AROUND_THE_WINDOW = timedelta(days=3)
_STEP_NEAR_A_CHANGE = timedelta(minutes=30)
_ENDLESS = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY")


def close_options(found: CalendarText, user_zone: str, window: Span) -> ZoneOptions:
    """Return the zones that are possible where the definitions can be understood.

    The zone of the database comes first; a definition that shows the same times around the
    window is no reading of its own. Floating times are the user's, and those of
    X-WR-TIMEZONE where the object names one.
    """
    first = (window.start - _AROUND_THE_WINDOW).date()
    last = (window.end + _AROUND_THE_WINDOW).date()

    def options(tzid: str | None) -> tuple[tzinfo, ...]:
        if tzid is None:
            return _floating(user_zone, found.default_zone)
        if tzid == "UTC":
            return (UTC,)
        return _possible(tzid, found.zones.get(tzid, ""), first, last)

    return options


@lru_cache(maxsize=512)
def known_zone(name: str) -> tzinfo | None:
    """Return the zone of the database for a TZID or for a Windows name of a zone."""
    return by_name(name) or by_name(WINDOWS_TO_OLSON.get(name.strip(), ""))


def _floating(user_zone: str, default_zone: str | None) -> tuple[tzinfo, ...]:
    user = ZoneInfo(user_zone)
    default = known_zone(default_zone) if default_zone else None
    return (user,) if default is None or default == user else (user, default)


@lru_cache(maxsize=512)
def _possible(tzid: str, definition: str, first: date, last: date) -> tuple[tzinfo, ...]:
    named = known_zone(tzid)
    midnights = [
        datetime.combine(first + number * DAY, time()) for number in range((last - first).days + 1)
    ]
    defined = _understood(definition, midnights) if definition else None
    if named is None or defined is None:
        return tuple(zone for zone in (named, defined) if zone is not None)
    return (named, defined) if _differ(named, defined, midnights) else (named,)


def _understood(definition: str, midnights: list[datetime]) -> tzinfo | None:
    """Return a definition as a zone that can tell its offset in all these days, or None."""
    if any(f"FREQ={frequency}" in definition.upper() for frequency in _ENDLESS):
        return None
    try:
        component = Timezone.from_ical(definition.encode(errors="replace"))
        if not isinstance(component, Timezone):
            return None
        zone: tzinfo = component.to_tz(lookup_tzid=False)
        for wall in midnights:
            zone.utcoffset(wall)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 whatever the library makes of a foreign text, it is no zone
        return None
    finally:
        tzp.use_default()  # another object may mean another zone by the same name
    return zone


def _differ(one: tzinfo, other: tzinfo, midnights: list[datetime]) -> bool:
    """Whether the clocks of two zones ever show different times in these days."""

    def offsets(wall: datetime) -> tuple[timedelta | None, timedelta | None]:
        return one.utcoffset(wall), other.utcoffset(wall)

    for today, tomorrow in pairwise(midnights):
        here, there = offsets(today)
        if here != there:
            return True
        if offsets(tomorrow) != (here, there) and any(
            one.utcoffset(wall) != other.utcoffset(wall) for wall in _through_the_day(today)
        ):
            return True
    return False


def _through_the_day(midnight: datetime) -> Iterator[datetime]:
    return (midnight + step * _STEP_NEAR_A_CHANGE for step in range(1, DAY // _STEP_NEAR_A_CHANGE))
