"""Spans of a week, in minutes since its Monday began, put together as the hours of its days."""

from collections.abc import Iterable
from datetime import time

from connectd.domain.model import Hours

DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES


def weekly_hours(spans: Iterable[tuple[int, int]]) -> Hours:
    """The hours that arbitrary spans cover together; what reaches past Sunday is Monday's.

    Days without any are left out.
    """
    days: dict[int, list[tuple[int, int]]] = {}
    for start, end in spans:
        for day, opens, closes in _by_day(start, min(end, start + WEEK_MINUTES)):
            days.setdefault(day, []).append((opens, closes))
    return {
        day: tuple((_time(opens), _time(closes)) for opens, closes in _merged(days[day]))
        for day in sorted(days)
    }


def _by_day(start: int, end: int) -> Iterable[tuple[int, int, int]]:
    """Cut a span at each midnight: the weekday, and minutes of that day."""
    while start < end:
        midnight = start - start % DAY_MINUTES
        until = min(end, midnight + DAY_MINUTES)
        yield start // DAY_MINUTES % 7, start - midnight, until - midnight
        start = until


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(closes, merged[-1][1]))
        else:
            merged.append((opens, closes))
    return merged


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)
