"""Which meeting the user means who says that one took place, or that one did not."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.model import SENT, Encounter, Meeting, State
from connectd.domain.spans import local_day

_CAUGHT_UP = timedelta(days=7)
_ADDED_TO = timedelta(days=14)
"""So long what came of a meeting is added to one that is marked, beyond the time after which it
is assumed to have taken place; later it is more likely another meeting that is meant."""
_DID_NOT_COUNT = frozenset({State.MISSED, State.EXPIRED})


class Meant(NamedTuple):
    """What was meant: a local day, and the meeting where it is one that connectd planned."""

    on: date
    meeting: Meeting | None


class History(NamedTuple):
    """The meetings with one contact, and the encounters with them that count."""

    meetings: Collection[Meeting]
    encounters: Collection[Encounter]
    zone: ZoneInfo

    def day_of(self, meeting: Meeting) -> date:
        """The local day on which it counts, or was planned as long as it does not count."""
        held = (met.on for met in self.encounters if met.meeting == meeting.uid)
        return next(held, local_day(meeting.span.start, self.zone))

    def done(
        self, now: datetime, on: date | None = None, assume_met_after: timedelta = timedelta()
    ) -> Meeting | None:
        """The meeting that took place, which may be marked already: then its state is MET.

        Without ``on`` it is the latest that has begun, and one of which nothing was said yet
        before any other; one that was marked long ago is not meant. With ``on`` it is the one
        of that day, or else one that was sent, ended within a week before (or within
        ``assume_met_after``, where that is longer) and was caught up on that day.
        """
        begun = [m for m in self.meetings if m.span.start <= now and on in (None, self.day_of(m))]
        still_open = (meeting for meeting in begun if meeting.is_open)
        ended = (m for m in begun if m.state is State.MET or _was_given_up(m))
        meeting = _latest(still_open) or _latest(ended)
        if on is None:
            of_late = now - _ADDED_TO - assume_met_after
            is_past = meeting and meeting.state is State.MET and meeting.span.end < of_late
            return None if is_past else meeting
        reach = max(_CAUGHT_UP, assume_met_after)
        caught_up = (m for m in self.meetings if m.state in SENT and self._ended(m, on, reach))
        return meeting or _latest(caught_up)

    def missed(self, now: datetime) -> Meant | None:
        """The latest meeting that should have been; None where there is none.

        One that was sent and of which nothing was said yet comes before all that counts. The
        meeting may be one that counts no longer: then its state is MISSED or EXPIRED.
        """
        begun = [meeting for meeting in self.meetings if meeting.span.start <= now]
        if waits := _latest(meeting for meeting in begun if meeting.state in SENT):
            return Meant(self.day_of(waits), waits)
        last = max(self.encounters, key=lambda met: met.on, default=None)
        over = _latest(m for m in begun if m.state in _DID_NOT_COUNT and m.invited_at)
        if over and (last is None or last.on <= self.day_of(over)):
            return Meant(self.day_of(over), over)
        if last is None:
            return None
        met = (m for m in begun if m.state is State.MET and self.day_of(m) == last.on)
        return Meant(last.on, _latest(met))

    def _ended(self, meeting: Meeting, on: date, reach: timedelta) -> bool:
        """Whether it ended before the local day ``on``, by ``reach`` at most."""
        ended = local_day(meeting.span.end, self.zone)
        return ended < on <= ended + reach


def _was_given_up(meeting: Meeting) -> bool:
    """Sent, and then given up: what the user says now outranks that."""
    return meeting.state in _DID_NOT_COUNT and meeting.invited_at is not None


def _latest(meetings: Iterable[Meeting]) -> Meeting | None:
    return max(meetings, key=lambda meeting: meeting.span.start, default=None)
