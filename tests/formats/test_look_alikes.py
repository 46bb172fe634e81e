"""A draft that came back under another UID, known by its title."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.view import Answer
from connectd.formats.look_alikes import likeness

BOB = "? Bob Baker – coffee"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        (BOB, Answer.NONE),
        ("?! Bob Baker – coffee", Answer.NONE),
        ("Bob Baker – coffee", Answer.NONE),
        ("  Bob   Baker –\tcoffee ", Answer.NONE),
        ("OK ? Bob Baker – coffee", Answer.YES),
        ("OK ?! Bob Baker – coffee", Answer.YES),
        ("?! OK Bob Baker – coffee", Answer.YES),
        ("ok Bob Baker – coffee", Answer.YES),
        ("YES: Bob Baker – coffee", Answer.YES),
        ("✓Bob Baker – coffee", Answer.YES),
        ("NO ? Bob Baker – coffee", Answer.NO),
        ("✗ Bob Baker – coffee", Answer.NO),
        ("", None),
        ("OK", None),
        ("OK ?", None),
        ("OK Bob", None),
        ("OK Bob Baker", None),
        ("Bob Baker – coffee OK", None),
        ("OK bob baker – coffee", None),
        ("OK Bob Baker – lunch", None),
        ("Okonomiyaki Bob Baker – coffee", None),
        ("Dentist", None),
    ],
)
def test_what_a_title_says_of_a_draft(title: str, said: Answer | None) -> None:
    assert likeness(BOB, title) is said
    assert likeness("?! Bob Baker – coffee", title) is said


def test_accents_may_be_composed_in_either_way() -> None:
    assert likeness("? Zoë – lunch", "OK ? Zoe\u0308 – lunch") is Answer.YES


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("? Ok Sun – lunch", Answer.NONE),
        ("Ok Sun – lunch", Answer.NONE),
        ("OK ? Ok Sun – lunch", Answer.YES),
        ("NO ? Ok Sun – lunch", Answer.NO),
        ("Sun – lunch", None),
        ("NO Sun – lunch", None),
    ],
)
def test_a_contact_whose_name_is_a_yes(title: str, said: Answer | None) -> None:
    assert likeness("? Ok Sun – lunch", title) is said


@pytest.mark.parametrize("draft", ["", "?", "?!", "OK", "? –", "? Coffee", "? video call"])
@pytest.mark.parametrize("front", ["", "OK ", "NO "])
def test_what_could_be_anybodys_is_like_none(draft: str, front: str) -> None:
    assert likeness(draft, f"{front}{draft}") is None


@settings(deadline=None)  # a shared machine says nothing about speed
@given(st.text(), st.text())
def test_any_titles_can_be_compared(one: str, other: str) -> None:
    assert likeness(one, other) in (None, *Answer)
    assert likeness(one, one) in (None, Answer.NONE)
