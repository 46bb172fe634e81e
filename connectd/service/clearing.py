"""Puts the calendar right once meetings have ended: drafts go, what was called off says so."""

from collections.abc import Iterable
from datetime import datetime

from connectd.domain.lifecycle import step
from connectd.domain.model import LAPSED, Meeting, State
from connectd.domain.view import Answer, Gesture, Name
from connectd.edges.caldav_server import CalDavServer, CalendarObject
from connectd.edges.store import Placement
from connectd.errors import ConnectdError, PreconditionError
from connectd.formats.amendments import cancelled
from connectd.formats.recognition import is_cancelled, sequence_of
from connectd.service.gestures import read_gesture
from connectd.service.means import Means
from connectd.service.outcomes import Applied, Deed, Failure
from connectd.service.recording import record
from connectd.service.survey import Survey

_ENDED_BY = {
    State.DECLINED: Name.DECLINE,
    State.EXPIRED: Name.EXPIRE,
    State.WITHDRAWN: Name.WITHDRAW,
    State.TURNED_DOWN: Name.TURN_DOWN,
    State.CANCELLED: Name.CANCEL,
}
_CALLED_OFF = frozenset({State.TURNED_DOWN, State.CANCELLED})


def clear_away(
    meetings: Iterable[Meeting], means: Means, found: Survey, now: datetime
) -> list[Deed]:
    """Remove the drafts that ended, and free the time of invitations that were called off.

    Each in the version last seen. A draft that the user changed meanwhile is looked at again:
    a yes or a move revives one that merely lapsed, a series is the user's own, anything else is
    removed in its new version. An account that does not answer now is left for a later tick.
    """
    deeds: list[Deed] = []
    for meeting in meetings:
        placement = _left_over(meeting, means)
        if placement is None:
            continue
        placement = _as_seen(placement, means, found)
        if placement.account not in found.homes:
            continue
        name = _ENDED_BY[meeting.state]
        means.progress()
        try:
            detail = _clear(meeting, placement, means, now)
        except ConnectdError as error:
            reason = f"what is left in the calendar could not be cleared away: {error}"
            deeds.append(Failure(name, meeting.contact, reason))
        else:
            if detail:
                deeds.append(Applied(name, meeting.uid, meeting.contact, detail))
    return deeds


def _left_over(meeting: Meeting, means: Means) -> Placement | None:
    """Where something of an ended meeting may still stand that is to be cleared away."""
    sent = meeting.invited_at is not None
    if meeting.state not in (_CALLED_OFF if sent else LAPSED):
        return None
    if meeting.uid in means.memory.cleared:
        return None
    placement = means.store.placement(meeting.uid)
    if placement is None or placement.removed:
        means.memory.cleared.add(meeting.uid)
        return None
    return placement


def _as_seen(placement: Placement, means: Means, found: Survey) -> Placement:
    """Where the object lies by what was read last: the user may have moved it since."""
    accounts = {chosen.info.url: chosen.account for chosen in found.chosen}
    if placement.href in means.shelf.of(placement.calendar, means.store):
        return placement
    elsewhere = means.shelf.find(placement.uid, accounts, means.store)
    if elsewhere is None:
        return placement
    calendar, entry = elsewhere
    return placement._replace(
        account=accounts[calendar], calendar=calendar, href=entry.href, etag=entry.etag
    )


def _clear(meeting: Meeting, placement: Placement, means: Means, now: datetime) -> str | None:
    server = means.servers[placement.account]
    if meeting.state in _CALLED_OFF:
        detail = _free(meeting, placement, server, now)
    elif (detail := _remove(meeting, placement, means, now)) is None:
        return None
    means.store.save_placement(placement._replace(removed=True))
    return detail


def _remove(meeting: Meeting, placement: Placement, means: Means, now: datetime) -> str | None:
    """Remove the object, and say so; None where the user has just revived the draft."""
    gone = "the draft was taken out of your calendar"
    if placement.etag is None:
        return gone
    server = means.servers[placement.account]
    try:
        server.remove(placement.href, placement.etag)
    except PreconditionError:
        stored = server.get(placement.href)
        if stored is None or stored.etag is None:
            return gone
        gesture = read_gesture(meeting, placement, stored.text, means)
        if gesture.series:
            return _let_go(meeting, means, now)
        if _revived(meeting, gesture, means, now):
            return None
        server.remove(placement.href, stored.etag)
    return gone


def _let_go(meeting: Meeting, means: Means, now: datetime) -> str:
    """Leave the user what they made a series of in the last moment."""
    because = "you made a series of it: it is yours now"
    with means.store.transaction():
        means.store.save_meeting(meeting._replace(released=True), was=meeting.state)
        means.store.log(now, _ENDED_BY[meeting.state], meeting.contact, meeting.uid, because)
    return because


def _revived(meeting: Meeting, gesture: Gesture, means: Means, now: datetime) -> bool:
    """Whether the user said yes to a lapsed draft, or moved it, after it was last read.

    It stands again then. A draft that took its place gives way: there is one meeting with a
    contact at a time. One that the user has said yes to does not.
    """
    moved = gesture.answer is Answer.NONE and gesture.span != meeting.span
    if meeting.state is State.DECLINED or not (moved or gesture.answer is Answer.YES):
        return False
    ours = set(meeting.people)
    others = [m for m in means.store.open_meetings() if not ours.isdisjoint(m.people)]
    if any(other.state is not State.DRAFTED for other in others):
        return False
    for other in others:
        _give_way(other, means, now)
    because = f"you {'moved it' if moved else 'said yes'} just before it was removed"
    record(step(meeting, Name.REOPEN, because, now), means, now)
    return True


def _give_way(draft: Meeting, means: Means, now: datetime) -> None:
    """Take back a draft nobody has answered; what cannot be removed now is by a later tick."""
    record(step(draft, Name.WITHDRAW, "the earlier one stands again", now), means, now)
    placement = means.store.placement(draft.uid)
    if placement and placement.etag is not None:
        means.servers[placement.account].remove(placement.href, placement.etag)
        means.store.save_placement(placement._replace(removed=True))


def _free(
    meeting: Meeting, placement: Placement, server: CalDavServer, now: datetime
) -> str | None:
    """Write STATUS:CANCELLED, so that the time is free again; not where it stands already.

    What is over is left alone: its time is of use to nobody, and a server would tell of it.
    Only the version that is there now is overwritten; a change in between is looked at on a
    later tick, which comes here again.
    """
    if meeting.span.end <= now:
        return None
    stored = server.get(placement.href)
    if stored is None or stored.etag is None or is_cancelled(stored.text):
        return None
    server.replace(placement.href, _cancelled(meeting, stored, now), stored.etag)
    return "the event in your calendar is cancelled, so that its time is free again"


def _cancelled(meeting: Meeting, stored: CalendarObject, now: datetime) -> str:
    sequence = max(sequence_of(stored.text) + 1, meeting.sequence)
    return cancelled(stored.text, sequence, now)
