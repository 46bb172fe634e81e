"""The yes or no in a title."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.view import Answer
from connectd.formats.marks import category_answers, plain_title, title_answer

PLAIN = "? Bob Baker - coffee"


@pytest.mark.parametrize(
    "title",
    [
        "OK",
        "ok ? Bob Baker - coffee",
        "OK? Bob Baker - coffee",
        "Yes, with pleasure",
        "YES",
        "? OK Bob Baker - coffee",
        " \t ? ok",
        "OK: Bob",
        "OK-Bob",
        "✓ Bob Baker",
        "✓Bob Baker",
        "✓\ufe0f Bob Baker",
        "? ✓",
        "OK, no problem",
    ],
)
def test_a_yes_in_front(title: str) -> None:
    assert title_answer(PLAIN, title) is Answer.YES


@pytest.mark.parametrize(
    "title", ["NO", "no ? Bob Baker - coffee", "No.", "✗ Bob", "? NO OK", "✗✓", "? no"]
)
def test_a_no_in_front(title: str) -> None:
    assert title_answer(PLAIN, title) is Answer.NO


@pytest.mark.parametrize(
    "title",
    [
        PLAIN,
        "",
        "?",
        "Okonomiyaki with Bob",
        "Yesterday's news",
        "Norbert",
        "Nobody",
        "Not now",
        "OK's place",
        "OK’s place",  # noqa: RUF001 (the apostrophe of word processors)
        "ok_then",
        "OKé",
        "NÖ",
        "NO\u0308",
        "Bob OK",
        "№ 5",
        "'OK' Bob",
        "Oké Bob",
        "Y E S",
    ],
)
def test_no_mark_in_front(title: str) -> None:
    assert title_answer(PLAIN, title) is Answer.NONE


@pytest.mark.parametrize(
    ("name", "title", "answer"),
    [
        ("Ok Sun", "? Ok Sun - lunch", Answer.NONE),
        ("Ok Sun", "Ok Sun", Answer.NONE),
        ("Ok Sun", "OK ? Ok Sun - coffee", Answer.YES),
        ("Ok Sun", "OK Ok Sun", Answer.YES),
        ("Ok Sun", "NO ? Ok Sun - coffee", Answer.NO),
        ("Ok Sun", "NO Sun", Answer.NO),
        ("Ok Sun", "Ok no", Answer.NONE),
        ("No Doubt", "? No Doubt, really", Answer.NONE),
        ("No Doubt", "OK ? No Doubt - coffee", Answer.YES),
        ("No Doubt", "✗ ? No Doubt - coffee", Answer.NO),
        ("✓", "? ✓ - coffee (moved)", Answer.NONE),
        ("✓", "✓ ? ✓ - coffee", Answer.YES),
    ],
)
def test_a_contact_whose_name_looks_like_an_answer(name: str, title: str, answer: Answer) -> None:
    assert title_answer(f"? {name} - coffee", title) is answer


@pytest.mark.parametrize(
    ("before", "after", "plain"),
    [
        (PLAIN, "OK ? Bob Baker - coffee", "Bob Baker - coffee"),
        (PLAIN, "OK – Bob", "Bob"),  # noqa: RUF001 (a dash as people type it)
        (PLAIN, "Tea?", "Tea?"),
        (PLAIN, " ?? Tea ", "Tea"),
        ("? Ok Sun", "OK ? Ok Sun", "Ok Sun"),
        ("? Ok Sun", "? Ok Sun", "Ok Sun"),
        ("? No Doubt", "OK No Doubt", "No Doubt"),
        ("? Zoë", "OK ? Zoe\u0308", "Zoë"),
    ],
)
def test_the_title_without_the_answer(before: str, after: str, plain: str) -> None:
    assert plain_title(before, after) == plain


@pytest.mark.parametrize(
    ("after", "answer", "plain"),
    [
        ("?! Bob Baker - coffee", Answer.NONE, "Bob Baker - coffee"),
        ("? Bob Baker - coffee", Answer.NONE, "Bob Baker - coffee"),
        ("?! Sushi!", Answer.NONE, "Sushi!"),
        ("!important", Answer.NONE, "!important"),
        ("?! !important", Answer.NONE, "!important"),
        ("! OK Bob", Answer.NONE, "! OK Bob"),
        ("OK ?! Bob Baker - coffee", Answer.YES, "Bob Baker - coffee"),
        ("OK?! Bob Baker - coffee", Answer.YES, "Bob Baker - coffee"),
        ("?! OK Bob Baker - coffee", Answer.YES, "Bob Baker - coffee"),
        ("?!OK", Answer.YES, ""),
        ("✗ ?! Bob Baker - coffee", Answer.NO, "Bob Baker - coffee"),
        ("?! no Bob Baker - coffee", Answer.NO, "Bob Baker - coffee"),
    ],
)
@pytest.mark.parametrize("before", [PLAIN, "?! Bob Baker - coffee"])
def test_the_mark_of_a_taken_time_is_like_the_question_mark(
    before: str, after: str, answer: Answer, plain: str
) -> None:
    assert title_answer(before, after) is answer
    assert plain_title(before, after) == plain


def test_a_marked_contact_called_ok_says_nothing() -> None:
    assert title_answer("?! Ok Sun", "?! Ok Sun") is Answer.NONE
    assert title_answer("?! Ok Sun", "? Ok Sun") is Answer.NONE
    assert title_answer("?! Ok Sun", "OK ?! Ok Sun") is Answer.YES
    assert plain_title("?! Ok Sun", "OK ?! Ok Sun") == "Ok Sun"


@settings(deadline=None)  # a shared machine says nothing about speed
@given(title=st.text(st.sampled_from("oOkKyYeEsSnN✓✗? -:é'!")) | st.text())
def test_a_title_that_did_not_change_says_nothing(title: str) -> None:
    assert title_answer(title, title) is Answer.NONE


@settings(deadline=None)  # a shared machine says nothing about speed
@given(title=st.text(st.sampled_from("oOkKyYeEsSnN✓✗? -:é'!")) | st.text())
def test_what_is_written_in_front_of_any_title_is_heard(title: str) -> None:
    assert title_answer(title, f"OK ? {title}") is Answer.YES
    assert title_answer(title, f"no ?! {title}") is Answer.NO


def test_only_gained_categories_count() -> None:
    assert category_answers({"ACCEPT"}, {"ACCEPT", "FUN"}) == set()
    assert category_answers(set(), {"ACCEPTED"}) == {Answer.YES}
    assert category_answers({"ACCEPT"}, {"ACCEPT", "DECLINED"}) == {Answer.NO}
    assert category_answers(set(), {"ACCEPTABLE", "YES"}) == set()
