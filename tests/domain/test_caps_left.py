from collections import Counter
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from domain_builders import BERLIN, day, event, lunch_with, meeting, people, policy, snapshot, span
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.caps import Caps, week_of
from connectd.domain.model import MeetingRules, State
from connectd.domain.planner import found_in
from connectd.domain.view import Snapshot

TUESDAY = day("2026-11-10")
WEEK = (2026, 46)


def caps(facts: Snapshot, *, zone: ZoneInfo = BERLIN, count_all: bool = False) -> Caps:
    wanted = policy(zone=zone, per_day=2, per_week=4, count_all_meetings=count_all)
    return Caps.of(facts, found_in(facts), wanted)


@pytest.mark.parametrize("state", list(State))
def test_which_meetings_of_connectd_count(state: State) -> None:
    facts = snapshot(people("ann"), meetings=(meeting("ann", state, "2026-11-10 10:00"),))
    stands = state in {
        *(State.DRAFTED, State.ACCEPTED, State.INVITED, State.CONFIRMED),
        State.MET,
    }
    assert caps(facts).left_on(TUESDAY) == (1 if stands else 2)
    assert caps(facts).left_in(WEEK) == (3 if stands else 4)
    assert caps(facts).days == ((TUESDAY,) if stands else ())


def test_a_meeting_with_contacts_in_the_calendar_counts_once_however_many_take_part() -> None:
    guests = ("ann@example.test", "bob@example.test")
    table = event(span("2026-11-10 12:00"), people=guests, attendee_count=3)
    facts = snapshot(people("ann", "bob"), events=(table,))
    assert (caps(facts).left_on(TUESDAY), caps(facts).left_in(WEEK)) == (1, 3)


def test_other_appointments_count_only_if_all_are_to_be_counted() -> None:
    facts = snapshot(events=(event(span("2026-11-10 12:00")), event(span("2026-11-11 12:00"))))
    assert caps(facts).on_day == {}
    assert caps(facts, count_all=True).on_day == {TUESDAY: 1, day("2026-11-11"): 1}


def test_what_takes_no_time_of_the_day_never_counts() -> None:
    birthday = event(span("2026-11-10 00:00", 1440), "birthday", all_day=True)
    reminder = event(span("2026-11-10 12:00"), "reminder", busy=False)
    assert caps(snapshot(events=(birthday, reminder)), count_all=True).on_day == {}


def test_an_appointment_that_several_calendars_hold_counts_once() -> None:
    lunch = lunch_with("ann", span("2026-11-10 12:00"))
    facts = snapshot(people("ann"), events=(lunch, lunch))
    assert caps(facts, count_all=True).on_day == {TUESDAY: 1}


def test_two_occurrences_of_one_series_count_twice() -> None:
    series = (event(span("2026-11-10 09:00")), event(span("2026-11-10 16:00")))
    assert caps(snapshot(events=series), count_all=True).on_day == {TUESDAY: 2}


@pytest.mark.parametrize(("released", "count"), [(False, 0), (True, 1)])
def test_an_object_of_connectd_counts_as_an_appointment_once_it_is_let_go_of(
    released: bool,  # noqa: FBT001  a column
    count: int,
) -> None:
    gone = meeting("ann", State.WITHDRAWN, "2026-11-10 10:00", released=released)
    facts = snapshot(people("ann"), meetings=(gone,), events=(event(gone.span, gone.uid),))
    assert caps(facts, count_all=True).on_day[TUESDAY] == count


@pytest.mark.parametrize(
    ("zone", "on"),
    [("Pacific/Kiritimati", "2026-11-11"), ("Pacific/Pago_Pago", "2026-11-10")],
)
def test_the_day_is_the_local_one_on_both_sides_of_the_date_line(zone: str, on: str) -> None:
    noon = meeting("ann", State.INVITED, span("2026-11-10 12:00", 45, ZoneInfo("UTC")))
    assert caps(snapshot(meetings=(noon,)), zone=ZoneInfo(zone)).days == (day(on),)


@pytest.mark.parametrize(
    ("on", "week"),
    [
        ("2026-11-08", (2026, 45)),
        ("2026-11-09", (2026, 46)),
        ("2026-12-28", (2026, 53)),
        ("2026-12-31", (2026, 53)),
        ("2027-01-01", (2026, 53)),
        ("2027-01-03", (2026, 53)),
        ("2027-01-04", (2027, 1)),
        ("2024-12-30", (2025, 1)),
    ],
)
def test_a_week_runs_from_monday_across_the_end_of_the_year(on: str, week: tuple[int, int]) -> None:
    assert week_of(day(on)) == week


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_seven_days_make_a_week(on: date) -> None:
    monday = on - timedelta(days=on.weekday())
    assert {week_of(monday + timedelta(days=n)) for n in range(7)} == {week_of(on)}
    assert week_of(monday - timedelta(days=1)) < week_of(monday)


def test_more_than_is_allowed_leaves_nothing() -> None:
    full = Caps(MeetingRules(per_day=1, per_week=3), Counter({TUESDAY: 4}), Counter({WEEK: 5}))
    assert (full.left_on(TUESDAY), full.left_in(WEEK)) == (0, 0)
    assert (full.left_on(day("2026-11-17")), full.left_in((2026, 47))) == (1, 3)
