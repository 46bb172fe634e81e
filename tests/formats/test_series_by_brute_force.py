"""The reader and an understanding that asks every single day agree on simple series."""

from datetime import UTC, datetime, timedelta

from brute_force import SeriesOfTimes, series
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import calendar, event, perspective

from connectd.domain.model import Span
from connectd.formats.calendar_reader import read
from connectd.formats.salvage import salvage

STARTS = st.sampled_from(
    [
        datetime(2026, 10, 1, tzinfo=UTC),
        datetime(2026, 3, 10, tzinfo=UTC),
        datetime(2026, 11, 22, tzinfo=UTC),
    ]
)


def windows() -> st.SearchStrategy[Span]:
    days = st.integers(1, 87)
    return st.builds(
        lambda start, length: Span(start, start + timedelta(days=length)), STARTS, days
    )


def text(times: SeriesOfTimes) -> str:
    overrides = [event(*times.override(day)) for day in times.moved]
    return calendar(event(*times.lines()), *overrides)


@settings(deadline=None, max_examples=150)
@given(series(), windows())
def test_reads_the_same_time(times: SeriesOfTimes, window: Span) -> None:
    reading = read(text(times), perspective(window))
    assert reading.unreadable == ()
    assert {event.span for event in reading.events if event.span.length} == times.spans(window)


@settings(deadline=None, max_examples=150)
@given(series(), windows())
def test_salvage_keeps_free_at_least_that_time(times: SeriesOfTimes, window: Span) -> None:
    reading = salvage(text(times), perspective(window), "it takes too long")
    unknown = [span for entry in reading.unreadable for span in entry.spans]
    for taken in times.spans(window):
        inside = Span(max(taken.start, window.start), min(taken.end, window.end))
        assert (
            any(span.start <= inside.start and inside.end <= span.end for span in unknown)
            or not inside.length
        )
