"""The hours of a week's days, put together from spans of minutes."""

from datetime import time

from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Hours
from connectd.domain.weekly_hours import DAY_MINUTES, WEEK_MINUTES, weekly_hours

SPANS = st.lists(
    st.tuples(st.integers(0, WEEK_MINUTES - 1), st.integers(1, WEEK_MINUTES)).map(
        lambda pair: (pair[0], pair[0] + pair[1])
    ),
    max_size=6,
)


def minutes_of(hours: Hours) -> set[int]:
    """Every minute of the week that the hours hold, counted one by one."""
    return {
        day * DAY_MINUTES + minute
        for day, spans in hours.items()
        for start, end in spans
        for minute in range(
            start.hour * 60 + start.minute, end.hour * 60 + end.minute or DAY_MINUTES
        )
    }


@given(SPANS)
def test_they_hold_the_minutes_of_the_spans_and_no_other(spans: list[tuple[int, int]]) -> None:
    expected = {minute % WEEK_MINUTES for span in spans for minute in range(*span)}
    assert minutes_of(weekly_hours(spans)) == expected


@given(SPANS)
def test_those_of_a_day_are_in_order_and_apart(spans: list[tuple[int, int]]) -> None:
    for day in weekly_hours(spans).values():
        ends = [end for _, end in day]
        assert all(end < start for end, (start, _) in zip(ends, day[1:], strict=False))
        assert time.min not in ends[:-1]


def test_a_night_belongs_to_two_days_and_sunday_night_to_monday() -> None:
    sunday = 6 * DAY_MINUTES
    assert weekly_hours([(sunday + 22 * 60, sunday + 26 * 60)]) == {
        0: ((time(0), time(2)),),
        6: ((time(22), time.min),),
    }
