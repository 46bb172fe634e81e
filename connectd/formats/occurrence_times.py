"""Turns the written times of events into UTC spans, in one reading of their time zones.

A reading settles what each TZID means. Where a length can be taken by the clock on the wall
or by a stopwatch, and the clocks change in between, the later end counts.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo

from connectd.domain.model import Span
from connectd.formats.entries import Entry, UnclearError
from connectd.formats.recurrence import MASTER, Change, Series, occurrences
from connectd.formats.rules import Rule
from connectd.formats.time_values import (
    DAY,
    Length,
    Moment,
    Period,
    shifted,
    to_utc,
    to_wall,
)

ZoneOf = Callable[[Moment], tzinfo]
"""The zone of a written time, in one reading; raises UnclearError if it is not known."""

_AROUND = 2 * DAY
_END_OF_DAY = time(23, 59, 59)


def own_span(entry: Entry, zone_of: ZoneOf) -> Span:
    """Return the time of the entry itself; raises UnclearError if it ends before it starts."""
    zone = zone_of(entry.start)
    start, end = to_utc(entry.start.wall, zone), _after(entry.start.wall, entry.length, zone)
    if entry.end is not None:
        written = to_utc(entry.end.wall, zone_of(entry.end))
        if written < start:
            raise UnclearError("it ends before it starts")
        end = max(end, written)
    return Span(shifted(start, -entry.travel), end)


def period_span(period: Period, zone_of: ZoneOf) -> Span:
    """Return the time of a PERIOD; raises UnclearError if it ends before it starts."""
    zone = zone_of(period.start)
    start = to_utc(period.start.wall, zone)
    if isinstance(period.end, Length):
        end = _after(period.start.wall, period.end, zone)
    else:
        end = to_utc(period.end.wall, zone_of(period.end))
    if end < start:
        raise UnclearError("it ends before it starts")
    return Span(start, end)


def series_spans(
    master: Entry, overrides: Sequence[Entry], zone_of: ZoneOf, window: Span
) -> Iterator[tuple[Entry, Span]]:
    """Yield what repeats in and around the window, each with the entry that it is a copy of.

    That is the master, or an override that changes all later occurrences as well. What the
    overrides say of their own time is left out. Raises UnclearError, RefusedRuleError, and
    whatever the library raises for a series that it cannot compute.
    """
    own_span(master, zone_of)
    changes = [each for each in overrides if each.changes_later_ones and each.recurrence_id]
    entries = [master, *changes]
    clock = _Clock(master, zone_of)
    travel = max(each.travel for each in entries)
    first = shifted(clock.at(window.start), -_AROUND)
    last = shifted(shifted(clock.at(window.end), _AROUND), travel)
    series = clock.series(overrides, first, last)
    patterns = [_Pattern(entry, clock, zone_of) for entry in entries]
    for index, start in occurrences(series, first, last):
        pattern = patterns[index - MASTER]
        yield pattern.entry, pattern.span(start)
    for period in master.dates:
        if isinstance(period, Period) and not clock.leaves_out(period.start, series):
            span = period_span(period, zone_of)
            yield master, Span(shifted(span.start, -master.travel), span.end)


class _Clock:
    """The clock on the wall by which a series is computed, in the zone of its start.

    Floating times beside the start of the series are understood by this clock as well.
    """

    def __init__(self, master: Entry, zone_of: ZoneOf) -> None:
        self._master = master
        self._zone_of = zone_of
        self.zone = zone_of(master.start)

    def at(self, moment: datetime) -> datetime:
        """What it shows at a moment."""
        return to_wall(moment, self.zone)

    def series(self, overrides: Sequence[Entry], first: datetime, last: datetime) -> Series:
        """The series with everything that matters between two times by this clock."""
        master = self._master
        changes = [each for each in overrides if each.changes_later_ones and each.recurrence_id]
        longest = self.by_wall(master)
        earliest, latest = shifted(shifted(first, -longest), -_AROUND), shifted(last, _AROUND)

        def matters(moment: Moment) -> bool:
            return bool(changes) or earliest <= moment.wall <= latest

        starts = (date_ for date_ in master.dates if isinstance(date_, Moment))
        return Series(
            start=master.start.wall,
            end=shifted(master.start.wall, longest),
            rules=tuple(self._with_local_until(rule) for rule in master.rules),
            dates=tuple(self._show(start) for start in starts if matters(start)),
            excluded=frozenset(
                (
                    *self._excluded(moment for moment in master.excluded if matters(moment)),
                    *self._replaced(overrides),
                )
            ),
            changes=tuple(
                Change(
                    recurrence_id=self._show(each.recurrence_id),
                    start=self._show(each.start),
                    end=shifted(self._show(each.start), self.by_wall(each)),
                )
                for each in changes
                if each.recurrence_id
            ),
        )

    def leaves_out(self, moment: Moment, series: Series) -> bool:
        """Whether the occurrence that starts then is excluded or replaced."""
        shown = self._show(moment)
        return shown in series.excluded or shown.date() in series.excluded

    def by_wall(self, entry: Entry) -> timedelta:
        """How long an entry lasts by this clock."""
        lasts = entry.length.days * DAY + entry.length.exact
        if entry.end is None:
            return lasts
        return max(lasts, self._show(entry.end) - self._show(entry.start))

    def _show(self, moment: Moment) -> datetime:
        if moment.zone in {None, self._master.start.zone}:
            return moment.wall
        if self._master.start.is_date:
            return datetime.combine(moment.wall.date(), time())
        return self.at(to_utc(moment.wall, self._zone_of(moment)))

    def _excluded(self, moments: Iterable[Moment]) -> Iterator[datetime | date]:
        """A date takes out all of a day; a time in an unknown zone takes out nothing."""
        for moment in moments:
            with suppress(UnclearError):
                timed = moment.is_date and not self._master.start.is_date
                yield moment.wall.date() if timed else self._show(moment)

    def _replaced(self, overrides: Iterable[Entry]) -> Iterator[datetime]:
        """The times whose occurrences the overrides stand for."""
        for each in overrides:
            moment = each.recurrence_id
            if moment is None or each.changes_later_ones:
                continue
            if moment.is_date == self._master.start.is_date or self._master.start.is_date:
                with suppress(UnclearError):
                    yield self._show(moment)

    def _with_local_until(self, rule: Rule) -> Rule:
        """The end of a rule by this clock; a date ends with its last second."""
        until = rule.until
        if until is None:
            return rule
        last = until.wall
        if until.zone is not None and self._master.start.zone != until.zone:
            last = self.at(to_utc(last, self._zone_of(until)))
        if until.is_date or self._master.start.is_date:
            last = datetime.combine(max(last, until.wall).date(), _END_OF_DAY)
        return replace(rule, until=Moment(last))


class _Pattern:
    """What all copies of an entry have in common: how long they last."""

    def __init__(self, entry: Entry, clock: _Clock, zone_of: ZoneOf) -> None:
        self.entry = entry
        self._zone = clock.zone
        self._by_wall = clock.by_wall(entry)
        self._exact = own_span(entry, zone_of).length - entry.travel
        self._has_end = entry.end is not None

    def span(self, start: datetime) -> Span:
        """The time of a copy that starts then by the clock of the series."""
        begins = to_utc(start, self._zone)
        ends = _after(start, self.entry.length, self._zone)
        if self._has_end:
            ends = max(ends, to_utc(shifted(start, self._by_wall), self._zone))
            if not self.entry.all_day:
                ends = max(ends, shifted(begins, self._exact))
        return Span(shifted(begins, -self.entry.travel), ends)


def _after(start: datetime, length: Length, zone: tzinfo) -> datetime:
    """The end of a duration: first its days by the clock, then its exact time."""
    return shifted(to_utc(shifted(start, length.days * DAY), zone), length.exact)
