from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sights import (
    DENTIST,
    EARLIER,
    NOW,
    OVER,
    SIGHTS,
    SITUATIONS,
    TAKEN,
    a_meeting,
    circumstances,
    seen_in,
)

from connectd.domain.after_sending import FORGOTTEN_AFTER
from connectd.domain.lifecycle import STEPS, step
from connectd.domain.model import OPEN, Reply, State
from connectd.domain.next_step import next_step
from connectd.domain.view import Action, Name, Sighting, Told

IN_THE_SHELL = {
    (State.DRAFTED, Name.COMPLETE),
    (State.ACCEPTED, Name.COMPLETE),
    (State.MET, Name.MISS),
    (State.MISSED, Name.COMPLETE),
    (State.EXPIRED, Name.COMPLETE),
}
"""The steps that only `connectd done` and `connectd missed` take."""

AT_THE_LAST_MOMENT = {(State.EXPIRED, Name.REOPEN), (State.WITHDRAWN, Name.REOPEN)}
"""The steps taken only where a yes is found in a draft that is just about to be removed."""


NO_STEPS = {Name.DRAFT, Name.INTRODUCE, Name.LETTER, Name.PEOPLE, Name.COPY}
"""What begins a meeting, or is about none."""


def test_every_state_has_its_steps_and_they_lead_to_states() -> None:
    assert set(STEPS) == set(State)
    assert not any(STEPS[state] for state in (State.DECLINED, State.TURNED_DOWN, State.CANCELLED))
    assert {name for steps in STEPS.values() for name in steps} == set(Name) - NO_STEPS


def test_an_end_is_dated_and_ends_the_waiting_for_a_lost_object() -> None:
    before = a_meeting(State.DRAFTED, missing_since=EARLIER)
    action = step(before, Name.DECLINE, "you deleted the draft", NOW)
    assert (action.meeting.missing_since, action.meeting.ended_at) == (None, NOW)
    assert (action.was, action.because) == (State.DRAFTED, "you deleted the draft")


def test_one_that_is_opened_again_has_no_end() -> None:
    before = a_meeting(State.EXPIRED, ended_at=EARLIER)
    action = step(before, Name.REOPEN, "you said yes just before it was removed", NOW)
    assert (action.meeting.state, action.meeting.ended_at) == (State.DRAFTED, None)


def test_a_step_that_stays_open_keeps_since_when_the_object_is_gone() -> None:
    before = a_meeting(State.INVITED, missing_since=EARLIER)
    action = step(before, Name.REPLY, "they answered: perhaps", NOW, reply=Reply.TENTATIVE)
    assert (action.meeting.missing_since, action.meeting.reply) == (EARLIER, Reply.TENTATIVE)


@pytest.mark.parametrize(
    ("state", "name"),
    [
        (state, name)
        for state, name in product(State, Name)
        if name not in STEPS[state] and (state is not State.DRAFTED or name is not Name.DRAFT)
    ],
)
def test_a_step_that_is_not_in_the_table_is_a_bug(state: State, name: Name) -> None:
    with pytest.raises(KeyError):
        step(a_meeting(state), name, "because", NOW)


DIFFERENT: tuple[dict[str, Any], ...] = (
    {},
    {"complete": False},
    {"takes_tasks": True},
    {"obstacle": DENTIST},
    {"obstacle": "“Standup”"},
    {"moot": "snoozed"},
    {"barred": "they left the list"},
    {"assume_met_after_days": 0},
)


def taken_steps() -> set[tuple[State, Name]]:
    """The steps that follow from anything that can be seen in any circumstances."""
    around = [
        circumstances(now, **given)
        for now in (NOW, OVER.end + timedelta(days=3), OVER.end + FORGOTTEN_AFTER)
        for given in DIFFERENT
    ]
    steps: set[tuple[State, Name]] = set()
    for situation, sight, reply in product(SITUATIONS, SIGHTS, Reply):
        before, sighting = seen_in(situation, sight, reply)
        for seen, told in product(around, Told):
            after = next_step(before, Sighting(sighting.gesture, reply, told=told), seen)
            if isinstance(after, Action):
                assert after.was is before.state
                assert after.meeting.state is STEPS[after.was][after.name]
                steps.add((after.was, after.name))
    return steps


def test_every_step_of_the_table_is_taken_by_the_calendar_or_by_a_command_and_no_other() -> None:
    table = {(state, name) for state, steps in STEPS.items() for name in steps}
    assert taken_steps() == table - IN_THE_SHELL - AT_THE_LAST_MOMENT


@pytest.mark.parametrize(("state", "name"), sorted(IN_THE_SHELL | AT_THE_LAST_MOMENT))
def test_a_step_by_command_is_dated_like_any_other(state: State, name: Name) -> None:
    action = step(a_meeting(state), name, "you said so", NOW)
    assert action.meeting.state is STEPS[state][name]
    assert (action.meeting.ended_at == NOW) == (action.meeting.state not in OPEN)


def test_the_situations_with_taken_time_are_those_in_which_the_record_says_so() -> None:
    assert {name for name, meeting in SITUATIONS.items() if meeting.conflict} == TAKEN
