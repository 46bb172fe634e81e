"""Introductions where mails wait, break off or are refused: nobody is written to twice."""

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from installation import Install, Installation
from mail_sink import MailSink
from mailed import mail_table
from matchmaker import ADA, BOB, Matchmaker, readers
from scripted_smtp import USUAL, ScriptedServer
from servers import Radicale, SmtpSink, wait_until

from connectd.domain.introductions import Opting
from connectd.edges.smtp import Stage
from connectd.edges.store import Store
from connectd.errors import SenselessError
from connectd.service import opting
from connectd.service.introduction_letters import letters_to_both, question_letter
from connectd.service.letterbox import post_letters


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    return install(radicale.new_user(), more=mail_table(sink.port))


@pytest.fixture
def matchmaker(alice: Installation) -> Matchmaker:
    return Matchmaker(alice)


class TestAQuestion:
    def test_an_answer_takes_the_question_back_that_waits(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        matchmaker.agree("ada-lovelace")
        matchmaker.tick()
        assert sink.messages == []

    @pytest.mark.parametrize("stage", [Stage.CONNECTING, Stage.LOGGED_IN, Stage.OFFERED])
    def test_a_question_that_broke_off_before_it_left_is_sent(
        self, matchmaker: Matchmaker, sink: SmtpSink, stage: Stage
    ) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        self._broke_off(matchmaker, stage)
        matchmaker.tick()
        matchmaker.tick()
        assert readers(sink) == [(ADA,)]

    def test_one_that_may_have_left_is_not_sent_again(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        self._broke_off(matchmaker, Stage.HANDED_OVER)
        (failure,) = matchmaker.alice.tick(minutes=5).failures
        assert "cannot be known" in failure.reason
        matchmaker.tick()
        assert sink.messages == []
        assert matchmaker.decline("bob-baker").to_tell == ("ada-lovelace",)

    def test_one_that_was_refused_reached_nobody(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        matchmaker.ask("bob-baker")
        for who in ("ada-lovelace", "bob-baker"):
            letter = question_letter(matchmaker.alice.store, matchmaker.introduction, who)
            assert letter
            matchmaker.alice.store.save_letter_stage(letter.key, "refused", "550 no")
        matchmaker.ask("bob-baker", by_hand=True)
        ended = opting.drop(matchmaker.alice.store, matchmaker.introduction, matchmaker.alice.now)
        assert ended.to_tell == ("bob-baker",)
        assert sink.messages == []

    def test_is_not_begun_to_be_mailed_once_connectd_is_to_stop(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        alice = matchmaker.alice
        assert post_letters(alice.means, alice.now, lambda: False) == []
        assert sink.messages == []
        matchmaker.tick()
        assert readers(sink) == [(ADA,)]

    def test_connectd_killed_while_it_mails_sends_no_second_one(
        self, radicale: Radicale, install: Install
    ) -> None:
        with MailSink() as sink:
            sink.hang = True
            matchmaker = Matchmaker(install(radicale.new_user(), more=mail_table(sink.port)))
            matchmaker.begin()
            for who in ("ada-lovelace", "bob-baker"):
                matchmaker.ask(who)
            command = matchmaker.alice.command("--now", matchmaker.alice.now.isoformat(), "tick")
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            wait_until(lambda: bool(sink.mails), "the first mail", 30)
            process.kill()
            process.wait()
            sink.hang = False
            matchmaker.alice.restart()
            (failure,) = matchmaker.alice.tick(minutes=5).failures
            assert "cannot be known" in failure.reason
            matchmaker.tick()
            assert [mail.recipients for mail in sink.mails] == [(ADA,), (BOB,)]

    def test_without_a_mail_server_the_user_passes_the_texts_on(
        self, radicale: Radicale, install: Install
    ) -> None:
        matchmaker = Matchmaker(install(radicale.new_user()))
        matchmaker.begin()
        for who in ("ada-lovelace", "bob-baker"):
            assert not matchmaker.ask(who).mailed
            matchmaker.agree(who)
        told = matchmaker.send()
        assert not told.mailed
        assert "Ada, please meet Bob Baker" in told.text
        assert matchmaker.introduction.state is Opting.INTRODUCED
        assert matchmaker.alice.store.waiting_letters() == ()

    @staticmethod
    def _broke_off(matchmaker: Matchmaker, stage: Stage) -> None:
        (letter,) = matchmaker.alice.store.waiting_letters()
        matchmaker.alice.store.save_letter_stage(letter.key, stage)
        matchmaker.alice.restart()


class TestALetterTakenBack:
    def test_while_others_are_mailed_is_not_sent(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        for who in ("ada-lovelace", "bob-baker"):
            matchmaker.ask(who)
        asked: list[bool] = []

        def wanted() -> bool:
            """Ada says no when her question has been mailed, and bob's is next."""
            asked.append(True)
            if len(asked) == 2:
                assert matchmaker.decline("ada-lovelace").to_tell == ()
            return True

        alice = matchmaker.alice
        assert post_letters(alice.means, alice.now, wanted) == []
        assert readers(sink) == [(ADA,)]
        matchmaker.tick()
        assert readers(sink) == [(ADA,)]
        assert matchmaker.introduction.asked == ("ada-lovelace",)

    @pytest.mark.parametrize("verb", ["BANNER", "RCPT", "DATA"])
    def test_while_it_is_mailed_ends_the_conversation(
        self, radicale: Radicale, install: Install, verb: str
    ) -> None:
        def say_no(connection: socket.socket, _: Event) -> None:
            with Store.open(Path(alice.store.database.name)) as store:
                begun = opting.find_introduction(store, "ada-lovelace", "bob-baker")
                opting.decline(store, begun, "ada-lovelace", alice.now)
            connection.sendall(USUAL[verb])

        with ScriptedServer(**{verb: say_no}) as server:
            alice = install(radicale.new_user(), more=mail_table(server.port))
            matchmaker = Matchmaker(alice)
            matchmaker.begin()
            matchmaker.ask("bob-baker")
            matchmaker.tick()
            assert verb == "BANNER" or verb in server.verbs
            assert server.mails == []
            assert "." not in server.commands
            assert matchmaker.introduction.state is Opting.DROPPED
            letter = question_letter(alice.store, matchmaker.introduction, "bob-baker")
            assert letter
            assert letter.stage == "dropped"
            matchmaker.tick()
            assert server.mails == []


class TestTheMailToBoth:
    @pytest.fixture
    def matchmaker(self, matchmaker: Matchmaker, sink: SmtpSink) -> Matchmaker:
        """Alice, who said yes to the mail to both while the mail server was down."""
        matchmaker.begin()
        for who in ("ada-lovelace", "bob-baker"):
            matchmaker.ask(who, by_hand=True)
            matchmaker.agree(who)
        sink.stop()
        assert matchmaker.send().mailed
        assert matchmaker.alice.tick(minutes=5).failures
        return matchmaker

    @pytest.fixture
    def later(self, matchmaker: Matchmaker, sink: SmtpSink) -> Iterator[SmtpSink]:
        """Return the mail server, which is there again."""
        later = SmtpSink()
        matchmaker.alice.configure(f"port = {sink.port}", f"port = {later.port}")
        yield later
        later.stop()

    def test_is_not_sent_after_a_no(self, matchmaker: Matchmaker, later: SmtpSink) -> None:
        assert matchmaker.decline("bob-baker").to_tell == ("ada-lovelace",)
        matchmaker.tick()
        assert later.messages == []
        ended = matchmaker.introduction
        assert (ended.state, ended.introduced_at) == (Opting.DROPPED, None)

    def test_is_not_sent_after_the_user_gave_it_up(
        self, matchmaker: Matchmaker, later: SmtpSink
    ) -> None:
        opting.drop(matchmaker.alice.store, matchmaker.introduction, matchmaker.alice.now)
        matchmaker.tick()
        assert later.messages == []

    @pytest.mark.parametrize("stage", [Stage.HANDED_OVER, Stage.ACCEPTED, "sent", "unknown"])
    def test_of_which_one_may_have_left_introduced_them(
        self, matchmaker: Matchmaker, stage: str
    ) -> None:
        store = matchmaker.alice.store
        to_ada = letters_to_both(store, matchmaker.introduction)["ada-lovelace"]
        store.save_letter_stage(to_ada.key, stage)
        with pytest.raises(SenselessError, match="they have been introduced"):
            matchmaker.decline("bob-baker")
        assert matchmaker.introduction.state is Opting.INTRODUCED
        (_, to_bob) = letters_to_both(store, matchmaker.introduction).values()
        assert to_bob.stage == "queued"
