"""What the two of an introduction read: names, and the user's words."""

import unicodedata

from connectd.formats.introduction_words import (
    bringing_together,
    bringing_together_subject,
    question,
    question_subject,
    regrets,
)

ADA, BOB, ME = "Dr. Ada Lovelace", "Baker, Bob", "Alice Example"
BECAUSE = "You both restore old maps"
NASTY = "Bad\x1b[31m\u202e Bob\nBcc: x@example.test"


def test_a_question_greets_gives_the_reason_and_an_easy_way_out() -> None:
    asked = question(ADA, BOB, BECAUSE, ME)
    assert asked.startswith("Hi Ada,\n")
    assert "Baker, Bob. You both restore old maps.\n" in asked
    assert "A no is perfectly fine" in asked
    assert asked.endswith("\nAlice Example\n")
    assert question_subject(BOB) == "May I introduce you to Baker, Bob?"


def test_a_reason_becomes_a_sentence() -> None:
    assert " You both restore old maps.\n" in question(ADA, BOB, "you both restore old maps", ME)
    assert "old maps!\n" in question(ADA, BOB, f"{BECAUSE}!", ME)


def test_both_are_greeted_and_named_to_each_other() -> None:
    both = bringing_together(ADA, BOB, BECAUSE, ME)
    assert both.startswith("Hi Ada, hi Bob,\n")
    assert "Ada, please meet Baker, Bob. Bob, please meet Dr. Ada Lovelace." in both
    assert BECAUSE in both
    assert bringing_together_subject(ADA, BOB) == "Introducing Dr. Ada Lovelace and Baker, Bob"


def test_regrets_name_nobody_but_whom_they_are_for() -> None:
    said = regrets(ADA, ME)
    assert "does not work out just now" in said
    assert "Bob" not in said


def test_foreign_text_stays_text() -> None:
    for text in (
        question(NASTY, NASTY, NASTY, NASTY),
        bringing_together(NASTY, NASTY, NASTY, NASTY),
        regrets(NASTY, NASTY),
        question_subject(NASTY),
    ):
        assert not {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")}
    assert "\n" not in question_subject(NASTY)
    assert len(question("x" * 10_000, "y" * 10_000, "z" * 10_000, "w" * 10_000)) < 6_000
