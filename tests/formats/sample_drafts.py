"""Meetings, people and stored objects that several tests of the writer and its readers share."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from connectd.domain.model import Contact, Form, Meeting, Span, State
from connectd.domain.view import Gesture
from connectd.formats.calendar_writer import Asked, Me, draft, invitation
from connectd.formats.gestures import read_gesture
from connectd.formats.stored_event import master_of, parse
from connectd.formats.wording import DraftNotes

NOW = datetime(2026, 11, 23, 9, 1, 2, tzinfo=UTC)
START = datetime(2026, 12, 1, 9, tzinfo=UTC)
SPAN = Span(START, START + timedelta(minutes=45))
INSTALLATION = "6f1d3c1e-0d3a-4a6e-9a51-c0ffee000001"
UID = "3f2c8a52-1111-5222-8333-444444444444"
ME = Me("Alice Example", "alice@example.test", "Europe/Berlin", INSTALLATION)
MINE = ("alice@example.test", "alice@home.test")
BOB = Contact("bob-baker", "Bob Baker", ("bob@example.test", "b.baker@work.test"), "business")
ENDLESS_ZONE = """\
BEGIN:VTIMEZONE
TZID:Own
BEGIN:STANDARD
DTSTART:20000101T000000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=SECONDLY
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20000101T000000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=SECONDLY
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT""".replace("\n", "\r\n")


def meeting(
    form: Form = Form.INVITATION,
    *,
    span: Span = SPAN,
    sequence: int = 0,
    reasons: tuple[str, ...] = (),
) -> Meeting:
    return Meeting(
        UID, BOB.id, 1, State.DRAFTED, span, reasons=reasons, form=form, sequence=sequence
    )


def drafted(form: Form = Form.INVITATION, contact: Contact = BOB) -> str:
    return draft(meeting(form), [contact], ME, DraftNotes(), NOW)


def invited(
    stored: str | None = None, written: str | None = None, *, asked: Asked = Asked.BY_SERVER
) -> str:
    written = drafted() if written is None else written
    return invitation(
        meeting(sequence=1),
        [BOB],
        ME,
        written if stored is None else stored,
        written=written,
        asked=asked,
        now=NOW,
    )


def heard(before: str, after: str) -> Gesture:
    """What the user and the contact said, whatever the client made of SEQUENCE."""
    return replace(read_gesture(before, after, MINE, [BOB.emails]), sequence=0)


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def lines(text: str, name: str = r"[\w-]+") -> list[str]:
    """The properties called ``name`` in the event of an object, unfolded; all without a name."""
    found = unfolded(text).partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0]
    return [line for line in found.split("\r\n") if re.match(rf"{name}[;:]", line)]


def event_in(text: str) -> Event:
    return master_of(parse(text))


def edited(text: str, edit: Callable[[Event], object]) -> str:
    """The object after some client changed its event."""
    calendar = Calendar.from_ical(text.encode())
    assert isinstance(calendar, Calendar)
    edit(master_of(calendar))
    return str(calendar.to_ical(), "utf-8")


def replaced(event: Event, name: str, value: object) -> None:
    event.pop(name, None)
    event.add(name, value)


def with_lines(text: str, *lines: str) -> str:
    """The object with raw lines added at the end of its event."""
    return text.replace("END:VEVENT\r\n", "".join(f"{line}\r\n" for line in (*lines, "END:VEVENT")))
