"""What a few days hold, asked of every minute of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from clocks import LARGE
from domain_builders import (
    as_they_are,
    at,
    day,
    event,
    meeting,
    people,
    policy,
    snapshot,
    span,
    unreadable,
)
from hypothesis import given
from hypothesis import strategies as st
from minute_grid import is_working, minutes_of, moment
from worlds import worlds

from connectd.domain.model import OPEN, Policy, Span, State
from connectd.domain.spans import local_day, local_midnight
from connectd.domain.view import Snapshot
from connectd.domain.week_view import DayView, days_from

ALL_TIME = Span(at("2020-01-01 00:00"), at("2030-01-01 00:00"))
MONDAY = day("2026-11-09")


def week(facts: Snapshot, read: Span = ALL_TIME) -> tuple[DayView, ...]:
    return days_from(MONDAY, 7, facts, read, policy())


def test_a_week_as_a_reader_sees_it() -> None:
    draft = meeting("ann", State.DRAFTED, "2026-11-10 10:00")
    facts = snapshot(
        people("ann"),
        meetings=(draft,),
        sightings=as_they_are(draft),
        events=(
            event(draft.span, draft.uid),
            event(span("2026-11-09 09:00")),
            event(span("2026-11-09 14:00"), busy=False),
        ),
        unreadable=(unreadable(span("2026-11-11 13:00", 30)),),
        days_off={day("2026-11-12"): "Holiday"},
    )

    monday, tuesday, wednesday, thursday, _, saturday, _ = week(facts)

    assert monday.busy == (span("2026-11-09 09:00"),)
    assert monday.buffer == (span("2026-11-09 10:00", 15),)
    assert monday.free == (span("2026-11-09 10:15", 105), span("2026-11-09 13:00", 240))
    assert (tuesday.meetings, tuesday.busy) == ((draft,), ())
    assert tuesday.buffer == (span("2026-11-10 09:45", 15), span("2026-11-10 10:45", 15))
    assert wednesday.unknown == (span("2026-11-11 13:00", 30),)
    assert (thursday.day_off, thursday.hours, thursday.free) == ("Holiday", (), ())
    assert (saturday.day_off, saturday.hours) == ("day off", ())


def test_working_time_that_was_not_read_is_unknown() -> None:
    read = Span(ALL_TIME.start, at("2026-11-11 10:00"))

    days = week(snapshot(), read)

    assert days[1].free == days[1].hours
    assert days[2].unknown == (span("2026-11-11 10:00", 120), span("2026-11-11 13:00", 240))
    assert days[2].free == (span("2026-11-11 09:00", 45),)
    assert days[3].unknown == days[3].hours


def test_a_meeting_that_ended_is_no_meeting_and_what_it_left_is_busy() -> None:
    gone = meeting("ann", State.DECLINED, "2026-11-10 10:00")
    facts = snapshot(people("ann"), meetings=(gone,), events=(event(gone.span, gone.uid),))

    tuesday = week(facts)[1]

    assert (tuesday.meetings, tuesday.busy) == ((), (gone.span,))


@LARGE
@given(worlds(), st.integers(-2, 3), st.integers(0, 6))
def test_every_minute_is_what_it_is(
    world: tuple[Snapshot, Policy], after: int, holiday: int
) -> None:
    facts, wanted = world
    zone = wanted.zone
    first = local_day(facts.now, zone) + timedelta(days=after)
    facts = replace(facts, days_off={first + timedelta(days=holiday): "Holiday"})
    views = days_from(first, 3, facts, all_of(facts), wanted)
    ours = {(m.uid, m.span) for m in facts.meetings if m.state in OPEN | {State.MET}}
    busy = [e.span for e in facts.events if e.busy and (e.uid, e.span) not in ours]
    unknown = [span for odd in facts.unreadable for span in odd.spans]
    standing = [m.span for m in facts.meetings if m.state in OPEN]
    taken = minutes_of([*busy, *unknown, *standing])
    near = minutes_of([*busy, *unknown, *standing], wanted.rules.buffer_minutes)
    for view in views:
        today = minutes_of([whole(view.day, zone)])
        off = view.day in facts.days_off
        hours = {n for n in today if not off and is_working(moment(n), wanted.hours, zone)}
        assert minutes_of(view.hours) == hours
        assert minutes_of(view.busy) == minutes_of(busy) & today
        assert minutes_of(view.unknown) == minutes_of(unknown) & today
        assert minutes_of(view.free) == hours - near
        assert minutes_of(view.buffer) == (hours & near) - taken
        assert all(is_inside(spans, whole(view.day, zone)) for spans in (view.free, view.busy))


def all_of(facts: Snapshot) -> Span:
    return Span(facts.now - timedelta(days=30), facts.now + timedelta(days=30))


def whole(of: date, zone: ZoneInfo) -> Span:
    return Span(local_midnight(of, zone), local_midnight(of + timedelta(days=1), zone))


def is_inside(spans: Iterable[Span], around: Span) -> bool:
    return all(around.start <= span.start and span.end <= around.end for span in spans)
