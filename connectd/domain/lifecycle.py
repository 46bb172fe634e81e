"""The life of a meeting as one table: which steps lead from which state to which.

`docs/lifecycle.md` shows the same table as a diagram; a test compares the two.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from connectd.domain.model import OPEN, Encounter, Meeting, State
from connectd.domain.spans import local_day
from connectd.domain.view import Action, Name

STEPS: Mapping[State, Mapping[Name, State]] = {
    State.DRAFTED: {
        Name.MOVE: State.DRAFTED,
        Name.CONFLICT: State.DRAFTED,
        Name.ACCEPT: State.ACCEPTED,
        Name.DECLINE: State.DECLINED,
        Name.EXPIRE: State.EXPIRED,
        Name.WITHDRAW: State.WITHDRAWN,
        Name.COMPLETE: State.MET,
    },
    State.ACCEPTED: {
        Name.ACCEPT: State.ACCEPTED,
        Name.CONFLICT: State.ACCEPTED,
        Name.REOPEN: State.DRAFTED,
        Name.INVITE: State.INVITED,
        Name.DECLINE: State.DECLINED,
        Name.EXPIRE: State.EXPIRED,
        Name.WITHDRAW: State.WITHDRAWN,
        Name.COMPLETE: State.MET,
    },
    State.INVITED: {
        Name.MOVE: State.INVITED,
        Name.CONFLICT: State.INVITED,
        Name.REPLY: State.INVITED,
        Name.FOLLOW_UP: State.INVITED,
        Name.CONFIRM: State.CONFIRMED,
        Name.TURN_DOWN: State.TURNED_DOWN,
        Name.CANCEL: State.CANCELLED,
        Name.EXPIRE: State.EXPIRED,
        Name.WITHDRAW: State.WITHDRAWN,
        Name.COMPLETE: State.MET,
        Name.MISS: State.MISSED,
    },
    State.CONFIRMED: {
        Name.MOVE: State.INVITED,
        Name.CONFLICT: State.CONFIRMED,
        Name.REPLY: State.INVITED,
        Name.FOLLOW_UP: State.CONFIRMED,
        Name.TURN_DOWN: State.TURNED_DOWN,
        Name.CANCEL: State.CANCELLED,
        Name.EXPIRE: State.EXPIRED,
        Name.WITHDRAW: State.WITHDRAWN,
        Name.COMPLETE: State.MET,
        Name.MISS: State.MISSED,
    },
    State.MET: {Name.MISS: State.MISSED},
    State.MISSED: {Name.COMPLETE: State.MET},
    State.EXPIRED: {Name.COMPLETE: State.MET, Name.REOPEN: State.DRAFTED},
    State.WITHDRAWN: {Name.REOPEN: State.DRAFTED},
    State.DECLINED: {},
    State.TURNED_DOWN: {},
    State.CANCELLED: {},
}
"""Every step that a meeting may take, by the state it is in. `expired` and `withdrawn` lead
back where a yes or a move came in the last moment, `expired`, `met` and `missed` where the user
corrects what was assumed."""


def step(
    meeting: Meeting,
    name: Name,
    because: str,
    now: datetime,
    *,
    encounter: str = "",
    said_by: tuple[str, ...] = (),
    **changes: Any,  # noqa: ANN401 - fields of Meeting, whatever their types
) -> Action:
    """Take a step of the table; ``changes`` are further fields of the meeting that it changes.

    A meeting that ends by it is marked with ``now``, one that is opened again with no end.
    Raises KeyError for a step that is not in the table: that is a bug.
    """
    state = STEPS[meeting.state][name]
    if state in OPEN:
        changes = {"ended_at": None} | changes
    else:
        changes = {"ended_at": now, "missing_since": None} | changes
    after = meeting._replace(state=state, **changes)
    return Action(name, after, meeting.state, because, encounter, said_by)


def encounters_of(action: Action, zone: ZoneInfo) -> tuple[Encounter, ...]:
    """The encounters that a step amounts to, one with each person, on the meeting's local day."""
    if not action.encounter:
        return ()
    meeting = action.meeting
    day = local_day(meeting.span.start, zone)
    return tuple(Encounter(person, day, action.encounter, meeting.uid) for person in meeting.people)
