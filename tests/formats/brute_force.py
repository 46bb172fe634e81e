"""An independent, slow understanding of simple series: every day is asked whether it belongs."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from connectd.domain.model import Span

DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "America/Santiago",
    "Pacific/Apia",
)


@dataclass(frozen=True)
class Rule:
    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[int, ...] = ()
    ordinal: int | None = None
    month_days: tuple[int, ...] = ()

    def text(self) -> str:
        parts = [f"FREQ={self.frequency}", f"INTERVAL={self.interval}"]
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}T235959")
        if self.weekdays:
            prefix = self.ordinal or ""
            parts.append("BYDAY=" + ",".join(f"{prefix}{WEEKDAYS[day]}" for day in self.weekdays))
        if self.month_days:
            parts.append("BYMONTHDAY=" + ",".join(map(str, self.month_days)))
        return ";".join(parts)

    def includes(self, day: date, first: date) -> bool:
        months = (day.year - first.year) * 12 + day.month - first.month
        if self.frequency == "DAILY":
            in_step = (day - first).days % self.interval == 0
        elif self.frequency == "WEEKLY":
            weeks = (_monday(day) - _monday(first)).days // 7
            in_step = weeks % self.interval == 0
        elif self.frequency == "MONTHLY":
            in_step = months % self.interval == 0
        else:
            in_step = (day.year - first.year) % self.interval == 0
        return in_step and self._day_fits(day, first)

    def _day_fits(self, day: date, first: date) -> bool:
        if self.weekdays and self.ordinal is not None:
            return day.weekday() in self.weekdays and self.ordinal in _ordinals(day)
        if self.weekdays:
            return day.weekday() in self.weekdays
        if self.month_days:
            return bool({day.day, day.day - _days_in_month(day) - 1} & set(self.month_days))
        if self.frequency == "WEEKLY":
            return day.weekday() == first.weekday()
        if self.frequency == "MONTHLY":
            return day.day == first.day
        if self.frequency == "YEARLY":
            return (day.month, day.day) == (first.month, first.day)
        return True


@dataclass(frozen=True)
class SeriesOfTimes:
    """A series on the clock of a zone."""

    zone: str
    start: datetime
    length: timedelta
    rule: Rule
    excluded: tuple[date, ...] = ()
    moved: dict[date, datetime] = field(default_factory=dict)

    def lines(self) -> list[str]:
        stamp = f"TZID={self.zone}"
        end = self.start + self.length
        lines = [
            "UID:series@example.test",
            f"DTSTART;{stamp}:{self.start:%Y%m%dT%H%M%S}",
            f"DTEND;{stamp}:{end:%Y%m%dT%H%M%S}",
            f"RRULE:{self.rule.text()}",
        ]
        lines += [
            f"EXDATE;{stamp}:{datetime.combine(day, self.start.time()):%Y%m%dT%H%M%S}"
            for day in self.excluded
        ]
        return lines

    def override(self, day: date) -> list[str]:
        stamp = f"TZID={self.zone}"
        start = self.moved[day]
        return [
            "UID:series@example.test",
            f"RECURRENCE-ID;{stamp}:{datetime.combine(day, self.start.time()):%Y%m%dT%H%M%S}",
            f"DTSTART;{stamp}:{start:%Y%m%dT%H%M%S}",
            f"DTEND;{stamp}:{start + self.length:%Y%m%dT%H%M%S}",
        ]

    def days(self, last: date) -> Iterator[date]:
        """The days of its occurrences, the first one always among them (RFC 5545 3.8.5.3)."""
        given = 0
        first = self.start.date()
        for number in range((last - first).days + 1):
            day = first + number * DAY
            if self.rule.until is not None and day > self.rule.until:
                return
            if self.rule.includes(day, first):
                given += 1
                if self.rule.count is not None and given > self.rule.count:
                    return
                yield day
            elif day == first:
                yield day

    def spans(self, window: Span) -> set[Span]:
        last = (window.end + 3 * DAY).date()
        starts = [
            datetime.combine(day, self.start.time())
            for day in self.days(last)
            if day not in self.excluded and day not in self.moved
        ]
        copies = {self._span(start) for start in starts}
        moved = {self._exact_span(start) for start in self.moved.values()}
        return {span for span in copies | moved if span.overlaps(window)}

    def _span(self, start: datetime) -> Span:
        """By the clock or by the stopwatch, whichever ends later."""
        by_clock = _utc(start + self.length, self.zone)
        exact = _utc(self.start + self.length, self.zone) - _utc(self.start, self.zone)
        begins = _utc(start, self.zone)
        return Span(begins, max(by_clock, begins + exact, begins))

    def _exact_span(self, start: datetime) -> Span:
        begins, ends = _utc(start, self.zone), _utc(start + self.length, self.zone)
        return Span(begins, max(begins, ends))


def _utc(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _days_in_month(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - date(day.year, day.month, 1)).days


def _ordinals(day: date) -> tuple[int, int]:
    return (day.day - 1) // 7 + 1, -((_days_in_month(day) - day.day) // 7 + 1)


def rules(*, limits: bool = True) -> st.SearchStrategy[Rule]:
    """Rules that the reader must compute."""
    weekdays = st.lists(st.integers(0, 6), max_size=3, unique=True).map(tuple)
    until = st.dates(date(2026, 1, 1), date(2027, 3, 1))
    ends = st.one_of(
        st.just({}),
        st.integers(1, 400).map(lambda count: {"count": count}),
        until.map(lambda day: {"until": day}),
    )
    kinds = st.one_of(
        st.builds(Rule, frequency=st.just("DAILY"), interval=st.integers(1, 9)),
        st.builds(Rule, frequency=st.just("WEEKLY"), interval=st.integers(1, 5), weekdays=weekdays),
        st.builds(Rule, frequency=st.just("MONTHLY"), interval=st.integers(1, 7)),
        st.builds(
            Rule,
            frequency=st.just("MONTHLY"),
            interval=st.integers(1, 4),
            weekdays=st.integers(0, 6).map(lambda day: (day,)),
            ordinal=st.sampled_from([1, 2, 3, 4, 5, -1, -2]),
        ),
        st.builds(
            Rule,
            frequency=st.just("MONTHLY"),
            interval=st.integers(1, 4),
            month_days=st.lists(
                st.sampled_from([1, 13, 28, 29, 30, 31, -1, -30]), min_size=1, max_size=2
            ).map(tuple),
        ),
        st.builds(Rule, frequency=st.just("YEARLY"), interval=st.integers(1, 3)),
    )
    if not limits:
        return kinds
    return st.builds(lambda rule, end: Rule(**{**vars(rule), **end}), kinds, ends)


def _walls(first: date, last: date) -> st.SearchStrategy[datetime]:
    """Times of a clock on the wall, to the minute."""
    minutes = st.integers(0, 24 * 60 - 1).map(lambda minutes: timedelta(minutes=minutes))
    return st.builds(
        lambda day, after: datetime.combine(day, time()) + after, st.dates(first, last), minutes
    )


@st.composite
def series(draw: st.DrawFn) -> SeriesOfTimes:
    start = draw(_walls(date(2014, 1, 1), date(2026, 12, 1)))
    rule = draw(rules())
    whole = SeriesOfTimes(
        zone=draw(st.sampled_from(ZONES)),
        start=start,
        length=timedelta(minutes=draw(st.integers(0, 3 * 24 * 60))),
        rule=rule,
    )
    days = list(whole.days(date(2026, 12, 31)))[-20:]
    chosen = draw(st.lists(st.sampled_from(days), max_size=4, unique=True)) if days else []
    half = len(chosen) // 2
    moved = {day: draw(_walls(date(2026, 9, 1), date(2027, 1, 31))) for day in chosen[:half]}
    return SeriesOfTimes(**{**vars(whole), "excluded": tuple(chosen[half:]), "moved": moved})
