"""Proposes working hours from the meetings of the last weeks: a guess for the user to correct."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectd.domain.model import Hours
from connectd.domain.view import Event
from connectd.domain.weekly_hours import DAY_MINUTES, weekly_hours

LOOKED_BACK = timedelta(weeks=8)
DEFAULT_HOURS: Hours = dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17))))
"""What is proposed where nothing can be learned; also what the configuration begins with."""

_LONGEST_MEETING = timedelta(hours=4)
_STEP = 30
_FEWEST_DAYS = 8
_FEWEST_OF_A_WEEKDAY = 3
_SHORTEST_DAY = 4 * 60
_WEEKEND = 5
_TWELVE = 12 * 60
_NOON = (_TWELVE - 30, _TWELVE + 120)
_LUNCH_MINUTES = (60, 30)
_LONGEST_BREAK = 150
_LUNCH_TO_DAY = 0.2
_SHORTEST_PART = 60

_Minutes = tuple[int, int]


def usual_hours(events: Iterable[Event], zone: ZoneInfo, now: datetime) -> Hours | None:
    """The hours in which meetings usually were in the eight weeks before ``now``.

    Meetings are busy events with a time, mine, and no longer than four hours. A day begins and
    ends where that was seen at least twice, in half hours. Weekdays with few meetings get the
    hours of the others, those without any are days off, as is a weekend with few. There is a
    lunch break where hardly any meeting lies although the rest of the day has many. None where
    there are too few meetings to tell.
    """
    days = _meetings_by_day(events, zone, now)
    common = _usual([days[day] for day in days if day.weekday() < _WEEKEND])
    if len(days) < _FEWEST_DAYS or common is None:
        return None
    lunch = _lunch(list(days.values()), common)
    spans: list[_Minutes] = []
    for weekday in range(7):
        seen = [days[day] for day in days if day.weekday() == weekday]
        hours = _usual(seen) if len(seen) >= _FEWEST_OF_A_WEEKDAY else None
        if hours is None and seen and weekday < _WEEKEND:
            hours = common
        for start, end in _without(hours, lunch):
            spans.append((weekday * DAY_MINUTES + start, weekday * DAY_MINUTES + end))
    return weekly_hours(spans) or None


def _meetings_by_day(
    events: Iterable[Event], zone: ZoneInfo, now: datetime
) -> dict[date, list[_Minutes]]:
    """The meetings of each local day, in minutes of that day; what reaches past it is cut."""
    days: dict[date, list[_Minutes]] = {}
    for event in events:
        length = event.span.length
        counts = event.busy and event.mine and not event.all_day
        recent = now - LOOKED_BACK <= event.span.start and event.span.end <= now
        if counts and recent and timedelta(0) < length <= _LONGEST_MEETING:
            local = event.span.start.astimezone(zone)
            start = local.hour * 60 + local.minute
            end = min(start + int(length / timedelta(minutes=1)), DAY_MINUTES)
            days.setdefault(local.date(), []).append((start, max(end, start + 1)))
    return days


def _usual(days: Sequence[Sequence[_Minutes]]) -> _Minutes | None:
    """When such days begin and end, leaving out extremes; None where that is hardly a day."""
    if len(days) < _FEWEST_OF_A_WEEKDAY:
        return None
    left_out = max(1, len(days) // 10)
    starts = sorted(min(start for start, _ in meetings) for meetings in days)
    ends = sorted(max(end for _, end in meetings) for meetings in days)
    start = starts[left_out] // _STEP * _STEP
    end = -(-ends[-1 - left_out] // _STEP) * _STEP
    return (start, end) if end - start >= _SHORTEST_DAY else None


def _lunch(days: Sequence[Sequence[_Minutes]], hours: _Minutes) -> _Minutes | None:
    """The break around noon, if the days have one that stands out: meetings on both sides of it.

    It is an hour, else half an hour, as near to twelve as it can be.
    """
    halves = range(*hours, _STEP)
    taken = [_share(days, half) for half in halves]
    free = [share <= _LUNCH_TO_DAY * sum(taken) / len(taken) for share in taken]
    breaks = [
        (start, start + length)
        for length in _LUNCH_MINUTES
        for start in range(_NOON[0], _NOON[1] - length + 1, _STEP)
        if _stands_out(free, range(start - hours[0], start - hours[0] + length, _STEP))
    ]
    return min(breaks, key=lambda one: (one[0] - one[1], abs(one[0] - _TWELVE)), default=None)


def _stands_out(free: Sequence[bool], minutes: range) -> bool:
    """Whether these minutes of the day are free, and not much more than they is."""
    indexes = [minute // _STEP for minute in minutes]
    if indexes[0] <= 0 or indexes[-1] >= len(free) - 1 or not all(free[i] for i in indexes):
        return False
    before = next((n for n, one in enumerate(reversed(free[: indexes[0]])) if not one), None)
    after = next((n for n, one in enumerate(free[indexes[-1] + 1 :]) if not one), None)
    if before is None or after is None:
        return False
    return (before + len(indexes) + after) * _STEP <= _LONGEST_BREAK


def _share(days: Sequence[Sequence[_Minutes]], half: int) -> float:
    """On which part of the days a meeting lies in this half hour."""
    return sum(
        any(start < half + _STEP and half < end for start, end in meetings) for meetings in days
    ) / len(days)


def _without(hours: _Minutes | None, lunch: _Minutes | None) -> list[_Minutes]:
    if hours is None:
        return []
    if lunch is None:
        return [hours]
    parts = [(hours[0], lunch[0]), (lunch[1], hours[1])]
    return parts if all(end - start >= _SHORTEST_PART for start, end in parts) else [hours]
