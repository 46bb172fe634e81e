"""The short questions after a meeting, asked on a real pseudo-terminal and nowhere else."""

from typing import Any

import pytest
from shell import Shell
from typist import typist

QUESTIONS = (
    "What does Bob need?",
    "What can Bob give others?",
    "How did Bob help you?",
    "How did you help Bob?",
    "What did you promise Bob?",
)
DONE = ("done", "bob", "--on", "2026-11-01")


@pytest.fixture
def known(offline: Shell) -> Shell:
    """A home with bob on the list, and no server."""
    offline.ok(
        "contacts", "add", "Bob Baker", "--email", "bob@example.test", "--category", "business"
    )
    return offline


def facts(shell: Shell) -> list[tuple[str, str, str | None]]:
    """What is recorded about bob: the kind, the text, until when."""
    return [(f["kind"], f["text"], f["due"]) for f in story(shell)["facts"]]


def story(shell: Shell) -> Any:  # noqa: ANN401 - whatever the document is
    return shell.json("contacts", "show", "bob")


def test_answers_are_recorded_with_the_day_of_the_meeting(known: Shell) -> None:
    with typist(known, *DONE) as user:
        user.wait_for("Marked: you met Bob Baker on 2026-11-01.")
        answers = ("a designer", "knows every printer", "", "lent a drill", "the paper")
        for question, words in zip(QUESTIONS, answers, strict=True):
            user.answer(question, words)
        user.answer("Until when?", "next week")
        user.answer("That is no day like 2026-12-24.", "2026-11-20")
        assert "4 answers are recorded." in user.ends_with()

    assert facts(known) == [
        ("need", "a designer", None),
        ("offer", "knows every printer", None),
        ("helped", "lent a drill", None),
        ("promised", "the paper", "2026-11-20"),
    ]
    assert {fact["on"] for fact in story(known)["facts"]} == {"2026-11-01"}


def test_each_question_is_skipped_with_enter_or_a_no(known: Shell) -> None:
    with typist(known, *DONE) as user:
        for question, words in zip(QUESTIONS, ("", "Nothing.", "no", "-", " "), strict=True):
            user.answer(question, words)
        shown = user.ends_with()

    assert "No answer is recorded." in shown
    assert "Until when" not in shown
    assert facts(known) == []
    assert story(known)["met"] == [{"on": "2026-11-01", "how": "done"}]


@pytest.mark.parametrize("key", ["c", "d"])
def test_who_leaves_in_the_middle_keeps_what_was_answered(known: Shell, key: str) -> None:
    with typist(known, *DONE) as user:
        user.answer(QUESTIONS[0], "a designer")
        user.press(QUESTIONS[1], key)
        shown = user.ends_with()

    assert "Stopped; the meeting stays marked. 1 answer is recorded." in shown
    assert facts(known) == [("need", "a designer", None)]
    assert story(known)["met"] == [{"on": "2026-11-01", "how": "done"}]


def test_a_promise_counts_even_if_its_day_is_not_told(known: Shell) -> None:
    with typist(known, *DONE) as user:
        for question in QUESTIONS[:4]:
            user.answer(question)
        user.answer(QUESTIONS[4], "the paper")
        user.press("Until when?", "d")
        assert "1 answer is recorded." in user.ends_with()

    assert facts(known) == [("promised", "the paper", None)]


def test_the_oldest_promise_and_the_oldest_ask_are_named(known: Shell) -> None:
    known.ok("note", "bob", "--promised", "the pa\x1b[31mper", "--ask", "a new job")
    known.ok("note", "bob", "--promised", "a book")

    with typist(known, *DONE) as user:
        for question in QUESTIONS[:2]:
            user.answer(question)
        user.answer("How did Bob help you? (You hoped for “a new job”.)", "found one for me")
        user.answer("Did you keep your promise, “the pa[31mper”? [y/N]", "perhaps")
        user.answer("Please answer y or n.", "y")
        user.answer(QUESTIONS[4])
        assert QUESTIONS[3] not in user.ends_with()

    outstanding = story(known)["outstanding"]
    assert [promise["text"] for promise in outstanding["promises"]] == ["a book"]
    assert outstanding["asks"] == []


@pytest.mark.parametrize("words", [("--need", "a designer"), ("--json",), ("--need", "")])
def test_who_says_something_by_options_is_asked_nothing(
    known: Shell, words: tuple[str, ...]
) -> None:
    with typist(known, *DONE, *words) as user:
        assert "What" not in user.ends_with()


@pytest.mark.parametrize("stdin", ["", "a designer\n\n\n\n\n"])
def test_a_script_is_asked_nothing(known: Shell, stdin: str) -> None:
    ran = known.spawn(*DONE, stdin=stdin).ends_with(0)

    assert ran.out == "Marked: you met Bob Baker on 2026-11-01.\n"
    assert facts(known) == []


def test_a_meeting_that_makes_no_sense_asks_nothing(known: Shell) -> None:
    with typist(known, "done", "bob") as user:
        assert "What" not in user.ends_with(6)


def test_a_note_asks_the_same(known: Shell) -> None:
    with typist(known, "note", "bob") as user:
        user.answer(QUESTIONS[0], "a designer")
        user.press(QUESTIONS[1], "c")
        assert "Stopped. 1 answer is recorded." in user.ends_with()

    assert facts(known) == [("need", "a designer", None)]
    assert story(known)["met"] == []
