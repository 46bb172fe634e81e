"""Computes the occurrences of a series, on the clock of one wall.

Everything here is in the local time of the series, without a zone: a weekly meeting at ten
is at ten all year, and what moment that is does not concern the rule. Computed with
recurring-ical-events; rules that it gets wrong or never finishes are refused.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime

from icalendar import Event
from icalendar.prop import vDDDLists, vDDDTypes, vRecur
from recurring_ical_events import EventAdapter
from recurring_ical_events import Series as LibrarySeries

from connectd.formats.rules import (
    OCCURRENCES_LIMIT,
    PERIODS_LIMIT,
    RefusedRuleError,
    Rule,
    refuse_doubtful,
)
from connectd.formats.time_values import DAY

MASTER = -1
_MONTHS = 12
_TRIES = 60


@dataclass(frozen=True, slots=True)
class Change:
    """An override that also changes all later occurrences (RANGE=THISANDFUTURE)."""

    recurrence_id: datetime
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Series:
    """A first occurrence and what repeats it, all on one wall's clock.

    A date in ``excluded`` takes out every occurrence of that day.
    """

    start: datetime
    end: datetime
    rules: tuple[Rule, ...] = ()
    dates: tuple[datetime, ...] = ()
    excluded: frozenset[datetime | date] = frozenset()
    changes: tuple[Change, ...] = ()


def occurrences(series: Series, first: datetime, last: datetime) -> list[tuple[int, datetime]]:
    """Return the starts of what overlaps ``[first, last)``, each with what it is a copy of.

    That is MASTER or the index of a change. Raises RefusedRuleError for a series that must
    not be computed, and whatever the library raises for one that it cannot compute.
    """
    for rule in series.rules:
        refuse_doubtful(rule, series.start, (last - first).days + 1)
    start = _start_near(series, first)
    for rule in series.rules:
        if last - start > PERIODS_LIMIT * rule.step:
            raise RefusedRuleError("its repetitions would take too long to compute")
    copies = {change.recurrence_id: index for index, change in enumerate(series.changes)}
    found = [
        (copies[each.recurrence_ids[0]] if each.recurrence_ids else MASTER, each.start)
        for each in LibrarySeries(_adapters(series, start)).between(first, last)
    ]
    if len(found) > OCCURRENCES_LIMIT:
        raise RefusedRuleError("it repeats too often")
    return found


def _adapters(series: Series, start: datetime) -> list[EventAdapter]:
    master = _event(start, start + (series.end - series.start))
    master["RRULE"] = [vRecur.from_ical(_written(rule)) for rule in series.rules]
    master["RDATE"] = vDDDLists(series.dates)
    master["EXDATE"] = vDDDLists(series.excluded)
    events = [master]
    for change in series.changes:
        event = _event(change.start, change.end)
        event["RECURRENCE-ID"] = vDDDTypes(change.recurrence_id)
        event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
        events.append(event)
    return [EventAdapter(event) for event in events]


def _event(start: datetime, end: datetime) -> Event:
    event = Event()
    event["DTSTART"] = vDDDTypes(start)
    event["DTEND"] = vDDDTypes(end)
    return event


def _written(rule: Rule) -> str:
    parts = {"FREQ": rule.frequency, "INTERVAL": str(rule.interval)}
    if rule.count is not None:
        parts["COUNT"] = str(rule.count)
    if rule.until is not None:
        parts["UNTIL"] = f"{rule.until.wall:%Y%m%dT%H%M%S}"
    parts["WKST"] = rule.week_starts
    parts |= {name: ",".join(values) for name, values in rule.by.items()}
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _start_near(series: Series, first: datetime) -> datetime:
    """Return a later start that gives the same occurrences from ``first`` on.

    The library steps through a series from its start, which takes long for an old one. A
    start that is whole intervals later keeps the rule in step, unless occurrences are
    counted from the start or changes move later ones.
    """
    if len(series.rules) != 1 or series.rules[0].count is not None or series.changes:
        return series.start
    rule = series.rules[0]
    latest = first - (series.end - series.start) - DAY
    if latest - series.start < 2 * rule.step:
        return series.start
    if rule.frequency in {"MONTHLY", "YEARLY"}:
        return _months_later(series.start, rule, latest)
    return series.start + (latest - series.start) // rule.step * rule.step


def _months_later(start: datetime, rule: Rule, latest: datetime) -> datetime:
    """Step back from ``latest`` to a month that is in step and has the day of the start."""
    interval = rule.interval * (_MONTHS if rule.frequency == "YEARLY" else 1)
    months = (latest.year - start.year) * _MONTHS + latest.month - start.month - 1
    for number in range(months // interval, max(months // interval - _TRIES, 0), -1):
        year, month = divmod(start.year * _MONTHS + start.month - 1 + number * interval, _MONTHS)
        if start.day <= monthrange(year, month + 1)[1]:
            return start.replace(year=year, month=month + 1)
    return start
