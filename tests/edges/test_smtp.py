"""Handing a mail over to real mail servers: security, logging in, and being refused."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event
from typing import Literal

import pytest
from mail_sink import MailSink, server_tls
from scripted_smtp import ScriptedServer
from servers.certificate import make_certificate
from smtp_attempts import (
    ACCEPTED,
    ALICE,
    BOB,
    CONNECTING,
    HANDED_OVER,
    LOGGED_IN,
    SECRET,
    TAKEN,
    attempt,
    check_fails,
)

from connectd.edges.smtp import Login, MailServer, Stage
from connectd.errors import (
    CredentialsError,
    LoginRefusedError,
    RefusedError,
    SenselessError,
    ServerError,
)

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

USERS = {"alice": SECRET}


def right() -> Login:
    return Login("alice", SECRET)


def wrong() -> Login:
    return Login("alice", f"not {SECRET}")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One that names localhost and 127.0.0.1."""
    return make_certificate(tmp_path_factory.mktemp("certificate") / "made")


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Closes the mail servers that a test opens."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def sink(opened: ExitStack) -> MailSink:
    """Plain SMTP without a login."""
    return opened.enter_context(MailSink())


def plain(sink: MailSink, login: Callable[[], Login] | None = None) -> MailServer:
    return MailServer("127.0.0.1", sink.port, "none", login, timeout_seconds=5)


def test_a_mail_is_handed_over_as_it_is(sink: MailSink) -> None:
    sent = attempt(plain(sink))

    sent.succeeded()
    assert sent.said == "250 2.0.0 queued as 1 [2J"
    (caught,) = sink.mails
    assert (caught.sender, caught.recipients) == (ALICE, (BOB,))
    assert caught.message == TAKEN


def test_a_large_mail_arrives_whole(sink: MailSink) -> None:
    message = b"".join(b".%d %s\r\n" % (number, b"x" * 60) for number in range(20_000))

    plain(sink).send(ALICE, BOB, message, lambda _: None)

    assert sink.mails[0].message == message


def test_one_server_takes_one_mail_after_the_other(sink: MailSink) -> None:
    server = plain(sink)

    attempt(server).succeeded()
    attempt(server).succeeded()

    assert len(sink.mails) == 2


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_over_tls_after_a_login(
    opened: ExitStack, certificate: Path, host: str, *, implicit: bool
) -> None:
    sink = opened.enter_context(MailSink(certificate=certificate, implicit=implicit, users=USERS))
    server = MailServer(
        host, sink.port, "tls" if implicit else "starttls", right, ca_file=str(certificate)
    )

    attempt(server).succeeded()

    assert sink.logins == ["PLAIN"]
    assert [caught.message for caught in sink.mails] == [TAKEN]


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    opened: ExitStack, certificate: Path, *, implicit: bool
) -> None:
    sink = opened.enter_context(MailSink(certificate=certificate, implicit=implicit, users=USERS))
    server = MailServer("localhost", sink.port, "tls" if implicit else "starttls", right)

    attempt(server).failed(ServerError, CONNECTING, "certificate is not trusted")
    assert not sink.logins


@pytest.mark.parametrize("implicit", [True, False], ids=["tls", "starttls"])
def test_a_certificate_for_another_host_is_refused(
    opened: ExitStack, certificate: Path, *, implicit: bool
) -> None:
    sink = opened.enter_context(
        MailSink(address="127.0.0.2", certificate=certificate, implicit=implicit, users=USERS)
    )
    server = MailServer(
        "127.0.0.2", sink.port, "tls" if implicit else "starttls", right, ca_file=str(certificate)
    )

    attempt(server).failed(ServerError, CONNECTING, "certificate is not trusted")
    assert not sink.logins


def test_without_starttls_nothing_goes_out_in_the_clear(opened: ExitStack) -> None:
    sink = opened.enter_context(MailSink(users=USERS))
    server = MailServer("127.0.0.1", sink.port, "starttls", right)

    attempt(server).failed(ServerError, CONNECTING, "does not offer STARTTLS")
    assert not sink.logins


def test_what_was_said_in_the_clear_does_not_count_after_starttls(certificate: Path) -> None:
    heard: list[bytes] = []

    def turn(connection: socket.socket, _stopped: Event) -> None:
        connection.sendall(b"220 go ahead\r\n250 AUTH PLAIN\r\n")
        with server_tls(certificate).wrap_socket(connection, server_side=True) as secure:
            heard.append(secure.recv(1000))
            secure.sendall(b"250 no login here\r\n")
            heard.append(secure.recv(1000))

    with ScriptedServer(EHLO=b"250-x\r\n250-AUTH PLAIN\r\n250 STARTTLS\r\n", STARTTLS=turn) as evil:
        server = MailServer("localhost", evil.port, "starttls", right, ca_file=str(certificate))
        attempt(server).failed(CredentialsError, CONNECTING, "takes no passwords")

    assert heard == [b"ehlo [127.0.0.1]\r\n", b""]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_without_tls_is_told_from_one_that_is_away(
    opened: ExitStack, certificate: Path, security: Literal["tls", "starttls"]
) -> None:
    # TLS is spoken to a plain server, and SMTP to one that waits for TLS
    sink = opened.enter_context(MailSink(certificate=certificate, implicit=security == "starttls"))
    server = MailServer("127.0.0.1", sink.port, security, None, timeout_seconds=1)

    attempt(server).failed(ServerError, CONNECTING)


def test_a_missing_ca_file_is_named(sink: MailSink, tmp_path: Path) -> None:
    rubbish = tmp_path / "rubbish.pem"
    rubbish.write_text("rubbish")
    for path in (tmp_path / "nowhere.pem", rubbish):
        server = MailServer("127.0.0.1", sink.port, "tls", right, ca_file=str(path))
        attempt(server).failed(ServerError, CONNECTING, str(path))


def test_a_wrong_password_is_tried_once(opened: ExitStack) -> None:
    sink = opened.enter_context(MailSink(users=USERS))

    attempt(plain(sink, wrong)).failed(LoginRefusedError, CONNECTING, "status 535")
    assert len(sink.logins) == 1
    assert not sink.mails


def test_no_login_where_one_is_needed(opened: ExitStack) -> None:
    sink = opened.enter_context(MailSink(users=USERS))

    attempt(plain(sink)).failed(CredentialsError, LOGGED_IN, "only after a login")


def test_a_login_where_none_is_offered(sink: MailSink) -> None:
    attempt(plain(sink, right)).failed(CredentialsError, CONNECTING, "takes no passwords")
    bearer = plain(sink, lambda: Login("alice", SECRET, bearer=True))
    attempt(bearer).failed(CredentialsError, CONNECTING, "takes no tokens")


def test_a_login_that_cannot_be_had_stops_before_connecting(sink: MailSink) -> None:
    def locked() -> Login:
        raise CredentialsError("the keyring is locked.")

    attempt(plain(sink, locked)).failed(CredentialsError, CONNECTING, "locked")
    assert not sink.logins


def test_a_server_that_knows_only_the_old_way_to_log_in(opened: ExitStack) -> None:
    sink = opened.enter_context(MailSink(users=USERS, without=("PLAIN",)))

    attempt(plain(sink, right)).succeeded()
    attempt(plain(sink, wrong)).failed(LoginRefusedError, CONNECTING, "status 535")
    assert sink.logins == ["LOGIN", "LOGIN"]


def test_a_token_is_taken(opened: ExitStack) -> None:
    sink = opened.enter_context(MailSink(token=SECRET))
    server = plain(sink, lambda: Login("alice", SECRET, bearer=True))

    attempt(server).succeeded()
    assert sink.logins == ["XOAUTH2"]


def test_a_token_that_has_expired_is_refused(opened: ExitStack) -> None:
    sink = opened.enter_context(MailSink(token=f"new {SECRET}"))
    server = plain(sink, lambda: Login("alice", SECRET, bearer=True))

    attempt(server).failed(LoginRefusedError, CONNECTING, "status 535")
    assert not sink.mails


def test_a_fresh_login_is_asked_for_each_mail(opened: ExitStack) -> None:
    sink = opened.enter_context(MailSink(users=USERS))
    logins = [right(), wrong()]
    server = plain(sink, logins.pop)

    attempt(server).failed(LoginRefusedError, CONNECTING)
    attempt(server).succeeded()


@pytest.mark.parametrize(
    ("at", "stages"), [("MAIL", LOGGED_IN), ("RCPT", LOGGED_IN), ("END", HANDED_OVER)]
)
def test_a_no_is_final_and_a_not_now_is_not(sink: MailSink, at: str, stages: list[Stage]) -> None:
    sink.answers[at] = "550 5.7.1 never\x1b[2J"
    attempt(plain(sink)).failed(RefusedError, stages, "(550 5.7.1 never [2J)")

    sink.answers[at] = "451 4.7.1 greylisted"
    later = attempt(plain(sink))
    later.failed(ServerError, stages, "(451 4.7.1 greylisted)")
    assert isinstance(later.error, ServerError)
    assert later.error.retry_after == 300

    assert not sink.mails
    del sink.answers[at]
    attempt(plain(sink)).succeeded()


@pytest.mark.parametrize("address", ["", "bob", "bob@example.test>\r\nRSET", "b@x.test,c@x.test"])
def test_an_address_that_is_none_never_reaches_the_server(sink: MailSink, address: str) -> None:
    entered: list[Stage] = []
    for sender, recipient in ((ALICE, address), (address, BOB)):
        with pytest.raises(SenselessError):
            plain(sink).send(sender, recipient, b"x", entered.append)
    assert not entered


def test_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = MailServer("127.0.0.1", port, "none", None)

    attempt(server).failed(ServerError, CONNECTING, "nothing listens there")


@pytest.mark.parametrize("host", ["nowhere.invalid", "." * 5, "x" * 70 + ".test"])
def test_there_is_no_such_host(host: str) -> None:
    attempt(MailServer(host, 25, "none", None)).failed(ServerError, CONNECTING, "no such host name")


def test_a_check_logs_in_and_sends_nothing(opened: ExitStack, certificate: Path) -> None:
    sink = opened.enter_context(MailSink(certificate=certificate, users=USERS))

    MailServer("localhost", sink.port, "starttls", right, ca_file=str(certificate)).check()

    assert sink.logins == ["PLAIN"]
    assert not sink.mails
    check_fails(
        MailServer("localhost", sink.port, "starttls", wrong, ca_file=str(certificate)),
        CredentialsError,
    )
    check_fails(MailServer("localhost", sink.port, "starttls", right), ServerError)


def test_what_the_caller_cannot_record_does_not_happen(sink: MailSink) -> None:
    class FullDiskError(Exception):
        """Stands for whatever a caller may raise."""

    for last in ACCEPTED[:-1]:

        def record(stage: Stage, last: Stage = last) -> None:
            if stage is last:
                raise FullDiskError

        with pytest.raises(FullDiskError):
            plain(sink).send(ALICE, BOB, b"x", record)
    assert not sink.mails


def test_a_login_does_not_show_its_secret() -> None:
    assert SECRET not in f"{right()} {right()!r} {[right()]}"
