"""Deals out new drafts: the due contacts, in order, onto the free time, within the caps."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import chain

from connectd.domain.found import Found
from connectd.domain.goal import Ledger, months_between
from connectd.domain.identity import meeting_uid
from connectd.domain.model import OPEN, Meeting, Month, Policy, Span, State
from connectd.domain.ranking import Due, balanced
from connectd.domain.slots import buffer, explained, free_time, open_window, slots
from connectd.domain.spans import local_day, merge, subtract
from connectd.domain.view import Action, Name, PassedOver, Slot, Snapshot

_COUNTED = OPEN | {State.MET}
"""The meetings that count against the caps per day and per week."""
_REFUSED = frozenset({State.DECLINED, State.TURNED_DOWN, State.CANCELLED})


def planned_months(snapshot: Snapshot, policy: Policy) -> tuple[Month, ...]:
    """This month and those that the horizon reaches."""
    window = open_window(snapshot.now, policy.rules)
    return months_between(local_day(snapshot.now, policy.zone), local_day(window.end, policy.zone))


def deal(
    due: Sequence[Due], snapshot: Snapshot, ledger: Ledger, policy: Policy
) -> tuple[tuple[Action, ...], tuple[PassedOver, ...]]:
    """New drafts for the due (given in order of urgency), and why the others get none.

    Each month gets as many as its goal still needs, this month first, and never more stand
    open at once than ``open_drafts``. Nobody is drafted for a month in which they were met
    already: its goal asks for different people.
    """
    table = _Table(snapshot, ledger.found, policy)
    drafts: list[Action] = []
    waiting = {candidate.contact.id: candidate for candidate in due}
    for month in planned_months(snapshot, policy):
        standing = ledger.standing(month)
        wanted = min(standing.needed - standing.open_drafts, table.room)
        if wanted <= 0:
            continue
        able = [
            candidate
            for candidate in waiting.values()
            if candidate.contact.id not in standing.people
            and table.reaches(month, candidate.earliest)
        ]
        for candidate in balanced(able, _by_category(snapshot, ledger, month)):
            if wanted <= 0:
                break
            if slot := table.best(month, candidate):
                table.take(slot)
                drafts.append(_draft(candidate, slot, snapshot, policy))
                del waiting[candidate.contact.id]
                wanted -= 1
    met = ledger.standing(Month.of(ledger.today)).people
    return tuple(drafts), tuple(
        PassedOver(candidate.contact.id, table.why_not(candidate, met))
        for candidate in waiting.values()
    )


class _Table:
    """The free time and what the caps still allow, while drafts are dealt out."""

    def __init__(self, snapshot: Snapshot, found: Iterable[Found], policy: Policy) -> None:
        self._now = snapshot.now
        self._policy = policy
        self._free = free_time(snapshot.now, _taken(snapshot), policy)
        counted = [m.span for m in snapshot.meetings if m.state in _COUNTED]
        of_others = {(meeting.uid, meeting.span): meeting.span for meeting in found}.values()
        days = [local_day(span.start, policy.zone) for span in chain(counted, of_others)]
        self._per_day = Counter(days)
        self._per_week = Counter(_week(day) for day in days)
        standing = sum(1 for m in snapshot.meetings if m.state is State.DRAFTED)
        self.room = max(0, policy.rules.open_drafts - standing)
        self._refused: dict[str, list[Span]] = {}
        for meeting in snapshot.meetings:
            if meeting.state in _REFUSED and meeting.span.end > snapshot.now:
                self._refused.setdefault(meeting.contact, []).append(meeting.span)
        self._slots: dict[Month, list[tuple[Slot, date]]] | None = None

    def best(self, month: Month, candidate: Due) -> Slot | None:
        """The best slot of the month for a candidate, None if there is none.

        A time that was said no to, by either side, is not offered to the same person again.
        """
        refused = self._refused.get(candidate.contact.id, ())
        fitting = (
            slot
            for slot, day in self._slots_of(month)
            if day >= candidate.earliest and not any(slot.span.overlaps(span) for span in refused)
        )
        return max(fitting, key=lambda slot: slot.score, default=None)

    def reaches(self, month: Month, earliest: date) -> bool:
        """Whether the month still has a slot on ``earliest`` or later."""
        in_order = self._slots_of(month)
        return bool(in_order) and in_order[-1][1] >= earliest

    def take(self, slot: Slot) -> None:
        """Use up the slot, and one of the open drafts."""
        day = local_day(slot.span.start, self._policy.zone)
        self._per_day[day] += 1
        self._per_week[_week(day)] += 1
        self._free = subtract(self._free, merge([slot.span], margin=buffer(self._policy.rules)))
        self._slots = None
        self.room -= 1

    def why_not(self, candidate: Due, met: Collection[str]) -> str:
        """Why a due contact got nothing; ``met`` are the people met this month."""
        last = local_day(open_window(self._now, self._policy.rules).end, self._policy.zone)
        if candidate.earliest > last:
            return f"{candidate.reasons[0]}, so not before {candidate.earliest}"
        if self.room == 0:
            return f"{self._policy.rules.open_drafts} drafts may stand open at once, and they do"
        if not self._free:
            return "no free time within your working hours and the coming days"
        if candidate.contact.id in met:
            return "you met this month already, and the goal asks for different people"
        return "the goal is covered, or no free time is left within your caps"

    def _slots_of(self, month: Month) -> Sequence[tuple[Slot, date]]:
        if self._slots is None:
            self._slots = self._allowed()
        return self._slots.get(month, ())

    def _allowed(self) -> dict[Month, list[tuple[Slot, date]]]:
        rules = self._policy.rules
        allowed: dict[Month, list[tuple[Slot, date]]] = {}
        for slot in slots(self._free, self._now, self._policy):
            day = local_day(slot.span.start, self._policy.zone)
            if self._per_day[day] < rules.per_day and self._per_week[_week(day)] < rules.per_week:
                allowed.setdefault(Month.of(day), []).append((slot, day))
        return allowed


def _taken(snapshot: Snapshot) -> Iterable[Span]:
    """Everything a new draft must keep away from: busy, unknown, and already intended."""
    return chain(
        (event.span for event in snapshot.events if event.busy),
        (span for event in snapshot.unreadable for span in event.spans),
        (meeting.span for meeting in snapshot.meetings if meeting.is_open),
    )


def _week(day: date) -> tuple[int, int]:
    year, week, _ = day.isocalendar()
    return year, week


def _by_category(snapshot: Snapshot, ledger: Ledger, month: Month) -> Counter[str]:
    """How many people of each category the month has had or is to have."""
    category = {contact.id: contact.category for contact in snapshot.contacts}
    standing = ledger.standing(month)
    drafted = (
        meeting.contact
        for meeting in snapshot.meetings
        if meeting.state is State.DRAFTED
        and Month.of(local_day(meeting.span.start, ledger.zone)) == month
    )
    people = {*standing.people, *standing.scheduled, *drafted}
    return Counter(category[person] for person in people if person in category)


def _draft(candidate: Due, slot: Slot, snapshot: Snapshot, policy: Policy) -> Action:
    contact = candidate.contact
    attempt = 1 + max((m.attempt for m in snapshot.meetings if m.contact == contact.id), default=0)
    reasons = (*candidate.reasons, *explained(slot, policy).reasons)
    meeting = Meeting(
        uid=meeting_uid(snapshot.installation, contact.id, attempt),
        contact=contact.id,
        attempt=attempt,
        state=State.DRAFTED,
        span=slot.span,
        kind=contact.kind,
        reasons=reasons,
        drafted_at=snapshot.now,
    )
    return Action(Name.DRAFT, meeting, None, "; ".join(reasons))
