"""The test servers themselves: whom their users can invite, and which mails are counted."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from accounts import HOUR, event
from servers import Cyrus, Davical, SmtpSink, Sogo, User, Xandikos
from servers.outgoing import to
from servers.process import Process, listening, wait_until

MailingServer = Xandikos | Cyrus | Davical | Sogo


@pytest.fixture(scope="module", params=["xandikos", "cyrus", "davical", "sogo"])
def mailing(request: pytest.FixtureRequest) -> MailingServer:
    server: MailingServer = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def alice(mailing: MailingServer) -> User:
    return mailing.new_user("alice")


@pytest.fixture
def bob(mailing: MailingServer) -> User:
    return mailing.new_user("bob")


def guest_of(user: User) -> str:
    """Return the address of somebody outside, whom nobody else invites."""
    return f"guest-of-{user.name}@elsewhere.test"


def invite(alice: User, *guests: str) -> str:
    """Let alice put an invitation into her calendar; returns its URL."""
    href = f"{alice.calendar}{alice.name}.ics"
    people = [
        f"ORGANIZER:mailto:{alice.email}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{alice.email}",
        *(f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{guest}" for guest in guests),
    ]
    text = event(f"coffee-of-{alice.name}", HOUR, "Coffee", *people)
    alice.dav.put(href, text, new=True).expect(201)
    return href


class TestInvitations:
    def test_bob_finds_the_invitation(self, alice: User, bob: User) -> None:
        invite(alice, bob.email)
        [text] = bob.dav.objects(bob.calendar).values()
        assert f"UID:coffee-of-{alice.name}" in text
        assert f"mailto:{alice.email}" in text

    def test_bob_is_told_that_it_is_cancelled(self, alice: User, bob: User) -> None:
        href = invite(alice, bob.email)
        assert bob.dav.objects(bob.calendar)
        alice.dav.delete(href).expect(200, 204)
        texts = bob.dav.objects(bob.calendar).values()
        assert all("STATUS:CANCELLED" in text for text in texts)

    def test_a_stranger_gets_nothing(self, alice: User, bob: User) -> None:
        invite(alice, guest_of(alice))
        assert bob.dav.objects(bob.calendar) == {}


class TestMails:
    def test_mails_to_a_guest_outside_are_counted(
        self, mailing: MailingServer, alice: User
    ) -> None:
        guest = guest_of(alice)
        href = invite(alice, guest)
        sent = to(guest, mailing.mails())
        # DAViCal mails no invitation, though it does mail that one is cancelled
        invited = [] if isinstance(mailing, Davical) else ["REQUEST"]
        assert [mail.method for mail in sent] == invited
        alice.dav.delete(href).expect(200, 204)
        sent = to(guest, mailing.mails())
        assert [mail.method for mail in sent] == [*invited, "CANCEL"]
        assert {mail.uid for mail in sent} == {f"coffee-of-{alice.name}"}
        assert {mail.recipients for mail in sent} == {(guest,)}

    def test_mails_on_the_server_itself_are_counted(
        self, mailing: MailingServer, alice: User, bob: User
    ) -> None:
        invite(alice, bob.email)
        # SOGo mails to its own users as well
        mailed = ["REQUEST"] if isinstance(mailing, Sogo) else []
        assert [mail.method for mail in to(bob.email, mailing.mails())] == mailed

    def test_what_concerns_nobody_else_is_not_mailed(
        self, mailing: MailingServer, alice: User
    ) -> None:
        before = mailing.mails()
        href = f"{alice.calendar}alone.ics"
        alice.dav.put(href, event("alone", HOUR), new=True).expect(201)
        alice.dav.delete(href).expect(200, 204)
        assert mailing.mails() == before


class TestTheSink:
    @pytest.fixture
    def sink(self) -> Iterator[SmtpSink]:
        sink = SmtpSink()
        yield sink
        sink.stop()

    def test_it_keeps_what_it_takes(self, sink: SmtpSink) -> None:
        message = EmailMessage()
        message["Subject"] = "Käffchen"
        message["From"] = "alice@example.test"
        message["To"] = "Bob <bob@example.test>"
        message.set_content("See you")
        calendar = event("coffee", HOUR, "Ä" * 80).replace(
            "BEGIN:VEVENT", "METHOD:REPLY\r\nBEGIN:VEVENT"
        )
        message.add_alternative(calendar, subtype="calendar")
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.send_message(message, to_addrs=["bob@example.test", "Carol@example.test"])
        [mail] = sink.messages
        assert mail.sender == "alice@example.test"
        assert mail.recipients == ("bob@example.test", "carol@example.test")
        assert (mail.method, mail.uid) == ("REPLY", "coffee")
        assert "Ä" * 80 in mail.calendar
        assert to("carol@example.test", sink.messages) == [mail]
        assert to("dora@example.test", sink.messages) == []

    def test_a_mail_without_a_calendar_has_no_method(self, sink: SmtpSink) -> None:
        with smtplib.SMTP("127.0.0.1", sink.port) as client:
            client.sendmail("a@example.test", "b@example.test", "Subject: Hello\r\n\r\nMETHOD:X")
        assert [(mail.method, mail.calendar) for mail in sink.messages] == [("", "")]


class TestProcesses:
    def test_one_that_does_not_start_says_why_and_leaves_nothing(self, tmp_path: Path) -> None:
        pid = tmp_path / "pid"
        script = f"sleep 600 & echo $! > {pid}; echo out of luck >&2; exit 3"
        with pytest.raises(RuntimeError, match="status 3") as caught:
            Process(["sh", "-c", script], tmp_path / "log", lambda: False)
        assert "out of luck" in caught.value.__notes__[0]
        wait_until(lambda: _is_over(int(pid.read_text())), "the end of its child")

    def test_a_server_takes_its_folder_with_it(self, cyrus: Cyrus) -> None:
        other = Cyrus()
        assert other.url != cyrus.url
        assert other.folder.is_dir()
        other.stop()
        assert not other.folder.exists()
        # what it started is killed with it, and ends a moment later
        port = urlsplit(other.url).port or 0
        wait_until(lambda: not listening(port)(), "the end of its port")


def _is_over(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return state.rpartition(")")[2].split()[0] == "Z"
