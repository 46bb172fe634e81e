"""What the demo shows: scenes as values, and the sentences and pictures they are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from connectd.config import Config
from connectd.domain.goal import Standing
from connectd.domain.model import OPEN, Contact, Delivery, Meeting, Span, State
from connectd.domain.spans import local_day, local_midnight, working_spans
from connectd.domain.view import Snapshot
from connectd.formats.plain_text import clean
from connectd.formats.stored_event import StoredEvent
from connectd.formats.week import Mark, Week, draw
from connectd.service.status import Status

_DAYS = 14
_SHOWN = OPEN | {State.MET}
_DELIVERIES = {
    Delivery.SERVER: "the calendar server sends it",
    Delivery.MANUAL: (
        "manual, since this small server sends no invitations. So Alice tells them herself; "
        "on a server that does, they would have them by now"
    ),
}


class Tone(StrEnum):
    """What a line is, for whoever chooses its looks: prose, a point, a remark on it, a drawing."""

    SAY = "say"
    POINT = "point"
    REMARK = "remark"
    DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class Line:
    """One line, or a paragraph of prose."""

    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of the story: when, what, and what is to be seen; ``status`` stands below it."""

    at: datetime
    title: str
    lines: tuple[Line, ...]
    status: Status | None = None


def say(text: str) -> Line:
    """Prose."""
    return Line(Tone.SAY, text)


def point(text: str) -> Line:
    """Something worth standing on a line of its own."""
    return Line(Tone.POINT, text)


def remark(text: str) -> Line:
    """More about the point above."""
    return Line(Tone.REMARK, text)


def two_weeks(snapshot: Snapshot, config: Config, moment: datetime) -> Iterator[Line]:
    """The week of ``moment`` and the next: what the calendars hold, and our meetings.

    Those are known by the initials of the people.
    """
    zone = config.me.timezone
    day = local_day(moment, zone)
    monday = day - timedelta(days=day.weekday())
    whole = Span(local_midnight(monday, zone), local_midnight(monday + timedelta(days=_DAYS), zone))
    ours = {meeting.uid for meeting in snapshot.meetings}
    names = {contact.id: contact.name for contact in snapshot.contacts}
    picture = Week(
        first=monday,
        zone=zone,
        days=_DAYS,
        hours=working_spans(whole, config.policy.hours, zone),
        busy=tuple(e.span for e in snapshot.events if e.busy and e.uid not in ours),
        unknown=tuple(span for event in snapshot.unreadable for span in event.spans),
        marks=tuple(
            Mark(meeting.span, names[meeting.contact][:1], meeting.state is State.DRAFTED)
            for meeting in snapshot.meetings
            if meeting.state in _SHOWN and meeting.span.overlaps(whole)
        ),
    )
    for row in draw(picture):
        yield Line(Tone.DRAWING, row)


def draft(meeting: Meeting, contact: Contact, zone: ZoneInfo) -> Iterator[Line]:
    """A draft, and why."""
    yield point(f"[{contact.name[:1]}] {contact.name}, {meeting.kind}: {when(meeting.span, zone)}")
    for reason in meeting.reasons:
        yield remark(reason)


def invitation(stored: StoredEvent, meeting: Meeting, zone: ZoneInfo) -> Iterator[Line]:
    """An invitation as it lies on the server."""
    yield point(f"{stored.title}: {when(meeting.span, zone)}")
    for guest in stored.attendees:
        if guest.answer == "NEEDS-ACTION":
            yield remark(clean(f"asked: {guest.parameters.get('CN', '')} <{guest.address}>"))


def delivery(meeting: Meeting) -> Line:
    """How an invitation reaches the other person."""
    how = meeting.delivery
    return say(f"Delivery: {_DELIVERIES.get(how, str(how)) if how else 'not yet'}.")


def progress(month: Standing) -> Line:
    """How a month stands against the goal."""
    dots = "●" * min(month.met, month.goal) + "○" * max(0, month.goal - month.met)
    coming = f", {len(month.scheduled)} scheduled" if month.scheduled else ""
    return point(f"{month.month}  {dots}  {month.met} of {month.goal} met{coming}")


def when(span: Span, zone: ZoneInfo) -> str:
    """A time as people write it."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    return f"{start:%a} {start.day} {start:%b}, {start:%H:%M} to {end:%H:%M}"
