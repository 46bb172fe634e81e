"""Facts told by options: with `done` about a meeting, with `note` without one."""

import pytest
from shell import Shell

KINDS = ("need", "offer", "helped_me", "ask", "helped", "kept", "promised", "note")


@pytest.fixture
def known(offline: Shell) -> Shell:
    """A home with bob on the list, and no server."""
    offline.ok(
        "contacts", "add", "Bob Baker", "--email", "bob@example.test", "--category", "business"
    )
    return offline


@pytest.mark.parametrize("command", [("done", "bob", "--on", "2026-10-30"), ("note", "bob")])
def test_every_kind_of_fact_can_be_told(known: Shell, command: tuple[str, ...]) -> None:
    words = [word for kind in KINDS for word in (f"--{kind.replace('_', '-')}", f"the {kind}")]

    known.ok(*command, *words, "--due", "2026-01-31")

    facts = known.json("contacts", "show", "bob")["facts"]
    assert [(fact["kind"], fact["text"]) for fact in facts] == [(k, f"the {k}") for k in KINDS]
    assert {fact["kind"]: fact["due"] for fact in facts if fact["due"]} == {
        "promised": "2026-01-31"
    }


def test_a_note_is_dated_today_where_the_user_lives_or_as_told(known: Shell) -> None:
    late = known.json("note", "bob", "--need", "a flat", now="2026-11-02T23:30:00Z")
    told = known.json("note", "bob", "--need", "a designer", "--on", "2026-10-01")

    assert late["on"] == "2026-11-03"
    fact = {"kind": "need", "text": "a designer", "on": "2026-10-01", "due": None, "meeting": None}
    assert told == {"contact": "bob-baker", "on": "2026-10-01", "facts": [fact]}
    story = known.json("contacts", "show", "bob")
    assert story["met"] == []
    assert story["step"] == "connect"
    assert known.ok("note", "bob", "--note", "x").out == "Noted about Bob Baker, for 2026-11-02.\n"


def test_what_was_kept_is_not_the_promise_made_in_the_same_breath(known: Shell) -> None:
    known.ok("note", "bob", "--promised", "the paper", "--kept", "what I had said")

    promises = known.json("contacts", "show", "bob")["outstanding"]["promises"]

    assert [promise["text"] for promise in promises] == ["the paper"]


def test_texts_without_a_word_are_left_out(known: Shell) -> None:
    known.ok("done", "bob", "--on", "2026-11-01", "--need", " ", "--note", "tea")

    facts = known.json("contacts", "show", "bob")["facts"]

    assert [(fact["kind"], fact["text"]) for fact in facts] == [("note", "tea")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("note", "bob"), "There is nothing to note."),
        (("note", "bob", "--json"), "There is nothing to note."),
        (("note", "bob", "--on", "2026-11-01"), "There is nothing to note."),
        (("note", "bob", "--need", " "), "There is nothing to note."),
        (("note", "bob", "--need", "x", "--due", "2026-12-01"), "--promised"),
        (("done", "bob", "--on", "2026-11-01", "--due", "2026-12-01"), "--promised"),
        (("note", "bob", "--promised", "x", "--due", "2026-02-30"), "--due"),
        (("note", "bob", "--due", "2026-02-03"), "--promised"),
        (("note",), "CONTACT"),
    ],
)
def test_wrong_usage_records_nothing(known: Shell, words: tuple[str, ...], said: str) -> None:
    refused = known.run(*words).ends_with(2)

    assert refused.out == ""
    assert said in refused.err
    story = known.json("contacts", "show", "bob")
    assert (story["facts"], story["met"]) == ([], [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("note", "bob", "--need", "x", "--on", "2026-11-03"), "still to come"),
        (("note", "nobody", "--need", "x"), "Nobody on your list"),
    ],
)
def test_what_makes_no_sense_records_nothing(
    known: Shell, words: tuple[str, ...], said: str
) -> None:
    assert said in known.run(*words).ends_with(6).err
    assert known.json("contacts", "show", "bob")["facts"] == []
