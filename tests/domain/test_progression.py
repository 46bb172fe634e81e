from itertools import combinations

import pytest
from domain_builders import TODAY
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Fact, Step
from connectd.domain.progression import Outstanding, outstanding, step_of

KINDS = ("ask", "helped_me", "need", "offer", "helped", "promised", "note")


@pytest.mark.parametrize(
    ("held", "recorded", "step"),
    [
        (0, (), Step.CONNECT),
        (0, ("ask", "need", "note"), Step.CONNECT),
        (0, ("helped_me", "helped"), Step.CONNECT),
        (1, (), Step.HELP_ME),
        (1, ("ask", "promised"), Step.HELP_ME),
        (1, ("helped",), Step.HELP_ME),
        (1, ("helped_me",), Step.HELP_THEM),
        (1, ("helped_me", "helped"), Step.INTRODUCE),
        (2, (), Step.HELP_THEM),
        (2, ("helped_me", "need"), Step.HELP_THEM),
        (2, ("helped",), Step.INTRODUCE),
        (9, (), Step.HELP_THEM),
    ],
)
def test_the_step_of_a_relation(held: int, recorded: tuple[str, ...], step: Step) -> None:
    assert step_of(held, recorded) is step


def test_another_meeting_or_another_fact_never_leads_a_step_back() -> None:
    order = list(Step)
    sets = [set(c) for size in range(len(KINDS) + 1) for c in combinations(KINDS, size)]
    for held in range(4):
        for recorded in sets:
            step = order.index(step_of(held, recorded))
            assert order.index(step_of(held + 1, recorded)) >= step
            assert all(order.index(step_of(held, recorded | {kind})) >= step for kind in KINDS)


def recorded(*kinds: str, contact: str = "ann") -> list[Fact]:
    return [Fact(contact, kind, "", TODAY) for kind in kinds]


@pytest.mark.parametrize(
    ("kinds", "promises", "asks"),
    [
        (("promised",), 1, 0),
        (("promised", "promised", "helped"), 1, 0),
        (("promised", "helped"), 0, 0),
        (("helped", "promised"), 1, 0),
        (("helped", "helped", "promised", "promised"), 2, 0),
        (("ask",), 0, 1),
        (("ask", "helped_me"), 0, 0),
        (("helped_me", "ask"), 0, 1),
        (("ask", "helped"), 0, 1),
        (("promised", "helped_me"), 1, 0),
        (("need", "offer", "note"), 0, 0),
    ],
)
def test_what_is_open_between_two_people(kinds: tuple[str, ...], promises: int, asks: int) -> None:
    assert outstanding(recorded(*kinds))["ann"] == Outstanding(promises, asks)


def test_nothing_is_open_with_somebody_of_whom_nothing_is_recorded() -> None:
    assert outstanding([]) == {}


@given(st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.sampled_from(KINDS))))
def test_what_is_open_with_one_does_not_depend_on_the_others(said: list[tuple[str, str]]) -> None:
    facts = [fact for who, kind in said for fact in recorded(kind, contact=who)]
    together = outstanding(facts)
    for who in {fact.contact for fact in facts}:
        alone = outstanding(fact for fact in facts if fact.contact == who)
        assert together[who] == alone[who]
        assert min(together[who]) >= 0
