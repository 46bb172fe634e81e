"""Gives the properties of one VEVENT their meaning; its times stay as they are written."""

import re
from dataclasses import dataclass
from datetime import timedelta

from connectd.formats.attendance import Attendance, attendance
from connectd.formats.content_lines import Component, Line
from connectd.formats.plain_text import clean
from connectd.formats.rules import RefusedRuleError, Rule, parse_rule
from connectd.formats.time_values import (
    DAY,
    NOTHING,
    Length,
    Moment,
    Period,
    parse_length,
    parse_list,
    parse_moment,
)

_LONGEST_UID = 500


class UnclearError(ValueError):
    """This event cannot be read for certain; the message says why, as a clause about it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT. ``end`` is None where only ``length`` says how long it lasts.

    ``travel`` is the time on the way before the start. ``sequence`` is None where the event
    does not state one.
    """

    component: Component
    uid: str
    title: str
    attendance: Attendance
    start: Moment
    end: Moment | None
    length: Length
    travel: timedelta
    rules: tuple[Rule, ...]
    dates: tuple[Moment | Period, ...]
    excluded: tuple[Moment, ...]
    recurrence_id: Moment | None
    changes_later_ones: bool
    sequence: int | None

    @property
    def all_day(self) -> bool:
        """Whether it is written in whole days."""
        return self.start.is_date and (self.end is None or self.end.is_date)

    @property
    def repeats(self) -> bool:
        """Whether there may be more than one occurrence."""
        return bool(self.rules or self.dates)


def read_entry(component: Component, mine: frozenset[str]) -> Entry:
    """Read a VEVENT; raises UnclearError.

    ``mine`` are the user's own addresses in lower case. An EXDATE that cannot be read is
    left out: more time is taken then, never less.
    """
    if not component.whole:
        raise UnclearError("it is incomplete")
    start = _start(component)
    recurrence_id = component.first("RECURRENCE-ID")
    return Entry(
        component=component,
        uid=uid_of(component),
        title=title_of(component),
        attendance=attendance(component, mine),
        start=start,
        end=_end(component),
        length=_length(component, start),
        travel=travel_of(component),
        rules=_rules(component),
        dates=_dates(component),
        excluded=tuple(date for line in component.all("EXDATE") for date in _excluded(line)),
        recurrence_id=_moment_or_none(recurrence_id),
        changes_later_ones=_changes_later_ones(recurrence_id),
        sequence=_sequence(component),
    )


def uid_of(component: Component) -> str:
    """Return the UID, fit to be shown."""
    return clean(component.value("UID"), _LONGEST_UID)


def title_of(component: Component) -> str:
    """Return the SUMMARY, fit to be shown."""
    line = component.first("SUMMARY")
    return clean(line.text()) if line else ""


def travel_of(component: Component) -> timedelta:
    """Return the time on the way before the start that Apple's clients note."""
    try:
        length = parse_length(component.value("X-APPLE-TRAVEL-DURATION"))
    except ValueError:
        return NOTHING
    return length.days * DAY + length.exact


def _start(component: Component) -> Moment:
    starts = component.all("DTSTART")
    if not starts:
        raise UnclearError("it says no start")
    if any(line != starts[0] for line in starts):
        raise UnclearError("it says several starts")
    try:
        return parse_moment(starts[0].value, starts[0].parameters)
    except ValueError as problem:
        raise UnclearError("its start cannot be read") from problem


def _end(component: Component) -> Moment | None:
    ends = component.all("DTEND")
    if any(line != ends[0] for line in ends):
        raise UnclearError("it says several ends")
    if not ends:
        return None
    try:
        return parse_moment(ends[0].value, ends[0].parameters)
    except ValueError as problem:
        raise UnclearError("its end cannot be read") from problem


def _length(component: Component, start: Moment) -> Length:
    """A date alone lasts a day, a time alone no time (RFC 5545 section 3.6.1).

    So much it lasts at least, also where an end is written.
    """
    written = component.value("DURATION")
    if not written:
        return Length(days=1) if start.is_date else Length()
    try:
        return parse_length(written)
    except ValueError as problem:
        raise UnclearError("its duration cannot be read") from problem


def _rules(component: Component) -> tuple[Rule, ...]:
    try:
        return tuple(rule for line in component.all("RRULE") for rule in _alternatives(line.value))
    except RefusedRuleError as problem:
        raise UnclearError(str(problem)) from problem


def _dates(component: Component) -> tuple[Moment | Period, ...]:
    try:
        return tuple(date for line in component.all("RDATE") for date in parse_list(line))
    except ValueError as problem:
        raise UnclearError("the dates on which it repeats cannot be read") from problem


def _alternatives(text: str) -> list[Rule]:
    """Read a rule; one that says both how often and until when may mean either."""
    rule = parse_rule(text)
    if rule.count is None or rule.until is None:
        return [rule]
    parts = text.upper().split(";")
    return [
        parse_rule(";".join(part for part in parts if not part.strip().startswith(name)))
        for name in ("COUNT", "UNTIL")
    ]


def _excluded(line: Line) -> list[Moment]:
    kept = []
    for value in line.value.split(","):
        try:
            kept.append(parse_moment(value, line.parameters))
        except ValueError:
            continue
    return kept


def _moment_or_none(line: Line | None) -> Moment | None:
    """A RECURRENCE-ID that cannot be read replaces nothing: both occurrences count then."""
    try:
        return parse_moment(line.value, line.parameters) if line else None
    except ValueError:
        return None


def _changes_later_ones(line: Line | None) -> bool:
    return line is not None and line.parameters.get("RANGE", "").upper() == "THISANDFUTURE"


def _sequence(component: Component) -> int | None:
    written = component.value("SEQUENCE")
    return int(written) if re.fullmatch("[0-9]{1,9}", written) else None
