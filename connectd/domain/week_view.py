"""What a few days hold, day by day: free time, what takes the rest, and our own meetings."""

from dataclasses import dataclass
from datetime import date, timedelta

from connectd.domain.model import Meeting, Policy, Span, State
from connectd.domain.slots import buffer
from connectd.domain.spans import Spans, clip, local_midnight, merge, subtract, working_spans
from connectd.domain.view import Snapshot

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DayView:
    """One local day; all spans lie in it.

    ``day_off`` says why it has no working hours, or is empty. ``unknown`` is the time of what
    could not be read, and the working hours of which nothing was read. ``buffer`` is working
    time lost to the buffer. ``meetings`` are our own ones, which are left out of ``busy``.
    """

    day: date
    day_off: str
    hours: Spans
    free: Spans
    busy: Spans
    unknown: Spans
    buffer: Spans
    meetings: tuple[Meeting, ...]


def days_from(
    first: date, number: int, snapshot: Snapshot, read: Span, policy: Policy
) -> tuple[DayView, ...]:
    """So many days from ``first`` on; ``read`` is the time that was asked for in the calendars.

    Free is working time that nothing takes, be it soon or far away and whatever the caps say.
    """
    whole = Span(
        local_midnight(first, policy.zone),
        local_midnight(first + timedelta(days=number), policy.zone),
    )
    meetings = tuple(m for m in snapshot.meetings if m.is_open or m.state is State.MET)
    ours = {(meeting.uid, meeting.span) for meeting in meetings}
    busy = merge(e.span for e in snapshot.events if e.busy and (e.uid, e.span) not in ours)
    hours = _hours(whole, snapshot, policy)
    unread = subtract(hours, (read,))
    unknown = merge((*unread, *(span for odd in snapshot.unreadable for span in odd.spans)))
    open_ones = (meeting.span for meeting in meetings if meeting.is_open)
    taken = merge((*busy, *unknown, *open_ones))
    free = subtract(hours, merge(taken, margin=buffer(policy.rules)))
    lost = subtract(subtract(hours, free), taken)
    views = []
    for count in range(number):
        day = first + timedelta(days=count)
        span = Span(local_midnight(day, policy.zone), local_midnight(day + _DAY, policy.zone))
        views.append(
            DayView(
                day=day,
                day_off=_day_off(day, snapshot, policy),
                hours=clip(hours, span),
                free=clip(free, span),
                busy=clip(busy, span),
                unknown=clip(unknown, span),
                buffer=clip(lost, span),
                meetings=tuple(m for m in meetings if m.span.overlaps(span)),
            )
        )
    return tuple(views)


def _hours(whole: Span, snapshot: Snapshot, policy: Policy) -> Spans:
    """The working hours, without those of public holidays."""
    off = (
        Span(local_midnight(day, policy.zone), local_midnight(day + _DAY, policy.zone))
        for day in snapshot.days_off
    )
    return subtract(working_spans(whole, policy.hours, policy.zone), merge(off))


def _day_off(day: date, snapshot: Snapshot, policy: Policy) -> str:
    if name := snapshot.days_off.get(day):
        return name
    return "" if policy.hours.get(day.weekday()) else "day off"
