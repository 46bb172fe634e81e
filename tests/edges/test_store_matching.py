"""Needs meet offers by their words, in SQLite's full-text search."""

import random
import string
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.edges.store.matching import Said, matches


def fitting(need: str, *offers: str) -> list[int]:
    """Return which offers meet a need, the best first, in a world of these alone."""
    theirs = [Said(f"helper-{number}", text) for number, text in enumerate(offers)]
    return [hit.offer for hit in matches([Said("helped", need)], theirs)]


def test_a_need_meets_the_offers_that_have_words_of_it() -> None:
    offers = ("Bakes bread.", "Web-design and logos", "taxes")
    assert fitting("Somebody for the LOGO of her café", *offers) == [1]


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("a designer", "designing websites"),
        ("to meet an investor", "knows many investors"),
        ("Hilfe beim Café", "ein CAFE"),
        ("Straßenbau", "straßenbau"),
        ("learn हिन्दी", "teaches हिन्दी"),
        ("about AI", "ai"),
        ("עזרה בעברית", "לימוד בעברית"),
    ],
)
def test_forms_of_a_word_are_one_word(need: str, offer: str) -> None:
    assert fitting(need, offer) == [0]


def test_words_that_everybody_uses_say_nothing() -> None:
    assert fitting("she needs help with the new work of her people", "help for new people") == []
    assert fitting("sie sucht jemanden für eine", "jemand für eine") == []


def test_more_words_in_common_and_rarer_ones_count_more() -> None:
    offers = ("a designer", "a designer of gardens", "gardens", "designer", "designer")
    assert fitting("a designer for gardens", *offers)[:2] == [1, 2]
    scores = [hit.score for hit in matches([Said("x", "gardens")], [Said("y", "gardens")])]
    assert scores[0] > 1, "a pair alone in the world fits as well as one among many"


def test_nobody_meets_their_own_need() -> None:
    assert matches([Said("ada", "a designer")], [Said("ada", "a designer")]) == ()


@pytest.mark.parametrize(
    "need",
    [
        '"',
        '" OR "',
        "designer OR",
        "NOT designer NEAR(designer, 2)",
        "text: designer",
        "contact: designer",
        "-designer ^designer designer*",
        "{designer} (designer) [designer]",
        "designer'; DROP TABLE offers; --",
        "\x00designer\x1b[31m \u202edesigner",
        "designer \ud800",
        "\N{GRINNING FACE}",
        "",
        "   ",
        "OR AND NOT NEAR",
    ],
)
def test_no_sign_means_anything_to_the_search(need: str) -> None:
    expected = [0] if "designer" in need else []
    assert fitting(need, "a designer", "a gardener") == expected


def test_a_word_is_no_beginning_of_a_word() -> None:
    assert fitting("des*", "designer") == []


@settings(max_examples=300, deadline=None)
@given(st.text(), st.text())
def test_any_text_may_be_compared_with_any(need: str, offer: str) -> None:
    for hit in matches([Said("a", need)], [Said("b", offer)]):
        assert hit.score > 0


@given(st.text(alphabet=string.ascii_lowercase, min_size=15, max_size=20))
@settings(max_examples=50, deadline=None)
def test_a_telling_word_of_ones_own_is_always_found(word: str) -> None:
    assert fitting(f"a {word}, please", f"“{word}”!") == [0]


def test_long_texts_are_looked_at_as_far_as_they_tell() -> None:
    assert fitting("designer " + "x" * 10_000, "y" * 1_000 + " designer") == [0]
    assert fitting("x " * 5_000 + "designer", "designer") == []


def test_hundreds_of_needs_and_offers_take_a_moment() -> None:
    chance = random.Random(1)  # noqa: S311 - any words will do, the same each time
    words = ["".join(chance.choices(string.ascii_lowercase, k=7)) for _ in range(2_000)]
    said = [Said(str(n % 300), " ".join(chance.choices(words, k=12))) for n in range(600)]
    before = perf_counter()
    found = matches(said, said)
    assert found
    assert perf_counter() - before < 5
