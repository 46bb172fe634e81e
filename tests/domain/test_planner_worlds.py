"""What must hold in every world, checked by counting and looking at each minute."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from clocks import LARGE
from domain_builders import drafts_of
from hypothesis import assume, event, given
from hypothesis import strategies as st
from minute_grid import is_working, minutes_of, moment, possible_starts
from recount import Recount
from worlds import INCOMPLETE, worlds

from connectd.domain.introductions import Introduction
from connectd.domain.lifecycle import STEPS
from connectd.domain.model import Policy, State
from connectd.domain.planner import decide, found_in
from connectd.domain.view import Gesture, Name, Sighting, Snapshot

World = tuple[Snapshot, Policy]
T = TypeVar("T")


def recount(world: World) -> Recount:
    return Recount(*world, decide(*world))


@LARGE
@given(worlds())
def test_a_draft_lies_in_time_that_is_free_and_within_the_hours(world: World) -> None:
    facts, wanted = world
    rules = wanted.rules
    after = recount(world)
    event(f"{len(after.drafts)} drafts")
    contacts = {contact.id: contact for contact in facts.contacts}
    taken = minutes_of(after.taken)
    for draft in after.drafts:
        used = minutes_of([draft.span])
        longer = 15 * (not draft.other and after.is_dormant(contacts[draft.contact]))
        assert len(used) in {rules.minutes, rules.minutes + longer}
        assert all(is_working(moment(n), wanted.hours, wanted.zone) for n in used)
        assert draft.span.start >= facts.now + timedelta(hours=rules.notice_hours)
        assert draft.span.end <= facts.now + timedelta(days=rules.horizon_days)
        assert not {after.day(moment(n)) for n in used} & facts.days_off.keys()
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
    people = [person for draft in after.drafts for person in draft.people]
    assert len(set(people)) == len(people)
    for draft in after.usual:
        contact = contacts[draft.contact]
        day = after.day(draft.span.start)
        assert list(after.obstacles_to(contact)) == []
        assert after.suits(contact, minutes_of([draft.span]))
        assert day >= after.earliest(contact) or after.at_a_pinch(contact, day)
        assert contact.id not in after.met_in(day)


def _about_to_meet(world: World) -> World:
    """The same world, but nothing is known of two people there but that both agreed to meet."""
    facts, wanted = world
    assume(len(facts.contacts) > 1)
    one, other = (c._replace(archived=False, snoozed_until=None) for c in facts.contacts[:2])
    both = {one.id, other.id}
    agreed = Introduction(one.id, other.id, facts.now, agreed=(other.id, one.id))
    meetings = tuple(m for m in facts.meetings if not m.other and both.isdisjoint(m.people))
    contacts = (one, other, *facts.contacts[2:])
    facts = replace(facts, contacts=contacts, meetings=meetings, introductions=(agreed,))
    return facts, wanted


@LARGE
@given(worlds())
def test_a_meeting_of_three_is_for_two_who_agreed_and_suits_both(world: World) -> None:
    facts, wanted = _about_to_meet(world)
    after = recount((facts, wanted))
    contacts = {contact.id: contact for contact in facts.contacts}
    threes = [draft for draft in after.drafts if draft.other]
    event(f"{len(threes)} of three")
    for draft in threes:
        assert draft.people in {one.people for one in facts.introductions}
        for person in draft.people:
            obstacles = set(after.obstacles_to(contacts[person]))
            assert obstacles <= {"found ahead", "resting"}
            assert after.suits(contacts[person], minutes_of([draft.span]))
        earlier = [m for m in after.meetings if m.other and m.state is not State.WITHDRAWN]
        assert all(m.drafted_at <= facts.now - timedelta(days=7) for m in earlier if m.drafted_at)


@LARGE
@given(worlds())
def test_whoever_could_be_drafted_is(world: World) -> None:
    facts, wanted = world
    after = recount(world)
    drafted = {person for draft in after.drafts for person in draft.people}
    left = [c for c in facts.contacts if c.id not in drafted and not any(after.obstacles_to(c))]
    event(f"{len(left)} left over")
    if after.room <= 0 or not left:
        return
    taken = [*after.taken, *(draft.span for draft in after.drafts)]
    by_day: dict[date, list[int]] = {}
    for start in possible_starts(facts.now, taken, wanted):
        by_day.setdefault(after.day(moment(start)), []).append(start)
    for day in by_day.keys() - facts.days_off.keys():
        if not after.allowed(day) or after.wanted_in(day) <= 0:
            continue
        for contact in left:
            if after.earliest(contact) <= day and contact.id not in after.met_in(day):
                for start in by_day[day]:
                    minutes = set(range(start, start + wanted.rules.minutes))
                    assert not after.suits(contact, minutes), (contact.id, moment(start))


@LARGE
@given(worlds())
def test_more_free_time_never_lowers_the_number_of_people_placed(world: World) -> None:
    """Each event on its own is taken away that says nothing but that its time is busy.

    The gaps are of one day, so that nobody is asked before they are over: that happens only as
    long as others are missing.
    """
    contacts = tuple(contact._replace(every_days=1) for contact in world[0].contacts)
    facts = replace(world[0], contacts=contacts, sightings={}, introductions=())
    wanted = world[1]
    theirs = {one.uid for one in found_in(facts)} | {m.uid for m in facts.meetings}
    placed = len(drafts_of(decide(facts, wanted)))
    for gone in facts.events:
        if gone.busy and gone.uid not in theirs:
            rest = tuple(seen for seen in facts.events if seen is not gone)
            freed = len(drafts_of(decide(replace(facts, events=rest), wanted)))
            event("more" if freed > placed else "as many")
            assert freed >= placed


@LARGE
@given(worlds())
def test_everybody_on_the_list_is_drafted_or_passed_over_with_a_reason(world: World) -> None:
    facts, _ = world
    decision = decide(*world)
    drafted = [who for draft in drafts_of(decision) for who in draft.people]
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
