"""Introductions in the shell: listed, begun, answered, sent; nothing goes out unasked."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pexpect
import pytest
from shell import NOW, Shell
from test_terminal_safety import NASTY, unsafe

MAIL = '[mail]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nfrom = "alice@example.test"\n'
PAIR = ("ada", "bob")
BECAUSE = ("--because", "You both restore old maps")


@pytest.fixture
def known(offline: Shell) -> Shell:
    """A home with ada, who designs, and bob, who needs a designer."""
    for name in ("Ada Lovelace", "Bob Baker"):
        email = f"{name.split()[0].lower()}@example.test"
        offline.ok("contacts", "add", name, "--email", email, "--category", "business")
    offline.ok("done", "ada", "--on", "2026-11-01", "--offer", "designs logos")
    offline.ok("done", "bob", "--on", "2026-10-30", "--need", "a designer for a logo")
    return offline


@pytest.fixture
def mailing(known: Shell) -> Shell:
    known.configure(known.config.read_text() + MAIL)
    return known


@contextmanager
def talking(shell: Shell, *words: str, editor: str = "false") -> Iterator["pexpect.spawn[str]"]:
    command = [os.fsdecode(word) for word in shell.command(*words, now=NOW)]
    child = pexpect.spawn(
        command[0],
        command[1:],
        env=shell.environment | {"TERM": "xterm", "EDITOR": editor},
        cwd=str(shell.folder),
        encoding="utf-8",
        timeout=30,
        dimensions=(50, 400),
    )
    try:
        yield child
        child.expect(pexpect.EOF)
        child.wait()
        assert child.exitstatus == 0
    finally:
        child.close(force=True)


class TestTheList:
    def test_names_who_fits_whom_with_both_sentences(self, known: Shell) -> None:
        shown = known.ok("introductions").out
        assert "Ada Lovelace may be able to help Bob Baker" in shown
        assert "Bob Baker needs: a designer for a logo (2026-10-30)" in shown
        assert "Ada Lovelace offers: designs logos (2026-11-01)" in shown
        assert 'connectd introduce ada-lovelace bob-baker --because "…"' in shown
        document = known.json("introductions")
        (suggestion,) = document["suggestions"]
        assert suggestion.pop("score") > 0
        assert suggestion == {
            "first": "ada-lovelace",
            "second": "bob-baker",
            "need": {"contact": "bob-baker", "text": "a designer for a logo", "on": "2026-10-30"},
            "offer": {"contact": "ada-lovelace", "text": "designs logos", "on": "2026-11-01"},
            "tags": [],
        }
        assert document["introductions"] == []

    def test_is_empty_at_first(self, offline: Shell) -> None:
        assert "Nobody's offer meets anybody's need yet." in offline.ok("introductions").out
        assert offline.json("introductions") == {"suggestions": [], "introductions": []}

    def test_shows_what_waits_for_whom(self, known: Shell) -> None:
        known.ok("introduce", *PAIR, *BECAUSE)
        begun = known.ok("introductions").out
        assert "Ada Lovelace and Bob Baker: nobody has been asked yet" in begun
        assert "why: You both restore old maps" in begun
        assert "ask Bob Baker: connectd introductions ask ada-lovelace bob-baker --of" in begun
        known.ok("introductions", "ask", *PAIR, "--of", "ada")
        asked = known.ok("introductions", "list").out
        assert "Ada Lovelace has been asked" in asked
        assert "agree ada-lovelace bob-baker --by ada-lovelace" in asked
        known.ok("introductions", "decline", *PAIR, "--by", "ada")
        over = known.ok("introductions").out
        assert "it has been dropped (2026-11-02)" in over
        assert "Ada Lovelace would rather not" in over
        assert known.json("introductions")["suggestions"] == []

    def test_is_safe_whatever_was_recorded(self, known: Shell) -> None:
        known.ok("done", "ada", "--on", "2026-11-01", "--offer", f"sailing {NASTY} {'x' * 10_000}")
        known.ok("done", "bob", "--on", "2026-11-01", "--need", f"sailing \N{ROCKET} {NASTY}")
        known.ok("introduce", *PAIR, "--because", f"{NASTY}\n{NASTY}", "--to-first", NASTY)
        known.ok("contacts", "edit", "ada", "--name", "Ada\u202e Lovelace")
        for ran in (
            known.ok("introductions"),
            known.ok("introductions", "--json"),
            known.ok("introductions", "ask", *PAIR, "--of", "ada"),
            known.ok("introductions", "ask", *PAIR, "--of", "bob", "--json"),
            known.ok("introductions", "drop", *PAIR),
            known.run("introductions", "agree", *PAIR, "--by", NASTY).ends_with(6),
        ):
            assert unsafe(ran.out) == unsafe(ran.err) == set()


class TestInAScript:
    def test_to_introduce_asks_nobody(self, mailing: Shell) -> None:
        said = mailing.ok("introduce", *PAIR, *BECAUSE).out
        assert "Hi Ada," in said
        assert "Hi Bob," in said
        assert "connectd introductions ask ada-lovelace bob-baker --of bob-baker" in said
        (document,) = mailing.json("introductions")["introductions"]
        assert document["texts"].keys() == {"ada-lovelace", "bob-baker"}
        assert (document.pop("texts")["ada-lovelace"]).startswith("Hi Ada,")
        assert document == {
            "first": "ada-lovelace",
            "second": "bob-baker",
            "state": "suggested",
            "because": "You both restore old maps",
            "by": "meeting",
            "asked": [],
            "agreed": [],
            "declined": None,
            "began_at": NOW,
            "introduced_at": None,
            "dropped_at": None,
            "meeting": None,
            "gone": [],
            "undelivered": [],
        }

    def test_the_whole_way_by_hand(self, known: Shell) -> None:
        begun = known.json("introduce", *PAIR, *BECAUSE, "--by", "mail", "--send")
        assert (begun["state"], begun["asked"]) == (
            "asked_second",
            ["ada-lovelace", "bob-baker"],
        )
        first = known.ok("introductions", "agree", *PAIR, "--by", "bob").out
        assert "Bob Baker has agreed. Ada Lovelace has not answered yet." in first
        second = known.ok("introductions", "agree", *PAIR, "--by", "ada").out
        assert "connectd introductions send ada-lovelace bob-baker" in second
        sent = known.json("introductions", "send", *PAIR)
        assert (sent["state"], sent["introduced_at"]) == ("introduced", NOW)
        assert "Ada, please meet Bob Baker" in sent["to_pass_on"]["ada-lovelace"]
        late = known.run("introductions", "decline", *PAIR, "--by", "ada").ends_with(6)
        assert "they have been introduced" in late.err

    def test_with_a_mail_server_the_texts_are_left_to_it(self, mailing: Shell) -> None:
        asked = mailing.json("introductions", "ask", *self._begun(mailing), "--of", "ada")
        assert asked["to_pass_on"] == {}
        assert "the mail waits to be sent" in mailing.ok("introductions").out
        again = mailing.run("introductions", "ask", *PAIR, "--of", "ada").ends_with(6)
        assert "been asked already" in again.err
        by_hand = mailing.ok("introductions", "ask", *PAIR, "--of", "ada", "--by-hand").out
        assert "Hi Ada," in by_hand

    def test_a_no_gives_words_for_the_other_alone(self, known: Shell) -> None:
        self._begun(known)
        for who in PAIR:
            known.ok("introductions", "ask", *PAIR, "--of", who)
        ended = known.json("introductions", "decline", *PAIR, "--by", "bob")
        assert (ended["state"], ended["declined"]) == ("dropped", "bob-baker")
        (words,) = ended["to_pass_on"].values()
        assert ended["to_pass_on"].keys() == {"ada-lovelace"}
        assert "does not work out just now" in words
        assert "Bob" not in words

    def test_the_way_may_be_chosen_later(self, known: Shell) -> None:
        self._begun(known)
        assert known.json("introductions", "by", *PAIR, "mail")["by"] == "mail"
        for who in PAIR:
            known.ok("introductions", "agree", *PAIR, "--by", who)
        said = known.ok("introductions", "by", *PAIR, "meeting").out
        assert "connectd drafts a meeting of you three" in said

    @pytest.mark.parametrize(
        ("words", "status", "said"),
        [
            (("introduce", "ada", "bob"), 2, "--because"),
            (("introduce", "ada", "ada", *BECAUSE), 6, "two different people"),
            (("introduce", "ada", "nobody", *BECAUSE), 6, "Nobody on your list"),
            (("introductions", "agree", *PAIR, "--by", "ada"), 6, "No introduction"),
            (("introductions", "--json", "drop", *PAIR), 2, "--json"),
            (("introductions", "by", *PAIR, "fax"), 2, "fax"),
        ],
    )
    def test_what_cannot_be(
        self, known: Shell, words: tuple[str, ...], status: int, said: str
    ) -> None:
        assert said in known.run(*words).ends_with(status).err
        assert known.json("introductions")["introductions"] == []

    def test_somebody_else_is_neither_side(self, known: Shell) -> None:
        self._begun(known)
        refused = known.run("introductions", "ask", *PAIR, "--of", "carol").ends_with(6)
        assert "should be one of the two: ada-lovelace or bob-baker" in refused.err

    @staticmethod
    def _begun(shell: Shell) -> tuple[str, str]:
        shell.ok("introduce", *PAIR, *BECAUSE)
        return PAIR


class TestOnATerminal:
    def test_each_is_asked_on_a_yes_alone(self, mailing: Shell) -> None:
        with talking(mailing, "introduce", *PAIR) as child:
            child.expect("Why should they meet")
            child.sendline("You both restore old maps")
            child.expect("Hi Bob")
            child.expect(r"editor\? \[y/N\]")
            child.sendline("")
            child.expect(r"Send to Ada Lovelace\? \[y/N\]")
            child.sendline("")
            child.expect("Nothing goes to Ada Lovelace")
            child.expect(r"Send to Bob Baker\? \[y/N\]")
            child.sendline("y")
            child.expect("Bob Baker is asked by mail")
        (document,) = mailing.json("introductions")["introductions"]
        assert document["asked"] == ["bob-baker"]

    def test_the_words_can_be_changed_in_the_editor(self, known: Shell) -> None:
        editor = known.folder / "editor"
        editor.write_text('#!/bin/sh\nsed -i "s/Best wishes/Cheers/" "$1"\n')
        editor.chmod(0o700)
        with talking(known, "introduce", *PAIR, *BECAUSE, editor=str(editor)) as child:
            child.expect(r"editor\? \[y/N\]")
            child.sendline("y")
            child.expect(r"Will you ask Ada Lovelace\? \[y/N\]")
            child.sendline("n")
            child.expect(r"Will you ask Bob Baker\? \[y/N\]")
            child.sendline("n")
        (document,) = known.json("introductions")["introductions"]
        assert document["asked"] == []
        for text in document["texts"].values():
            assert "Cheers\nAlice Example" in text

    def test_a_yes_given_beforehand_is_not_asked_for(self, mailing: Shell) -> None:
        with talking(mailing, "introduce", *PAIR, *BECAUSE, "--send") as child:
            child.expect("Bob Baker is asked by mail")
        (document,) = mailing.json("introductions")["introductions"]
        assert document["asked"] == ["ada-lovelace", "bob-baker"]

    def test_the_second_agreement_asks_whether_to_write_to_both(self, mailing: Shell) -> None:
        mailing.ok("introduce", *PAIR, *BECAUSE, "--by", "mail")
        mailing.ok("introductions", "agree", *PAIR, "--by", "bob")
        with talking(mailing, "introductions", "agree", *PAIR, "--by", "ada") as child:
            child.expect("please meet Bob Baker")
            child.expect(r"Send it to both\? \[y/N\]")
            child.sendline("n")
        (document,) = mailing.json("introductions")["introductions"]
        assert document["state"] == "agreed"
