"""Hypothesis strategies for zones, moments near their changes of the clock, hours and spans."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from minute_grid import moment

from connectd.domain.model import Hours, Span

_TIMES = int(os.environ.get("MORE_EXAMPLES", "1"))
"""How many times as many examples to try, for a longer search than usual."""

QUICK = settings(
    max_examples=80 * _TIMES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
"""A shared machine says nothing about how long an example takes."""

LARGE = settings(QUICK, max_examples=50 * _TIMES)
"""For examples that take long to draw."""

_YEARS = {
    "Europe/Berlin": (2025, 2027),
    "America/New_York": (2025, 2027),
    "Australia/Sydney": (2025, 2027),
    "America/Santiago": (2025, 2027),
    "Australia/Lord_Howe": (2025, 2027),
    "America/Havana": (2025, 2027),
    "Africa/Casablanca": (2025, 2027),
    "Asia/Kolkata": (2025, 2025),
    "Asia/Kathmandu": (1985, 1986),
    "Pacific/Apia": (2011, 2012),
    "America/St_Johns": (2010, 2011),
    "Pacific/Kiritimati": (2025, 2025),
    "Pacific/Pago_Pago": (2025, 2025),
}
"""Years in which a zone shows what is odd about it: a day that Apia skipped, the quarter of an
hour that Kathmandu jumped, changes a minute after midnight in St. John's."""

ZONES = tuple(ZoneInfo(name) for name in _YEARS)

_DAY = 24 * 60


def _offset(at: datetime, zone: ZoneInfo) -> timedelta | None:
    return at.astimezone(zone).utcoffset()


def _changes(zone: ZoneInfo) -> Iterator[datetime]:
    first, last = _YEARS[zone.key]
    at = datetime(first, 1, 1, tzinfo=UTC)
    while at.year <= last:
        tomorrow = at + timedelta(days=1)
        if _offset(at, zone) != _offset(tomorrow, zone):
            minutes = (at + timedelta(minutes=n) for n in range(_DAY + 1))
            yield next(m for m in minutes if _offset(m, zone) != _offset(at, zone))
        at = tomorrow


CHANGES = {zone.key: tuple(_changes(zone)) for zone in ZONES}


@st.composite
def moments(draw: st.DrawFn, zone: ZoneInfo) -> datetime:
    """A whole minute: mostly a while before a change of the clock, else before a month's end."""
    around = draw(st.sampled_from(CHANGES[zone.key])) if CHANGES[zone.key] else None
    if around is None or draw(st.integers(0, 3)) == 0:
        year, month = _YEARS[zone.key][0], draw(st.integers(2, 12))
        around = datetime(year, month, 1, tzinfo=zone).astimezone(UTC)
    return around - timedelta(minutes=draw(st.integers(-4 * 60, 2 * _DAY)))


@st.composite
def windows(draw: st.DrawFn) -> tuple[ZoneInfo, Span]:
    """A zone, and up to two days in it that mostly hold a change of the clock."""
    zone = draw(st.sampled_from(ZONES))
    start = draw(moments(zone))
    return zone, Span(start, start + timedelta(minutes=draw(st.integers(0, 2 * _DAY))))


@st.composite
def hours(draw: st.DrawFn, earliest: int = 0, latest: int = _DAY) -> Hours:
    """Working hours, often with their edges where clocks are changed."""
    edges = [n for n in (0, 1, 15, 60, 90, 120, 150, 180, 1380, _DAY) if earliest <= n <= latest]
    edge = st.integers(earliest, latest) | st.sampled_from(edges)
    week: Hours = {}
    for weekday in range(7):
        cuts = sorted(draw(st.lists(edge, max_size=5, unique=True)))
        week[weekday] = tuple(
            (_clock(opens), _clock(closes))
            for opens, closes in pairwise(cuts)
            if draw(st.booleans())
        )
    return week


def _clock(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


@st.composite
def spans(draw: st.DrawFn, near: datetime, days: int, longest: int = 600) -> Span:
    """A span of whole minutes, empty ones too, that starts in the days after ``near``."""
    start = near + timedelta(minutes=draw(st.integers(-300, days * _DAY)))
    return Span(start, start + timedelta(minutes=draw(st.integers(0, longest))))


def small_spans(most: int = 8) -> st.SearchStrategy[list[Span]]:
    """Arbitrary spans within one hour, so that they touch, overlap and repeat."""
    pair = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted)
    return st.lists(pair.map(lambda p: Span(moment(p[0]), moment(p[1]))), max_size=most)
