"""Short ways to write the domain's values, with defaults that most tests can live with."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectd.domain.identity import meeting_uid
from connectd.domain.model import (
    SENT,
    Cadence,
    Contact,
    Encounter,
    Goal,
    Hours,
    Meeting,
    MeetingRules,
    Month,
    Policy,
    Span,
    State,
)
from connectd.domain.view import Decision, Event, Gesture, Name, Sighting, Snapshot, Unreadable

BERLIN = ZoneInfo("Europe/Berlin")
INSTALLATION = "3f0c5c55-3d0b-4a55-9a0e-6e9a52a0b7d1"
NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
"""A Monday, nine o'clock in Berlin, on the second day of a month."""
TODAY = date(2026, 11, 2)

OFFICE: Hours = dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17))))
ALWAYS: Hours = dict.fromkeys(range(7), ((time.min, time.min),))
CATEGORIES = {name: Cadence() for name in ("results", "organization", "business")}


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """The moment when the clock in ``zone`` shows ``text``."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def span(text: str, minutes: int = 60, zone: ZoneInfo = BERLIN) -> Span:
    start = at(text, zone)
    return Span(start, start + timedelta(minutes=minutes))


def policy(
    *,
    zone: ZoneInfo = BERLIN,
    hours: Hours | None = None,
    people_per_month: int = 3,
    months: int = 12,
    starts: str = "2026-01",
    categories: dict[str, Cadence] | None = None,
    **rules: int,
) -> Policy:
    return Policy(
        zone=zone,
        hours=OFFICE if hours is None else hours,
        goal=Goal(people_per_month, months, Month.parse(starts)),
        rules=MeetingRules(**rules),
        categories=CATEGORIES if categories is None else categories,
    )


def person(name: str, category: str = "business", **given: Any) -> Contact:  # noqa: ANN401  any field
    return Contact(name, name.title(), (f"{name}@example.test",), category, **given)


def people(*names: str) -> tuple[Contact, ...]:
    return tuple(person(name) for name in names)


def meeting(
    contact: str,
    state: State,
    when: Span | str,
    *,
    attempt: int = 1,
    **given: Any,  # noqa: ANN401  any field
) -> Meeting:
    """A meeting of 45 minutes, or at a given span, with the dates that its state implies."""
    held = span(when, 45) if isinstance(when, str) else when
    drafted = held.start - timedelta(days=5)
    built = Meeting(
        uid=meeting_uid(INSTALLATION, contact, attempt),
        contact=contact,
        attempt=attempt,
        state=state,
        span=held,
        drafted_at=drafted,
    )
    if state in SENT or state in {State.MET, State.MISSED, State.TURNED_DOWN, State.CANCELLED}:
        sent = drafted + timedelta(hours=1)
        built = built._replace(accepted_at=sent, invited_at=sent, sequence=1, told_by="calendar")
    if state is State.ACCEPTED:
        built = built._replace(accepted_at=drafted + timedelta(hours=1), told_by="calendar")
    if state is State.CONFIRMED:
        built = built._replace(replied_yes=True)
    return built._replace(**given)


def event(when: Span, uid: str = "event", **given: Any) -> Event:  # noqa: ANN401  any field
    return Event("work", f"/work/{uid}.ics", uid, given.pop("title", uid), when, **given)


def lunch_with(name: str, when: Span, uid: str = "lunch", **given: Any) -> Event:  # noqa: ANN401  any field
    """An event of mine with one other person in it."""
    given = {"people": (f"{name}@example.test",), "attendee_count": 2, **given}
    return event(when, uid, **given)


def unreadable(*spans: Span, uid: str = "odd", title: str = "odd") -> Unreadable:
    return Unreadable("work", f"/work/{uid}.ics", uid, title, "broken", "its own time", spans)


def snapshot(contacts: Iterable[Contact] = (), now: datetime = NOW, **given: Any) -> Snapshot:  # noqa: ANN401  any field
    return Snapshot(now, installation=INSTALLATION, contacts=tuple(contacts), **given)


def drafts_of(decision: Decision) -> tuple[Meeting, ...]:
    return tuple(a.meeting for a in decision.actions if a.name is Name.DRAFT)


def drafted_people(decision: Decision) -> list[str]:
    return [draft.contact for draft in drafts_of(decision)]


def reasons_against(decision: Decision) -> dict[str, str]:
    return {passed.contact: passed.reason for passed in decision.passed_over}


def day(text: str) -> date:
    return date.fromisoformat(text)


def met(contact: str, days_ago: int) -> Encounter:
    return Encounter(contact, TODAY - timedelta(days=days_ago))


def as_they_are(*meetings: Meeting) -> dict[str, Sighting]:
    return {m.uid: Sighting(Gesture(m.span)) for m in meetings}


def local_days(decision: Decision) -> list[date]:
    return [draft.span.start.astimezone(BERLIN).date() for draft in drafts_of(decision)]
