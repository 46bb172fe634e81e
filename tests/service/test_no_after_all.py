"""A no that comes while two are just being invited to meet: they hear nothing of each other."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from calendar_client import edit, event_of, set_status
from installation import Install, Installation
from introduced import ADA, BOB, agreed, introduction, three
from mailed import mail_table
from proxy import Fault, Proxy
from servers import Radicale, SmtpSink, User

from connectd.domain.introductions import Opting
from connectd.domain.model import Delivery, State
from connectd.errors import SenselessError
from connectd.service import opting
from connectd.service.tick import tick

ADAS, BOBS = "ada@example.test", "bob@example.test"


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    """Alice, who said yes to the draft for both."""
    alice = install(radicale.new_user(), more=mail_table(sink.port), goal=3)
    return accepted(agreed(alice, ADAS, BOBS))


def accepted(alice: Installation) -> Installation:
    alice.tick()
    edit(alice.user, alice.path(ADA), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    assert three(alice).state is State.ACCEPTED
    return alice


def decline(alice: Installation) -> opting.Ended:
    return opting.decline(alice.store, introduction(alice), BOB, alice.now)


def stored(alice: Installation) -> str:
    return str(alice.user.dav.get(alice.path(ADA)).expect(200).text)


def nobody_heard(alice: Installation, sink: SmtpSink) -> bool:
    assert introduction(alice).introduced_at is None
    assert introduction(alice).state is Opting.DROPPED
    return sink.messages == []


class TestAfterTheLastLookAtTheCalendars:
    def test_a_no_stops_the_invitation(self, alice: Installation, sink: SmtpSink) -> None:
        self._send(alice, lambda: decline(alice))
        assert introduction(alice).declined == BOB
        alice.tick(minutes=5)
        assert three(alice).state is State.WITHDRAWN
        assert nobody_heard(alice, sink)

    def test_nobody_is_invited_who_leaves_the_list(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        bob = alice.store.contact(BOB)
        assert bob
        self._send(alice, lambda: alice.store.update_contact(bob._replace(archived=True)))
        alice.tick(minutes=5)
        assert three(alice).state is State.WITHDRAWN
        assert sink.messages == []

    @staticmethod
    def _send(alice: Installation, meanwhile: Callable[[], object]) -> None:
        """Let something happen when the tick is about to send; nothing is sent."""
        asked: list[bool] = []

        def wanted() -> bool:
            asked.append(True)
            if len(asked) == 2:
                meanwhile()
            return True

        alice.now += timedelta(minutes=5)
        assert tick(alice.now, alice.means, wanted).applied == ()
        assert len(asked) >= 2
        assert three(alice).state is State.ACCEPTED
        assert ADAS not in stored(alice)


class TestWhileTheAnswerOfTheCalendarServerIsLost:
    @pytest.fixture
    def alice(self, user: User, proxy: Proxy, install: Install, sink: SmtpSink) -> Installation:
        """Alice, whose invitation the server took without a word; nobody knows that yet."""
        sends = '[delivery]\nsender = "mail"\n'
        alice = install(user, url=proxy.url, more=mail_table(sink.port) + sends)
        accepted(agreed(alice, ADAS, BOBS))
        proxy.inject(Fault(drop=True), "PUT")
        proxy.inject(Fault(), "GET", part=alice.path(ADA))
        proxy.inject(Fault(forward=False, drop=True), "GET", part=alice.path(ADA), times=9)
        alice.tick(minutes=5)
        alice.restart()
        assert three(alice).state is State.ACCEPTED
        assert alice.store.unfinished_intents()
        return alice

    def test_a_no_then_takes_it_back_and_nobody_is_mailed(
        self, alice: Installation, proxy: Proxy, sink: SmtpSink
    ) -> None:
        assert decline(alice).to_tell == (ADA,)
        proxy.clear()
        for _ in range(2):
            alice.tick(minutes=5)
        assert three(alice).state is State.CANCELLED
        assert event_of(stored(alice))["STATUS"] == "CANCELLED"
        assert nobody_heard(alice, sink)
        for line in alice.store.journal():
            if line.meeting == three(alice).uid:
                assert "rather not" not in line.because


class TestWhileTheMailsWait:
    @pytest.fixture
    def alice(self, alice: Installation, sink: SmtpSink) -> Installation:
        """Alice, whose invitation stands while nothing could be mailed."""
        sink.stop()
        alice.tick(minutes=5)
        assert introduction(alice).state is Opting.INTRODUCED
        return alice

    @pytest.fixture
    def later(self, alice: Installation, sink: SmtpSink) -> Iterator[SmtpSink]:
        """Return the mail server, which is there again."""
        later = SmtpSink()
        alice.configure(f"port = {sink.port}", f"port = {later.port}")
        yield later
        later.stop()

    def test_a_no_counts_and_nobody_is_mailed(self, alice: Installation, later: SmtpSink) -> None:
        assert decline(alice).to_tell == (ADA,)
        for _ in range(2):
            alice.tick(minutes=5)
        assert nobody_heard(alice, later)
        meeting = three(alice)
        assert (meeting.state, meeting.delivery) == (State.CANCELLED, Delivery.MAIL)
        assert event_of(stored(alice))["STATUS"] == "CANCELLED"

    def test_the_user_may_give_it_up(self, alice: Installation, later: SmtpSink) -> None:
        opting.drop(alice.store, introduction(alice), alice.now)
        alice.tick(minutes=5)
        assert nobody_heard(alice, later)

    def test_a_no_is_too_late_once_one_of_them_may_have_heard(self, alice: Installation) -> None:
        (mail, _) = alice.store.mails_of(three(alice).uid)
        alice.store.save_mail_stage(mail.message_id, "handed_over")
        with pytest.raises(SenselessError, match="cancel it in your calendar"):
            decline(alice)
        assert introduction(alice).state is Opting.INTRODUCED
        assert [m.stage for m in alice.store.mails_of(three(alice).uid)] == [
            "handed_over",
            "queued",
        ]

    def test_a_conversation_that_goes_on_stops_where_the_mail_was_taken_back(
        self, alice: Installation
    ) -> None:
        (mail, _) = alice.store.mails_of(three(alice).uid)
        alice.store.save_mail_stage(mail.message_id, "offered")
        decline(alice)
        assert not alice.store.save_mail_stage(mail.message_id, "handed_over")


def test_who_was_invited_and_introduced_is_told_by_the_user(alice: Installation) -> None:
    alice.tick(minutes=5)
    with pytest.raises(SenselessError, match="cancel it in your calendar"):
        decline(alice)
    with pytest.raises(SenselessError, match="cancel it in your calendar"):
        opting.drop(alice.store, introduction(alice), alice.now)
