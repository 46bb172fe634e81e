"""Reads as much of an event's times as can be read, and errs to the side of more time.

Used where the event as a whole could not be understood: nothing here raises for what the
event says, and its recurrence rule is not computed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from connectd.domain.model import Span
from connectd.formats.content_lines import FREE_BUSY, Component, Line
from connectd.formats.entries import travel_of
from connectd.formats.rules import last_moment, moves_the_clock
from connectd.formats.time_values import (
    DAY,
    NOTHING,
    Moment,
    date_in,
    parse_length,
    parse_moment,
    shifted,
    to_utc,
    to_wall,
)
from connectd.formats.wall_times import Life, WallTime
from connectd.formats.zones import EASTERNMOST, ZoneOptions

DATES_LIMIT = 20_000
"""Dates of one event near the window that are looked at."""

_FARTHEST = timedelta(days=3)
_DATE_LENGTH = 8
_LONGEST_TIME = 100
_WITH_OFFSET = re.compile(r"T.*[+-]")
_Length = tuple[timedelta, timedelta]
"""By the wall's clock, and by a stopwatch."""


@dataclass(frozen=True, slots=True)
class RoughTimes:
    """When an event takes place at most.

    ``own`` follow from its start and end: one time, unless it contradicts itself. ``listed``
    are the dates and periods it names beside. With ``life`` its own times come every day.
    ``too_many`` says that ``listed`` is not all.
    """

    own: tuple[WallTime, ...]
    listed: tuple[WallTime, ...]
    life: Life | None
    too_many: bool


def rough_times(component: Component, options: ZoneOptions, window: Span) -> RoughTimes:
    """Read the times of an event or of free/busy data, as far as they matter for the window."""
    travel = travel_of(component)
    own = tuple(replace(each, travel=travel) for each in _own(component, options))
    listed = tuple(islice(_listed(component, own, options, window), DATES_LIMIT + 1))
    return RoughTimes(own, listed, _life(component, own), len(listed) > DATES_LIMIT)


def _own(component: Component, options: ZoneOptions) -> Iterator[WallTime]:
    starts = component.all("DTSTART")
    if component.kind == FREE_BUSY:
        return
    for line in starts:
        start = _moment(line.value, line.parameters)
        if start is None:
            yield from _day_in(line.value, line.parameters, options)
        else:
            yield from _lasting(start, _lengths(component, start, options), component, options)
    if not starts:
        for line in (*component.all("DTEND"), *component.all("RECURRENCE-ID")):
            yield from _day_in(line.value, line.parameters, options)


def _lasting(
    start: Moment, lengths: list[_Length | None], component: Component, options: ZoneOptions
) -> Iterator[WallTime]:
    """With a length that makes no sense, the days of the start and of the end count whole."""
    zones = options(start.zone)
    yield from (WallTime(start.wall, zones, *length) for length in lengths if length is not None)
    if None in lengths:
        yield WallTime.whole_day(start.wall, zones)
        for line in component.all("DTEND"):
            yield from _day_in(line.value, line.parameters, options)


def _lengths(component: Component, start: Moment, options: ZoneOptions) -> list[_Length | None]:
    written = [
        _until(start, line.value, line.parameters, options) for line in component.all("DTEND")
    ]
    written += [_as_written(line.value) for line in component.all("DURATION")]
    if written:
        return written
    if start.is_date:
        return [(DAY, NOTHING)]
    return [(NOTHING, NOTHING) if component.whole else None]


def _until(
    start: Moment, value: str, parameters: dict[str, str], options: ZoneOptions
) -> _Length | None:
    end = _moment(value, parameters)
    if end is None:
        return None
    if start.is_date and end == start:
        return DAY, NOTHING
    if end.zone == start.zone:
        by_wall = end.wall - start.wall
        zones = options(start.zone) or (EASTERNMOST,)
        exact = max(to_utc(end.wall, zone) - to_utc(start.wall, zone) for zone in zones)
    else:
        by_wall = NOTHING
        first = WallTime(start.wall, options(start.zone), NOTHING).span().start
        exact = WallTime(end.wall, options(end.zone), NOTHING).span().end - first
    return (by_wall, exact) if min(by_wall, exact) >= NOTHING else None


def _as_written(value: str) -> _Length | None:
    try:
        length = parse_length(value)
    except ValueError:
        return None
    whole = length.days * DAY + length.exact
    return whole, whole


def _listed(
    component: Component, own: tuple[WallTime, ...], options: ZoneOptions, window: Span
) -> Iterator[WallTime]:
    longest = max((each.longest for each in own), default=DAY)
    early = f"{shifted(to_wall(window.start, UTC), -longest - _FARTHEST):%Y%m%d}".rjust(8, "0")
    late = f"{shifted(to_wall(window.end, UTC), longest + _FARTHEST):%Y%m%d}"
    for line in (*component.all("RDATE"), *component.all("FREEBUSY")):
        if line.parameters.get("FBTYPE", "").upper() == "FREE":
            continue
        for value in dict.fromkeys(line.value.split(",")):
            on = value.strip()[:_DATE_LENGTH]
            if "/" in value or not on.isdigit() or early <= on <= late:
                yield from _one_listed(value, line, own, options)


def _one_listed(
    value: str, line: Line, own: Iterable[WallTime], options: ZoneOptions
) -> Iterator[WallTime]:
    begin, slash, end = value.partition("/")
    start = _moment(begin, line.parameters)
    if start is None:
        yield from _day_in(begin, line.parameters, options)
        return
    zones = options(start.zone)
    if slash:
        length = _as_written(end) or _until(start, end, line.parameters, options)
        lengths = [WallTime(start.wall, zones, *length)] if length else []
    else:
        lengths = [replace(each, start=start.wall, zones=zones) for each in own]
    yield from lengths or [WallTime.whole_day(start.wall, zones)]


def _life(component: Component, own: tuple[WallTime, ...]) -> Life | None:
    """How it repeats; a change to all later occurrences may move them to any time."""
    rules = [line.value for line in component.all("RRULE")]
    changes = [line for line in component.all("RECURRENCE-ID") if "RANGE" in line.parameters]
    if not own or not (rules or changes):
        return None
    times = own
    if changes or any(moves_the_clock(rule) for rule in rules):
        times = tuple(each.all_day_long() for each in times)
    for line in changes:
        since = _moment(line.value, line.parameters)
        times = tuple(each.on(min(since.wall, each.start)) for each in times) if since else times
    ends = [_last(rule, each) for rule in rules for each in own]
    sure = [end for end in ends if end is not None]
    return Life(times, max(sure) if sure and len(sure) == len(ends) and not changes else None)


def _last(rule: str, time_: WallTime) -> datetime | None:
    """The end of a rule by the clock of its start, the latest that is possible."""
    until = last_moment(rule, time_.start)
    if until is None:
        return None
    if until.is_date:
        return datetime.combine(until.wall.date(), time(23, 59, 59))
    if until.zone is None:
        return until.wall
    moment = to_utc(until.wall, UTC)
    return max(until.wall, *(to_wall(moment, zone) for zone in time_.zones or (EASTERNMOST,)))


def _day_in(value: str, parameters: dict[str, str], options: ZoneOptions) -> Iterator[WallTime]:
    """The whole day that an otherwise unreadable time names, if it names one."""
    day = date_in(value)
    if day is not None:
        somewhere_else = _WITH_OFFSET.search(value[:_LONGEST_TIME])
        zones = () if somewhere_else else options(parameters.get("TZID"))
        yield WallTime.whole_day(datetime.combine(day, time()), zones)


def _moment(value: str, parameters: dict[str, str]) -> Moment | None:
    try:
        return parse_moment(value, parameters)
    except ValueError:
        return None
