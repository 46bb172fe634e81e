import time
from itertools import combinations

import pytest
from domain_builders import TODAY
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.model import Fact, Step
from connectd.domain.progression import outstanding, step_of

KINDS = ("ask", "helped_me", "need", "offer", "helped", "promised", "kept", "note")


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
        (2, ("kept",), Step.INTRODUCE),
        (1, ("kept",), Step.HELP_ME),
        (9, (), Step.HELP_THEM),
    ],
)
def test_the_step_of_a_relation(held: int, recorded: tuple[str, ...], step: Step) -> None:
    assert step_of(held, recorded) is step


@pytest.mark.parametrize("pinned", Step)
def test_a_pinned_step_holds_whatever_is_recorded(pinned: Step) -> None:
    assert step_of(0, (), pinned) is pinned
    assert step_of(9, KINDS, pinned) is pinned


def test_another_meeting_or_another_fact_never_leads_a_step_back() -> None:
    order = list(Step)
    sets = [set(c) for size in range(len(KINDS) + 1) for c in combinations(KINDS, size)]
    for held in range(4):
        for recorded in sets:
            step = order.index(step_of(held, recorded))
            assert order.index(step_of(held + 1, recorded)) >= step
            assert all(order.index(step_of(held, recorded | {kind})) >= step for kind in KINDS)


def recorded(*said: str, contact: str = "ann") -> list[Fact]:
    """Facts written as ``promised a book``: the kind, and what was said."""
    pairs = (one.partition(" ") for one in said)
    return [Fact(contact, kind, text, TODAY) for kind, _, text in pairs]


@pytest.mark.parametrize(
    ("said", "promises", "asks"),
    [
        (("promised",), [""], []),
        (("promised a book", "helped with the plumber"), ["a book"], []),
        (("promised", "helped"), [""], []),
        (("promised the paper", "helped by sending the paper"), [], []),
        (("promised the paper", "promised a book", "kept"), ["a book"], []),
        (("promised the paper", "promised a book", "kept my book"), ["the paper"], []),
        (("promised a book", "promised a book", "kept a book"), ["a book"], []),
        (("kept the paper", "promised the paper"), ["the paper"], []),
        (("promised a book", "promised my CV", "kept my CV"), ["a book"], []),
        (("promised a book", "promised my CV", "kept sent “My CV”!"), ["a book"], []),
        (("promised a long paper", "promised the paper", "kept the paper"), ["a long paper"], []),
        (
            ("promised a long paper", "promised the paper", "kept it: the paper"),
            ["a long paper"],
            [],
        ),
        (("promised it", "promised the paper", "kept it: the paper"), ["it"], []),
        (("promised my CV", "helped with my CV"), [], []),
        (("promised my CV", "helped with my CVs"), ["my CV"], []),
        (("ask for advice", "ask a job", "helped_me a job"), [], ["for advice"]),
        (("ask",), [], [""]),
        (("ask for advice", "helped_me"), [], []),
        (("ask for advice", "ask about work", "helped_me find work"), [], ["for advice"]),
        (("helped_me", "ask"), [], [""]),
        (("ask for advice", "helped with advice", "kept"), [], ["for advice"]),
        (("promised a book", "helped_me with a book"), ["a book"], []),
        (("need", "offer", "note"), [], []),
    ],
)
def test_what_is_open_between_two_people(
    said: tuple[str, ...], promises: list[str], asks: list[str]
) -> None:
    between = outstanding(recorded(*said))["ann"]
    assert [fact.text for fact in between.promises] == promises
    assert [fact.text for fact in between.asks] == asks


def test_years_of_promises_and_help_are_gone_through_at_once() -> None:
    promised = [f"promised number {n} of the long list" for n in range(300)]
    helped = ["helped with something else that has quite a few words in it"] * 1000
    facts = recorded(*promised, *helped)
    began = time.process_time()
    assert len(outstanding(facts)["ann"].promises) == 300
    assert time.process_time() - began < 1.0


def test_nothing_is_open_with_somebody_of_whom_nothing_is_recorded() -> None:
    assert outstanding([]) == {}


@given(st.lists(st.tuples(st.sampled_from(["ann", "bob"]), st.sampled_from(KINDS))))
def test_what_is_open_with_one_does_not_depend_on_the_others(said: list[tuple[str, str]]) -> None:
    facts = [fact for who, kind in said for fact in recorded(kind, contact=who)]
    together = outstanding(facts)
    for who in {fact.contact for fact in facts}:
        alone = outstanding(fact for fact in facts if fact.contact == who)
        assert together[who] == alone[who]
