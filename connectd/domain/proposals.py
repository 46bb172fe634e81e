"""Proposes new drafts: for whom of the due, and when, all of them chosen together."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

from connectd.domain.cadence import is_dormant, last_meetings, longest_gap
from connectd.domain.experience import experience
from connectd.domain.goal import Ledger, months_between
from connectd.domain.identity import meeting_uid
from connectd.domain.model import Meeting, Month, Policy, Span, State
from connectd.domain.openings import Openings
from connectd.domain.pacing import further_drafts
from connectd.domain.placing import Candidate, Limits, Placed, place
from connectd.domain.ranking import Due
from connectd.domain.slots import MINUTE, QUARTER, buffer, open_window
from connectd.domain.spans import local_day
from connectd.domain.times import Person, Times, person, undominated
from connectd.domain.view import Action, Name, PassedOver, Snapshot

_T = TypeVar("_T")
_AT_A_PINCH = 20.0
"""What it costs to ask somebody before they are due: more than anything else can weigh."""
_ANY: frozenset[Month] = frozenset()
"""Nothing is barred: one value for the thousands of whom that is true."""
_TIE_FROM = 2
"""From so many people a month on, one place is for a dormant tie."""


def planned_months(snapshot: Snapshot, policy: Policy) -> tuple[Month, ...]:
    """This month and those that the horizon reaches."""
    window = open_window(snapshot.now, policy.rules)
    return months_between(local_day(snapshot.now, policy.zone), local_day(window.end, policy.zone))


def deal(
    due: Sequence[Due], snapshot: Snapshot, ledger: Ledger, policy: Policy
) -> tuple[tuple[Action, ...], tuple[PassedOver, ...]]:
    """New drafts in the order of time for some of the due, and why the others get none.

    Each month gets as many as its goal needs, this month first, and never more stand open at
    once than ``open_drafts``. Nobody is drafted for a month in which they were met already: its
    goal asks for different people.
    """
    table = _Table(due, snapshot, ledger, policy)
    by_id = {one.contact.id: one for one in due}
    placed = table.placed()
    drafts = tuple(_draft(by_id[one.candidate.id], one, snapshot, table) for one in placed)
    return drafts, tuple(table.left_over(placed))


class _Table:
    """The due, the free time, the caps, and how many people each month wants."""

    def __init__(
        self, due: Sequence[Due], snapshot: Snapshot, ledger: Ledger, policy: Policy
    ) -> None:
        self._snapshot = snapshot
        self._ledger = ledger
        self._policy = policy
        months = planned_months(snapshot, policy)
        self._standings = {month: ledger.standing(month) for month in months}
        drafted = sum(1 for m in snapshot.meetings if m.state is State.DRAFTED)
        self._room = max(0, policy.rules.open_drafts - drafted)
        self._wanted = self._wanted_drafts() if self._room else {}
        self._open = Openings(snapshot, ledger.found, policy)
        self._barred = _by_contact(
            (c, month) for month, s in self._standings.items() for c in s.people
        )
        window = open_window(snapshot.now, policy.rules)
        self._first_day, self._last_day = (local_day(moment, policy.zone) for moment in window)
        self._times = self._times_on(QUARTER)
        self._people = tuple(map(self._person, due))

    def placed(self) -> tuple[Placed, ...]:
        """The best choice of people and times.

        Where this month lacks people who are due in it, those are asked, too, whose ideal gap is
        half over.
        """
        if not self._wanted:
            return ()
        placed = self._best_of(self._people)
        this_month = Month.of(self._ledger.today)
        here = sum(one.option.month == this_month for one in placed)
        if len(placed) == self._room or here == self._wanted.get(this_month, 0):
            return placed
        return self._best_of(self._with_others_at_a_pinch(placed, this_month))

    def _with_others_at_a_pinch(self, placed: Iterable[Placed], month: Month) -> list[Person]:
        """Everybody, and those not due in ``month`` from half of their ideal gap on.

        They come last, and take no place from anybody who is due.
        """
        kept = {one.candidate.id for one in placed}
        others = frozenset(self._standings) - {month}
        early = [
            one._replace(
                due=one.due._replace(score=one.due.score - _AT_A_PINCH),
                earliest=one.due.at_a_pinch,
                barred=one.barred | others,
            )
            for one in self._people
            if one.due.contact.id not in kept and Month.of(one.due.earliest) > month
        ]
        ids = {one.due.contact.id for one in early}
        return [one for one in self._people if one.due.contact.id not in ids] + early

    def _best_of(self, everybody: Iterable[Person]) -> tuple[Placed, ...]:
        """The best choice among some people.

        A grid of minutes may hold more than one of quarters of an hour where several meetings
        share a day, or somebody's time is short: it is tried where not all could be placed.
        """
        people = undominated(everybody, self._room, self._first_day)
        placed = self._place(people, self._times)
        able = sum(map(self._times.has_any, people))
        possible = min(self._room, sum(self._wanted.values()), able)
        finer = self._policy.rules.per_day > 1 or any(
            one.is_special or one.profile.zones for one in people
        )
        if len(placed) == possible or not finer:
            return placed
        return max(placed, self._place(people, self._times_on(MINUTE)), key=len)

    def reasons(self, due: Due, span: Span) -> tuple[str, ...]:
        """Why this time, in plain words."""
        reasons = self._open.reasons([due.contact.id], due.contact.kind, span)
        if local_day(span.start, self._policy.zone) < due.earliest:
            return ("a little before your ideal gap is over: the month lacks people", *reasons)
        return reasons

    def left_over(self, placed: Iterable[Placed]) -> Iterator[PassedOver]:
        """The due who got nothing, each with the reason."""
        ids = {one.candidate.id for one in placed}
        for one in self._people:
            if one.due.contact.id not in ids:
                yield PassedOver(one.due.contact.id, self._why_not(one))

    def _wanted_drafts(self) -> dict[Month, int]:
        """How many more drafts each month wants, without those that want none."""
        now, rules = self._snapshot.now, self._policy.rules
        learnt = experience(self._snapshot.meetings, now)
        wanted = {
            month: further_drafts(self._ledger, month, learnt, now, rules, self._room)
            for month in self._standings
        }
        return {month: number for month, number in wanted.items() if number}

    def _person(self, one: Due) -> Person:
        """Somebody due; nobody is drafted for a month that has counted them already."""
        contact = one.contact.id
        barred, unfit = self._barred.get(contact), self._open.unfit_for(contact)
        return person(one, frozenset(barred) if barred else _ANY, unfit, self._policy)

    def _times_on(self, grid: timedelta) -> Times:
        return self._open.times(tuple(self._wanted), grid)

    def _place(self, people: Iterable[Person], times: Times) -> tuple[Placed, ...]:
        candidates = [
            Candidate(
                id=one.due.contact.id,
                score=one.due.score,
                category=one.due.contact.category,
                is_dormant=one.due.is_dormant,
                options=times.options(one),
            )
            for one in people
        ]
        limits = Limits(
            room=self._room,
            wanted=self._wanted,
            caps=self._open.caps,
            margin=buffer(self._policy.rules),
            had=self._had(),
            reserved=self._reserved(),
        )
        return place(candidates, limits)

    def _had(self) -> Counter[tuple[Month, str]]:
        """How many people of each category the months have had or are to have."""
        category = {contact.id: contact.category for contact in self._snapshot.contacts}
        return Counter(
            (month, category[contact])
            for month in self._wanted
            for contact in self._in_month(month)
            if contact in category
        )

    def _in_month(self, month: Month) -> set[str]:
        """Everybody met in the month, or with whom something stands in it."""
        ahead = {person for one in self._ledger.ahead(month) for person in one.people}
        return ahead.union(self._standings[month].people)

    def _reserved(self) -> frozenset[Month]:
        """The months that want a dormant tie and have none yet."""
        if self._ledger.goal.people_per_month < _TIE_FROM:
            return frozenset()
        return frozenset(month for month in self._wanted if not self._has_a_tie(month))

    def _has_a_tie(self, month: Month) -> bool:
        people = self._in_month(month)
        before = last_meetings(
            e for e in self._ledger.encounters if e.contact in people and Month.of(e.on) < month
        )
        first = date(month.year, month.number, 1)
        categories = self._policy.categories
        return any(
            is_dormant((first - before[contact.id]).days, longest_gap(contact, categories))
            for contact in self._snapshot.contacts
            if contact.id in people and contact.id in before
        )

    def _why_not(self, one: Person) -> str:
        if one.due.earliest > self._last_day:
            return f"{one.due.reasons[0]}, so not before {one.due.earliest}"
        if not self._room:
            return f"{self._policy.rules.open_drafts} drafts may stand open at once, and they do"
        if not self._open.free:
            return "no free time within your working hours and the coming days"
        if Month.of(self._ledger.today) in one.barred and not self._wanted.keys() - one.barred:
            return "you met this month already, and the goal asks for different people"
        if not self._wanted:
            return "the goal needs no further draft now"
        if self._times.has_any(one):
            return "others come first now"
        return "no time fits your hours, theirs, and the meetings you allow a day and a week"


def _by_contact(pairs: Iterable[tuple[str, _T]]) -> dict[str, list[_T]]:
    grouped: dict[str, list[_T]] = {}
    for contact, thing in pairs:
        grouped.setdefault(contact, []).append(thing)
    return grouped


def _draft(due: Due, placed: Placed, snapshot: Snapshot, table: _Table) -> Action:
    contact, span = due.contact, placed.option.span
    earlier = (m.attempt for m in snapshot.meetings if m.people == (contact.id,))
    attempt = 1 + max(earlier, default=0)
    reasons = (*due.reasons, *table.reasons(due, span))
    meeting = Meeting(
        uid=meeting_uid(snapshot.installation, contact.id, attempt),
        contact=contact.id,
        attempt=attempt,
        state=State.DRAFTED,
        span=span,
        kind=contact.kind,
        reasons=reasons,
        drafted_at=snapshot.now,
    )
    return Action(Name.DRAFT, meeting, None, "; ".join(reasons))
