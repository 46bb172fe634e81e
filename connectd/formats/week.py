"""Draws days as text: a line for each day, a character for each quarter of an hour."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectd.domain.model import Span
from connectd.domain.spans import Spans, working_spans

BUSY, UNKNOWN, BUFFER, FREE, OFF = "█", "▒", "-", "·", " "

_QUARTER_MINUTES = 15
_PER_HOUR = 60 // _QUARTER_MINUTES
_HOURS = 24
_DAY = timedelta(days=1)
_LABEL = 12
_MEANINGS = {
    BUSY: "busy",
    UNKNOWN: "could not be read",
    BUFFER: "kept free beside",
    FREE: "free working time",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A meeting of ours: ``[label]`` for a draft, ``(label)`` once the user said yes."""

    span: Span
    label: str
    draft: bool


@dataclass(frozen=True, slots=True)
class Week:
    """What is to be drawn, from ``first`` on; ``hours`` are the working ones.

    All spans may be arbitrary. ``buffers`` are kept free beside what is taken. ``notes`` stand
    at the end of a day's line.
    """

    first: date
    zone: ZoneInfo
    days: int = 7
    hours: Spans = ()
    busy: Spans = ()
    unknown: Spans = ()
    marks: tuple[Mark, ...] = ()
    buffers: Spans = ()
    notes: Mapping[date, str] = field(default_factory=dict)


def draw(week: Week, first_hour: int = 8, last_hour: int = 18) -> tuple[str, ...]:
    """The days from ``first_hour`` up to ``last_hour`` (1 to 24), on the clock on the wall.

    A quarter of an hour shows what any minute of it is taken by: a mark before unknown time,
    that before busy time, and this before a buffer. A heading names the hours; what the signs
    mean stands below, as far as they occur. A day off on which nothing is to be drawn is left
    out, unless it has a note. An hour that the clock skips in spring is empty, one that it
    repeats in autumn is drawn once, with all that happens in either.
    """
    heading = " " * _LABEL + "".join(
        f"{hour:<{_PER_HOUR}d}" for hour in range(first_hour, last_hour)
    )
    width = (last_hour - first_hour) * _PER_HOUR
    days = [week.first + timedelta(days=number) for number in range(week.days)]
    drawn = [(day, _signs(day, week, first_hour, last_hour)) for day in days]
    rows = [
        f"{day:%a} {day.day:>2} {day:%b}".ljust(_LABEL) + _noted(signs, week.notes.get(day), width)
        for day, signs in drawn
        if signs or day in week.notes
    ]
    return (
        heading.rstrip(),
        *rows,
        _legend({sign for _, row in drawn for sign in row}, week.marks),
    )


def _noted(signs: str, note: str | None, width: int) -> str:
    return f"{signs.ljust(width)}  {note}" if note else signs


def _signs(day: date, week: Week, first_hour: int, last_hour: int) -> str:
    quarters = [
        _quarter(day, number, week.zone)
        for number in range(first_hour * _PER_HOUR, last_hour * _PER_HOUR)
    ]
    signs = [_sign(quarter, week) for quarter in quarters]
    for mark in week.marks:
        covered = [i for i, quarter in enumerate(quarters) if _taken(quarter, (mark.span,))]
        if covered:
            written = _written(mark, covered[-1] - covered[0] + 1)
            signs[covered[0] : covered[-1] + 1] = written
    return "".join(signs).rstrip()


def _quarter(day: date, number: int, zone: ZoneInfo) -> Spans:
    """When the clock shows this quarter of an hour: once, twice in autumn, never in spring."""
    around = datetime.combine(day, time.min, UTC)
    return working_spans(
        Span(around - _DAY, around + 2 * _DAY),
        {day.weekday(): ((_clock(number), _clock(number + 1)),)},
        zone,
    )


def _clock(number: int) -> time:
    hour, quarter = divmod(number, _PER_HOUR)
    return time(hour % _HOURS, quarter * _QUARTER_MINUTES)


def _sign(quarter: Spans, week: Week) -> str:
    if _taken(quarter, week.unknown):
        return UNKNOWN
    if _taken(quarter, week.busy):
        return BUSY
    if _taken(quarter, week.buffers):
        return BUFFER
    return FREE if _taken(quarter, week.hours) else OFF


def _taken(quarter: Spans, spans: Iterable[Span]) -> bool:
    return any(part.overlaps(span) for span in spans for part in quarter)


def _written(mark: Mark, width: int) -> str:
    """The mark in exactly so many characters."""
    if width == 1:
        return mark.label[:1] or "?"
    opening, closing = "[]" if mark.draft else "()"
    inside = width - 2
    return opening + mark.label[:inside].center(inside) + closing


def _legend(drawn: Collection[str], marks: Iterable[Mark]) -> str:
    known = [f"{sign} {meaning}" for sign, meaning in _MEANINGS.items() if sign in drawn]
    kinds = {mark.draft for mark in marks}
    known += ["[X] draft"] if True in kinds else []
    known += ["(X) meeting"] if False in kinds else []
    return " " * _LABEL + "   ".join(known)
