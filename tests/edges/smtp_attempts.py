"""Sending one mail, and what can be said of it afterwards."""

import traceback
from base64 import b64encode
from dataclasses import dataclass, field

import pytest

from connectd.edges.smtp import MailServer, Stage
from connectd.errors import ConnectdError

ALICE, BOB = "alice@example.test", "bob@example.test"
SECRET = "grün hunter2"
MESSAGE = b"Subject: x\r\n\r\nHello Bob\r\n.\r\n..two\r\nbare\nline"
TAKEN = b"Subject: x\r\n\r\nHello Bob\r\n.\r\n..two\r\nbare\r\nline\r\n"

SO_FAR = list(Stage)
CONNECTING, LOGGED_IN, OFFERED, HANDED_OVER, ACCEPTED = (
    SO_FAR[: number + 1] for number in range(len(SO_FAR))
)


@dataclass
class Attempt:
    """The stages that were entered, and how it ended."""

    stages: list[Stage] = field(default_factory=list)
    said: str = ""
    error: ConnectdError | None = None

    def failed(self, kind: type[ConnectdError], stages: list[Stage], words: str = "") -> None:
        """It failed so, after these stages, with such words, and without any secret in them."""
        assert type(self.error) is kind, self.error
        assert self.stages == stages
        assert words in str(self.error)
        assert_no_secret(self.error)

    def succeeded(self) -> None:
        assert self.error is None, self.error
        assert self.stages == ACCEPTED


def attempt(server: MailServer) -> Attempt:
    made = Attempt()
    try:
        made.said = server.send(ALICE, BOB, MESSAGE, made.stages.append)
    except ConnectdError as error:
        made.error = error
    return made


def check_fails(server: MailServer, kind: type[ConnectdError]) -> ConnectdError:
    with pytest.raises(kind) as caught:
        server.check()
    assert_no_secret(caught.value)
    return caught.value


def assert_no_secret(error: BaseException) -> None:
    """Neither the error, nor what it came from, nor a traceback holds the secret in any form."""
    shown = "".join(traceback.format_exception(error))
    cause: BaseException | None = error
    while cause is not None:
        shown += f"{cause!r} {cause} {vars(cause)}"
        cause = cause.__cause__ or cause.__context__
    for text in (SECRET, f"\0alice\0{SECRET}", "hunter2", f"Bearer {SECRET}"):
        assert text not in shown
        assert b64encode(text.encode()).decode().rstrip("=") not in shown
