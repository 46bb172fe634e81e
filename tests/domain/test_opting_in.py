"""Introductions: every state with everything that can be said or done, for either side."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from connectd.domain.introductions import Introduction, Opting
from connectd.domain.opting_in import TURNS, Turn, agree, ask, decline, drop, introduce

BEGAN = datetime(2026, 11, 2, 7, tzinfo=UTC)
THEN = BEGAN + timedelta(days=1)
NOW = BEGAN + timedelta(days=2)

SIDES = ("not asked", "asked", "agreed")
ENDS = ("introduced", "dropped", "declined by the first")
PLACES = (*product(SIDES, SIDES), *ENDS)
"""Where both sides stand while it is open, or how it ended: everything there is."""


def standing(place: tuple[str, str] | str) -> Introduction:
    """Return an introduction of ada and bob that stands there."""
    both = ("ada", "bob")
    plain = Introduction("ada", "bob", BEGAN)
    match place:
        case "introduced":
            return plain._replace(asked=both, agreed=both, introduced_at=THEN)
        case "dropped":
            return plain._replace(dropped_at=THEN)
        case "declined by the first":
            return plain._replace(asked=("ada",), declined="ada", dropped_at=THEN)
    sides = dict(zip(both, place, strict=True))
    return plain._replace(
        asked=tuple(who for who in both if sides[who] != "not asked"),
        agreed=tuple(who for who in both if sides[who] == "agreed"),
    )


def taken(turn: Turn, introduction: Introduction, who: str) -> Introduction | None:
    match turn:
        case Turn.ASK:
            return ask(introduction, who)
        case Turn.AGREE:
            return agree(introduction, who)
        case Turn.DECLINE:
            return decline(introduction, who, NOW)
        case Turn.DROP:
            return drop(introduction, NOW)
        case Turn.INTRODUCE:
            return introduce(introduction, NOW)


def expected(place: tuple[str, str] | str, turn: Turn, who: str) -> object:
    """Where the sides stand afterwards by the rules in words, None for a refusal."""
    match place, turn:
        case "introduced", _:
            return place if turn is Turn.INTRODUCE else None
        case str(), _:
            return place if turn in (Turn.DECLINE, Turn.DROP) else None
        case _, Turn.DECLINE | Turn.DROP:
            return "ended"
        case ("agreed", "agreed"), Turn.INTRODUCE:
            return "introduced"
        case _, Turn.INTRODUCE:
            return None
    first, second = place
    mine = first if who == "ada" else second
    after = "agreed" if turn is Turn.AGREE or mine == "agreed" else "asked"
    return (after, second) if who == "ada" else (first, after)


@pytest.mark.parametrize("who", ["ada", "bob"])
@pytest.mark.parametrize("turn", Turn)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_every_place_and_turn(place: tuple[str, str] | str, turn: Turn, who: str) -> None:
    before = standing(place)
    after = taken(turn, before, who)
    match expected(place, turn, who):
        case None:
            assert after is None
        case "ended":
            declined = who if turn is Turn.DECLINE else None
            assert after == before._replace(dropped_at=NOW, declined=declined)
        case "introduced" if place != "introduced":
            assert after == before._replace(introduced_at=NOW)
        case same if same == place:
            assert after == before
        case there:
            assert after is not None
            wanted = standing(there)  # type: ignore[arg-type] # a place, as the cases above
            assert (set(after.asked), set(after.agreed)) == (set(wanted.asked), set(wanted.agreed))
            assert after.is_open


@pytest.mark.parametrize("turn", Turn)
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_turn_taken_twice_is_taken_once(place: tuple[str, str] | str, turn: Turn) -> None:
    once = taken(turn, standing(place), "ada")
    if once is not None:
        assert taken(turn, once, "ada") == once


def test_the_table_holds_what_can_happen_and_nothing_else() -> None:
    happens: dict[Opting, dict[Turn, set[Opting]]] = defaultdict(lambda: defaultdict(set))
    for place, turn, who in product(PLACES, Turn, ("ada", "bob")):
        before = standing(place)
        if after := taken(turn, before, who):
            happens[before.state][turn].add(after.state)
    assert happens == TURNS


@pytest.mark.parametrize("order", [("ada", "bob"), ("bob", "ada")])
def test_both_orders_of_agreement_lead_there(order: tuple[str, str]) -> None:
    introduction: Introduction | None = Introduction("ada", "bob", BEGAN)
    states = []
    for who in order:
        for turn in (Turn.ASK, Turn.AGREE):
            assert introduction
            introduction = taken(turn, introduction, who)
            assert introduction
            states.append(introduction.state)
    assert states == [Opting.ASKED_FIRST, Opting.ASKED_FIRST, Opting.ASKED_SECOND, Opting.AGREED]
    assert introduction
    assert introduction.asked == introduction.agreed == order


def test_a_no_after_a_yes_counts_until_they_are_introduced() -> None:
    agreed = standing(("agreed", "agreed"))
    declined = decline(agreed, "ada", NOW)
    assert declined
    assert (declined.state, declined.declined) == (Opting.DROPPED, "ada")
    introduced = introduce(agreed, NOW)
    assert introduced
    assert decline(introduced, "ada", NOW) is None
