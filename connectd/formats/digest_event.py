"""The weekly digest as an event of a whole day that takes no time, and how it is known again."""

from datetime import UTC, date, datetime, timedelta

from icalendar import Event

from connectd.errors import UnreadableEventError
from connectd.formats.calendar_object import calendar_with, text_of
from connectd.formats.digest import Words
from connectd.formats.line_edits import components, head_and_value, plain

_DAY = timedelta(days=1)


def digest_event(words: Words, uid: str, day: date, now: datetime) -> str:
    """The digest on a local day: transparent and private, with nobody in it and no reminder."""
    event = Event()
    event.add("UID", uid)
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("SUMMARY", words.subject)
    event.add("DESCRIPTION", words.text)
    event.add("DTSTART", day)
    event.add("DTEND", day + _DAY)
    event.add("TRANSP", "TRANSPARENT")
    event.add("CLASS", "PRIVATE")
    return text_of(calendar_with(event))


def digest_day(stored: str, uid: str) -> str | None:
    """The day on which the digest ``uid`` stands, ``20261130``; None where it is not that.

    Empty where the user took the day away.
    """
    try:
        events = components(stored, "VEVENT")
    except UnreadableEventError:
        return None
    event = next((event for event in events if uid in _values(event, "UID")), None)
    if event is None:
        return None
    return next(iter(_values(event, "DTSTART")), "")[:8]


def _values(event: dict[str, list[str]], name: str) -> list[str]:
    return [plain(head_and_value(line)[1]).strip() for line in event.get(name, [])]
