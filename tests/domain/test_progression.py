from itertools import combinations

import pytest

from connectd.domain.model import Step
from connectd.domain.progression import step_of

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
