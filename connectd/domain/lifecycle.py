"""The life of a meeting: its state, what is seen of it and the time give its next step."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectd.domain.model import Meeting, MeetingRules, State
from connectd.domain.view import Action, Answer, Gesture, Held, Name, Reply, Sighting

GONE_AFTER = timedelta(minutes=10)
"""An object must be gone for so long before its absence is an answer: some clients delete
and write anew to change a thing."""

FORGOTTEN_AFTER = timedelta(days=14)
"""So long after its end a meeting of which nobody spoke is no longer waited for."""

_SPOKEN = {
    State.DECLINED: Name.DECLINE,
    State.EXPIRED: Name.EXPIRE,
    State.WITHDRAWN: Name.WITHDRAW,
    State.CANCELLED: Name.CANCEL,
    State.TURNED_DOWN: Name.TURN_DOWN,
    State.MET: Name.COMPLETE,
    State.MISSED: Name.MISS,
}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a step depends on beside the meeting itself.

    ``obstacle`` names what makes a meeting's time unusable; ``moot`` says why a draft is no
    longer wanted. ``complete`` is whether every busy calendar was read whole.
    """

    now: datetime
    rules: MeetingRules
    complete: bool
    obstacle: Callable[[Meeting], str | None]
    moot: Callable[[Meeting], str | None]


def next_step(
    meeting: Meeting, sighting: Sighting | None, seen: Circumstances
) -> Action | Held | None:
    """The step that is due, or what holds it up, or None where all may stay as it is.

    A meeting whose object could not be looked at takes no step: absence is no evidence. One
    that has ended takes none either.
    """
    if sighting is None or not meeting.is_open:
        return None
    if sighting.gesture is None:
        return _gone(meeting, seen)
    if sighting.gesture.series:
        return Held(meeting, "you made a series of it, so connectd leaves it alone")
    match meeting.state:
        case State.DRAFTED:
            return _drafted(meeting, sighting.gesture, seen)
        case State.ACCEPTED:
            return _accepted(meeting, sighting.gesture, seen)
        case State.INVITED | State.CONFIRMED:
            return _sent(meeting, sighting.gesture, sighting.reply, seen)
        case _:
            return None


def end(meeting: Meeting, state: State, because: str, now: datetime) -> Action:
    """Bring a meeting to one of its ends."""
    ended = meeting._replace(state=state, ended_at=now, missing_since=None)
    return Action(_SPOKEN[state], ended, meeting.state, because)


def accept(meeting: Meeting, told_by: str, because: str, now: datetime) -> Action:
    """Take the user's yes; the grace runs from ``now``."""
    accepted = meeting._replace(state=State.ACCEPTED, accepted_at=now, told_by=told_by)
    return Action(Name.ACCEPT, accepted, meeting.state, because)


def _gone(meeting: Meeting, seen: Circumstances) -> Action | None:
    if meeting.missing_since is None or seen.now - meeting.missing_since < GONE_AFTER:
        return None
    if meeting.state in (State.DRAFTED, State.ACCEPTED):
        return end(meeting, State.DECLINED, "you deleted the draft", seen.now)
    return end(meeting, State.CANCELLED, "you deleted the event", seen.now)


def _drafted(meeting: Meeting, gesture: Gesture, seen: Circumstances) -> Action | Held | None:
    if gesture.answer is Answer.NO:
        return end(meeting, State.DECLINED, f"you said no: {gesture.how}", seen.now)
    if gesture.answer is Answer.YES:
        return accept(_at(meeting, gesture), "calendar", f"you said yes: {gesture.how}", seen.now)
    if gesture.span != meeting.span:
        return Action(Name.MOVE, _at(meeting, gesture), meeting.state, "you moved the draft")
    if seen.now >= lapses_at(meeting, seen.rules):
        return end(meeting, State.EXPIRED, "no answer came before it lapsed", seen.now)
    if reason := seen.moot(meeting):
        return end(meeting, State.WITHDRAWN, reason, seen.now)
    if not meeting.moved and (obstacle := seen.obstacle(meeting)):
        return end(meeting, State.WITHDRAWN, f"its time is taken now: {obstacle}", seen.now)
    return None


def _accepted(meeting: Meeting, gesture: Gesture, seen: Circumstances) -> Action | Held | None:
    if gesture.answer is Answer.NO:
        return end(meeting, State.DECLINED, f"you said no: {gesture.how}", seen.now)
    if gesture.answer is Answer.NONE and meeting.told_by == "calendar":
        reopened = _at(meeting, gesture)._replace(
            state=State.DRAFTED, accepted_at=None, told_by=None
        )
        return Action(Name.REOPEN, reopened, meeting.state, "you took your yes back")
    if gesture.span != meeting.span:
        told_by = meeting.told_by or "calendar"
        return accept(_at(meeting, gesture), told_by, "you moved it after your yes", seen.now)
    if seen.now >= meeting.span.start:
        return end(meeting, State.EXPIRED, "its time came before it could be sent", seen.now)
    if meeting.accepted_at and seen.now < meeting.accepted_at + _grace(seen.rules):
        return None
    if not seen.complete:
        return Held(meeting, "not sent: your calendars could not be read whole")
    if obstacle := seen.obstacle(meeting):
        return Held(meeting, f"not sent: the time is taken by {obstacle}")
    return invite(meeting, seen.now)


def invite(meeting: Meeting, now: datetime) -> Action:
    """Turn an accepted draft into the invitation, one SEQUENCE higher (RFC 5546 2.1.4)."""
    invited = meeting._replace(state=State.INVITED, invited_at=now, sequence=meeting.sequence + 1)
    return Action(Name.INVITE, invited, meeting.state, "you said yes and the grace is over")


def _sent(meeting: Meeting, gesture: Gesture, reply: Reply, seen: Circumstances) -> Action | None:
    if gesture.answer is Answer.NO:
        return end(meeting, State.CANCELLED, f"you called it off: {gesture.how}", seen.now)
    if reply is Reply.DECLINED and seen.now < meeting.span.end:
        return end(meeting, State.TURNED_DOWN, "they declined", seen.now)
    if reply is Reply.ACCEPTED and meeting.state is State.INVITED:
        confirmed = meeting._replace(state=State.CONFIRMED, replied_yes=True)
        return Action(Name.CONFIRM, confirmed, meeting.state, "they accepted")
    if gesture.span != meeting.span:
        return Action(Name.MOVE, _at(meeting, gesture), meeting.state, "you moved the meeting")
    return _past(meeting, seen)


def _past(meeting: Meeting, seen: Circumstances) -> Action | None:
    assumed_after = timedelta(days=seen.rules.assume_met_after_days)
    since_end = seen.now - meeting.span.end
    if meeting.state is State.CONFIRMED and assumed_after:
        if since_end < assumed_after:
            return None
        because = f"they had accepted, and nothing else was heard for {assumed_after.days} days"
        return end(meeting, State.MET, because, seen.now)
    if since_end >= FORGOTTEN_AFTER:
        return end(meeting, State.EXPIRED, "nobody said whether it took place", seen.now)
    return None


def _at(meeting: Meeting, gesture: Gesture) -> Meeting:
    if gesture.span == meeting.span:
        return meeting
    return meeting._replace(span=gesture.span, moved=True)


def lapses_at(meeting: Meeting, rules: MeetingRules) -> datetime:
    """When a draft without an answer ends; one that the user moved stays until its start.

    A draft made at short notice stays for half of the time until its start at least, or
    nobody would have seen it before it lapsed.
    """
    start = meeting.span.start
    if meeting.moved:
        return start
    ahead = timedelta(hours=rules.expires_hours)
    if meeting.drafted_at is None:
        return start - ahead
    return start - min(ahead, (start - meeting.drafted_at) / 2)


def _grace(rules: MeetingRules) -> timedelta:
    return timedelta(minutes=rules.grace_minutes)
