"""Introductions in the shell where something is missing, changed or went wrong meanwhile."""

from datetime import datetime, timedelta

import pytest
from shell import NOW, Shell

from connectd.domain.introductions import Introduction
from connectd.domain.model import Meeting, Span, State
from connectd.edges.store import Store
from connectd.service.introduction_letters import letter_key

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
        suggested = Introduction("ada-lovelace", "bob-baker", datetime.fromisoformat(NOW))
        with Store.open(mailing.database) as store:
            store.save_introduction(suggested)
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


class TestSomebodyLeftTheList:
    def test_and_the_list_says_so(self, known: Shell) -> None:
        known.ok("introduce", *PAIR, *BECAUSE, "--send")
        for who in PAIR:
            known.ok("introductions", "agree", *PAIR, "--by", who)
        self._archive(known, "ada-lovelace")
        shown = known.ok("introductions").out
        assert "Ada Lovelace is no longer on your list" in shown
        assert "connectd drafts" not in shown
        assert "connectd introductions drop ada-lovelace bob-baker" in shown
        (document,) = known.json("introductions")["introductions"]
        assert document["gone"] == ["ada-lovelace"]

    def test_and_nobody_is_asked(self, known: Shell) -> None:
        known.ok("introduce", *PAIR, *BECAUSE)
        self._archive(known, "bob-baker")
        refused = known.run("introductions", "ask", *PAIR, "--of", "ada").ends_with(6)
        assert "no longer on your list" in refused.err

    @pytest.mark.parametrize("reason", ["", "You both restore old maps"])
    def test_and_it_is_no_longer_the_users_to_decide(self, known: Shell, reason: str) -> None:
        known.ok("contacts", "add", "Cy Cole", "--email", "cy@x.test", "--category", "business")
        began = datetime.fromisoformat(NOW)
        with Store.open(known.database) as store:
            store.save_introduction(Introduction("ada-lovelace", "bob-baker", began, reason))
            store.save_introduction(Introduction("bob-baker", "cy-cole", began, reason))
        assert "Ada Lovelace and Bob Baker to each other" in known.ok("digest").out
        self._archive(known, "ada-lovelace")
        digest = known.ok("digest").out
        assert "Ada Lovelace" not in digest
        assert "You could introduce Bob Baker and Cy Cole to each other" in digest
        status = known.json("status")
        awaited = [one for one in status["waiting"] if one["kind"] == "introduction"]
        assert [(one["contact"], one["other"]) for one in awaited] == [("bob-baker", "cy-cole")]
        assert len(status["introductions"]) == 2

    @staticmethod
    def _archive(shell: Shell, who: str) -> None:
        with Store.open(shell.database) as store:
            contact = store.contact(who)
            assert contact
            store.update_contact(contact._replace(archived=True))


class TestALetterThatDidNotArrive:
    def test_that_asks_can_be_sent_again(self, mailing: Shell) -> None:
        mailing.ok("introduce", *PAIR, *BECAUSE, "--send")
        self._ends(mailing, "ask/ada-lovelace", "refused", "550 no such user")
        shown = mailing.ok("introductions").out
        assert "Ada Lovelace could not be asked: 550 no such user" in shown
        again = "connectd introductions ask ada-lovelace bob-baker --of ada-lovelace"
        assert f"once their address is right: {again}\n" in shown
        assert f"{again} --by-hand" in shown
        assert self._undelivered(mailing) == [
            {
                "to": "ada-lovelace",
                "what": "question",
                "state": "refused",
                "said": "550 no such user",
            }
        ]
        assert "asked by mail" in mailing.ok(*again.split()[1:]).out
        assert self._undelivered(mailing) == []

    @pytest.mark.parametrize(
        ("stage", "said"),
        [
            ("refused", "the mail to Bob Baker was not sent: 550 no such user"),
            ("unknown", "it cannot be known whether the mail to Bob Baker arrived: 550 no such"),
        ],
    )
    def test_to_both_can_be_written_by_hand(self, mailing: Shell, stage: str, said: str) -> None:
        mailing.ok("introduce", *PAIR, *BECAUSE, "--by", "mail")
        for who in PAIR:
            mailing.ok("introductions", "agree", *PAIR, "--by", who)
        mailing.ok("introductions", "send", *PAIR)
        self._ends(mailing, "both/2", stage, "550 no such user")
        by_hand = "connectd introductions send ada-lovelace bob-baker --by-hand"
        shown = mailing.ok("introductions").out
        assert said in shown
        assert by_hand in shown
        (told,) = self._undelivered(mailing)
        assert (told["to"], told["what"], told["state"]) == ("bob-baker", "introduction", stage)
        assert "Ada, please meet Bob Baker" in mailing.ok(*by_hand.split()[1:]).out

    @staticmethod
    def _ends(shell: Shell, letter: str, stage: str, said: str) -> None:
        """Let a letter end as a tick finds it."""
        with Store.open(shell.database) as store:
            (known,) = store.introductions()
            assert store.save_letter_stage(letter_key(known, letter), stage, said)

    @staticmethod
    def _undelivered(shell: Shell) -> list[dict[str, str]]:
        (document,) = shell.json("introductions")["introductions"]
        return list(document["undelivered"])


def test_two_for_whom_no_meeting_came_about_wait_for_the_user(known: Shell) -> None:
    """The user has made a series of the one draft for all three."""
    both, began = ("ada-lovelace", "bob-baker"), datetime.fromisoformat(NOW)
    held = Span(began + timedelta(days=2), began + timedelta(days=2, hours=1))
    with Store.open(known.database) as store:
        store.save_introduction(Introduction(*both, began, "Maps", agreed=both))
        draft = Meeting("u", both[0], 1, State.WITHDRAWN, held, other=both[1], drafted_at=began)
        store.save_meeting(draft._replace(ended_at=began, released=True), was=None)
    assert "connectd makes no more of them" in known.ok("introductions").out
    assert "no draft came to a meeting" in known.ok("status", "--all").out
    assert "both agreed to meet, but no draft came to a meeting" in known.ok("digest").out


def test_days_are_those_of_the_user(known: Shell) -> None:
    late = "2026-11-02T23:30:00Z"  # half past midnight in Berlin
    known.ok("introduce", *PAIR, *BECAUSE, "--by", "mail", now=late)
    for who in PAIR:
        known.ok("introductions", "agree", *PAIR, "--by", who, now=late)
    known.ok("introductions", "send", *PAIR, now=late)
    assert "they have been introduced (2026-11-03)" in known.ok("introductions").out
    again = known.run("introduce", *PAIR, *BECAUSE).ends_with(6)
    assert "You introduced Ada Lovelace and Bob Baker on 2026-11-03." in again.err
