"""The facts after a decision, counted once more and plainly."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from minute_grid import minutes_of, moment

from connectd.domain.experience import experience
from connectd.domain.found import Found
from connectd.domain.goal import Ledger
from connectd.domain.model import OPEN, Contact, Encounter, Meeting, Month, Policy, Span, State
from connectd.domain.pacing import further_drafts
from connectd.domain.view import Decision, Event, Name, Snapshot


class Recount:
    """The facts after the steps of a decision, counted once more and plainly."""

    def __init__(self, facts: Snapshot, wanted: Policy, decision: Decision) -> None:
        self.facts, self.wanted, self.rules = facts, wanted, wanted.rules
        self.drafts = [a.meeting for a in decision.actions if a.name is Name.DRAFT]
        passed = {p.contact: p.reason for p in decision.passed_over}
        self.kept_free = {who for who, reason in passed.items() if "kept free" in reason}
        self.usual = [draft for draft in self.drafts if draft.other is None]
        steps = {a.meeting.uid: a.meeting for a in decision.actions if a.name is not Name.DRAFT}
        self.meetings = [steps.get(m.uid, m) for m in facts.meetings]
        self.found = list(self._found())
        self.held = {(e.contact, e.on) for e in facts.encounters}
        completed = (a.meeting for a in decision.actions if a.name is Name.COMPLETE)
        self.held |= {(who, self.day(m.span.start)) for m in completed for who in m.people}
        self.zones = {c.id: ZoneInfo(c.timezone) for c in facts.contacts if c.timezone}

    def day(self, at: datetime) -> date:
        return at.astimezone(self.wanted.zone).date()

    def _found(self) -> Iterator[tuple[str, Event]]:
        ours = {m.uid for m in self.meetings if not m.released}
        let_go = {(who, m.uid) for m in self.meetings if m.released for who in m.people}
        for contact in self.facts.contacts:
            for seen in self.facts.events:
                if contact.archived or seen.uid in ours or not seen.mine:
                    continue
                takes_part = seen.attendee_count <= 4 and contact.emails[0] in seen.people
                if takes_part or (contact.id, seen.uid) in let_go:
                    yield contact.id, seen

    @property
    def taken(self) -> list[Span]:
        busy = [seen.span for seen in self.facts.events if seen.busy]
        unknown = [span for odd in self.facts.unreadable for span in odd.spans]
        return [*busy, *unknown, *(m.span for m in self.meetings if m.state in OPEN)]

    def days_used(self) -> Counter[date]:
        ours = [m.span for m in self.meetings if m.state in OPEN | {State.MET}]
        theirs = {(seen.uid, seen.span) for _, seen in self.found}
        if self.rules.count_all_meetings:
            known = {m.uid for m in self.meetings if not m.released}
            for seen in self.facts.events:
                if seen.busy and not seen.all_day and seen.uid not in known:
                    theirs.add((seen.uid, seen.span))
        spans = [*ours, *(span for _, span in theirs), *(d.span for d in self.drafts)]
        return Counter(self.day(span.start) for span in spans)

    def allowed(self, on: date) -> bool:
        """Whether the caps take one more on that day."""
        used = self.days_used()
        week = sum(
            n for other, n in used.items() if other.isocalendar()[:2] == on.isocalendar()[:2]
        )
        return used[on] < self.rules.per_day and week < self.rules.per_week

    def met_in(self, on: date) -> set[str]:
        return {who for who, day in self.held if (day.year, day.month) == (on.year, on.month)}

    def wanted_in(self, on: date) -> int:
        """How many more drafts the pace of the goal asks for in the month of that day."""
        encounters = tuple(Encounter(who, day) for who, day in sorted(self.held))
        ahead = tuple(Found(who, seen.span, seen.uid, seen.title) for who, seen in self.found)
        today = self.day(self.facts.now)
        threes = [draft for draft in self.drafts if draft.other]
        meetings = (*self.meetings, *threes)
        book = Ledger(self.wanted.goal, self.wanted.zone, today, encounters, meetings, ahead)
        learnt = experience(meetings, self.facts.now)
        most = self.room + len(self.usual)
        wanted = further_drafts(book, Month.of(on), learnt, self.facts.now, self.rules, most)
        drafted = [
            draft for draft in self.usual if Month.of(self.day(draft.span.start)) == Month.of(on)
        ]
        return wanted - len(drafted)

    @property
    def room(self) -> int:
        standing = sum(m.state is State.DRAFTED for m in self.meetings)
        return self.rules.open_drafts - standing - len(self.drafts)

    def earliest(self, contact: Contact) -> date:
        """The first day after the ideal gap."""
        return self._first_day(contact, self._gap(contact))

    def at_a_pinch(self, contact: Contact, on: date) -> bool:
        """Whether they may come then, since this month lacks people, and half the gap is over."""
        this_month = Month.of(on) == Month.of(self.day(self.facts.now))
        half = -(-self._gap(contact) // 2)
        return this_month and self._first_day(contact, half) <= on

    def _gap(self, contact: Contact) -> int:
        return contact.every_days or self.wanted.categories[contact.category].ideal_days

    def _first_day(self, contact: Contact, gap: int) -> date:
        last = [day for who, day in self.held if who == contact.id]
        return max(last) + timedelta(days=gap) if last else self.day(self.facts.now)

    def obstacles_to(self, contact: Contact) -> Iterator[str]:
        """Everything that speaks against any draft for this contact now."""
        now, theirs = self.facts.now, [m for m in self.meetings if contact.id in m.people]
        if contact.archived:
            yield "archived"
        if contact.snoozed_until and self.day(now) < contact.snoozed_until:
            yield "snoozed"
        if any(m.state in OPEN for m in theirs):
            yield "open meeting"
        if contact.id in self.kept_free:
            yield "kept free"
        if any(who == contact.id and seen.span.end > now for who, seen in self.found):
            yield "found ahead"
        quiet = {State.MET, State.WITHDRAWN}
        ends = [m.ended_at for m in theirs if m.ended_at and m.state not in quiet]
        if any(now < ended + timedelta(days=self.rules.pause_days) for ended in ends):
            yield "paused"
        if self._rests(theirs):
            yield "resting"

    def _rests(self, meetings: list[Meeting]) -> bool:
        sent = [m for m in meetings if m.invited_at and m.state not in OPEN and not m.released]
        sent = [m for m in sent if not m.other or m.replied_yes or m.state is State.MET]
        latest = sorted(sent, key=lambda m: (m.invited_at, m.attempt))
        if not latest:
            return False
        silent = [not m.replied_yes and m.state is not State.MET for m in latest]
        missed = [m.state is State.MISSED for m in latest]
        enough = self.rules.rest_after
        in_a_row = len(latest) >= enough and all(silent[-enough:])
        since = latest[-1].ended_at or latest[-1].span.end
        rests = in_a_row or (len(latest) > 1 and all(missed[-2:]))
        return rests and self.facts.now < since + timedelta(days=self.rules.rest_days)

    def is_dormant(self, contact: Contact) -> bool:
        """Whether the longest gap went by more than three times since they met."""
        cadence = self.wanted.categories[contact.category]
        own = contact.every_days or cadence.ideal_days
        longest = round(own * cadence.longest_days / cadence.ideal_days)
        last = [day for who, day in self.held if who == contact.id]
        return bool(last) and (self.day(self.facts.now) - max(last)).days > 3 * longest

    def suits(self, contact: Contact, minutes: set[int]) -> bool:
        """Whether the contact could come then: awake, not busy, and nobody said no to it."""
        theirs = [*self.refused(contact), *self.facts.their_busy.get(contact.id, ())]
        zone = self.zones.get(contact.id)
        if zone is None or zone.key == self.wanted.zone.key:
            return not minutes & minutes_of(theirs)
        clocks = [moment(number).astimezone(zone) for number in minutes]
        awake = all(8 <= clock.hour < 21 for clock in clocks)
        return awake and len({c.date() for c in clocks}) == 1 and not minutes & minutes_of(theirs)

    def refused(self, contact: Contact) -> list[Span]:
        """The times that either side said no to, or that a draft was moved away from."""
        noes = {State.DECLINED, State.TURNED_DOWN, State.CANCELLED}
        theirs = [m for m in self.meetings if contact.id in m.people]
        left = [Span(m.moved_from, m.moved_from + m.span.length) for m in theirs if m.moved_from]
        return [*(m.span for m in theirs if m.state in noes), *left]
