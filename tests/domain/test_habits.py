"""Working hours that are proposed from the meetings of the last weeks."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from domain_builders import BERLIN
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.habits import DEFAULT_HOURS, LOOKED_BACK, usual_hours
from connectd.domain.model import Hours, Span
from connectd.domain.view import Event

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
"""A Monday; the clocks changed five weeks ago."""
FIRST = datetime(2026, 10, 5, tzinfo=BERLIN)
WEEKDAYS = range(5)
DAY = timedelta(days=1)


def meeting(day: int, start: str, end: str, **fields: object) -> Event:
    """On a day counted from the Monday eight weeks ago, by the clock in Berlin."""
    date = (FIRST + day * DAY).date()
    ends = [
        datetime.combine(date, time.fromisoformat(clock), BERLIN).astimezone(UTC)
        for clock in (start, end)
    ]
    return Event("c", "/h.ics", "u", "t", Span(*ends), **fields)  # type: ignore[arg-type] # passed on


def weeks(times: Sequence[tuple[str, str]], weekdays: Iterable[int] = WEEKDAYS) -> list[Event]:
    """The same meetings on these weekdays, for eight weeks."""
    return [
        meeting(7 * week + day, *clock) for week in range(8) for day in weekdays for clock in times
    ]


BUSY = [
    *(("09:10", "10:00"), ("10:00", "10:30"), ("11:00", "11:30")),
    *(("13:30", "14:30"), ("14:30", "15:30"), ("16:00", "16:50")),
]
WITH_LUNCH = ((time(9), time(12)), (time(13), time(17)))


def hours_of(events: Iterable[Event]) -> Hours | None:
    return usual_hours(events, BERLIN, NOW)


def test_a_day_begins_and_ends_where_meetings_do_with_a_break_that_stands_out() -> None:
    assert hours_of(weeks(BUSY)) == dict.fromkeys(WEEKDAYS, WITH_LUNCH)


def test_few_meetings_show_no_break() -> None:
    thin = weeks([("08:30", "09:00")]) + weeks([("15:00", "16:00")])
    assert hours_of(thin) == dict.fromkeys(WEEKDAYS, ((time(8, 30), time(16)),))


def test_a_short_break_is_found_too_and_only_on_days_that_are_long_enough() -> None:
    at_one = [*BUSY, ("11:30", "13:00")]
    found = hours_of(weeks(at_one, range(4)) + weeks([("09:00", "13:00")], [4])) or {}
    assert found[0] == ((time(9), time(13)), (time(13, 30), time(17)))
    assert found[4] == ((time(9), time(13)),)


def test_meetings_at_noon_leave_no_break() -> None:
    full = [*BUSY, ("11:30", "12:30"), ("12:30", "13:30")]
    assert hours_of(weeks(full)) == dict.fromkeys(WEEKDAYS, ((time(9), time(17)),))


def test_what_was_seen_once_is_no_habit() -> None:
    once = [meeting(1, "05:00", "06:00"), meeting(2, "22:00", "23:00")]
    assert hours_of([*weeks(BUSY), *once]) == hours_of(weeks(BUSY))


def test_a_weekday_without_any_meeting_is_a_day_off() -> None:
    found = hours_of(weeks(BUSY, range(4))) or {}
    assert sorted(found) == [0, 1, 2, 3]


def test_a_weekday_with_few_meetings_is_like_the_others() -> None:
    friday = meeting(4, "10:00", "11:00")
    found = hours_of([*weeks(BUSY, range(4)), friday]) or {}
    assert found[4] == found[0]


def test_a_weekday_may_have_hours_of_its_own() -> None:
    found = (
        hours_of(weeks(BUSY, range(4)) + weeks([("08:00", "08:30"), ("12:30", "13:00")], [4])) or {}
    )
    assert found[4] == ((time(8), time(13)),)


def test_a_weekend_counts_only_if_it_is_worked_on() -> None:
    once = [meeting(5, "10:00", "11:00"), meeting(12, "10:00", "11:00")]
    assert 5 not in (hours_of([*weeks(BUSY), *once]) or {})
    assert 5 in (hours_of(weeks(BUSY) + weeks(BUSY, [5])) or {})


def test_what_is_no_meeting_of_mine_does_not_count() -> None:
    others = [
        *(meeting(day, "06:00", "07:00", busy=False) for day in range(56)),
        *(meeting(day, "06:00", "07:00", mine=False) for day in range(56)),
        *(meeting(day, "00:00", "23:59", all_day=True) for day in range(56)),
        *(meeting(day, "05:00", "11:00") for day in range(56)),
    ]
    assert hours_of([*weeks(BUSY), *others]) == hours_of(weeks(BUSY))


def test_what_lies_further_back_or_ahead_does_not_count() -> None:
    early = [
        replace(event, span=Span(event.span.start + shift, event.span.end + shift))
        for shift in (LOOKED_BACK, -LOOKED_BACK)
        for event in weeks([("06:00", "07:00")])
    ]
    assert hours_of([*weeks(BUSY), *early]) == hours_of(weeks(BUSY))


def test_too_little_tells_nothing() -> None:
    assert hours_of([]) is None
    assert hours_of([meeting(day, "09:00", "16:00") for day in range(7)]) is None
    assert hours_of(weeks([("09:00", "10:00")])) is None
    assert sorted(DEFAULT_HOURS) == list(WEEKDAYS)


def meeting_at(day: int, start: int, length: int) -> Event:
    begins = (FIRST.astimezone(UTC) + day * DAY) + timedelta(minutes=start)
    return Event("c", "/h.ics", "u", "t", Span(begins, begins + timedelta(minutes=length)))


MEETINGS = st.builds(
    meeting_at, st.integers(0, 55), st.integers(0, 24 * 60 - 1), st.integers(1, 300)
)


@given(st.lists(MEETINGS, max_size=60))
def test_whatever_was_there_the_hours_are_usable(events: list[Event]) -> None:
    found = hours_of(events)
    if found is None:
        return
    assert found
    for spans in found.values():
        assert 1 <= len(spans) <= 2
        flat = [clock for span in spans for clock in span]
        assert all(clock.minute in (0, 30) for clock in flat)
        assert flat[:-1] == sorted(flat[:-1])
        assert flat[-1] == time.min or flat[-1] > flat[-2]


@given(st.lists(MEETINGS, max_size=40), st.randoms())
def test_the_order_of_events_is_nothing(events: list[Event], random: object) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)  # type: ignore[attr-defined] # a Random
    assert hours_of(shuffled) == hours_of(events)
