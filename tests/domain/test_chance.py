"""The Poisson binomial against the enumeration of everything that may happen."""

from itertools import product
from math import isclose, prod

import pytest
from clocks import QUICK
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.chance import chance_of_at_least, distribution, drafts_wanted

CHANCE = st.floats(0, 1, allow_subnormal=False)
CHANCES = st.lists(CHANCE, max_size=9)
LIKELY = st.floats(0.05, 0.99)


def enumerated(chances: list[float]) -> list[float]:
    """The chance of each number, over all the ways in which things may turn out."""
    counts = [0.0] * (len(chances) + 1)
    for outcome in product((True, False), repeat=len(chances)):
        pairs = zip(outcome, chances, strict=True)
        counts[sum(outcome)] += prod(p if happened else 1 - p for happened, p in pairs)
    return counts


def close(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-12)


def test_two_coins_and_a_die() -> None:
    assert distribution([]) == (1.0,)
    assert distribution([0.5, 0.5]) == (0.25, 0.5, 0.25)
    assert chance_of_at_least(1, [0.5, 0.5, 1 / 6]) == pytest.approx(1 - 0.25 * 5 / 6)


@QUICK
@given(CHANCES)
def test_the_distribution_is_that_of_all_subsets(chances: list[float]) -> None:
    counts = distribution(chances)
    assert all(map(close, counts, enumerated(chances)))
    assert len(counts) == len(chances) + 1
    assert close(sum(counts), 1)


@QUICK
@given(CHANCES, st.integers(-1, 11))
def test_the_chance_of_at_least_so_many_is_that_of_all_subsets(
    chances: list[float], number: int
) -> None:
    chance = chance_of_at_least(number, chances)
    assert close(chance, sum(enumerated(chances)[max(0, number) :]))
    assert 0 <= chance <= 1


@QUICK
@given(CHANCES, CHANCE, CHANCE, st.integers(0, 10))
def test_a_better_chance_of_one_never_lowers_the_chance_of_all(
    others: list[float], one: float, two: float, number: int
) -> None:
    worse, better = sorted((one, two))
    before = chance_of_at_least(number, [*others, worse])
    assert before <= chance_of_at_least(number, [*others, better]) + 1e-12
    assert chance_of_at_least(number, others) <= before + 1e-12


def test_what_is_certain_is_certain_and_what_is_out_of_reach_is_out_of_reach() -> None:
    assert chance_of_at_least(0, [0.1]) == 1
    assert chance_of_at_least(2, [1.0, 1.0, 0.3]) == 1
    assert chance_of_at_least(3, [0.9, 0.9]) == 0


@QUICK
@given(
    st.integers(-1, 6),
    st.lists(CHANCE, max_size=6),
    LIKELY,
    st.floats(0.1, 0.99),
    st.integers(0, 15),
)
def test_drafts_wanted_are_the_fewest_that_reach_the_target(
    needed: int, chances: list[float], each: float, target: float, most: int
) -> None:
    reached = [chance_of_at_least(needed, [*chances, *[each] * n]) for n in range(most)]
    wanted = drafts_wanted(needed, chances, each, target=target, most=most)
    assert 0 <= wanted <= most
    assert all(chance < target + 1e-9 for chance in reached[:wanted])
    assert wanted == most or reached[wanted] >= target - 1e-9


def test_drafts_wanted_by_hand() -> None:
    assert drafts_wanted(0, [], 0.5, most=9) == 0
    assert drafts_wanted(1, [], 0.5, most=9) == 4
    assert drafts_wanted(1, [0.5], 0.5, most=9) == 3
    assert drafts_wanted(1, [0.95], 0.5, most=9) == 0
    assert drafts_wanted(3, [1.0, 1.0, 1.0], 0.5, most=9) == 0
    assert drafts_wanted(1, [], 0.5, target=0.5, most=9) == 1
    assert drafts_wanted(2, [], 0.01, most=5) == 5
