"""Rewrites a draft in its place when its time turns out to be taken, or free again."""

from datetime import datetime

from connectd.domain.model import Meeting, State
from connectd.domain.view import Action, Name
from connectd.edges.store import Placement
from connectd.errors import PreconditionError, SenselessError
from connectd.formats.amendments import marked, unmarked
from connectd.service.means import Means
from connectd.service.recording import record


def needs_mark(action: Action, means: Means) -> bool:
    """Whether the object must say something else about a conflict after this step.

    A yes to a time that is taken is always taken out of the object, so that a second one can
    be seen. One that may be sent is rewritten as the invitation anyway.
    """
    meeting = action.meeting
    if meeting.state not in (State.DRAFTED, State.ACCEPTED):
        return False
    before = means.store.meeting(meeting.uid)
    if before is None or meeting.overruled:
        return False
    known = (before.conflict, before.conflicting)
    changed = (meeting.conflict, meeting.conflicting) != known
    if meeting.state is State.ACCEPTED:
        return bool(meeting.conflict) and (changed or action.name is Name.ACCEPT)
    return changed


def mark(action: Action, means: Means, now: datetime) -> str | None:
    """Write the mark, then record the step: a crash in between costs the yes, never sends it.

    None where the object is no longer what was decided on: the next tick decides again.
    Raises ConnectdError when it could not be written.
    """
    meeting = action.meeting
    placement = means.store.placement(meeting.uid)
    if placement is None:
        raise SenselessError("The record of a draft has lost its place; it is left alone.")
    server = means.servers[placement.account]
    stored = server.get(placement.href)
    if stored is None or stored.etag is None or stored.etag != placement.etag:
        return None
    try:
        kept = server.replace(
            placement.href, _rewritten(stored.text, meeting, placement, means), stored.etag
        )
    except PreconditionError:
        return None
    # the mark in our own words, not in the stored ones: what the user wrote stays the user's
    ours = _rewritten(placement.written, meeting, placement, means)
    written = placement._replace(written=ours, etag=kept.etag, gesture=None)
    return record(action, means, now, written)


def _rewritten(text: str, meeting: Meeting, placement: Placement, means: Means) -> str:
    if not meeting.conflict:
        return unmarked(text)
    return marked(
        text,
        meeting.conflict,
        means.my_addresses,
        said_yes=meeting.state is State.ACCEPTED,
        written=placement.written,
    )
