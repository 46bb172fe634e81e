"""Who moved to another step since the month began."""

from datetime import date, timedelta

import pytest
from domain_builders import person
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Encounter, Fact, Step
from connectd.domain.progression import step_of
from connectd.domain.steps_over_time import Moved, moved_since

FIRST = date(2026, 11, 1)
BEFORE, SINCE = date(2026, 10, 31), FIRST
KINDS = ("ask", "helped_me", "need", "helped", "promised", "kept", "note")


def test_a_first_meeting_moves_from_connect() -> None:
    moved = moved_since(FIRST, [person("ann")], [Encounter("ann", SINCE)], [])
    assert moved == (Moved("ann", Step.CONNECT, Step.HELP_ME),)


@pytest.mark.parametrize("on", [BEFORE, SINCE])
def test_a_fact_counts_from_its_day_whenever_it_was_recorded(on: date) -> None:
    met = [Encounter("ann", BEFORE)]
    moved = moved_since(FIRST, [person("ann")], met, [Fact("ann", "helped_me", "", on)])
    expected = () if on is BEFORE else (Moved("ann", Step.HELP_ME, Step.HELP_THEM),)
    assert moved == expected


def test_several_steps_in_a_month_are_one_move() -> None:
    met = [Encounter("ann", SINCE), Encounter("ann", SINCE + timedelta(days=9))]
    facts = [Fact("ann", "helped", "", SINCE)]
    (moved,) = moved_since(FIRST, [person("ann")], met, facts)
    assert (moved.before, moved.after) == (Step.CONNECT, Step.INTRODUCE)


def test_a_pinned_step_moves_nowhere() -> None:
    pinned = person("ann", step=Step.INTRODUCE)
    assert moved_since(FIRST, [pinned], [Encounter("ann", SINCE)], []) == ()


def test_somebody_who_is_not_on_the_list_is_left_out() -> None:
    assert moved_since(FIRST, [person("bob")], [Encounter("ann", SINCE)], []) == ()


@given(
    st.lists(st.dates(date(2026, 10, 1), date(2026, 11, 30)), unique=True, max_size=4),
    st.lists(
        st.tuples(st.sampled_from(KINDS), st.dates(date(2026, 10, 1), date(2026, 11, 30))),
        max_size=5,
    ),
)
def test_it_is_the_difference_of_two_steps(days: list[date], said: list[tuple[str, date]]) -> None:
    met = [Encounter("ann", day) for day in days]
    facts = [Fact("ann", kind, "", on) for kind, on in said]
    then = step_of(sum(day < FIRST for day in days), {k for k, on in said if on < FIRST})
    now = step_of(len(days), {kind for kind, _ in said})
    expected = () if then is now else (Moved("ann", then, now),)
    assert moved_since(FIRST, [person("ann")], met, facts) == expected
