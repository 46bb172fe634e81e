"""What the user put into a draft and what of it goes into the invitation.

Servers copy everything, X- properties too, to those who are invited: what connectd wrote for
the user alone must not travel along in a copy that some client made of it. A copy cannot
always be recognized (it may be HTML, or encoded), so that no X- property is kept.
"""

from collections.abc import Collection
from typing import Any
from urllib.parse import unquote

from icalendar import Alarm, Event, vCalAddress
from icalendar.prop import vCategory

from connectd.domain.addresses import valid_address
from connectd.formats.marks import is_answer_category
from connectd.formats.plain_text import clean
from connectd.formats.stored_event import bare_address, participant, values
from connectd.formats.wording import without_addresses

_HARMLESS = ("GEO", "COLOR", "CLASS", "PRIORITY", "URL", "CONFERENCE", "ATTACH", "CREATED")
_LONGEST_PLACE = 1000
_OF_AN_ALARM = ("ACTION", "TRIGGER", "REPEAT", "DURATION", "ATTACH", "ACKNOWLEDGED", "UID")


def kept_properties(stored: Event, unnamed: Collection[str]) -> list[tuple[str, Any]]:
    """Place, colour and the like, ready for ``Event.add``, without the addresses ``unnamed``."""
    kept: list[tuple[str, Any]] = [
        ("LOCATION", without_addresses(place, unnamed)) for place in kept_places(stored)
    ]
    for name in _HARMLESS:
        kept += [(name, value) for value in values(stored, name) if not _names(value, unnamed)]
    for line in values(stored, "CATEGORIES"):
        names = [str(name) for name in getattr(line, "cats", [line])]
        own = [name for name in names if not is_answer_category(name) and not _names(name, unnamed)]
        if own:
            kept.append(("CATEGORIES", vCategory(own)))
    return kept


def kept_places(stored: Event) -> list[str]:
    """Where the user wants to meet, line by line as it was written; at most one place."""
    return [
        clean(str(place), _LONGEST_PLACE, keep_lines=True)
        for place in values(stored, "LOCATION")[:1]
    ]


def kept_guests(
    stored: Event, others: Collection[str], unnamed: Collection[str]
) -> list[vCalAddress]:
    """Further people whom the user added: real addresses, none of ``others``.

    One in whose parameters an address of ``unnamed`` stands is left out.
    """
    known = {bare_address(address) for address in others}
    return [
        guest
        for guest in values(stored, "ATTENDEE")
        if valid_address(participant(guest).address)
        and not participant(guest).addresses & known
        and not _names(guest, unnamed)
    ]


def kept_alarms(
    stored: Event, title: str, mine: Collection[str], unnamed: Collection[str]
) -> list[Alarm]:
    """The user's reminders; their text, often a copy of the draft's, becomes ``title``."""
    alarms = []
    for old in stored.walk("VALARM"):
        alarm = Alarm()
        for name in _OF_AN_ALARM:
            for value in values(old, name):
                if not _names(value, unnamed):
                    alarm.add(name, value)
        for name in ("DESCRIPTION", "SUMMARY"):
            if values(old, name):
                alarm.add(name, title)
        for reader in values(old, "ATTENDEE"):
            if participant(reader).addresses & {bare_address(address) for address in mine}:
                alarm.add("ATTENDEE", reader)
        if values(old, "ACTION") and values(old, "TRIGGER"):
            alarms.append(alarm)
    return alarms


def _names(value: Any, addresses: Collection[str]) -> bool:  # noqa: ANN401 (icalendar's values share no type)
    """Whether one of ``addresses`` stands in a value or its parameters."""
    parameters = " ".join(str(entry) for entry in getattr(value, "params", {}).values())
    written = unquote(f"{parameters} {value}").lower()
    return any(address.lower() in written for address in addresses)
