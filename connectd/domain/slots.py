"""When: the times in which a meeting may be held, each with its score and its reasons."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from connectd.domain.model import MeetingRules, Policy, Span
from connectd.domain.spans import Spans, merge, subtract, working_spans
from connectd.domain.view import Slot

_GRID = timedelta(minutes=15)
_MINUTE = timedelta(minutes=1)
_HALF_HOUR = 30
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def open_window(now: datetime, rules: MeetingRules) -> Span:
    """The time in which a new meeting may lie: after the notice, before the horizon."""
    start = now + timedelta(hours=rules.notice_hours)
    return Span(start, max(start, now + timedelta(days=rules.horizon_days)))


def free_time(now: datetime, taken: Iterable[Span], policy: Policy) -> Spans:
    """Working hours inside the open window, less what is taken and the buffer around it.

    ``taken`` are arbitrary spans: busy time, unknown time and meetings already intended.
    The buffer is kept from them, not from the edges of the working hours.
    """
    hours = working_spans(open_window(now, policy.rules), policy.hours, policy.zone)
    return subtract(hours, merge(taken, margin=buffer(policy.rules)))


def buffer(rules: MeetingRules) -> timedelta:
    """The time kept free on both sides of whatever is busy."""
    return timedelta(minutes=rules.buffer_minutes)


def slots(free: Spans, now: datetime, policy: Policy) -> Iterator[Slot]:
    """Every slot on the quarter hour inside ``free``, in the order of time.

    A gap that is long enough but holds no start on the quarter hour gives its first minute.
    """
    length = timedelta(minutes=policy.rules.minutes)
    for gap in free:
        for start in _starts(gap, length):
            yield Slot(Span(start, start + length), _score(start, now, policy.zone))


def explained(slot: Slot, policy: Policy) -> Slot:
    """The slot with the reasons for it, in plain words."""
    local = slot.span.start.astimezone(policy.zone)
    reasons = [f"{local:%A} {local.day} {local:%B at %H:%M} is free and within your hours"]
    if policy.rules.buffer_minutes:
        reasons.append(f"with {policy.rules.buffer_minutes} minutes clear on both sides")
    return Slot(slot.span, slot.score, tuple(reasons))


def _starts(gap: Span, length: timedelta) -> Iterator[datetime]:
    start = _rounded_up(gap.start, _GRID)
    if start + length > gap.end:
        start = _rounded_up(gap.start, _MINUTE)
    while start + length <= gap.end:
        yield start
        start += _GRID


def _rounded_up(moment: datetime, grid: timedelta) -> datetime:
    return moment + (_EPOCH - moment) % grid


def _score(start: datetime, now: datetime, zone: ZoneInfo) -> float:
    """Sooner is better; the full and the half hour are easier to keep in mind."""
    days_ahead = (start - now) / timedelta(days=1)
    return -days_ahead - (0.25 if start.astimezone(zone).minute % _HALF_HOUR else 0.0)
