"""Writes a time zone of the zone database as a VTIMEZONE.

icalendar's own generator states the onset of summer time in the new local time instead of
the old one (RFC 5545 3.6.5), so that whoever trusts it is an hour off on that day.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

_YEARS_AHEAD = 10
_STEP = timedelta(days=7)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True, order=True)
class _Change:
    """A change of the offset: ``onset`` is in the local time that it ends, without a zone."""

    before: timedelta
    after: timedelta
    name: str
    onset: datetime


def zone_rules(zone: ZoneInfo, around: datetime) -> Timezone:
    """The rules of ``zone`` from the year before ``around`` until some years later.

    What repeats every year is written as a yearly rule, as clients expect it; what does not
    (the fasting month in Morocco), date by date.
    """
    first = datetime(around.year - 1, 1, 1, tzinfo=UTC)
    last = datetime(around.year + _YEARS_AHEAD, 1, 1, tzinfo=UTC)
    changes = sorted(_changes(zone, first, last))
    component = Timezone()
    component.add("TZID", zone.key)
    groups = [
        list(group)
        for _, group in groupby(changes, key=lambda change: (change.before, change.after))
    ]
    rules = [_yearly(group, last.year - first.year) for group in groups]
    if not groups or None in rules:
        offset = _offset(zone, first)
        start = _Change(offset, offset, _name(zone, first), first.replace(tzinfo=None))
        component.add_component(_observance([start], None))
    for group, rule in zip(groups, rules, strict=True):
        component.add_component(_observance(group, rule))
    return component


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[_Change]:
    changes = []
    known = first
    while known < last:
        ahead = known + _STEP
        if _offset(zone, known) != _offset(zone, ahead):
            moment = _moment_of_change(zone, known, ahead)
            before, after = _offset(zone, known), _offset(zone, ahead)
            onset = (moment + before).replace(tzinfo=None)
            changes.append(_Change(before, after, _name(zone, moment), onset))
        known = ahead
    return changes


def _moment_of_change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = _offset(zone, before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _yearly(group: list[_Change], years: int) -> str | None:
    """The rule that gives exactly these changes, one in each year, if there is one."""
    onsets = [change.onset for change in group]
    kinds = {(onset.month, onset.weekday(), onset.time()) for onset in onsets}
    if len({onset.year for onset in onsets}) != years or len(onsets) != years or len(kinds) != 1:
        return None
    month, weekday, _ = kinds.pop()
    weeks = {(onset.day - 1) // 7 + 1 for onset in onsets}
    if all((onset + timedelta(days=7)).month != month for onset in onsets):
        week = -1
    elif len(weeks) == 1:
        week = weeks.pop()
    else:
        return None
    return f"FREQ=YEARLY;BYMONTH={month};BYDAY={week}{_WEEKDAYS[weekday]}"


def _observance(group: list[_Change], rule: str | None) -> TimezoneStandard | TimezoneDaylight:
    summer = group[0].after > group[0].before
    observance = TimezoneDaylight() if summer else TimezoneStandard()
    observance.TZOFFSETFROM = group[0].before
    observance.TZOFFSETTO = group[0].after
    observance.add("TZNAME", group[0].name)
    observance.DTSTART = group[0].onset
    if rule:
        observance.add("RRULE", vRecur.from_ical(rule))
    elif group[1:]:
        observance.add("RDATE", [change.onset for change in group[1:]])
    return observance


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _name(zone: ZoneInfo, moment: datetime) -> str:
    return moment.astimezone(zone).tzname() or zone.key
