"""Once a week, whatever the clock, the zone and the settings do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK, ZONES
from domain_builders import BERLIN, at
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.weekly import Issue, due_digest, week_name

MONDAY = at("2026-11-30 08:00")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def week(number: int, due: datetime = MONDAY) -> Issue:
    return Issue(f"2026-W{number}", due)


def due(now: datetime, *issued: Issue, weekday: int = 0, hour: int = 8) -> Issue | None:
    return due_digest(now, BERLIN, weekday, hour, issued)


def test_it_is_due_from_its_hour_on_its_day() -> None:
    assert due(MONDAY - MINUTE) is None
    assert due(MONDAY) == week(49)


def test_missed_on_its_day_it_is_due_to_the_end_of_that_week() -> None:
    sunday = at("2026-12-06 23:59")
    assert due(sunday) == week(49)
    assert due(sunday + MINUTE) is None


def test_missed_at_the_end_of_its_week_it_is_due_for_six_days() -> None:
    sunday = at("2026-11-29 20:00")
    for later in (timedelta(), 12 * timedelta(hours=1), 6 * DAY - MINUTE):
        assert due(sunday + later, weekday=6, hour=20) == week(48, sunday)
    assert due(sunday + 6 * DAY, weekday=6, hour=20) is None


def test_on_a_machine_that_is_off_each_night_one_of_the_evening_comes_each_morning_after() -> None:
    issued: list[Issue] = []
    for day in range(70):
        came = due(MONDAY + day * DAY, *issued, weekday=6, hour=20)
        issued += [came] if came else []
    assert [issue.week for issue in issued] == [
        week_name(date(2026, 11, 29) + n * 7 * DAY) for n in range(10)
    ]


def test_of_several_weeks_that_were_missed_only_the_last_one_is_due() -> None:
    assert due(MONDAY + 21 * DAY, week(49)) == week(52, MONDAY + 21 * DAY)


def test_one_that_came_late_holds_the_next_one_not_back() -> None:
    assert due(at("2026-12-06 20:00")) == week(49)
    assert due(at("2026-12-07 08:00"), week(49)) == week(50, at("2026-12-07 08:00"))


def test_another_day_of_the_week_is_taken_up_after_six_days() -> None:
    sunday = at("2026-12-06 08:00")
    came = week(49, sunday)
    assert due(MONDAY + 7 * DAY, came, weekday=0) is None
    assert due(sunday + 6 * DAY - MINUTE, came, weekday=0) is None
    assert due(sunday + 6 * DAY, came, weekday=0) == week(50, MONDAY + 7 * DAY)


def test_another_hour_or_an_earlier_day_makes_no_second_one() -> None:
    assert due(MONDAY + 3 * DAY, week(49), hour=20) is None
    assert due(MONDAY + 3 * DAY, week(49), weekday=2) is None


def test_a_zone_in_which_the_week_has_not_begun_makes_no_second_one() -> None:
    came = due_digest(
        datetime(2026, 11, 29, 18, tzinfo=UTC), ZoneInfo("Pacific/Kiritimati"), 0, 8, ()
    )
    assert came == week(49, datetime(2026, 11, 29, 18, tzinfo=UTC))
    assert due_digest(datetime(2026, 11, 29, 19, tzinfo=UTC), ZoneInfo("UTC"), 0, 8, [came]) is None


def test_a_clock_that_was_years_ahead_stops_nothing() -> None:
    assert due(MONDAY, Issue("2031-W01", at("2030-12-30 08:00"))) == week(49)


def test_a_clock_that_goes_back_before_the_first_one_makes_no_second_one() -> None:
    assert due(MONDAY - 3 * DAY, week(49)) is None
    assert due(MONDAY - 6 * DAY, week(49)) == week(48, MONDAY - 7 * DAY)


def test_a_clock_that_goes_back_makes_no_second_one() -> None:
    next_week = week(50, MONDAY + 7 * DAY)
    assert due(MONDAY + DAY, week(49), next_week) is None
    assert due(MONDAY + 8 * DAY, week(49), next_week) is None


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 31), "2026-W53"),
        (date(2027, 1, 3), "2026-W53"),
        (date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), "2025-W01"),
    ],
)
def test_a_week_belongs_to_the_year_of_its_thursday(day: date, name: str) -> None:
    assert week_name(day) == name


MOMENTS = st.integers(0, 400 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
STEPS = st.one_of(
    st.timedeltas(timedelta(), timedelta(days=3)),
    st.timedeltas(timedelta(days=-20), timedelta(days=20)),
)
WEEKDAYS, HOURS = st.integers(0, 6), st.integers(0, 23)


@settings(QUICK)
@given(
    MOMENTS,
    st.lists(st.tuples(STEPS, st.sampled_from(ZONES), WEEKDAYS, HOURS), min_size=1, max_size=40),
)
def test_never_two_in_a_week(
    now: datetime, ticks: list[tuple[timedelta, ZoneInfo, int, int]]
) -> None:
    issued: list[Issue] = []
    for step, zone, weekday, hour in ticks:
        now += step
        came = due_digest(now, zone, weekday, hour, issued)
        if came:
            today = now.astimezone(zone).date()
            assert came.week in (week_name(today), week_name(today - 7 * DAY))
            assert all(abs(now - one.due) >= 6 * DAY for one in issued)
            issued.append(came)
    assert len({one.week for one in issued}) == len(issued)


@settings(QUICK)
@given(MOMENTS, st.lists(STEPS, min_size=1, max_size=40), st.sampled_from(ZONES), WEEKDAYS, HOURS)
def test_always_one_in_a_week_with_a_tick_after_its_time(
    now: datetime, steps: list[timedelta], zone: ZoneInfo, weekday: int, hour: int
) -> None:
    issued: list[Issue] = []
    for step in steps:
        now += step
        came = due_digest(now, zone, weekday, hour, issued)
        if came:
            issued.append(came)
        local = now.astimezone(zone)
        day = local.date() + (weekday - local.weekday()) * DAY
        if now >= datetime.combine(day, time(hour), zone):
            came_in_it = week_name(local.date()) in {one.week for one in issued}
            clock_went_back = any(now < one.due < now + 6 * DAY for one in issued)
            assert came_in_it or clock_went_back
