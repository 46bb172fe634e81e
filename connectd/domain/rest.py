"""When a contact is left alone for long: nobody is asked again and again without an answer."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.model import Meeting, MeetingRules, State
from connectd.domain.spans import local_day

_MISSES_BEFORE_REST = 2
"""A meeting that did not take place is offered again, once."""


class Rest(NamedTuple):
    """A contact rests until a moment, and why."""

    until: datetime
    why: str


def rest(meetings: Iterable[Meeting], rules: MeetingRules) -> Rest | None:
    """The rest that one contact's meetings lead to, also one that is over; None without one.

    A meeting of three that came to nothing says nothing of either of the two who were asked.
    """
    sent = sorted(
        (m for m in _telling(meetings) if m.invited_at and not m.is_open and not m.released),
        key=lambda meeting: (meeting.invited_at, meeting.attempt),
    )
    unanswered = sent[-rules.rest_after :]
    if len(unanswered) == rules.rest_after and not any(map(_went_well, unanswered)):
        return _rest(
            unanswered[-1], f"{rules.rest_after} invitations in a row without a yes", rules
        )
    misses = sent[-_MISSES_BEFORE_REST:]
    if len(misses) == _MISSES_BEFORE_REST and all(m.state is State.MISSED for m in misses):
        return _rest(misses[-1], "you missed each other twice in a row", rules)
    return None


def missed_last(meetings: Iterable[Meeting], last_met: date | None, zone: ZoneInfo) -> bool:
    """Whether the last meeting that was to be did not take place, and they have not met since."""
    held = [m for m in _telling(meetings) if m.state in (State.MET, State.MISSED)]
    last = max(held, key=lambda meeting: (meeting.span.start, meeting.attempt), default=None)
    if last is None or last.state is State.MET:
        return False
    return last_met is None or last_met < local_day(last.span.start, zone)


def _telling(meetings: Iterable[Meeting]) -> Iterator[Meeting]:
    """Those that say something of one contact."""
    return (m for m in meetings if m.other is None or _went_well(m))


def _went_well(meeting: Meeting) -> bool:
    return meeting.replied_yes or meeting.state is State.MET


def _rest(last: Meeting, why: str, rules: MeetingRules) -> Rest:
    return Rest((last.ended_at or last.span.end) + timedelta(days=rules.rest_days), why)
