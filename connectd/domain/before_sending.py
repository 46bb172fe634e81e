"""The steps of a draft, up to the moment in which it becomes an invitation."""

from datetime import datetime, timedelta

from connectd.domain.circumstances import Circumstances, Obstacle
from connectd.domain.lifecycle import step
from connectd.domain.model import Meeting, MeetingRules
from connectd.domain.view import Action, Answer, Gesture, Held, Name

CALENDAR = "calendar"
"""The yes stands in the object, where the user can take it back."""
BEFORE_CONFLICT = "calendar, before the conflict"
"""The yes stood in the object until connectd marked it: now it stands on record only."""
_IN_THE_PAST = "it was moved into the past, so nothing was sent"


def drafted(meeting: Meeting, gesture: Gesture, seen: Circumstances) -> Action | None:
    """The next step of a draft without an answer so far."""
    now = seen.now
    if gesture.answer is Answer.NO:
        return step(meeting, Name.DECLINE, f"you said no: {gesture.how}", now)
    if _into_the_past(meeting, gesture, now):
        return step(meeting, Name.EXPIRE, _IN_THE_PAST, now)
    if gesture.answer is Answer.YES:
        return _accepted_at(meeting, gesture, f"you said yes: {gesture.how}", seen)
    if gesture.span != meeting.span:
        return _moved(meeting, gesture, Name.MOVE, "you moved the draft", seen)
    if now >= lapses_at(meeting, seen.rules):
        return step(meeting, Name.EXPIRE, "no answer came before it lapsed", now)
    if reason := seen.moot(meeting):
        return step(meeting, Name.WITHDRAW, reason, now)
    obstacle = seen.obstacle(meeting)
    if obstacle and not meeting.moved:
        return step(meeting, Name.WITHDRAW, f"its time is taken now: {obstacle.words}", now)
    return conflict_step(meeting, obstacle, seen)


def accepted(meeting: Meeting, gesture: Gesture, seen: Circumstances) -> Action | Held | None:
    """The next step of a draft that the user said yes to."""
    now = seen.now
    if gesture.answer is Answer.NO:
        return step(meeting, Name.DECLINE, f"you said no: {gesture.how}", now)
    if reason := seen.barred(meeting):
        return step(meeting, Name.WITHDRAW, reason, now)
    if _into_the_past(meeting, gesture, now):
        return step(meeting, Name.EXPIRE, _IN_THE_PAST, now)
    if gesture.answer is Answer.NONE and meeting.told_by == CALENDAR:
        return _moved(meeting, gesture, Name.REOPEN, "you took your yes back", seen)
    if gesture.span != meeting.span:
        return _moved_after_yes(meeting, gesture, seen)
    return _on_its_way(meeting, gesture, seen)


def _on_its_way(meeting: Meeting, gesture: Gesture, seen: Circumstances) -> Action | Held | None:
    """Send it, once the grace is over and while nothing stands in the way."""
    now = seen.now
    if now >= meeting.span.start:
        return step(meeting, Name.EXPIRE, "its time came before it could be sent", now)
    if gesture.answer is Answer.YES and meeting.is_contested:
        return overrule(meeting, CALENDAR, f"you said yes once more: {gesture.how}", now)
    obstacle = seen.obstacle(meeting)
    if obstacle and not _overrules(meeting, obstacle):
        return _stopped(meeting, obstacle, now)
    if meeting.accepted_at and now < meeting.accepted_at + _grace(seen.rules):
        return None
    if not seen.complete:
        return Held(meeting, "not sent: your calendars could not be read whole")
    return invite(_in_the_way(meeting, obstacle), now)


def accept(meeting: Meeting, told_by: str, because: str, now: datetime) -> Action:
    """Take the user's yes; the grace runs from ``now``."""
    return step(meeting, Name.ACCEPT, because, now, accepted_at=now, told_by=told_by)


def overrule(meeting: Meeting, told_by: str, because: str, now: datetime) -> Action:
    """Take a second yes, given although the user knows what takes the time."""
    because = f"{because}, though the time is taken by {meeting.conflict}"
    return accept(meeting._replace(overruled=True), told_by, because, now)


def invite(meeting: Meeting, now: datetime) -> Action:
    """Turn an accepted draft into the invitation, one SEQUENCE higher (RFC 5546 2.1.4)."""
    because = "you said yes and the grace is over"
    sequence = meeting.sequence + 1
    return step(meeting, Name.INVITE, because, now, invited_at=now, sequence=sequence)


def conflict_step(
    meeting: Meeting, obstacle: Obstacle | None, seen: Circumstances
) -> Action | None:
    """Note what takes the time of a meeting that stays all the same, or that it is free again.

    While a calendar could not be read, nothing counts as free.
    """
    if _is_known(meeting, obstacle) or (obstacle is None and not seen.complete):
        return None
    because = f"its time is taken by {obstacle.words}" if obstacle else "its time is free again"
    return step(_in_the_way(meeting, obstacle), Name.CONFLICT, because, seen.now)


def contested_by(meeting: Meeting, obstacle: Obstacle | None) -> Meeting:
    """The meeting as one whose time ``obstacle`` takes, without a yes that knew of it."""
    words, events = obstacle or ("", ())
    return meeting._replace(conflict=words, conflicting=events, overruled=False)


def _in_the_way(meeting: Meeting, obstacle: Obstacle | None) -> Meeting:
    """The same, but a yes to all of that and more goes on holding."""
    holds = meeting.overruled if obstacle is None else _overrules(meeting, obstacle)
    return contested_by(meeting, obstacle)._replace(overruled=holds)


def _overrules(meeting: Meeting, obstacle: Obstacle) -> bool:
    """Whether the user said yes to the time knowing of each event that takes it."""
    return meeting.overruled and set(obstacle.events) <= set(meeting.conflicting)


def _is_known(meeting: Meeting, obstacle: Obstacle | None) -> bool:
    """Whether the user was told of just that."""
    return (meeting.conflict, meeting.conflicting) == (obstacle or ("", ()))


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


def _into_the_past(meeting: Meeting, gesture: Gesture, now: datetime) -> bool:
    return gesture.span != meeting.span and gesture.span.start <= now


def _accepted_at(meeting: Meeting, gesture: Gesture, because: str, seen: Circumstances) -> Action:
    """Take a yes in the calendar; one to a time that is taken waits for a second yes."""
    meeting = _at(meeting, gesture)
    obstacle = seen.obstacle(meeting)
    if obstacle is None:
        return accept(contested_by(meeting, None), CALENDAR, because, seen.now)
    because = f"{because}; {_waits(obstacle)}"
    return accept(contested_by(meeting, obstacle), BEFORE_CONFLICT, because, seen.now)


def _moved_after_yes(meeting: Meeting, gesture: Gesture, seen: Circumstances) -> Action:
    """A yes in the object, or in the shell, holds at the new time too.

    One that a conflict kept from being sent was for the old time only.
    """
    because = "you moved it after your yes"
    if meeting.told_by == BEFORE_CONFLICT and gesture.answer is Answer.NONE:
        return _moved(meeting, gesture, Name.REOPEN, "you moved it to another time", seen)
    if gesture.answer is Answer.YES or seen.obstacle(_at(meeting, gesture)):
        return _accepted_at(meeting, gesture, because, seen)
    there = contested_by(_at(meeting, gesture), None)
    return accept(there, meeting.told_by or CALENDAR, because, seen.now)


def _stopped(meeting: Meeting, obstacle: Obstacle, now: datetime) -> Action | Held:
    """An accepted draft whose time is taken waits for a second yes, or until it is free."""
    if meeting.is_contested and _is_known(meeting, obstacle):
        return Held(meeting, f"not sent: the time is taken by {obstacle.words}")
    told_by = BEFORE_CONFLICT if meeting.told_by == CALENDAR else meeting.told_by
    waiting = contested_by(meeting, obstacle)._replace(told_by=told_by)
    return step(waiting, Name.CONFLICT, f"not sent: {_waits(obstacle)}", now)


def _waits(obstacle: Obstacle) -> str:
    return (
        f"the time is taken by {obstacle.words}, "
        "so it waits for a second yes, or until the time is free"
    )


def _moved(
    meeting: Meeting, gesture: Gesture, name: Name, because: str, seen: Circumstances
) -> Action:
    """A draft at the time that the object has now, with or without a yes before."""
    there = _at(meeting, gesture)
    obstacle = seen.obstacle(there) if there.moved else None
    if obstacle:
        because = f"{because}; that time is taken by {obstacle.words}"
    draft = contested_by(there, obstacle)._replace(accepted_at=None, told_by=None)
    return step(draft, name, because, seen.now)


def _at(meeting: Meeting, gesture: Gesture) -> Meeting:
    if gesture.span == meeting.span:
        return meeting
    offered = meeting.moved_from or meeting.span.start
    return meeting._replace(span=gesture.span, moved=True, moved_from=offered)


def _grace(rules: MeetingRules) -> timedelta:
    return timedelta(minutes=rules.grace_minutes)
