"""What the user put into a draft and what of it goes into the invitation.

Servers copy everything, X- properties too, to those who are invited: what connectd wrote for
the user alone must not travel along in a copy that some client made of it.
"""

from collections.abc import Collection, Sequence
from typing import Any

from icalendar import Alarm, Event, vCalAddress
from icalendar.prop import vCategory

from connectd.domain.addresses import valid_address
from connectd.formats.marks import is_answer_category
from connectd.formats.plain_text import clean
from connectd.formats.stored_event import bare_address, participant, values
from connectd.formats.wording import quotes

_HARMLESS = ("GEO", "COLOR", "CLASS", "PRIORITY", "URL", "CONFERENCE", "ATTACH", "CREATED")
_ABOUT_A_DRAFT = (
    "X-CONNECTD-",
    "X-ALT-DESC",
    "X-MICROSOFT-CDO-",
    "X-MOZ-RECEIVED-",
    "X-MOZ-INVITED-",
    "X-MOZ-SEND-",
)
_LONGEST_PLACE = 1000
_OF_AN_ALARM = ("ACTION", "TRIGGER", "REPEAT", "DURATION", "ATTACH", "ACKNOWLEDGED", "UID")


def kept_properties(stored: Event, private: Sequence[str]) -> list[tuple[str, Any]]:
    """Place, colour and the like, ready for ``Event.add``.

    Foreign X- properties stay unless they repeat something of ``private``.
    """
    kept: list[tuple[str, Any]] = [
        ("LOCATION", clean(str(place), _LONGEST_PLACE, keep_lines=True))
        for place in values(stored, "LOCATION")[:1]
    ]
    kept += [(name, value) for name in _HARMLESS for value in values(stored, name)]
    for line in values(stored, "CATEGORIES"):
        names = [str(name) for name in getattr(line, "cats", [line])]
        if own := [name for name in names if not is_answer_category(name)]:
            kept.append(("CATEGORIES", vCategory(own)))
    for name in stored:
        if name.startswith("X-") and not name.startswith(_ABOUT_A_DRAFT):
            kept += [(name, value) for value in values(stored, name) if not _tells(value, private)]
    return kept


def kept_guests(stored: Event, others: Collection[str]) -> list[vCalAddress]:
    """Further people whom the user added: real addresses, none of ``others``."""
    known = {bare_address(address) for address in others}
    return [
        guest
        for guest in values(stored, "ATTENDEE")
        if valid_address(participant(guest).address) and not participant(guest).addresses & known
    ]


def kept_alarms(stored: Event, title: str, mine: Collection[str]) -> list[Alarm]:
    """The user's reminders; their text, often a copy of the draft's, becomes ``title``."""
    alarms = []
    for old in stored.walk("VALARM"):
        alarm = Alarm()
        for name in _OF_AN_ALARM:
            for value in values(old, name):
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


def _tells(value: Any, private: Sequence[str]) -> bool:  # noqa: ANN401 (icalendar's values share no type)
    parameters = " ".join(str(entry) for entry in getattr(value, "params", {}).values())
    return quotes(f"{parameters} {value}", private)
