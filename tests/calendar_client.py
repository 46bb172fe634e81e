"""What users do in their calendar programs, written to the server as those programs write it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import cast

from icalendar import Calendar, Event, vCalAddress
from servers import User

Change = Callable[[Event], None]


def edit(user: User, href: str, change: Change, *, conditional: bool = True) -> str:
    """Fetch an object, change its event as a calendar program does, and put it back.

    Returns the text that was put.
    """
    stored = user.dav.get(href).expect(200)
    text = edited(stored.text, change)
    user.dav.put(href, text, etag=stored.etag if conditional else None).expect(200, 201, 204)
    return text


def edited(text: str, change: Change) -> str:
    """Change the event of an object, with the traces that every calendar program leaves."""
    calendar = Calendar.from_ical(text)
    calendar["PRODID"] = "-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN"
    event = event_in(calendar)
    now = datetime.now(UTC)
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        event.pop(name, None)
        event.add(name, now)
    event.add("X-MOZ-GENERATION", "1")
    change(event)
    return str(calendar.to_ical(), "utf-8")


def event_in(calendar: Calendar) -> Event:
    (event,) = calendar.walk("VEVENT")
    return cast("Event", event)


def event_of(text: str) -> Event:
    """Return the event in an object's text."""
    return event_in(Calendar.from_ical(text))


def sequence_of(text: str) -> int:
    return int(str(event_of(text)["SEQUENCE"]))


def attendees(event: Event) -> list[vCalAddress]:
    found = event.get("ATTENDEE", [])
    return found if isinstance(found, list) else [found]


def addresses(event: Event) -> list[str]:
    return [str(attendee).lower().removeprefix("mailto:") for attendee in attendees(event)]


def answer(email: str, partstat: str) -> Change:
    """Press Accept or Decline: Thunderbird's way."""

    def change(event: Event) -> None:
        mine = [a for a in attendees(event) if str(a).lower() == f"mailto:{email}".lower()]
        assert mine, f"{email} is not asked"
        for attendee in mine:
            attendee.params["PARTSTAT"] = partstat
            attendee.params.pop("RSVP", None)

    return change


def set_status(status: str) -> Change:
    """Choose a status: Evolution, plann, Thunderbird with an event of one's own."""

    def change(event: Event) -> None:
        event["STATUS"] = status
        event["SEQUENCE"] = int(event.get("SEQUENCE", 0)) + 1

    return change


def retitle(new: Callable[[str], str]) -> Change:
    """Write another title; GNOME Calendar raises SEQUENCE three times for it."""

    def change(event: Event) -> None:
        event["SUMMARY"] = new(str(event["SUMMARY"]))
        event["SEQUENCE"] = int(event.get("SEQUENCE", 0)) + 3

    return change


def prefix(word: str) -> Change:
    return retitle(lambda title: f"{word} {title}")


def categorize(*categories: str) -> Change:
    """Add categories: khal."""

    def change(event: Event) -> None:
        event.add("CATEGORIES", list(categories))

    return change


def move(by: timedelta) -> Change:
    """Drag the event to another time."""

    def change(event: Event) -> None:
        start, end = event.decoded("DTSTART"), event.decoded("DTEND")
        del event["DTSTART"], event["DTEND"]
        event.add("DTSTART", start + by)
        event.add("DTEND", end + by)
        event["SEQUENCE"] = int(event.get("SEQUENCE", 0)) + 1

    return change


def repeat(event: Event) -> None:
    """Make a series of it."""
    event.add("RRULE", {"FREQ": "WEEKLY", "COUNT": 3})


def set_sequence(sequence: int) -> Change:
    """Save it with this SEQUENCE, as a program does that counts in its own way."""

    def change(event: Event) -> None:
        event["SEQUENCE"] = sequence

    return change


def both(*changes: Change) -> Change:
    """Do one thing and then another before saving."""

    def change(event: Event) -> None:
        for one in changes:
            one(event)

    return change
