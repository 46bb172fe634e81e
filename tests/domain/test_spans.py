from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK, ZONES, moments, small_spans
from domain_builders import at, span
from hypothesis import given
from hypothesis import strategies as st
from minute_grid import MINUTE, minutes_of, moment

from connectd.domain.model import Span
from connectd.domain.spans import Spans, clip, local_day, local_midnight, merge, subtract


def _canonical(spans: Spans) -> bool:
    return all(s.start < s.end for s in spans) and all(a.end < b.start for a, b in pairwise(spans))


@QUICK
@given(small_spans(), st.integers(0, 5))
def test_merged_spans_cover_what_the_spans_cover_and_the_margin(
    spans: list[Span], margin: int
) -> None:
    merged = merge(spans, margin=margin * MINUTE)
    assert _canonical(merged)
    assert minutes_of(merged) == minutes_of(spans, margin)


@QUICK
@given(small_spans())
def test_merging_again_or_in_another_order_changes_nothing(spans: list[Span]) -> None:
    assert merge(merge(spans)) == merge(spans) == merge(reversed(spans))


@QUICK
@given(small_spans(), small_spans())
def test_subtracting_leaves_the_minutes_that_are_not_taken(
    spans: list[Span], taken: list[Span]
) -> None:
    left = subtract(merge(spans), merge(taken))
    assert _canonical(left)
    assert minutes_of(left) == minutes_of(spans) - minutes_of(taken)


@QUICK
@given(small_spans(), small_spans(1))
def test_clipping_keeps_the_minutes_inside_the_window_in_the_order_given(
    spans: list[Span], window: list[Span]
) -> None:
    inside = window[0] if window else Span(moment(10), moment(20))
    expected = [minutes_of([s]) & minutes_of([inside]) for s in spans]
    assert [minutes_of([s]) for s in clip(spans, inside)] == [part for part in expected if part]


@QUICK
@given(small_spans(2))
def test_spans_overlap_when_they_share_a_minute(spans: list[Span]) -> None:
    first, second = (*spans, span("2026-11-02 09:00"), span("2026-11-02 09:00"))[:2]
    shared = minutes_of([first]) & minutes_of([second])
    assert first.overlaps(second) == second.overlaps(first) == bool(shared)


def test_touching_spans_become_one_and_do_not_overlap() -> None:
    first, second = span("2026-11-02 09:00", 30), span("2026-11-02 09:30", 30)
    assert merge([second, first]) == (span("2026-11-02 09:00", 60),)
    assert not first.overlaps(second)


def test_an_empty_span_takes_no_time_whatever_the_margin() -> None:
    moment_only = span("2026-11-02 09:00", 0)
    assert merge([moment_only], margin=timedelta(hours=1)) == ()
    assert not moment_only.overlaps(span("2026-11-02 08:00", 120))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (datetime(2026, 11, 2, 9), datetime(2026, 11, 2, 10, tzinfo=UTC)),  # noqa: DTZ001  what is refused
        (datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 10)),  # noqa: DTZ001  what is refused
        (
            datetime(2026, 11, 2, 9, tzinfo=ZoneInfo("Europe/London")),
            datetime(2026, 11, 2, 10, tzinfo=UTC),
        ),
        (
            datetime(2026, 11, 2, 9, tzinfo=UTC),
            datetime(2026, 11, 2, 12, tzinfo=timezone(timedelta(hours=1))),
        ),
        (datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 8, tzinfo=UTC)),
    ],
    ids=["naive start", "naive end", "zoned start", "offset end", "end before start"],
)
def test_a_span_is_made_of_utc_datetimes_in_order(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="a span"):
        Span(start, end)


@QUICK
@given(st.data())
def test_a_local_day_starts_at_its_first_minute(data: st.DataObject) -> None:
    zone = data.draw(st.sampled_from(ZONES))
    near = data.draw(moments(zone))
    day = local_day(near, zone)
    first = local_midnight(day, zone)
    before = [first - n * MINUTE for n in range(1, 26 * 60)]
    assert local_day(first, zone) == day
    assert not any(local_day(earlier, zone) == day for earlier in before)


@pytest.mark.parametrize(
    ("zone", "day", "first"),
    [
        ("America/Havana", "2026-03-08", "2026-03-08T05:00+00:00"),
        ("America/Havana", "2026-11-01", "2026-11-01T04:00+00:00"),
        ("America/Santiago", "2026-04-05", "2026-04-05T04:00+00:00"),
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00+00:00"),
        ("Asia/Kathmandu", "1986-01-01", "1985-12-31T18:30+00:00"),
    ],
    ids=["midnight skipped", "midnight twice", "last hour twice", "after a lost day", "quarter"],
)
def test_local_midnight_where_the_clock_is_changed_at_midnight(
    zone: str, day: str, first: str
) -> None:
    assert local_midnight(date.fromisoformat(day), ZoneInfo(zone)) == datetime.fromisoformat(first)


def test_the_same_moment_is_another_day_on_the_other_side_of_the_date_line() -> None:
    noon = at("2026-11-30 12:00", ZoneInfo("UTC"))
    assert local_day(noon, ZoneInfo("Pacific/Kiritimati")) == date(2026, 12, 1)
    assert local_day(noon, ZoneInfo("Pacific/Pago_Pago")) == date(2026, 11, 30)
