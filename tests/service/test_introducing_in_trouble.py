"""Introductions where mails wait, break off or are refused: nobody is written to twice."""

import subprocess

import pytest
from installation import Install, Installation
from mail_sink import MailSink
from mailed import mail_table
from matchmaker import ADA, BOB, Matchmaker, readers
from servers import Radicale, SmtpSink, wait_until

from connectd.domain.introductions import Opting
from connectd.edges.smtp import Stage
from connectd.service import opting


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
            letter = opting.question_letter(matchmaker.alice.store, matchmaker.introduction, who)
            assert letter
            matchmaker.alice.store.save_letter_stage(letter.key, "refused", "550 no")
        matchmaker.ask("bob-baker", by_hand=True)
        ended = opting.drop(matchmaker.alice.store, matchmaker.introduction, matchmaker.alice.now)
        assert ended.to_tell == ("bob-baker",)
        assert sink.messages == []

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
