"""Introductions in the shell where something is missing, changed or went wrong meanwhile."""

from datetime import datetime

import pytest
from shell import NOW, Shell

from connectd.domain.introductions import Introduction
from connectd.edges.store import Store

MAIL = '[mail]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nfrom = "alice@example.test"\n'
PAIR = ("ada", "bob")
BECAUSE = ("--because", "You both restore old maps")
TAKE_UP = 'connectd introduce ada-lovelace bob-baker --because "…"'


@pytest.fixture
def known(offline: Shell) -> Shell:
    """A home with ada and bob."""
    for name in ("Ada Lovelace", "Bob Baker"):
        email = f"{name.split()[0].lower()}@example.test"
        offline.ok("contacts", "add", name, "--email", email, "--category", "business")
    return offline


@pytest.fixture
def mailing(known: Shell) -> Shell:
    known.configure(known.config.read_text() + MAIL)
    return known


class TestWithoutAReason:
    @pytest.fixture
    def suggested(self, mailing: Shell) -> Shell:
        """A home in which connectd has suggested the two, as a tick does."""
        store = Store.open(mailing.database)
        began = datetime.fromisoformat(NOW)
        store.save_introduction(Introduction("ada-lovelace", "bob-baker", began))
        store.close()
        return mailing

    def test_nobody_is_asked_and_what_comes_next_is_said(self, suggested: Shell) -> None:
        refused = suggested.run("introductions", "ask", *PAIR, "--of", "ada").ends_with(6)
        assert TAKE_UP in refused.err
        assert TAKE_UP in suggested.ok("introductions", "agree", *PAIR, "--by", "ada").out
        assert TAKE_UP in suggested.ok("introductions").out
        assert TAKE_UP in suggested.ok("introductions", "agree", *PAIR, "--by", "bob").out
        assert TAKE_UP in suggested.ok("introductions", "by", *PAIR, "mail").out
        assert TAKE_UP in suggested.ok("introductions").out

    def test_only_those_are_asked_who_have_not_answered(self, suggested: Shell) -> None:
        suggested.ok("introductions", "agree", *PAIR, "--by", "ada")
        said = suggested.ok("introduce", *PAIR, *BECAUSE).out
        assert "--of bob-baker" in said
        assert "--of ada-lovelace" not in said
        assert "Nobody has been asked yet" not in said

    def test_their_yes_is_kept(self, suggested: Shell) -> None:
        suggested.ok("introductions", "agree", *PAIR, "--by", "ada")
        begun = suggested.json("introduce", *PAIR, *BECAUSE, "--send")
        assert (begun["asked"], begun["agreed"]) == (
            ["ada-lovelace", "bob-baker"],
            ["ada-lovelace"],
        )

    def test_where_both_agreed_nobody_is_left_to_ask(self, suggested: Shell) -> None:
        for who in PAIR:
            suggested.ok("introductions", "agree", *PAIR, "--by", who)
        said = suggested.ok("introduce", *PAIR, *BECAUSE, "--send").out
        assert "`connectd introductions` shows what comes next" in said


def test_what_is_asked_by_hand_stands_in_json(known: Shell) -> None:
    begun = known.json("introduce", *PAIR, *BECAUSE, "--send")
    assert begun["to_pass_on"] == begun["texts"]


def test_what_is_mailed_is_not_passed_on_in_json(mailing: Shell) -> None:
    assert mailing.json("introduce", *PAIR, *BECAUSE, "--send")["to_pass_on"] == {}
