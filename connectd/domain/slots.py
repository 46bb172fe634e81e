"""When a meeting may be held: the rules that no preference can outweigh."""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectd.domain.model import MeetingRules, Policy, Span
from connectd.domain.spans import Spans, local_midnight, merge, subtract, working_spans

QUARTER = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)
WAKING_HOURS = (time(8), time(21))
"""When somebody in another zone may be met, by the clock on their wall."""

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_window(now: datetime, rules: MeetingRules) -> Span:
    """The time in which a new meeting may lie: after the notice, before the horizon."""
    start = now + timedelta(hours=rules.notice_hours)
    return Span(start, max(start, now + timedelta(days=rules.horizon_days)))


def free_time(
    now: datetime, taken: Iterable[Span], policy: Policy, days_off: Collection[date] = ()
) -> Spans:
    """Working hours inside the open window, less what is taken and the buffer around it.

    ``taken`` are arbitrary spans: busy time, unknown time and meetings already intended.
    The buffer is kept from them, not from the edges of the working hours, nor from
    ``days_off``, the local days on which nobody works.
    """
    hours = working_spans(open_window(now, policy.rules), policy.hours, policy.zone)
    hours = subtract(hours, merge(_whole(day, policy.zone) for day in days_off))
    return subtract(hours, merge(taken, margin=buffer(policy.rules)))


def buffer(rules: MeetingRules) -> timedelta:
    """The time kept free on both sides of whatever is busy."""
    return timedelta(minutes=rules.buffer_minutes)


def slots(free: Spans, length: timedelta, grid: timedelta = QUARTER) -> Iterator[Span]:
    """Every span of ``length`` on the grid inside ``free``, in the order of time.

    A gap that is long enough but holds no start on the grid gives its first whole minute.
    """
    for gap in free:
        start = _rounded_up(gap.start, grid)
        if start + length > gap.end:
            start = _rounded_up(gap.start, MINUTE)
        while start + length <= gap.end:
            yield Span(start, start + length)
            start += grid


def in_waking_hours(span: Span, zone: ZoneInfo) -> bool:
    """Whether somebody who lives in ``zone`` is awake all the while."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    wakes, sleeps = WAKING_HOURS
    return start.date() == end.date() and wakes <= start.time() and end.time() <= sleeps


def _whole(day: date, zone: ZoneInfo) -> Span:
    return Span(local_midnight(day, zone), local_midnight(day + _DAY, zone))


def _rounded_up(moment: datetime, grid: timedelta) -> datetime:
    return moment + (_EPOCH - moment) % grid
