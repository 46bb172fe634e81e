"""The time that is open for new meetings at one moment, what it is worth, and why, in words."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain

from connectd.domain.caps import Caps
from connectd.domain.found import Found
from connectd.domain.learned import learn
from connectd.domain.model import Kind, Meeting, Month, Policy, Span, State
from connectd.domain.preferences import Preferences
from connectd.domain.slots import free_time
from connectd.domain.spans import merge
from connectd.domain.times import Times
from connectd.domain.view import Snapshot

_REFUSED = frozenset({State.DECLINED, State.TURNED_DOWN, State.CANCELLED})


class Openings:
    """Free time, the caps and the preferences, against everything that stands in the calendar."""

    def __init__(self, snapshot: Snapshot, found: Iterable[Found], policy: Policy) -> None:
        self._policy = policy
        self._their_busy = snapshot.their_busy
        taken = merge(_taken(snapshot))
        self.free = free_time(snapshot.now, taken, policy, snapshot.days_off)
        self.caps = Caps.of(snapshot, found, policy)
        learned = learn(snapshot.meetings, policy.zone, snapshot.now)
        self._preferences = Preferences(snapshot.now, policy, taken, self.caps.days, learned)
        self._unfit: dict[str, list[Span]] = {}
        for contact, span in chain(_refused(snapshot), _busy(snapshot)):
            self._unfit.setdefault(contact, []).append(span)

    def times(self, months: Sequence[Month], grid: timedelta) -> Times:
        """The times of these months on a grid."""
        return Times(self.free, self.caps, months, self._preferences, self._policy, grid)

    def unfit_for(self, contact: str) -> tuple[Span, ...]:
        """When a contact cannot come, or said no to, or the user did: arbitrary spans."""
        unfit = self._unfit.get(contact)
        return tuple(unfit) if unfit else ()

    def reasons(self, people: Collection[str], kind: Kind, span: Span) -> tuple[str, ...]:
        """Why this time, in plain words."""
        rules = self._policy.rules
        local = span.start.astimezone(self._policy.zone)
        reasons = [f"{local:%A} {local.day} {local:%B at %H:%M} is free and within your hours"]
        if rules.buffer_minutes:
            reasons.append(f"with {rules.buffer_minutes} minutes clear on both sides")
        if all(person in self._their_busy for person in people):
            reasons.append("they seem to be free then, too")
        if span.length > timedelta(minutes=rules.minutes):
            reasons.append("a quarter of an hour more than usual, for there is much to tell")
        return (*reasons, *self._preferences.reasons(kind, span))


def _taken(snapshot: Snapshot) -> Iterable[Span]:
    """Everything a new draft must keep away from: busy, unknown, and already intended."""
    return chain(
        (event.span for event in snapshot.events if event.busy),
        (span for event in snapshot.unreadable for span in event.spans),
        (meeting.span for meeting in snapshot.meetings if meeting.is_open),
    )


def _refused(snapshot: Snapshot) -> Iterator[tuple[str, Span]]:
    """The times ahead that either side said no to, or that the user moved a draft away from.

    They are not offered to the same person again.
    """
    for meeting in snapshot.meetings:
        for span in _refused_in(meeting):
            if span.end > snapshot.now:
                yield from ((person, span) for person in meeting.people)


def _refused_in(meeting: Meeting) -> Iterator[Span]:
    if meeting.state in _REFUSED:
        yield meeting.span
    if meeting.moved_from:
        yield Span(meeting.moved_from, meeting.moved_from + meeting.span.length)


def _busy(snapshot: Snapshot) -> Iterator[tuple[str, Span]]:
    """The times in which contacts say they are busy."""
    return ((who, span) for who, spans in snapshot.their_busy.items() for span in spans)
