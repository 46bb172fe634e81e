"""What happens to a meeting next: its state, what is seen of it and the time decide."""

from datetime import timedelta

from connectd.domain.after_sending import past, sent
from connectd.domain.before_sending import accepted, drafted, lapses_at
from connectd.domain.circumstances import Circumstances
from connectd.domain.lifecycle import step
from connectd.domain.model import SENT, Meeting, State
from connectd.domain.view import Action, Held, Name, Sighting

GONE_AFTER = timedelta(minutes=10)
"""An object must be gone for so long before its absence is an answer: some clients delete
and write anew to change a thing."""


def next_step(
    meeting: Meeting, sighting: Sighting | None, seen: Circumstances
) -> Action | Held | None:
    """The step that is due, or what holds it up, or None where all may stay as it is.

    A meeting whose object could not be looked at takes no step: absence is no evidence. One
    that has ended takes none either.
    """
    if sighting is None or not meeting.is_open:
        return None
    gesture = sighting.gesture
    if gesture is None:
        return _gone(meeting, sighting, seen)
    if gesture.series:
        because = "you made a series of it: it is yours now, and connectd lets go of it"
        return step(meeting, Name.WITHDRAW, because, seen.now, released=True)
    if meeting.state is State.DRAFTED:
        return drafted(meeting, gesture, seen)
    if meeting.state is State.ACCEPTED:
        return accepted(meeting, gesture, seen)
    return sent(meeting, gesture, sighting, seen)


def _gone(meeting: Meeting, sighting: Sighting, seen: Circumstances) -> Action | None:
    """A deletion is a no, once it has lasted; afterwards it only tidies up.

    While some calendar could not be read, the object may lie there.
    """
    if meeting.state in SENT and seen.now >= meeting.span.end:
        return past(meeting, sighting, seen)
    if not seen.complete:
        return None
    if sighting.look_alike and meeting.state not in SENT:
        return _rewritten_elsewhere(meeting, seen)
    if meeting.missing_since is None or seen.now - meeting.missing_since < GONE_AFTER:
        return None
    if meeting.state in SENT:
        return step(meeting, Name.CANCEL, "you deleted the event", seen.now)
    return step(meeting, Name.DECLINE, "you deleted the draft", seen.now)


def _rewritten_elsewhere(meeting: Meeting, seen: Circumstances) -> Action | None:
    """A client wrote it anew under another UID, without an answer: that is no no."""
    if seen.now < lapses_at(meeting, seen.rules):
        return None
    return step(meeting, Name.EXPIRE, "no answer came before it lapsed", seen.now)
