"""What must hold in every world, checked by counting and looking at each minute."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

from clocks import LARGE
from hypothesis import assume, event, given
from hypothesis import strategies as st
from minute_grid import is_working, minutes_of, moment, possible_starts
from worlds import INCOMPLETE, worlds

from connectd.domain.lifecycle import STEPS
from connectd.domain.model import OPEN, SCHEDULED, Contact, Meeting, Policy, Span, State
from connectd.domain.planner import decide
from connectd.domain.view import Decision, Event, Gesture, Name, Sighting, Snapshot

World = tuple[Snapshot, Policy]
T = TypeVar("T")


class Recount:
    """The facts after the steps of a decision, counted once more and plainly."""

    def __init__(self, facts: Snapshot, wanted: Policy, decision: Decision) -> None:
        self.facts, self.wanted, self.rules = facts, wanted, wanted.rules
        self.drafts = [a.meeting for a in decision.actions if a.name is Name.DRAFT]
        steps = {a.meeting.uid: a.meeting for a in decision.actions if a.name is not Name.DRAFT}
        self.meetings = [steps.get(m.uid, m) for m in facts.meetings]
        self.found = list(self._found())
        self.held = {(e.contact, e.on) for e in facts.encounters}
        completed = (a.meeting for a in decision.actions if a.name is Name.COMPLETE)
        self.held |= {(m.contact, self.day(m.span.start)) for m in completed}

    def day(self, at: datetime) -> date:
        return at.astimezone(self.wanted.zone).date()

    def _found(self) -> Iterator[tuple[str, Event]]:
        ours = {m.uid for m in self.meetings if not m.released}
        let_go = {(m.contact, m.uid) for m in self.meetings if m.released}
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
        """How many more people the goal asks for in the month of that day."""
        goal = self.wanted.goal
        number = (on.year - goal.starts.year) * 12 + on.month - goal.starts.number
        if not 0 <= number < goal.months:
            return 0

        def here(span: Span) -> bool:
            day = self.day(span.start)
            return (day.year, day.month) == (on.year, on.month)

        today = self.day(self.facts.now)
        ahead = {c for c, e in self.found if self.day(e.span.start) >= today and here(e.span)}
        ours = {m.contact for m in self.meetings if m.state in SCHEDULED and here(m.span)}
        drafted = [m for m in self.meetings if m.state is State.DRAFTED and here(m.span)]
        drafted += [draft for draft in self.drafts if here(draft.span)]
        return goal.people_per_month - len(self.met_in(on) | ahead | ours) - len(drafted)

    @property
    def room(self) -> int:
        standing = sum(m.state is State.DRAFTED for m in self.meetings)
        return self.rules.open_drafts - standing - len(self.drafts)

    def earliest(self, contact: Contact) -> date:
        own = contact.every_days or self.wanted.categories[contact.category].ideal_days
        last = [day for who, day in self.held if who == contact.id]
        return max(last) + timedelta(days=own) if last else self.day(self.facts.now)

    def obstacles_to(self, contact: Contact) -> Iterator[str]:
        """Everything that speaks against any draft for this contact now."""
        now, theirs = self.facts.now, [m for m in self.meetings if m.contact == contact.id]
        if contact.archived:
            yield "archived"
        if contact.snoozed_until and self.day(now) < contact.snoozed_until:
            yield "snoozed"
        if any(m.state in OPEN for m in theirs):
            yield "open meeting"
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

    def refused(self, contact: Contact) -> list[Span]:
        """The times that were said no to, by either side."""
        noes = {State.DECLINED, State.TURNED_DOWN, State.CANCELLED}
        return [m.span for m in self.meetings if m.contact == contact.id and m.state in noes]


def recount(world: World) -> Recount:
    return Recount(*world, decide(*world))


@LARGE
@given(worlds())
def test_a_draft_lies_in_time_that_is_free_and_within_the_hours(world: World) -> None:
    facts, wanted = world
    rules = wanted.rules
    after = recount(world)
    event(f"{len(after.drafts)} drafts")
    taken = minutes_of(after.taken)
    for draft in after.drafts:
        used = minutes_of([draft.span])
        assert len(used) == rules.minutes
        assert all(is_working(moment(n), wanted.hours, wanted.zone) for n in used)
        assert draft.span.start >= facts.now + timedelta(hours=rules.notice_hours)
        assert draft.span.end <= facts.now + timedelta(days=rules.horizon_days)
        assert not minutes_of([draft.span], rules.buffer_minutes) & taken
        taken |= used


@LARGE
@given(worlds())
def test_drafts_keep_the_caps_together_with_what_stands(world: World) -> None:
    after = recount(world)
    used = after.days_used()
    for draft in after.drafts:
        day = after.day(draft.span.start)
        week = [n for d, n in used.items() if d.isocalendar()[:2] == day.isocalendar()[:2]]
        assert used[day] <= after.rules.per_day
        assert sum(week) <= after.rules.per_week
        assert after.wanted_in(day) >= 0
    assert not after.drafts or after.room >= 0


@LARGE
@given(worlds())
def test_drafts_are_for_different_people_who_are_due(world: World) -> None:
    facts, _ = world
    after = recount(world)
    contacts = {contact.id: contact for contact in facts.contacts}
    assert len({draft.contact for draft in after.drafts}) == len(after.drafts)
    for draft in after.drafts:
        contact = contacts[draft.contact]
        day = after.day(draft.span.start)
        assert list(after.obstacles_to(contact)) == []
        assert not any(draft.span.overlaps(no) for no in after.refused(contact))
        assert day >= after.earliest(contact)
        assert contact.id not in after.met_in(day)


@LARGE
@given(worlds())
def test_whoever_could_be_drafted_is(world: World) -> None:
    facts, wanted = world
    after = recount(world)
    drafted = {draft.contact for draft in after.drafts}
    left = [c for c in facts.contacts if c.id not in drafted and not any(after.obstacles_to(c))]
    event(f"{len(left)} left over")
    if after.room <= 0 or not left:
        return
    taken = [*after.taken, *(draft.span for draft in after.drafts)]
    days = {after.day(moment(n)) for n in possible_starts(facts.now, taken, wanted)}
    for day in days:
        if after.allowed(day) and after.wanted_in(day) > 0:
            fitting = [
                c.id
                for c in left
                if after.earliest(c) <= day
                and day not in {after.day(at) for span in after.refused(c) for at in span}
            ]
            assert set(fitting) <= after.met_in(day)


@LARGE
@given(worlds())
def test_everybody_on_the_list_is_drafted_or_passed_over_with_a_reason(world: World) -> None:
    facts, _ = world
    decision = decide(*world)
    drafted = [a.meeting.contact for a in decision.actions if a.name is Name.DRAFT]
    passed = [p.contact for p in decision.passed_over]
    assert sorted([*drafted, *passed]) == sorted(c.id for c in facts.contacts if not c.archived)
    assert all(p.reason for p in decision.passed_over)


@LARGE
@given(worlds())
def test_an_incomplete_view_proposes_and_sends_nothing_and_believes_no_absence(
    world: World,
) -> None:
    facts, wanted = world
    whole = decide(facts, wanted)
    partly = decide(replace(facts, unread=INCOMPLETE), wanted)
    assert not {action.name for action in partly.actions} & {Name.DRAFT, Name.INVITE}
    assert [action for action in whole.actions if action in partly.actions] == list(partly.actions)
    for action in set(whole.actions) - set(partly.actions):
        waits = action.name in {Name.DRAFT, Name.INVITE}
        says_free = action.name is Name.CONFLICT and not action.meeting.conflict
        absent = facts.sightings[action.meeting.uid].gesture is None if not waits else False
        assert waits or says_free or absent
    assert {p.contact for p in partly.passed_over} == {
        contact.id for contact in facts.contacts if not contact.archived
    }


@LARGE
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_facts_changes_nothing(world: World, random: Random) -> None:
    facts, wanted = world

    def shuffled(things: tuple[T, ...]) -> tuple[T, ...]:
        return tuple(random.sample(things, len(things)))

    other = replace(
        facts,
        contacts=shuffled(facts.contacts),
        meetings=shuffled(facts.meetings),
        encounters=shuffled(facts.encounters),
        events=shuffled(facts.events),
        unreadable=shuffled(facts.unreadable),
    )
    first, second = decide(facts, wanted), decide(other, wanted)
    assert decide(facts, wanted) == first
    assert set(second.actions) == set(first.actions)
    assert set(second.held) == set(first.held)
    assert set(second.passed_over) == set(first.passed_over)
    drafts = [[a for a in d.actions if a.name is Name.DRAFT] for d in (first, second)]
    assert drafts[0] == drafts[1]


@LARGE
@given(worlds())
def test_what_was_just_drafted_is_left_as_it_is(world: World) -> None:
    facts, wanted = world
    after = recount(world)
    assume(all(facts.now < draft.span.start for draft in after.drafts))
    carried_out = replace(
        facts,
        meetings=(*after.meetings, *after.drafts),
        sightings={draft.uid: Sighting(Gesture(draft.span)) for draft in after.drafts},
    )
    assert decide(carried_out, wanted).actions == ()


@LARGE
@given(worlds())
def test_every_action_moves_a_meeting_that_was_in_the_state_it_names(world: World) -> None:
    facts, _ = world
    before = {meeting.uid: meeting for meeting in facts.meetings}
    actions = decide(*world).actions
    assert len({action.meeting.uid for action in actions}) == len(actions)
    for action in actions:
        known = before.get(action.meeting.uid)
        assert (action.was is None) == (known is None) == (action.name is Name.DRAFT)
        if known:
            assert STEPS[known.state][action.name] is action.meeting.state
            assert action.meeting.sequence >= known.sequence
            assert (known.state, known.contact) == (action.was, action.meeting.contact)
            assert known.is_open
