"""Introduction letters that are not to be sent, since somebody left the list, or were refused."""

from collections.abc import Iterator

import pytest
from installation import Install, Installation
from mail_sink import MailSink
from mailed import mail_table
from matchmaker import BOB, Matchmaker
from servers import Radicale

from connectd.domain.introductions import Opting
from connectd.errors import SenselessError
from connectd.service.introduction_letters import letters_to_both, question_letter
from connectd.service.suggesting import Entry, overview

NO_SUCH_USER = "550 no such user"


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: MailSink) -> Installation:
    return install(radicale.new_user(), more=mail_table(sink.port))


@pytest.fixture
def matchmaker(alice: Installation) -> Matchmaker:
    matchmaker = Matchmaker(alice)
    matchmaker.begin()
    return matchmaker


def readers(sink: MailSink) -> list[str]:
    return [address for mail in sink.mails for address in mail.recipients]


def entry(matchmaker: Matchmaker) -> Entry:
    alice = matchmaker.alice
    (found,) = overview(alice.store, alice.now, alice.config.me.timezone).entries
    return found


class TestSomebodyWhoLeftTheList:
    @pytest.fixture(params=["archived", "removed"])
    def leave(self, request: pytest.FixtureRequest, matchmaker: Matchmaker) -> None:
        """Bob's question waits to be mailed as he leaves the list."""
        store = matchmaker.alice.store
        matchmaker.ask("ada-lovelace")
        matchmaker.ask("bob-baker")
        if request.param == "archived":
            store.update_contact(matchmaker.bob._replace(archived=True))
        else:
            store.remove_contact("bob-baker")

    @pytest.mark.usefixtures("leave")
    def test_is_not_asked_and_nobody_is_asked_about_them(
        self, matchmaker: Matchmaker, sink: MailSink
    ) -> None:
        matchmaker.tick()
        assert sink.mails == []
        assert entry(matchmaker).gone == ("bob-baker",)
        for who in ("ada-lovelace", "bob-baker"):
            with pytest.raises(SenselessError, match="no longer on your list"):
                matchmaker.ask(who, by_hand=True)
        assert matchmaker.decline("ada-lovelace").to_tell == (), "bob has heard nothing"

    def test_is_not_introduced(self, matchmaker: Matchmaker, sink: MailSink) -> None:
        for who in ("ada-lovelace", "bob-baker"):
            matchmaker.agree(who)
        matchmaker.alice.store.update_contact(matchmaker.bob._replace(archived=True))
        with pytest.raises(SenselessError, match="no longer on your list"):
            matchmaker.send()
        matchmaker.alice.store.update_contact(matchmaker.bob)
        matchmaker.send()
        matchmaker.alice.store.update_contact(matchmaker.ada._replace(archived=True))
        matchmaker.tick()
        assert sink.mails == []
        stages = {letter.stage for letter in entry(matchmaker).to_both.values()}
        assert stages == {"refused"}

    @pytest.mark.usefixtures("leave")
    def test_may_be_asked_when_they_are_back(self, matchmaker: Matchmaker, sink: MailSink) -> None:
        matchmaker.tick()
        store = matchmaker.alice.store
        if store.contact("bob-baker"):
            store.update_contact(matchmaker.bob)
        else:
            store.add_contact(matchmaker.bob)
        matchmaker.ask("bob-baker")
        matchmaker.tick()
        assert readers(sink) == [BOB]


class TestAQuestionThatWasRefused:
    @pytest.fixture(autouse=True)
    def refuse(self, matchmaker: Matchmaker, sink: MailSink) -> None:
        """Ada's address was wrong."""
        sink.answers["RCPT"] = NO_SUCH_USER
        matchmaker.ask("ada-lovelace")
        (failure,) = matchmaker.alice.tick(minutes=5).failures
        assert "refused a letter" in failure.reason
        del sink.answers["RCPT"]

    def test_may_be_asked_again_at_another_address(
        self, matchmaker: Matchmaker, sink: MailSink
    ) -> None:
        store = matchmaker.alice.store
        store.update_contact(matchmaker.ada._replace(emails=("right@example.test",)))
        assert matchmaker.ask("ada-lovelace").mailed
        with pytest.raises(SenselessError, match="been asked already"):
            matchmaker.ask("ada-lovelace")
        matchmaker.tick()
        matchmaker.tick()
        assert readers(sink) == ["right@example.test"]
        assert matchmaker.introduction.asked == ("ada-lovelace",)
        assert entry(matchmaker).letters["ada-lovelace"].stage == "sent"

    def test_is_not_asked_again_of_somebody_who_has_agreed(self, matchmaker: Matchmaker) -> None:
        matchmaker.agree("ada-lovelace")
        with pytest.raises(SenselessError, match="agreed already"):
            matchmaker.ask("ada-lovelace")

    def test_counts_as_asked_once_the_user_asks(self, matchmaker: Matchmaker) -> None:
        matchmaker.ask("ada-lovelace", by_hand=True)
        letter = question_letter(matchmaker.alice.store, matchmaker.introduction, "ada-lovelace")
        assert letter
        assert letter.stage == "dropped"
        with pytest.raises(SenselessError, match="been asked already"):
            matchmaker.ask("ada-lovelace")


class TestAMailToBothThatWasRefused:
    @pytest.fixture(autouse=True)
    def refuse(self, matchmaker: Matchmaker, sink: MailSink) -> None:
        for who in ("ada-lovelace", "bob-baker"):
            matchmaker.agree(who)
        sink.answers["RCPT"] = NO_SUCH_USER
        matchmaker.send()
        assert len(matchmaker.alice.tick(minutes=5).failures) == 2

    def test_is_the_users_to_write(self, matchmaker: Matchmaker) -> None:
        assert {one.stage for one in entry(matchmaker).to_both.values()} == {"refused"}
        assert "please meet Bob Baker" in matchmaker.send(by_hand=True).text
        assert {one.stage for one in entry(matchmaker).to_both.values()} == {"dropped"}
        with pytest.raises(SenselessError, match="they have been introduced"):
            matchmaker.decline("bob-baker")

    def test_has_introduced_nobody(self, matchmaker: Matchmaker) -> None:
        matchmaker.decline("bob-baker")
        assert matchmaker.introduction.state is Opting.DROPPED
        stages = letters_to_both(matchmaker.alice.store, matchmaker.introduction).values()
        assert {letter.stage for letter in stages} == {"dropped"}
