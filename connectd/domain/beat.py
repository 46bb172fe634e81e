"""When the next tick is made, by what the last one saw."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from connectd.domain.model import Meeting, State

MINUTE = timedelta(minutes=1)
LONGEST_REST = timedelta(hours=6)
"""So long a server may ask to be left alone; one that asks for more is asked again then."""
LONGEST_WITHOUT_ANSWER = timedelta(minutes=15)
"""So late it may be noticed that a network is there again, unless a round is longer."""
FIRST_LOOK_FOR_KEYRING = timedelta(seconds=30)
JITTER = 0.1
"""By so much of itself a round is shorter or longer, so that not all ask at the same time."""

_DOUBLED_AT_MOST = 12
_PENDING = frozenset({State.DRAFTED, State.ACCEPTED})


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a tick left behind, as far as the time of the next one depends on it.

    ``yes_pending`` says that a yes, or the end of its grace, may come any minute. ``unanswered``
    is in how many ticks in a row some server gave no answer that could be used, ``locked`` in
    how many the keyring was locked. ``retry_after`` is the longest time for which a server
    asked to be left alone.
    """

    yes_pending: bool = False
    unanswered: int = 0
    locked: int = 0
    retry_after: timedelta | None = None
    on_battery: bool = False


def may_bring_a_yes(meetings: Iterable[Meeting]) -> bool:
    """Whether one of these waits for a yes, for a second one, or for its grace to end."""
    return any(meeting.state in _PENDING for meeting in meetings)


def pause(every: timedelta, seen: Aftermath, chance: float) -> timedelta:
    """How long to wait for the next tick, where ``every`` is usual.

    A minute while a yes may come, else the usual time, give or take a little by ``chance``
    (0 up to 1). On battery it is doubled while nothing is pending. It grows from tick to tick
    while servers do not answer, and while the keyring is locked. What a server asked for is
    never cut short.
    """
    if seen.locked:
        waited = min(_doubled(FIRST_LOOK_FOR_KEYRING, seen.locked - 1), every)
    elif seen.yes_pending:
        waited = _grown(MINUTE, every, seen.unanswered)
    else:
        usual = every * (2 if seen.on_battery else 1)
        waited = max(_spread(_grown(usual, every, seen.unanswered), chance), MINUTE)
    if seen.retry_after is None:
        return waited
    asked = seen.retry_after * (1 + JITTER * chance)
    return max(waited, min(asked, LONGEST_REST))


def _grown(usual: timedelta, every: timedelta, unanswered: int) -> timedelta:
    """The usual time, doubled with each further tick without an answer; one is no news."""
    longest = max(LONGEST_WITHOUT_ANSWER, every, usual)
    return min(_doubled(usual, max(unanswered - 1, 0)), longest)


def _doubled(time: timedelta, times: int) -> timedelta:
    return time * (1 << min(times, _DOUBLED_AT_MOST))


def _spread(time: timedelta, chance: float) -> timedelta:
    return time * (1 + JITTER * (2 * chance - 1))
