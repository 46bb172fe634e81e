"""Carries out what was decided: each deed is recorded as an intent, done, read back, recorded."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from connectd.domain.model import LAPSED, Encounter, Meeting, State
from connectd.domain.spans import local_day
from connectd.domain.view import Action, Answer, Name
from connectd.edges.store import Placement
from connectd.errors import ConnectdError, PreconditionError
from connectd.service.drafting import place_draft
from connectd.service.inviting import send_invitation
from connectd.service.means import Means
from connectd.service.sightings import read_gesture
from connectd.service.survey import Survey


@dataclass(frozen=True, slots=True)
class Applied:
    """A deed done. ``detail`` says why, in a sentence."""

    action: Name
    meeting: str
    contact: str
    detail: str


@dataclass(frozen=True, slots=True)
class Failure:
    """A deed that could not be done now, and why."""

    action: Name
    contact: str
    reason: str


Deed = Applied | Failure

_ENDED_BY = {
    State.DECLINED: Name.DECLINE,
    State.EXPIRED: Name.EXPIRE,
    State.WITHDRAWN: Name.WITHDRAW,
}


def carry_out(
    actions: Iterable[Action],
    means: Means,
    found: Survey,
    now: datetime,
    wanted: Callable[[], bool],
) -> list[Deed]:
    """Do the actions in order, as long as ``wanted()`` says so (a daemon may be asked to stop).

    One that fails does not keep the others from being done.
    """
    deeds: list[Deed] = []
    for action in actions:
        if not wanted():
            break
        try:
            detail = _do(action, means, found, now)
        except ConnectdError as error:
            deeds.append(Failure(action.name, action.meeting.contact, str(error)))
        else:
            if detail is not None:
                meeting = action.meeting
                deeds.append(Applied(action.name, meeting.uid, meeting.contact, detail))
    return deeds


def _do(action: Action, means: Means, found: Survey, now: datetime) -> str | None:
    """Do one action; None where the record or the calendar has moved on meanwhile."""
    match action.name:
        case Name.DRAFT:
            return place_draft(action, means, found, now)
        case Name.INVITE:
            return send_invitation(action, means, found, now)
        case _:
            return record(action, means, now)


def record(action: Action, means: Means, now: datetime) -> str | None:
    """Record an action that needs nothing but the record."""
    meeting = action.meeting
    with means.store.transaction():
        if not means.store.save_meeting(meeting, was=action.was):
            return None
        if action.name is Name.COMPLETE:
            day = local_day(meeting.span.start, means.policy.zone)
            means.store.add_encounter(Encounter(meeting.contact, day, "assumed", meeting.uid))
        means.store.log(now, action.name, meeting.contact, meeting.uid, action.because)
    return action.because


def clear_away(
    meetings: Iterable[Meeting], means: Means, found: Survey, now: datetime
) -> list[Deed]:
    """Remove the drafts that ended from the calendar, each in the version last seen.

    One that the user changed meanwhile is looked at again: a yes revives a draft that merely
    lapsed; anything else is removed in its new version. An account that does not answer now
    is left for a later tick.
    """
    deeds: list[Deed] = []
    for meeting in meetings:
        if meeting.state not in LAPSED or meeting.invited_at is not None:
            continue
        if meeting.uid in means.memory.cleared:
            continue
        placement = means.store.placement(meeting.uid)
        if placement is None or placement.removed:
            means.memory.cleared.add(meeting.uid)
            continue
        if placement.account not in found.homes:
            continue
        name = _ENDED_BY[meeting.state]
        try:
            removed = _remove(meeting, placement, means, now)
        except ConnectdError as error:
            reason = f"the draft could not be removed: {error}"
            deeds.append(Failure(name, meeting.contact, reason))
            continue
        if removed:
            detail = "the draft was taken out of your calendar"
            deeds.append(Applied(name, meeting.uid, meeting.contact, detail))
    return deeds


def _remove(meeting: Meeting, placement: Placement, means: Means, now: datetime) -> bool:
    """Remove the object; False where a yes of the user revived it."""
    server = means.servers[placement.account]
    if placement.etag is not None:
        try:
            server.remove(placement.href, placement.etag)
        except PreconditionError:
            stored = server.get(placement.href)
            if stored and stored.etag and _revived(meeting, placement, stored.text, means, now):
                return False
            if stored and stored.etag:
                server.remove(placement.href, stored.etag)
    means.store.save_placement(placement._replace(removed=True))
    return True


def _revived(
    meeting: Meeting, placement: Placement, stored: str, means: Means, now: datetime
) -> bool:
    """Whether the user said yes to a lapsed draft after it was last read; it stands again then."""
    gesture = read_gesture(meeting, placement, stored, means)
    if gesture.answer is not Answer.YES or meeting.state is State.DECLINED:
        return False
    revived = meeting._replace(state=State.DRAFTED, ended_at=None)
    because = "you said yes just before it was removed"
    record(Action(Name.REOPEN, revived, meeting.state, because), means, now)
    return True
