"""Which pairs are suggested for an introduction, and in which order."""

from datetime import timedelta
from itertools import permutations

import pytest
from domain_builders import NOW, TODAY, person

from connectd.domain.introductions import Introduction
from connectd.domain.matching import Hit, Pair, kept_apart, needs_and_offers, pairs
from connectd.domain.model import Contact, Fact

NEED = Fact("bob", "need", "a designer", TODAY)
OFFER = Fact("ada", "offer", "designs websites", TODAY)


def suggested(
    hits: list[Hit], needs: list[Fact], offers: list[Fact], *contacts: Contact
) -> tuple[Pair, ...]:
    return pairs(hits, needs, offers, contacts, frozenset())


def test_a_pair_names_who_helps_whom_and_with_what() -> None:
    (pair,) = suggested([Hit(0, 0, 2.5)], [NEED], [OFFER])
    assert (pair.helper, pair.helped) == ("ada", "bob")
    assert (pair.need, pair.offer, pair.score, pair.tags) == (NEED, OFFER, 2.5, ())


def test_a_pair_is_suggested_once_by_what_fits_best() -> None:
    needs = [
        NEED,
        NEED._replace(text="a web designer"),
        Fact("ada", "need", "an accountant", TODAY),
    ]
    offers = [OFFER, Fact("bob", "offer", "accounting", TODAY)]
    hits = [Hit(0, 0, 1.0), Hit(1, 0, 3.0), Hit(2, 1, 2.0)]
    (pair,) = suggested(hits, needs, offers)
    assert (pair.need, pair.score) == (needs[1], 3.0)


def test_nobody_is_introduced_to_themselves() -> None:
    assert suggested([Hit(0, 0, 9.0)], [NEED], [OFFER._replace(contact="bob")]) == ()


@pytest.mark.parametrize("known", [("ada", "bob"), ("bob", "ada")])
def test_those_who_know_each_other_are_left_alone(known: tuple[str, str]) -> None:
    apart = kept_apart([("ada", "bob")], [])
    assert pairs([Hit(0, 0, 1.0)], [NEED], [OFFER], (), apart) == ()
    on_record = kept_apart([], [Introduction(*known, NOW)])
    assert pairs([Hit(0, 0, 1.0)], [NEED], [OFFER], (), on_record) == ()


@pytest.mark.parametrize(
    "ending", [{}, {"asked": ("ada",)}, {"introduced_at": NOW}, {"dropped_at": NOW}]
)
def test_whatever_became_of_an_introduction_keeps_the_pair_out(ending: dict[str, object]) -> None:
    known = Introduction("bob", "ada", NOW)._replace(**ending)
    assert kept_apart([], [known]) == {("ada", "bob")}


def test_shared_tags_let_a_pair_rise_but_make_none() -> None:
    needs = [NEED, Fact("cy", "need", "a designer", TODAY)]
    people = [
        person("ada", tags=("Chess", "sailing", "chess")),
        person("bob"),
        person("cy", tags=("CHESS",)),
    ]
    first, second = suggested([Hit(0, 0, 2.0), Hit(1, 0, 1.5)], needs, [OFFER], *people)
    assert (first.helped, first.tags, first.score) == ("cy", ("chess",), 2.5)
    assert (second.helped, second.tags, second.score) == ("bob", (), 2.0)
    assert suggested([], needs, [OFFER], *people) == ()


def test_the_order_does_not_depend_on_that_of_the_hits() -> None:
    needs = [
        NEED,
        Fact("cy", "need", "a designer", TODAY),
        Fact("dee", "need", "a designer", TODAY),
    ]
    hits = [Hit(0, 0, 2.0), Hit(1, 0, 2.0), Hit(2, 0, 2.0)]
    orders = {suggested(list(order), needs, [OFFER]) for order in permutations(hits)}
    (order,) = orders
    assert [pair.helped for pair in order] == ["bob", "cy", "dee"]


def test_needs_of_a_year_and_offers_of_any_age_count_of_those_on_the_list() -> None:
    long_ago = TODAY - timedelta(days=366)
    facts = [
        NEED,
        NEED._replace(on=long_ago),
        NEED._replace(on=TODAY - timedelta(days=365)),
        OFFER._replace(on=long_ago),
        Fact("bob", "note", "a designer", TODAY),
        Fact("gone", "need", "a designer", TODAY),
        Fact("old", "offer", "designs", TODAY),
    ]
    people = [person("ada"), person("bob"), person("old", archived=True)]
    needs, offers = needs_and_offers(facts, people, TODAY)
    assert needs == (facts[0], facts[2])
    assert offers == (facts[3],)
