"""What stands in the way of a meeting, or makes it pointless."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from connectd.domain.cadence import ideal_gap
from connectd.domain.found import Found
from connectd.domain.introductions import agreed_to_meet, called_off
from connectd.domain.model import Contact, Meeting, MeetingRules, Policy
from connectd.domain.spans import local_day
from connectd.domain.view import Snapshot

_DAY = timedelta(days=1)
_MOST_NAMED = 5


class Obstacle(NamedTuple):
    """All that takes the time of a meeting: in words, and each event told from any other."""

    words: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a step depends on beside the meeting itself.

    ``obstacle`` is all that makes a meeting's time unusable, ``moot`` says why a draft is no
    longer wanted, ``barred`` why not even one that the user said yes to may be sent,
    ``called_off`` why what was sent is to be taken back, ``listed`` whether its people are still
    on the list. ``complete`` is whether every busy calendar was read
    whole, ``takes_tasks`` whether follow-ups can be written, and ``early_follow_up`` whether they
    are wanted ahead of the meeting.
    """

    now: datetime
    rules: MeetingRules
    complete: bool
    takes_tasks: bool
    early_follow_up: bool
    obstacle: Callable[[Meeting], Obstacle | None]
    moot: Callable[[Meeting], str | None]
    barred: Callable[[Meeting], str | None]
    called_off: Callable[[Meeting], str | None]
    listed: Callable[[Meeting], bool]


def circumstances(snapshot: Snapshot, found: tuple[Found, ...], policy: Policy) -> Circumstances:
    """What the steps of the meetings in ``snapshot`` depend on."""
    outlook = Outlook(snapshot, found, policy)
    return Circumstances(
        now=snapshot.now,
        rules=policy.rules,
        complete=snapshot.complete,
        takes_tasks=snapshot.takes_tasks,
        early_follow_up=snapshot.early_follow_up,
        obstacle=outlook.obstacle,
        moot=outlook.moot,
        barred=outlook.barred,
        called_off=outlook.called_off,
        listed=outlook.listed,
    )


class Outlook:
    """Answers, from one snapshot, what a meeting's life depends on."""

    def __init__(self, snapshot: Snapshot, found: tuple[Found, ...], policy: Policy) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._today = local_day(snapshot.now, policy.zone)
        self._contacts = {c.id: c for c in snapshot.contacts if not c.archived}
        self._upcoming = {f.contact: f for f in reversed(found) if f.span.end > snapshot.now}
        self._agreed = {frozenset(one.people) for one in agreed_to_meet(snapshot.introductions)}

    def obstacle(self, meeting: Meeting) -> Obstacle | None:
        """Everything that makes the meeting's time unusable, in the order of time.

        A user who chose a time in spite of one event has not chosen it in spite of a second,
        nor of another that took the first one's place under the same name.
        """
        there = dict([*self._busy_at(meeting), *self._unknown_at(meeting)])
        if not there:
            return None
        names = list(there.values())
        if len(names) > _MOST_NAMED:
            names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"]
        words = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
        return Obstacle(words, tuple(f"{uid} {name}" for uid, name in sorted(there.items())))

    def _busy_at(self, meeting: Meeting) -> Iterator[tuple[str, str]]:
        """UID and name of every busy event at the meeting's time."""
        busy = (
            (event.span, event.title, event.uid)
            for event in self._snapshot.events
            if event.busy and event.uid != meeting.uid and event.span.overlaps(meeting.span)
        )
        for _, title, uid in sorted(busy):
            yield uid, f"“{title}”" if title else "an event without a title"

    def _unknown_at(self, meeting: Meeting) -> Iterator[tuple[str, str]]:
        """UID, or URL, and name of every event that may lie at the meeting's time."""
        unknown = (
            (event.title or event.uid, event.uid or event.href)
            for event in self._snapshot.unreadable
            if event.uid != meeting.uid and any(s.overlaps(meeting.span) for s in event.spans)
        )
        for title, uid in sorted(unknown):
            yield uid, f"an event that cannot be read (“{title}”)"

    def listed(self, meeting: Meeting) -> bool:
        """Whether all whom the user meets are still on the list."""
        return self._contacts.keys() >= set(meeting.people)

    def barred(self, meeting: Meeting) -> str | None:
        """Why it may not be sent whatever the user said, or None.

        Somebody left the list, or the two are no longer to be introduced by a meeting.
        """
        if not self.listed(meeting):
            return "they are no longer on your list"
        if meeting.other and frozenset(meeting.people) not in self._agreed:
            return "the two are no longer to be introduced to each other by a meeting"
        return None

    def called_off(self, meeting: Meeting) -> str | None:
        """Why an invitation is to be taken back, or None; not who said so, nor what they said."""
        if called_off(self._snapshot.introductions, meeting):
            return "the two are not to be introduced to each other after all"
        return None

    def moot(self, meeting: Meeting) -> str | None:
        """Why a draft is no longer wanted, or None while it is.

        That the user has met one of two people meanwhile is no reason not to introduce them.
        """
        if reason := self.barred(meeting):
            return reason
        people = [self._contacts[person] for person in meeting.people]
        snoozes = [person.snoozed_until for person in people if person.snoozed_until]
        if snoozes and self._today < max(snoozes):
            return f"snoozed until {max(snoozes)}"
        if meeting.other:
            return None
        contact = people[0]
        if since := self._met_since(meeting, contact):
            return f"you met on {since}"
        if upcoming := self._upcoming.get(meeting.contact):
            day = local_day(upcoming.span.start, self._policy.zone)
            return f"you already have a meeting in the calendar on {day}"
        return None

    def _met_since(self, meeting: Meeting, contact: Contact) -> date | None:
        """The day on which they met since the draft, unless the ideal gap is over by its day.

        A draft made on the day of a meeting knew of it already, and stays; one that the user
        then moved into the gap stays too.
        """
        if meeting.drafted_at is None:
            return None
        since = local_day(meeting.drafted_at, self._policy.zone)
        if meeting.moved:
            since += _DAY
        gap = timedelta(days=ideal_gap(contact, self._policy.categories))
        day = local_day(meeting.span.start, self._policy.zone)
        return max(
            (
                encounter.on
                for encounter in self._snapshot.encounters
                if encounter.contact == contact.id
                and since <= encounter.on
                and day - gap < encounter.on
            ),
            default=None,
        )
