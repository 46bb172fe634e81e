"""Mail servers that break off, hang, or say what makes no sense, at every step."""

import socket
import threading
import time

import pytest
from mail_sink import MailSink
from scripted_smtp import Deed, ScriptedServer, drip, drop, flood, hang
from smtp_attempts import (
    ACCEPTED,
    CONNECTING,
    HANDED_OVER,
    LOGGED_IN,
    OFFERED,
    SECRET,
    TAKEN,
    attempt,
)

from connectd.edges.smtp import Login, MailServer, Stage
from connectd.errors import (
    CredentialsError,
    LoginRefusedError,
    OutcomeUnknownError,
    RefusedError,
    ServerError,
)

BEFORE = {
    "BANNER": CONNECTING,
    "EHLO": CONNECTING,
    "AUTH": CONNECTING,
    "MAIL": LOGGED_IN,
    "RCPT": LOGGED_IN,
    "DATA": OFFERED,
}
FAULTS = {
    "dropped": drop,
    "hangs": hang,
    "page": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "no code": b"25\r\n",
    "long code": b"2500 fine\r\n",
    "binary": b"\x16\x03\x01\x00\xff\n",
    "endless line": flood(b"250 xxxxxxxx"),
    "endless lines": flood(b"250-xxxxxxxx\r\n"),
    "drips": drip(b"2"),
    "dripping lines": drip(b"250-x\r\n"),
    "intermediate": b"150 wait\r\n",
}


def server_at(port: int, *, seconds: float = 0.5) -> MailServer:
    return MailServer(
        "127.0.0.1", port, "none", lambda: Login("alice", SECRET), timeout_seconds=seconds
    )


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
@pytest.mark.parametrize(("at", "stages"), BEFORE.items(), ids=BEFORE.keys())
def test_before_the_mail_is_handed_over_it_was_certainly_not_sent(
    at: str, stages: list[Stage], fault: bytes | Deed
) -> None:
    with ScriptedServer(**{at: fault}) as scripted:
        began = time.monotonic()
        attempt(server_at(scripted.port)).failed(ServerError, stages)
        assert time.monotonic() - began < 30
    assert not scripted.mails


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_after_that_nobody_knows_and_it_is_not_tried_again(fault: bytes | Deed) -> None:
    with ScriptedServer(END=fault) as scripted:
        began = time.monotonic()
        made = attempt(server_at(scripted.port))
        assert time.monotonic() - began < 30

    made.failed(OutcomeUnknownError, HANDED_OVER, "cannot be known")
    assert scripted.mails == [TAKEN.replace(b"\r\n.", b"\r\n..")]
    assert scripted.verbs.count("DATA") == 1


@pytest.mark.parametrize("piece", [b"250 xxxxxxxx", b"250-xxxxxxxx\r\n"], ids=["line", "lines"])
def test_an_endless_answer_is_cut_off_long_before_the_time_is_up(piece: bytes) -> None:
    began = time.monotonic()
    for at, kind, stages in (
        ("EHLO", ServerError, CONNECTING),
        ("END", OutcomeUnknownError, HANDED_OVER),
    ):
        with ScriptedServer(**{at: flood(piece)}) as scripted:
            attempt(server_at(scripted.port, seconds=60)).failed(kind, stages, "without an end")
    assert time.monotonic() - began < 40


@pytest.mark.parametrize(
    ("at", "said", "kind"),
    [
        ("BANNER", b"554 no\r\n", ServerError),
        ("EHLO", b"550 no\r\n", ServerError),
        ("AUTH", b"535 5.7.8 no\r\n", LoginRefusedError),
        ("AUTH", b"454 4.7.0 later\r\n", ServerError),
        ("AUTH", b"334 more\r\n", ServerError),
        ("MAIL", b"530 5.7.0 log in first\r\n", CredentialsError),
        ("MAIL", b"553 5.7.1 not yours\r\n", RefusedError),
        ("RCPT", b"421 4.3.0 closing\r\n", ServerError),
        ("DATA", b"451 4.3.0 later\r\n", ServerError),
        ("DATA", b"554 5.6.0 never\r\n", RefusedError),
        ("DATA", b"250 fine\r\n", ServerError),
    ],
)
def test_every_no_before_the_mail_is_a_definite_one(
    at: str, said: bytes, kind: type[ServerError | CredentialsError]
) -> None:
    with ScriptedServer(**{at: said}) as scripted:
        attempt(server_at(scripted.port)).failed(kind, BEFORE[at])
    assert not scripted.mails


def test_a_server_that_repeats_the_password_does_not_get_it_into_an_error() -> None:
    def repeat(connection: socket.socket, _stopped: threading.Event) -> None:
        secret = scripted.commands[-1].encode()
        connection.sendall(b"535 cannot understand " + secret + b" " + SECRET.encode() + b"\r\n")

    with ScriptedServer(AUTH=repeat) as scripted:
        made = attempt(server_at(scripted.port))

    made.failed(LoginRefusedError, CONNECTING, "status 535")
    assert scripted.commands[-1].startswith("AUTH PLAIN ")


def test_the_name_of_this_machine_is_not_told() -> None:
    with ScriptedServer() as scripted:
        attempt(server_at(scripted.port)).succeeded()

    assert scripted.commands[0].upper() == "EHLO [127.0.0.1]"


@pytest.mark.parametrize("fault", [drop, hang, b"rubbish\r\n"], ids=["drop", "hang", "rubbish"])
def test_a_lost_goodbye_changes_nothing(fault: bytes | Deed) -> None:
    with ScriptedServer(QUIT=fault) as scripted:
        made = attempt(server_at(scripted.port))

    made.succeeded()
    assert made.said == "250 taken"
    assert len(scripted.mails) == 1


def test_a_real_server_that_drops_the_connection_has_taken_exactly_one_mail() -> None:
    with MailSink() as sink:
        sink.drop = True
        made = attempt(MailServer("127.0.0.1", sink.port, "none", None, timeout_seconds=5))

        made.failed(OutcomeUnknownError, HANDED_OVER, "closed the connection")
        assert len(sink.mails) == 1


def test_the_answer_to_a_whole_mail_may_take_longer_than_the_others() -> None:
    def think(connection: socket.socket, stopped: threading.Event) -> None:
        stopped.wait(1.0)
        connection.sendall(b"250 taken\r\n")

    with ScriptedServer(END=think) as scripted:
        attempt(server_at(scripted.port, seconds=0.5)).succeeded()


def test_a_hurry_ends_the_wait_and_leaves_the_outcome_open() -> None:
    with MailSink() as sink:
        sink.hang = True
        server = MailServer("127.0.0.1", sink.port, "none", None, timeout_seconds=60)
        hurry = threading.Timer(0.5, server.hurry, (0.2,))
        hurry.start()
        began = time.monotonic()

        attempt(server).failed(OutcomeUnknownError, HANDED_OVER, "in time")

        assert time.monotonic() - began < 10
        hurry.join()


@pytest.mark.parametrize("last", ACCEPTED[:-1])
def test_after_a_hurry_no_further_stage_begins(last: Stage) -> None:
    with ScriptedServer() as scripted:
        server = server_at(scripted.port, seconds=5)
        entered: list[Stage] = []

        def record(stage: Stage) -> None:
            entered.append(stage)
            if stage is last:
                server.hurry(60)

        if last is Stage.HANDED_OVER:
            server.send("alice@example.test", "bob@example.test", b"x", record)
        else:
            with pytest.raises(ServerError, match="about to stop"):
                server.send("alice@example.test", "bob@example.test", b"x", record)
            assert entered[-1] is last
            assert not scripted.mails
