"""Who is due, in which order, and why."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from connectd.domain.cadence import (
    Light,
    ideal_gap,
    is_dormant,
    last_meetings,
    light,
    longest_gap,
)
from connectd.domain.experience import Experience, experience
from connectd.domain.found import Found
from connectd.domain.model import LAPSED, Contact, Meeting, Policy, State
from connectd.domain.progression import Outstanding, outstanding
from connectd.domain.rest import missed_last, rest
from connectd.domain.spans import local_day
from connectd.domain.view import PassedOver, Snapshot

_PAUSING = (LAPSED - {State.WITHDRAWN}) | {State.TURNED_DOWN, State.CANCELLED, State.MISSED}
_ENDS = {
    State.DECLINED: "your no",
    State.EXPIRED: "the draft that lapsed",
    State.TURNED_DOWN: "their no",
    State.CANCELLED: "the meeting that was called off",
    State.MISSED: "the meeting that did not take place",
}

_NEVER_MET = 1.5
_LONGEST = 3.0
"""Beyond so many ideal gaps a person does not become more urgent."""
_DORMANT = 1.0
"""Ties that are long dormant would crowd out the living ones; one place a month is theirs."""
_PROMISE = 0.5
_ASK = 0.25
_LIKELY = 3.0
_GENTLY = -0.25
_OFTEN = 0.1


class Reason(NamedTuple):
    """One thing that speaks for or against a person (points), in plain words."""

    points: float
    words: str


class Due(NamedTuple):
    """A contact who may get a draft, for a day from ``earliest`` on, and why.

    ``at_a_pinch`` is the day from which on they may be met where a month lacks people: an ideal
    gap is no least one.
    ``score`` is the priority: one point for each ideal gap since the last meeting, and what
    else adds to it or takes from it. ``is_dormant`` says that the last meeting is so long ago
    that one of the reserved places may be theirs.
    """

    contact: Contact
    earliest: date
    at_a_pinch: date
    light: Light
    why: tuple[Reason, ...]
    score: float
    is_dormant: bool = False

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons in plain words."""
        return tuple(reason.words for reason in self.why if reason.words)


def sort_out(
    snapshot: Snapshot, found: Sequence[Found], policy: Policy
) -> tuple[tuple[Due, ...], tuple[PassedOver, ...]]:
    """Part the list into those who may get a draft, the most pressing first, and the others."""
    ranking = _Ranking(snapshot, found, policy)
    due: list[Due] = []
    passed: list[PassedOver] = []
    for contact in snapshot.contacts:
        if contact.archived:
            continue
        if reason := ranking.held_back(contact):
            passed.append(PassedOver(contact.id, reason))
        else:
            due.append(ranking.due(contact))
    return tuple(sorted(due, key=lambda d: (-d.score, d.contact.id))), tuple(passed)


class _Ranking:
    """What is known of everybody, looked up once."""

    def __init__(self, snapshot: Snapshot, found: Sequence[Found], policy: Policy) -> None:
        self._now = snapshot.now
        self._today = local_day(snapshot.now, policy.zone)
        self._policy = policy
        self._last_met = last_meetings(snapshot.encounters)
        self._upcoming = {f.contact: f for f in reversed(found) if f.span.end > snapshot.now}
        self._open_between = outstanding(snapshot.facts)
        self._experience: Experience = experience(snapshot.meetings, snapshot.now)
        self._known_gaps: dict[tuple[str, int | None], tuple[int, int]] = {}
        self._meetings: dict[str, list[Meeting]] = {}
        for meeting in snapshot.meetings:
            for person in meeting.people:
                self._meetings.setdefault(person, []).append(meeting)

    def held_back(self, contact: Contact) -> str | None:
        """Why the contact gets no draft at all now, or None."""
        if contact.snoozed_until and self._today < contact.snoozed_until:
            return f"snoozed until {contact.snoozed_until}"
        theirs = self._meetings.get(contact.id, ())
        zone = self._policy.zone
        if standing := next((m for m in theirs if m.is_open), None):
            return _standing(standing, self._policy)
        if upcoming := self._upcoming.get(contact.id):
            return f"already in your calendar on {local_day(upcoming.span.start, zone)}"
        if reason := paused(theirs, self._now, self._policy):
            return reason
        resting = rest(theirs, self._policy.rules) if theirs else None
        if resting and self._now < resting.until:
            return f"resting until {local_day(resting.until, zone)}: {resting.why}"
        return None

    def due(self, contact: Contact) -> Due:
        """The contact with everything that speaks for and against a draft now."""
        ideal, longest = self._gaps(contact)
        last = self._last_met.get(contact.id)
        days = None if last is None else (self._today - last).days
        why = [_rhythm(days, ideal, longest)]
        if between := self._open_between.get(contact.id):
            why += _reciprocity(between)
        if theirs := self._meetings.get(contact.id):
            why += self._history(contact, theirs, last)
        return Due(
            contact=contact,
            earliest=self._today if last is None else last + timedelta(days=ideal),
            at_a_pinch=self._today if last is None else last + timedelta(days=(ideal + 1) // 2),
            light=light(days, ideal, longest),
            why=tuple(why),
            score=sum([reason.points for reason in why]),
            is_dormant=is_dormant(days, longest),
        )

    def _gaps(self, contact: Contact) -> tuple[int, int]:
        """The ideal and the longest gap, worked out once for all who have the same."""
        same = contact.category, contact.every_days
        if same not in self._known_gaps:
            categories = self._policy.categories
            gaps = ideal_gap(contact, categories), longest_gap(contact, categories)
            self._known_gaps[same] = gaps
        return self._known_gaps[same]

    def _history(
        self, contact: Contact, theirs: Collection[Meeting], last_met: date | None
    ) -> Iterator[Reason]:
        """What came of earlier drafts for this contact."""
        if missed_last(theirs, last_met, self._policy.zone):
            yield Reason(_GENTLY, "it did not work out last time; offered again once")
        known = self._experience
        likelier = known.agreed_by(contact.id) - known.agreed.value
        yield Reason(_LIKELY * likelier, "they often say yes" if likelier > _OFTEN else "")


def _rhythm(days: int | None, ideal: int, longest: int) -> Reason:
    """The time since the last meeting, against the gaps."""
    if days is None:
        return Reason(_NEVER_MET, "you have not met yet")
    ago = {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
    if is_dormant(days, longest):
        return Reason(_DORMANT, f"last met {ago}: an old tie worth picking up")
    words = f"last met {ago}; {ideal} days is your ideal gap"
    if days > longest:
        words += f", {longest} the longest"
    return Reason(min(days / max(ideal, 1), _LONGEST), words)


def _reciprocity(between: Outstanding) -> Iterator[Reason]:
    """What is open between the two."""
    if between.promises:
        yield Reason(_PROMISE, "you promised them something")
    if between.asks:
        yield Reason(_ASK, "there is something you want to ask them")


def _standing(meeting: Meeting, policy: Policy) -> str:
    day = local_day(meeting.span.start, policy.zone)
    if meeting.state is State.DRAFTED:
        return f"a draft for {day} waits for your answer"
    if meeting.state is State.ACCEPTED:
        return f"you said yes to {day}; the invitation is about to go out"
    return f"invited for {day}"


def paused(meetings: Collection[Meeting], now: datetime, policy: Policy) -> str | None:
    """Why the contact is left alone for some days after an end that was no meeting, or None."""
    ended = [(m.ended_at, m.state) for m in meetings if m.state in _PAUSING and m.ended_at]
    if not ended:
        return None
    last, state = max(ended)
    until = last + timedelta(days=policy.rules.pause_days)
    if now >= until:
        return None
    return f"left alone until {local_day(until, policy.zone)}, after {_ENDS[state]}"
