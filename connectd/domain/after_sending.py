"""The steps of an invitation: answers, changes, the end of the meeting and what came of it."""

from datetime import timedelta

from connectd.domain.before_sending import conflict_step, contested_by
from connectd.domain.circumstances import Circumstances
from connectd.domain.lifecycle import step
from connectd.domain.model import Meeting, Reply, State
from connectd.domain.replies import strongest
from connectd.domain.view import Action, Answer, Gesture, Name, Sighting, Told

FORGOTTEN_AFTER = timedelta(days=14)
"""So long after its end a meeting of which nobody spoke is no longer waited for."""

_FOR_ANOTHER_TIME = frozenset({Reply.ACCEPTED, Reply.DECLINED})
"""What only an invitation that was moved can have for an answer while it still waits for one."""


def sent(
    meeting: Meeting, gesture: Gesture, sighting: Sighting, seen: Circumstances
) -> Action | None:
    """The next step of an invitation that stands in the calendar."""
    now = seen.now
    if now >= max(meeting.span.end, gesture.span.end):
        return _over(meeting, gesture, sighting, seen)
    if gesture.answer is Answer.NO:
        return step(meeting, Name.CANCEL, f"you called it off: {gesture.how}", now)
    if reason := seen.called_off(meeting):
        return step(meeting, Name.CANCEL, reason, now)
    if gesture.span != meeting.span:
        return _moved(meeting, gesture, seen)
    return (
        _replied(meeting, sighting, seen)
        or conflict_step(meeting, seen.obstacle(meeting), seen)
        or _task_ahead(meeting, seen)
    )


def past(meeting: Meeting, sighting: Sighting, seen: Circumstances) -> Action | None:
    """The next step of a meeting whose time is over, whether or not its object still stands."""
    now = seen.now
    if sighting.told is Told.DONE:
        because = "you ticked off the follow-up"
        return step(meeting, Name.COMPLETE, because, now, encounter="done")
    if sighting.told is Told.MISSED:
        return step(meeting, Name.MISS, "you cancelled the follow-up", now)
    assumed_after = timedelta(days=seen.rules.assume_met_after_days)
    since_end = now - meeting.span.end
    if meeting.state is State.CONFIRMED and assumed_after and since_end >= assumed_after:
        because = f"they had accepted, and nothing else was heard for {assumed_after.days} days"
        return step(meeting, Name.COMPLETE, because, now, encounter="assumed")
    if since_end >= max(FORGOTTEN_AFTER, assumed_after):
        return step(meeting, Name.EXPIRE, "nobody said whether it took place", now)
    if meeting.followed_up_at is None and seen.takes_tasks:
        because = "it is over: a task asks you how it was"
        return step(meeting, Name.FOLLOW_UP, because, now, followed_up_at=now)
    return None


def _over(
    meeting: Meeting, gesture: Gesture, sighting: Sighting, seen: Circumstances
) -> Action | None:
    """A yes of theirs that comes to light late still counts; a no of anybody tells nobody off."""
    late = _replied(meeting, sighting, seen)
    if late and sighting.reply is Reply.ACCEPTED:
        return late
    if gesture.answer is Answer.NO:
        because = f"you said afterwards that it did not take place: {gesture.how}"
        return step(meeting, Name.MISS, because, seen.now)
    return past(meeting, sighting, seen)


def _moved(meeting: Meeting, gesture: Gesture, seen: Circumstances) -> Action:
    """The user moved what was sent: what the contact said was for the old time.

    Some servers take the answer out of the object when the time changes, others let it stand:
    what stands there now is none to the new time, whatever it is.
    """
    sequence = max(meeting.sequence, gesture.sequence)
    stands = strongest((gesture.reply, *gesture.replies))
    there = meeting._replace(span=gesture.span, moved=True, reply=stands, sequence=sequence)
    obstacle = seen.obstacle(there)
    because = "you moved the meeting"
    if obstacle:
        because = f"{because}; that time is taken by {obstacle.words}"
    return step(contested_by(there, obstacle), Name.MOVE, because, seen.now)


def _task_ahead(meeting: Meeting, seen: Circumstances) -> Action | None:
    """The follow-up as soon as others can read the event: it keeps the agenda until then."""
    wanted = seen.early_follow_up and seen.takes_tasks and seen.listed(meeting)
    if meeting.followed_up_at is not None or not wanted:
        return None
    because = "a task holds what to talk about, and asks afterwards how it was"
    return step(meeting, Name.FOLLOW_UP, because, seen.now, followed_up_at=seen.now)


def _replied(meeting: Meeting, sighting: Sighting, seen: Circumstances) -> Action | None:
    """Take an answer that is news."""
    now, reply = seen.now, sighting.reply
    if not _is_news(meeting, sighting):
        return None
    match reply:
        case Reply.ACCEPTED if meeting.state is State.INVITED:
            because = "they accepted" if meeting.other is None else "both accepted"
            return step(meeting, Name.CONFIRM, because, now, reply=reply, replied_yes=True)
        case Reply.DECLINED:
            who = _decliners(meeting, sighting)
            because = f"{' and '.join(who) or 'they'} declined"
            return step(meeting, Name.TURN_DOWN, because, now, said_by=who, reply=reply)
        case Reply.TENTATIVE:
            return step(meeting, Name.REPLY, "they answered: perhaps", now, reply=reply)
        case Reply.NONE if meeting.state is State.INVITED and meeting.reply in _FOR_ANOTHER_TIME:
            because = "their answer to the time before was taken out"
            return step(meeting, Name.REPLY, because, now, reply=reply)
    return None


def _is_news(meeting: Meeting, sighting: Sighting) -> bool:
    """Whether it is another answer than before; what stood there before a move is none.

    One that is known to be to this very SEQUENCE is, though the same stood there before. While
    one of two people has an answer from before a move standing there, only a no is news.
    """
    reply, before = sighting.reply, meeting.reply
    if sighting.to_this_time and reply in _FOR_ANOTHER_TIME:
        return True
    moved = meeting.state is State.INVITED and before in _FOR_ANOTHER_TIME
    if moved and before in sighting.replies:
        return reply is Reply.DECLINED is not before
    return reply is not before


def _decliners(meeting: Meeting, sighting: Sighting) -> tuple[str, ...]:
    """Who of two people declined; nobody is named where there is but one."""
    said = zip(meeting.people, sighting.replies, strict=False)
    return tuple(person for person, reply in said if reply is Reply.DECLINED)
