"""The rhythm of a relation, and how far it is out of step."""

from datetime import timedelta

import pytest
from domain_builders import TODAY, person
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.cadence import (
    Light,
    ideal_gap,
    is_dormant,
    light,
    light_of,
    longest_gap,
    overdue_days,
)
from connectd.domain.model import Cadence

CATEGORIES = {"business": Cadence(ideal_days=45, longest_days=120)}


def test_the_ideal_gap_is_the_contacts_own_or_the_categorys() -> None:
    assert ideal_gap(person("ann"), CATEGORIES) == 45
    assert ideal_gap(person("ann", every_days=7), CATEGORIES) == 7
    assert ideal_gap(person("ann", "unknown"), CATEGORIES) == Cadence().ideal_days


def test_the_longest_gap_is_the_categorys_or_in_its_proportion_to_an_own_one() -> None:
    assert longest_gap(person("ann"), CATEGORIES) == 120
    assert longest_gap(person("ann", every_days=15), CATEGORIES) == 40
    assert longest_gap(person("ann", every_days=7), CATEGORIES) == 19
    assert longest_gap(person("ann", "unknown", every_days=10), CATEGORIES) == 20


@given(st.integers(1, 3650), st.integers(1, 3650), st.integers(0, 3650))
def test_the_longest_gap_is_never_shorter_than_the_ideal_one(
    own: int, ideal: int, longer: int
) -> None:
    categories = {"business": Cadence(ideal, ideal + longer)}
    assert longest_gap(person("ann", every_days=own), categories) >= own


@pytest.mark.parametrize(
    ("days_ago", "shows"),
    [
        (0, Light.GREEN),
        (45, Light.GREEN),
        (46, Light.AMBER),
        (120, Light.AMBER),
        (121, Light.RED),
        (None, Light.AMBER),
    ],
)
def test_how_a_relation_stands(days_ago: int | None, shows: Light) -> None:
    last = None if days_ago is None else TODAY - timedelta(days=days_ago)
    assert light(days_ago, 45, 120) is shows
    assert light_of(person("ann"), last, CATEGORIES, TODAY) is shows


def test_an_own_ideal_gap_changes_the_light() -> None:
    last = TODAY - timedelta(days=41)
    assert light_of(person("ann"), last, CATEGORIES, TODAY) is Light.GREEN
    assert light_of(person("ann", every_days=15), last, CATEGORIES, TODAY) is Light.RED


@pytest.mark.parametrize(
    ("days", "dormant"), [(None, False), (0, False), (360, False), (361, True)]
)
def test_a_tie_is_dormant_after_more_than_three_longest_gaps(
    days: int | None,
    dormant: bool,  # noqa: FBT001  a column
) -> None:
    assert is_dormant(days, 120) is dormant


def test_days_past_the_ideal_gap() -> None:
    assert overdue_days(None, 30, TODAY) is None
    assert overdue_days(TODAY - timedelta(days=12), 30, TODAY) == 0
    assert overdue_days(TODAY - timedelta(days=42), 30, TODAY) == 12
