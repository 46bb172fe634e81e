"""Introductions by mail: nobody hears anything before the user's yes, and everybody once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from installation import Install, Installation
from mailed import mail_table, words_of
from matchmaker import ADA, BOB, WANTED, Matchmaker, header, readers
from servers import Radicale, SmtpSink

from connectd.domain.introductions import Bringing, Opting
from connectd.domain.model import Fact
from connectd.errors import SenselessError, WrongInputError
from connectd.service import answers, opting

UTC = ZoneInfo("UTC")
KINDS = ("ask", "helped_me", "need", "offer", "helped", "promised", "kept", "note")


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    return install(radicale.new_user(), more=mail_table(sink.port))


@pytest.fixture
def matchmaker(alice: Installation) -> Matchmaker:
    return Matchmaker(alice)


class TestByMail:
    def test_both_orders_lead_to_one_mail_to_both(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.tick()
        assert sink.messages == []
        for who in ("bob-baker", "ada-lovelace"):
            assert matchmaker.ask(who).mailed
            matchmaker.tick()
            matchmaker.tick()
            matchmaker.agree(who)
        assert readers(sink) == [(BOB,), (ADA,)]
        assert matchmaker.introduction.state is Opting.AGREED
        matchmaker.tick()
        assert len(sink.messages) == 2
        matchmaker.send()
        for _ in range(2):
            matchmaker.tick()
            matchmaker.alice.restart()
        assert readers(sink) == [(BOB,), (ADA,), (ADA,), (BOB,)]
        to_ada, to_bob = sink.messages[2:]
        assert to_ada.text == to_bob.text
        assert (ADA in header(to_ada, "To"), BOB in header(to_ada, "To")) == (True, True)
        assert header(to_ada, "Subject") == "Introducing Ada Lovelace and Bob Baker"
        assert matchmaker.introduction.introduced_at == matchmaker.alice.now - timedelta(minutes=10)

    def test_a_question_goes_to_one_alone_and_says_what_the_user_read(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        begun = matchmaker.begin()
        text = matchmaker.ask("ada-lovelace").text
        matchmaker.tick()
        (mail,) = sink.messages
        assert (mail.recipients, header(mail, "To")) == ((ADA,), f'"Ada Lovelace" <{ADA}>')
        assert text == begun.texts[0]
        assert words_of(mail) == " ".join(text.split())
        assert "Bob Baker" in words_of(mail)
        assert WANTED.because in words_of(mail)
        assert BOB not in mail.text

    def test_the_users_own_words_go_out_without_the_address_of_the_other(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        words = f"Ada, fancy meeting bob? {BOB.upper()}"
        matchmaker.begin(WANTED._replace(texts=(words, None)))
        matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        assert words_of(sink.messages[0]) == "Ada, fancy meeting bob? BOB"

    def test_nobody_is_asked_twice(self, matchmaker: Matchmaker, sink: SmtpSink) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        with pytest.raises(SenselessError, match="been asked already"):
            matchmaker.ask("ada-lovelace")
        assert not matchmaker.ask("ada-lovelace", by_hand=True).mailed
        matchmaker.agree("ada-lovelace")
        with pytest.raises(SenselessError, match="agreed already"):
            matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        assert sink.messages == [], "she was asked by hand, before the mail had left"

    def test_nobody_is_introduced_twice(self, matchmaker: Matchmaker, sink: SmtpSink) -> None:
        matchmaker.begin()
        for who in ("ada-lovelace", "bob-baker"):
            matchmaker.agree(who)
            matchmaker.agree(who)
        matchmaker.send()
        with pytest.raises(SenselessError, match="introduced already"):
            matchmaker.send()
        with pytest.raises(SenselessError, match="You introduced"):
            matchmaker.begin()
        matchmaker.send(by_hand=True)
        matchmaker.tick()
        assert readers(sink) == [(ADA,), (BOB,)]

    def test_nobody_is_introduced_who_has_not_agreed(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.agree("bob-baker")
        with pytest.raises(SenselessError, match="one of them has been asked"):
            matchmaker.send()
        with pytest.raises(SenselessError):
            matchmaker.send(by_hand=True)
        matchmaker.tick()
        assert sink.messages == []

    def test_those_who_are_to_meet_are_not_written_to(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin(WANTED._replace(by=Bringing.MEETING))
        for who in ("ada-lovelace", "bob-baker"):
            matchmaker.agree(who)
        with pytest.raises(SenselessError, match="connectd introductions by"):
            matchmaker.send()
        matchmaker.tick()
        assert sink.messages == []
        store = matchmaker.alice.store
        with pytest.raises(SenselessError, match="say no to that one first"):
            opting.choose(store, matchmaker.introduction, Bringing.MAIL)
        bob = answers.find_contact(store, "bob")
        answers.decline(store, bob, matchmaker.alice.now, matchmaker.alice.config.me.timezone)
        opting.choose(store, matchmaker.introduction, Bringing.MAIL)
        assert matchmaker.send().mailed


class TestANo:
    @pytest.mark.parametrize("by", Bringing)
    def test_is_told_to_nobody(self, matchmaker: Matchmaker, sink: SmtpSink, by: Bringing) -> None:
        matchmaker.begin(WANTED._replace(by=by))
        matchmaker.ask("bob-baker")
        matchmaker.tick()
        matchmaker.agree("bob-baker")
        matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        ended = matchmaker.decline("ada-lovelace")
        assert ended.to_tell == ("bob-baker",)
        assert matchmaker.introduction.declined == "ada-lovelace"
        with pytest.raises(SenselessError, match="dropped"):
            matchmaker.send()
        with pytest.raises(SenselessError, match="dropped"):
            matchmaker.agree("ada-lovelace")
        matchmaker.tick()
        assert readers(sink) == [(BOB,), (ADA,)]

    def test_keeps_a_question_that_waits_from_going_out(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.ask("bob-baker")
        matchmaker.ask("ada-lovelace")
        ended = matchmaker.decline("ada-lovelace")
        assert ended.to_tell == (), "bob has never heard of it"
        assert matchmaker.introduction.asked == ("ada-lovelace",)
        matchmaker.tick()
        assert sink.messages == []

    def test_comes_after_a_yes_too(self, matchmaker: Matchmaker, sink: SmtpSink) -> None:
        matchmaker.begin()
        for who in ("ada-lovelace", "bob-baker"):
            matchmaker.ask(who, by_hand=True)
            matchmaker.agree(who)
        assert matchmaker.decline("bob-baker").to_tell == ("ada-lovelace",)
        assert matchmaker.introduction.state is Opting.DROPPED
        matchmaker.tick()
        assert sink.messages == []

    def test_of_the_user_tells_whoever_was_asked(self, matchmaker: Matchmaker) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        matchmaker.ask("bob-baker")
        ended = opting.drop(matchmaker.alice.store, matchmaker.introduction, matchmaker.alice.now)
        assert (ended.to_tell, ended.introduction.declined) == (("ada-lovelace",), None)

    def test_does_not_stand_in_the_way_of_another_try(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        matchmaker.decline("ada-lovelace")
        matchmaker.begin()
        assert matchmaker.introduction.state is Opting.SUGGESTED
        matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        first, second = sink.messages
        assert header(first, "Message-ID") != header(second, "Message-ID")

    def test_and_another_try_in_the_same_moment_is_mailed(
        self, matchmaker: Matchmaker, sink: SmtpSink
    ) -> None:
        for _ in range(2):
            matchmaker.begin()
            matchmaker.ask("ada-lovelace")
            opting.drop(matchmaker.alice.store, matchmaker.introduction, matchmaker.alice.now)
        matchmaker.begin()
        matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        assert readers(sink) == [(ADA,)]


class TestWhoMayBeIntroduced:
    def test_two_different_people(self, matchmaker: Matchmaker) -> None:
        with pytest.raises(SenselessError, match="two different"):
            opting.check_pair(matchmaker.alice.store, matchmaker.ada, matchmaker.ada, UTC)

    def test_nobody_archived(self, matchmaker: Matchmaker) -> None:
        archived = matchmaker.bob._replace(archived=True)
        with pytest.raises(SenselessError, match="no longer on your list"):
            opting.check_pair(matchmaker.alice.store, matchmaker.ada, archived, UTC)

    def test_nobody_without_a_reason(self, matchmaker: Matchmaker) -> None:
        with pytest.raises(WrongInputError, match="--because"):
            matchmaker.begin(WANTED._replace(because="  "))

    def test_nobody_twice_at_a_time(self, matchmaker: Matchmaker) -> None:
        matchmaker.begin()
        again = matchmaker.begin(WANTED._replace(because="They sail"))
        assert (again.because, again.asked) == ("They sail", ()), "nothing had gone out yet"
        matchmaker.ask("ada-lovelace", by_hand=True)
        with pytest.raises(SenselessError, match="one of them has been asked"):
            matchmaker.begin()

    def test_one_who_left_the_list_is_written_to_no_more(self, matchmaker: Matchmaker) -> None:
        matchmaker.begin()
        matchmaker.alice.store.remove_contact("bob-baker")
        found = opting.find_introduction(matchmaker.alice.store, "ada", "bob-baker")
        with pytest.raises(SenselessError, match="no longer on your list"):
            matchmaker.ask("ada-lovelace")
        assert opting.side_of(matchmaker.alice.store, found, "bob-baker") == "bob-baker"
        opting.drop(matchmaker.alice.store, found, matchmaker.alice.now)
        assert matchmaker.introduction.state is Opting.DROPPED


def test_nothing_that_is_private_stands_in_any_mail(matchmaker: Matchmaker, sink: SmtpSink) -> None:
    alice, store = matchmaker.alice, matchmaker.alice.store
    for contact in (matchmaker.ada, matchmaker.bob):
        private = contact._replace(note="PRIVATE-note", tags=("PRIVATE-tag",))
        store.update_contact(private)
        for kind in KINDS:
            store.add_fact(Fact(contact.id, kind, f"PRIVATE-{kind}", alice.now.date()), alice.now)
    matchmaker.begin()
    for who in ("ada-lovelace", "bob-baker"):
        matchmaker.ask(who)
    matchmaker.tick()
    asked = list(sink.messages)
    for who in ("ada-lovelace", "bob-baker"):
        matchmaker.agree(who)
    matchmaker.send()
    matchmaker.tick()
    assert len(sink.messages) == 4
    for mail in sink.messages:
        assert "PRIVATE" not in mail.text + words_of(mail)
        assert WANTED.because in words_of(mail)
    for mail in asked:
        (reader,) = mail.recipients
        other = BOB if reader == ADA else ADA
        assert other not in mail.text + words_of(mail)
    for line in store.journal():
        assert "PRIVATE" not in line.because
