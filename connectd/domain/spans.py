"""Span algebra, and local working hours turned into UTC spans.

Lists of spans are tuples sorted by start, disjoint and not touching, unless they are said
to be arbitrary.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from connectd.domain.model import Hours, Span

Spans = tuple[Span, ...]

_DAY = timedelta(days=1)


def merge(spans: Iterable[Span], *, margin: timedelta = timedelta()) -> Spans:
    """Unite arbitrary spans, each widened by ``margin`` on both sides first.

    Empty spans cover nothing and are left out, margin or not.
    """
    merged: list[tuple[datetime, datetime]] = []
    for span in sorted(spans, key=attrgetter("start")):
        if span.start == span.end:
            continue
        start, end = span.start - margin, span.end + margin
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(Span(start, end) for start, end in merged)


def subtract(spans: Spans, taken: Spans) -> Spans:
    """What is left of ``spans`` outside ``taken``."""
    left: list[Span] = []
    index = 0
    for span in spans:
        while index < len(taken) and taken[index].end <= span.start:
            index += 1
        start, cursor = span.start, index
        while cursor < len(taken) and taken[cursor].start < span.end:
            if start < taken[cursor].start:
                left.append(Span(start, taken[cursor].start))
            start = max(start, taken[cursor].end)
            cursor += 1
        if start < span.end:
            left.append(Span(start, span.end))
    return tuple(left)


def clip(spans: Iterable[Span], window: Span) -> Spans:
    """The parts of ``spans`` inside ``window``, in the order given."""
    return tuple(
        Span(max(span.start, window.start), min(span.end, window.end))
        for span in spans
        if span.overlaps(window)
    )


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of ``moment`` where the user lives."""
    return moment.astimezone(zone).date()


def local_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a local day, in UTC.

    Where midnight itself is skipped, the zone's older offset leads to the moment of the
    change, which is the first of the day; where it comes twice, the first one is meant.
    """
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def working_spans(window: Span, hours: Hours, zone: ZoneInfo) -> Spans:
    """The working hours inside ``window``.

    A moment belongs to them when the clock on the wall then shows a working time of that
    weekday: an hour that is skipped in spring does not exist, one that autumn repeats counts
    twice.
    """
    found: list[Span] = []
    for regime, offset in _regimes(window.start - _DAY, window.end + _DAY, zone):
        day = (regime.start + offset).date()
        last = (regime.end + offset).date()
        while day <= last:
            for opens, closes in hours.get(day.weekday(), ()):
                found.extend(clip((_wall_span(day, opens, closes, offset),), regime))
            day += _DAY
    return merge(clip(found, window))


def _wall_span(day: date, opens: time, closes: time, offset: timedelta) -> Span:
    start = datetime.combine(day, opens, UTC) - offset
    last_day = day if closes > time.min else day + _DAY
    return Span(start, datetime.combine(last_day, closes, UTC) - offset)


def _regimes(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[Span, timedelta]]:
    """Cut ``[start, end)`` where the zone's offset from UTC changes, to the second."""
    opened, offset = start, _offset(start, zone)
    moment = start
    while moment < end:
        following = min(moment + _DAY, end)
        if _offset(following, zone) != offset:
            change = _change(moment, following, zone)
            yield Span(opened, change), offset
            opened, offset = change, _offset(change, zone)
            following = change
        moment = following
    yield Span(opened, end), offset


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The first second with another offset than ``before``; one change lies in between."""
    offset = _offset(before, zone)
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(datetime.fromtimestamp(middle, UTC), zone) == offset:
            low = middle
        else:
            high = middle
    return datetime.fromtimestamp(high, UTC)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
