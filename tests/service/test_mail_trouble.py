"""A mail server in trouble: nothing is mailed twice, whatever goes wrong, and nothing is lost."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from accounts import event
from calendar_client import edit, move, repeat, set_status
from installation import Install, Installation
from mail_sink import MailSink
from mailed import BOB, CONTACT, event_in, mail_table, methods, path, said_yes
from proxy import Fault, Proxy
from servers import Radicale, SmtpSink, wait_until

from connectd.domain.model import Delivery, Span, State
from connectd.edges.smtp import Login, MailServer, Stage
from connectd.service import answers
from connectd.service.handing_over import end_rest, rests

DAY = timedelta(days=1)
UNENCRYPTED = "ignore:Requiring AUTH while not requiring TLS"


@pytest.fixture
def alice(radicale: Radicale, install: Install, sink: SmtpSink) -> Installation:
    return said_yes(radicale.new_user(), install, sink)


@pytest.fixture
def later() -> Iterator[SmtpSink]:
    """Return a second mail server, for when the first one is gone."""
    later = SmtpSink()
    yield later
    later.stop()


def use(alice: Installation, later: SmtpSink, *, instead_of: SmtpSink) -> None:
    """Let connectd mail through the one server instead of the other."""
    alice.configure(f"port = {instead_of.port}", f"port = {later.port}")


class TestAMailServer:
    def test_that_cannot_be_reached_gets_the_mail_later(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        sink.stop()
        report = alice.tick(minutes=5)
        assert [deed.action for deed in report.applied] == ["invite"]
        (failure,) = report.failures
        assert "tried again" in failure.reason
        assert alice.meeting(CONTACT).delivery_detail == "waits to be mailed"
        alice.tick(minutes=5)
        use(alice, later, instead_of=sink)
        (deed,) = alice.tick(minutes=5).applied
        assert deed.detail.startswith(f"mailed to {BOB}")
        alice.tick(minutes=5)
        assert methods(later) == [("REQUEST", 4)]

    def test_is_told_only_the_latest(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        sink.stop()
        alice.tick(minutes=5)
        edit(alice.user, path(alice), move(DAY))
        alice.tick(minutes=5)
        use(alice, later, instead_of=sink)
        alice.tick(minutes=5)
        (mail,) = later.messages
        assert event_in(mail).decoded("DTSTART") == alice.meeting(CONTACT).span.start

    def test_hears_nothing_of_a_meeting_that_is_off_before_it_could_be_sent(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        sink.stop()
        alice.tick(minutes=5)
        edit(alice.user, path(alice), set_status("CANCELLED"))
        alice.tick(minutes=5)
        use(alice, later, instead_of=sink)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert later.messages == []

    def test_hears_nothing_while_the_event_is_gone(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        """A deletion is a no only once it has lasted, but until then it is no yes either."""
        sink.stop()
        alice.tick(minutes=5)
        alice.user.dav.delete(path(alice)).expect(200, 204)
        use(alice, later, instead_of=sink)
        alice.tick(minutes=5)
        assert alice.meeting(CONTACT).state is State.INVITED
        alice.tick(minutes=15)
        assert alice.meeting(CONTACT).state is State.CANCELLED
        alice.tick(minutes=5)
        assert later.messages == []

    def test_hears_nothing_while_the_time_is_taken(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        sink.stop()
        alice.tick(minutes=5)
        dentist = f"{alice.user.calendar}dentist.ics"
        span = alice.meeting(CONTACT).span
        alice.user.dav.put(dentist, event("d", span, "Dentist"), new=True).expect(201)
        use(alice, later, instead_of=sink)
        (failure,) = alice.tick(minutes=5).failures
        assert failure.reason == "not mailed yet: the time is taken by “Dentist”"
        assert later.messages == []
        alice.user.dav.delete(dentist).expect(200, 204)
        alice.tick(minutes=5)
        assert methods(later) == [("REQUEST", 4)]

    def test_is_told_where_the_user_moved_it_although_that_time_is_taken(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        sink.stop()
        alice.tick(minutes=5)
        there = alice.meeting(CONTACT).span.start + DAY
        audit = event("a", Span(there, there + timedelta(hours=1)), "Audit")
        alice.user.dav.put(f"{alice.user.calendar}audit.ics", audit, new=True).expect(201)
        edit(alice.user, path(alice), move(DAY))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.meeting(CONTACT).is_contested
        use(alice, later, instead_of=sink)
        alice.tick(minutes=5)
        (mail,) = later.messages
        assert event_in(mail).decoded("DTSTART") == there

    @pytest.mark.parametrize("why", ["its time has come", "it became a series"])
    def test_gets_no_invitation_that_is_pointless_by_then(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink, why: str
    ) -> None:
        sink.stop()
        alice.tick(minutes=5)
        if why == "its time has come":
            alice.now = alice.meeting(CONTACT).span.start
        else:
            edit(alice.user, path(alice), repeat)
        use(alice, later, instead_of=sink)
        alice.tick()
        alice.tick(minutes=5)
        assert later.messages == []
        assert alice.store.waiting_mails() == ()
        assert alice.meeting(CONTACT).delivery is Delivery.MANUAL

    def test_gets_no_cancellation_of_what_is_over_by_then(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        alice.tick(minutes=5)
        sink.stop()
        edit(alice.user, path(alice), set_status("CANCELLED"))
        alice.tick(minutes=5)
        (waiting,) = alice.store.waiting_mails()
        assert waiting.method == "CANCEL"
        use(alice, later, instead_of=sink)
        alice.now = alice.meeting(CONTACT).span.end
        alice.tick()
        assert later.messages == []
        assert alice.store.waiting_mails() == ()

    @pytest.mark.parametrize("stage", list(Stage))
    def test_after_a_crash_in_any_stage_nothing_is_mailed_twice(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink, stage: Stage
    ) -> None:
        """The record as it is when the program is killed right after this stage was noted."""
        sink.stop()
        alice.tick(minutes=5)
        (mail,) = alice.store.mails_of(alice.meeting(CONTACT).uid)
        alice.store.save_mail_stage(mail.message_id, stage)
        use(alice, later, instead_of=sink)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        meeting = alice.meeting(CONTACT)
        if stage is Stage.HANDED_OVER:
            assert later.messages == []
            assert meeting.delivery is Delivery.UNKNOWN
        elif stage is Stage.ACCEPTED:
            assert later.messages == []
            assert meeting.delivery is Delivery.MAIL
        else:
            assert len(later.messages) == 1
            assert meeting.delivery is Delivery.MAIL

    def test_that_says_nothing_while_the_program_is_killed_leaves_the_mail_in_doubt(
        self, alice: Installation, sink: SmtpSink
    ) -> None:
        sink.stop()
        with MailSink() as hanging:
            hanging.hang = True
            alice.configure(f"port = {sink.port}", f"port = {hanging.port}")
            alice.now += timedelta(minutes=5)
            moment = f"{alice.now:%Y-%m-%dT%H:%M:%SZ}"
            command = alice.command("--now", moment, "tick")
            with subprocess.Popen(command, env={**os.environ}) as process:
                wait_until(lambda: bool(hanging.mails), "the mail to be handed over")
                process.kill()
            hanging.hang = False
            (failure,) = alice.tick(minutes=5).failures
            assert "cannot be known" in failure.reason
            alice.tick(minutes=5)
            assert len(hanging.mails) == 1
        assert alice.meeting(CONTACT).delivery is Delivery.UNKNOWN

    def test_a_mail_in_doubt_is_sent_again_on_the_users_word_alone(
        self, alice: Installation, sink: SmtpSink, later: SmtpSink
    ) -> None:
        sink.stop()
        alice.tick(minutes=5)
        (mail,) = alice.store.mails_of(alice.meeting(CONTACT).uid)
        alice.store.save_mail_stage(mail.message_id, Stage.HANDED_OVER)
        use(alice, later, instead_of=sink)
        alice.tick(minutes=5)
        assert later.messages == []
        alice.says(answers.resend)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        (again,) = later.messages
        assert mail.message_id in again.text
        assert alice.meeting(CONTACT).delivery is Delivery.MAIL


class TestARefusal:
    @pytest.fixture
    def refusing(self, alice: Installation, sink: SmtpSink) -> Iterator[MailSink]:
        """Return a mail server that says no; what it says is in its answers."""
        with MailSink() as refusing:
            alice.configure(f"port = {sink.port}", f"port = {refusing.port}")
            yield refusing

    @pytest.fixture
    def refused(self, alice: Installation) -> Iterator[Installation]:
        """Alice, whose password for the mail server is wrong."""
        with MailSink(users={"alice": "hunter2"}) as sink:
            mail = MailServer("127.0.0.1", sink.port, "none", lambda: Login("alice", "wrong"))
            alice.means = replace(alice.means, mail=mail)
            yield alice

    def test_of_the_mail_leaves_it_to_the_user(
        self, alice: Installation, refusing: MailSink
    ) -> None:
        refusing.answers["RCPT"] = "550 5.1.1 nobody of that name"
        (failure,) = alice.tick(minutes=5).failures
        assert "please tell them yourself" in failure.reason
        assert alice.meeting(CONTACT).delivery is Delivery.MANUAL
        refusing.answers.clear()
        report = alice.tick(minutes=5)
        assert (report.applied, report.failures) == ((), ())
        edit(alice.user, path(alice), move(DAY))
        alice.tick(minutes=5)
        assert alice.meeting(CONTACT).delivery is Delivery.MANUAL
        edit(alice.user, path(alice), set_status("CANCELLED"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert refusing.mails == []

    @pytest.mark.filterwarnings(UNENCRYPTED)
    def test_of_the_login_is_not_repeated_for_an_hour(self, refused: Installation) -> None:
        (failure,) = refused.tick(minutes=5).failures
        assert "run `connectd doctor`" in failure.reason
        years_ago = refused.now - timedelta(days=2_000)
        assert not rests(refused.means, years_ago), "the clock was wrong when it was refused"
        assert refused.tick(minutes=59).failures == ()
        (failure,) = refused.tick(minutes=1).failures
        assert "tried again" in failure.reason

    @pytest.mark.filterwarnings(UNENCRYPTED)
    def test_of_the_login_is_over_once_somebody_could_log_in(self, refused: Installation) -> None:
        refused.tick(minutes=5)
        end_rest(refused.store)
        (failure,) = refused.tick(minutes=5).failures
        assert "tried again" in failure.reason

    def test_of_mail_without_a_login_is_no_refusal_of_one(
        self, alice: Installation, refusing: MailSink
    ) -> None:
        refusing.answers["MAIL"] = "530 5.7.0 log in first"
        (failure,) = alice.tick(minutes=5).failures
        assert "tried again" in failure.reason
        refusing.answers.clear()
        (deed,) = alice.tick(minutes=1).applied
        assert deed.detail.startswith(f"mailed to {BOB}")
        assert len(refusing.mails) == 1


def test_an_invitation_whose_place_in_the_calendar_was_in_doubt_is_mailed_once(
    radicale: Radicale, install: Install, sink: SmtpSink
) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        alice = install(user, url=proxy.url, more=mail_table(sink.port))
        alice.add(email=BOB)
        alice.tick()
        edit(user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        proxy.inject(Fault(drop=True), "PUT")
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert [mail.method for mail in sink.messages] == ["REQUEST"]
        assert alice.meeting().delivery is Delivery.MAIL


def test_a_mail_server_that_hangs_up_after_a_mail_is_not_given_it_again(
    alice: Installation, sink: SmtpSink
) -> None:
    with MailSink() as rude:
        rude.drop = True
        alice.configure(f"port = {sink.port}", f"port = {rude.port}")
        (failure,) = alice.tick(minutes=5).failures
        assert "cannot be known" in failure.reason
        rude.drop = False
        alice.tick(minutes=5)
        assert len(rude.mails) == 1
    assert alice.meeting(CONTACT).delivery is Delivery.UNKNOWN
