"""A meeting in which two contacts are introduced to each other, from the draft to the day after."""

from datetime import timedelta
from email import message_from_string

import pytest
from calendar_client import addresses, answer, edit, event_of, move, prefix, set_status
from installation import Install, Installation
from introduced import ADA, BECAUSE, BOB, agreed, introduction, three
from mailed import event_in, mail_table, words_of
from servers import Radicale, SentMail, SmtpSink, User, Xandikos

from connectd.domain.introductions import Opting
from connectd.domain.model import Delivery, State
from connectd.service import answers

ADAS, BOBS = "ada@example.test", "bob@example.test"
TITLE = "Coffee – Alice, Ada & Bob"  # noqa: RUF001 (a dash between words)
DAY = timedelta(days=1)


def stored(alice: Installation) -> str:
    return alice.user.dav.get(alice.path(ADA)).expect(200).text


def say_yes(alice: Installation) -> None:
    edit(alice.user, alice.path(ADA), prefix("OK"))
    alice.tick(minutes=5)
    assert alice.state(ADA) is State.ACCEPTED


def both_say_yes(alice: Installation) -> None:
    for address in (ADAS, BOBS):
        edit(alice.user, alice.path(ADA), answer(address, "ACCEPTED"))


def to_whom(mails: list[SentMail]) -> list[tuple[str, str]]:
    """Return METHOD and reader of each mail, in the order of the alphabet."""
    return sorted((mail.method, *mail.recipients) for mail in mails)


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    alice = install(radicale.new_user(), more=mail_table(sink.port), goal=3)
    return agreed(alice, ADAS, BOBS)


class TestTheDraft:
    def test_is_one_for_both_and_names_no_address(self, alice: Installation) -> None:
        (deed,) = alice.tick().applied
        meeting = three(alice)
        assert (meeting.contact, meeting.other, meeting.state) == (ADA, BOB, State.DRAFTED)
        assert BECAUSE in " ".join(meeting.reasons)
        assert BECAUSE not in deed.detail
        (text,) = alice.drafted().values()
        event = event_of(text)
        assert event["SUMMARY"] == "? Ada Ash & Bob Baker – coffee"  # noqa: RUF001 (a dash)
        assert "nothing has been sent, and Ada and Bob know nothing of" in event["DESCRIPTION"]
        for address in (ADAS, BOBS):
            assert address not in text.replace("\r\n ", "").lower()
        assert introduction(alice).meeting == meeting.uid
        assert introduction(alice).state is Opting.AGREED

    def test_is_found_under_either_name(self, alice: Installation) -> None:
        alice.tick()
        bob = alice.store.contact(BOB)
        assert bob
        said = answers.decline(alice.store, bob, alice.now, alice.config.me.timezone)
        assert said.meeting
        assert said.meeting.uid == three(alice).uid
        alice.tick(minutes=5)
        assert alice.drafted() == {}

    def test_is_made_again_after_a_week_and_three_times_at_most(self, alice: Installation) -> None:
        ada = alice.store.contact(ADA)
        assert ada
        for attempt in (1, 2, 3):
            alice.tick(days=8)
            assert three(alice).attempt == attempt
            answers.decline(alice.store, ada, alice.now, alice.config.me.timezone)
            alice.tick(days=6)
            assert three(alice).attempt == attempt
        alice.tick(days=8)
        assert [m.attempt for m in alice.store.meetings() if m.other] == [1, 2, 3]
        assert introduction(alice).is_open

    def test_goes_when_one_of_them_no_longer_agrees(self, alice: Installation) -> None:
        alice.tick()
        say_yes(alice)
        alice.store.save_introduction(introduction(alice)._replace(dropped_at=alice.now))
        alice.tick(minutes=5)
        assert three(alice).state is State.WITHDRAWN
        assert not any(text for text in alice.drafted().values() if "Ada Ash &" in text)


class TestTheInvitation:
    @pytest.fixture
    def alice(self, alice: Installation) -> Installation:
        alice.tick()
        say_yes(alice)
        return alice

    def test_is_mailed_once_to_each(self, alice: Installation, sink: SmtpSink) -> None:
        assert sink.messages == []
        (deed,) = alice.tick(minutes=5).applied
        assert (deed.action, deed.meeting) == ("invite", three(alice).uid)
        alice.restart()
        for _ in range(2):
            assert alice.tick(minutes=5).applied == ()
        assert to_whom(sink.messages) == [("REQUEST", ADAS), ("REQUEST", BOBS)]
        first, second = sink.messages
        assert first.calendar == second.calendar
        assert event_in(first)["SUMMARY"] == TITLE
        assert set(addresses(event_in(first))) == {alice.user.email, ADAS, BOBS}
        ids = [message_from_string(mail.text)["Message-ID"] for mail in (first, second)]
        assert len(set(ids)) == 2
        meeting = three(alice)
        assert (meeting.state, meeting.delivery) == (State.INVITED, Delivery.MAIL)
        assert meeting.delivery_detail.startswith(f"{ADA}: mailed to {ADAS}")
        assert f"{BOB}: mailed to {BOBS}" in meeting.delivery_detail

    def test_tells_nothing_that_is_private(self, alice: Installation, sink: SmtpSink) -> None:
        alice.tick(minutes=5)
        for text in (stored(alice), *(mail.text for mail in sink.messages)):
            assert "PRIVATE" not in text.replace("\r\n ", "")
        for mail in sink.messages:
            assert "PRIVATE" not in mail.calendar + words_of(mail)
            assert "Alice Example would like to meet you both" in words_of(mail)

    def test_introduces_them_whatever_becomes_of_it(self, alice: Installation) -> None:
        alice.tick(minutes=5)
        assert introduction(alice).introduced_at == alice.now
        edit(alice.user, alice.path(ADA), set_status("CANCELLED"))
        alice.tick(minutes=5)
        assert three(alice).state is State.CANCELLED
        assert introduction(alice).state is Opting.INTRODUCED
        alice.tick(days=20)
        assert len([m for m in alice.store.meetings() if m.other]) == 1

    def test_is_confirmed_once_both_have_accepted(self, alice: Installation) -> None:
        alice.tick(minutes=5)
        edit(alice.user, alice.path(ADA), answer(BOBS, "ACCEPTED"))
        assert alice.tick(minutes=5).applied == ()
        assert three(alice).state is State.INVITED
        edit(alice.user, alice.path(ADA), answer(ADAS, "ACCEPTED"))
        (deed,) = alice.tick(minutes=5).applied
        assert (deed.action, deed.detail) == ("confirm", "both accepted")

    def test_is_off_when_one_declines_and_the_other_hears_of_it(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        alice.tick(minutes=5)
        edit(alice.user, alice.path(ADA), answer(BOBS, "DECLINED"))
        (deed,) = alice.tick(minutes=5).applied
        assert (deed.action, deed.detail) == ("turn_down", f"{BOB} declined")
        alice.restart()
        alice.tick(minutes=5)
        assert three(alice).state is State.TURNED_DOWN
        assert event_of(stored(alice))["STATUS"] == "CANCELLED"
        cancels = [mail for mail in sink.messages if mail.method == "CANCEL"]
        assert to_whom(cancels) == [("CANCEL", ADAS)]

    def test_when_moved_is_mailed_to_each_and_asks_both_anew(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        alice.tick(minutes=5)
        both_say_yes(alice)
        alice.tick(minutes=5)
        assert three(alice).state is State.CONFIRMED
        edit(alice.user, alice.path(ADA), move(DAY))
        alice.tick(minutes=5)
        alice.restart()
        alice.tick(minutes=5)
        assert to_whom(sink.messages[2:]) == [("REQUEST", ADAS), ("REQUEST", BOBS)]
        assert three(alice).state is State.INVITED
        edit(alice.user, alice.path(ADA), answer(ADAS, "ACCEPTED"))
        alice.tick(minutes=5)
        assert three(alice).state is State.INVITED
        edit(alice.user, alice.path(ADA), answer(BOBS, "ACCEPTED"))
        alice.tick(minutes=5)
        assert three(alice).state is State.CONFIRMED

    def test_when_called_off_is_mailed_to_each(self, alice: Installation, sink: SmtpSink) -> None:
        alice.tick(minutes=5)
        edit(alice.user, alice.path(ADA), set_status("CANCELLED"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert to_whom(sink.messages[2:]) == [("CANCEL", ADAS), ("CANCEL", BOBS)]

    def test_counts_for_both_once_it_is_over(self, alice: Installation) -> None:
        alice.tick(minutes=5)
        both_say_yes(alice)
        alice.tick(minutes=5)
        alice.tick(days=3)
        tasks = [text for text in alice.drafted().values() if "BEGIN:VTODO" in text]
        assert any("How was it with Ada and Bob?" in text for text in tasks)
        ada = alice.store.contact(ADA)
        assert ada
        zone = alice.config.me.timezone
        answers.done(alice.store, ada, alice.now, zone, facts=[("need", "a tutor")])
        met = [(e.contact, e.meeting) for e in alice.store.encounters()]
        assert met == [(ADA, three(alice).uid), (BOB, three(alice).uid)]
        assert [fact.text for fact in alice.store.facts(ADA)] == ["a tutor"]
        assert alice.store.facts(BOB) == ()
        answers.missed(alice.store, ada, alice.now, zone)
        assert alice.store.encounters() == ()


class TestOnAServerThatSchedules:
    @pytest.fixture
    def ada(self, xandikos: Xandikos) -> User:
        return xandikos.new_user("ada")

    @pytest.fixture
    def bob(self, xandikos: Xandikos) -> User:
        return xandikos.new_user("bob")

    @pytest.fixture
    def alice(self, xandikos: Xandikos, install: Install, ada: User, bob: User) -> Installation:
        """Alice, who has just invited both from a calendar that is not her default one."""
        user = xandikos.new_user("alice")
        alice = agreed(install(user, goal=3), ada.email, bob.email)
        alice.tick()
        edit(user, alice.path(ADA), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        assert [person.dav.objects(person.calendar) for person in (ada, bob)] == [{}, {}]
        alice.tick(minutes=5)
        assert three(alice).state is State.INVITED
        return alice

    def test_both_are_asked_and_answer_there(
        self, alice: Installation, ada: User, bob: User
    ) -> None:
        user = alice.user
        assert three(alice).delivery is Delivery.SERVER
        assert three(alice).delivery_detail.startswith("2.0")
        for person, state in ((ada, State.INVITED), (bob, State.CONFIRMED)):
            (text,) = person.dav.objects(person.calendar).values()
            assert event_of(text)["SUMMARY"] == TITLE
            assert set(addresses(event_of(text))) == {user.email, ada.email, bob.email}
            reply(person, "ACCEPTED")
            alice.tick(minutes=5)
            assert three(alice).state is state
        report = alice.tick(minutes=5)
        assert (report.applied, report.failures) == ((), ())

    def test_a_no_of_one_calls_it_off_for_the_other(
        self, alice: Installation, ada: User, bob: User
    ) -> None:
        reply(bob, "DECLINED")
        (deed,) = alice.tick(minutes=5).applied
        assert (deed.action, deed.detail) == ("turn_down", f"{BOB} declined")
        alice.tick(minutes=5)
        (copy,) = ada.dav.objects(ada.calendar).values()
        assert event_of(copy)["STATUS"] == "CANCELLED"

    def test_a_yes_of_one_to_another_time_is_none_to_this_one(
        self, alice: Installation, ada: User, bob: User
    ) -> None:
        """The server lets their answers to the old time stand."""
        for person in (ada, bob):
            reply(person, "ACCEPTED")
        alice.tick(minutes=5)
        assert three(alice).state is State.CONFIRMED
        edit(alice.user, alice.path(ADA), move(timedelta(hours=1)))
        for _ in range(3):
            alice.tick(minutes=5)
        assert three(alice).state is State.INVITED
        reply(bob, "DECLINED")
        alice.tick(minutes=5)
        assert three(alice).state is State.TURNED_DOWN


def reply(person: User, partstat: str) -> None:
    """Let somebody answer in their own calendar, as their calendar program does."""
    (href,) = person.dav.objects(person.calendar)
    edit(person, href, answer(person.email, partstat))
