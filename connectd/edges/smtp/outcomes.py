"""What a reply of a mail server, and a connection that broke, mean in plain words."""

import socket
import ssl
import unicodedata
from typing import NamedTuple

from connectd.errors import (
    CredentialsError,
    LoginRefusedError,
    OutcomeUnknownError,
    RefusedError,
    ServerError,
)

RETRY_SECONDS = 300
"""When to try again after a "not now": SMTP has no way to say it; greylisting takes this long."""

_LONGEST_TEXT = 200
_YES = range(200, 300)
_NOT_NOW = range(400, 500)
_NO = range(500, 600)
_NEEDS_LOGIN = 530


class BrokenOffError(Exception):
    """The conversation ended before the reply: ``why`` completes "the server …"."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class Reply(NamedTuple):
    """A reply (RFC 5321 4.2): its code, and its text on one line, safe to show."""

    code: int
    text: str

    @property
    def positive(self) -> bool:
        """Whether it says that what was asked is done."""
        return self.code in _YES

    @property
    def negative(self) -> bool:
        """Whether it says that it is not done, for now or for ever."""
        return self.code in _NOT_NOW or self.code in _NO

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()


def clean(text: str) -> str:
    """One line without control and format characters."""
    shown = "".join(
        " " if unicodedata.category(char).startswith("C") else char
        for char in text[: 4 * _LONGEST_TEXT]
    )
    line = " ".join(shown.split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def refused(where: str, what: str, reply: Reply) -> ServerError | CredentialsError:
    """Return the error of a reply that is no yes: the mail was certainly not taken."""
    if reply.code == _NEEDS_LOGIN:
        return CredentialsError(
            f"{where} takes mail only after a login ({reply}); set username and a "
            "password_command in [mail]."
        )
    if reply.code in _NO:
        return RefusedError(f"{where} refused {what} ({reply}).")
    if reply.code in _NOT_NOW:
        return ServerError(
            f"{where} does not take {what} just now ({reply}).", retry_after=RETRY_SECONDS
        )
    return ServerError(f"{where} gave an answer to {what} that makes no sense ({reply}).")


def login_refused(where: str, code: int) -> ServerError | LoginRefusedError:
    """Return the error of a login; the reply's text may repeat the secret and is not shown."""
    if code in _NO:
        return LoginRefusedError(
            f"{where} does not accept the credentials of [mail] (status {code}): check its "
            "username and its password or token, then run `connectd doctor`."
        )
    return ServerError(
        f"{where} cannot check the credentials just now (status {code}).",
        retry_after=RETRY_SECONDS if code in _NOT_NOW else None,
    )


def no_way_to_log_in(where: str, *, bearer: bool) -> CredentialsError:
    """Return the error of a server that cannot be logged in to."""
    what = "tokens (XOAUTH2)" if bearer else "passwords (PLAIN or LOGIN)"
    return CredentialsError(
        f"{where} takes no {what} here; check port and security of [mail], or whether it wants "
        "a login at all."
    )


def unknown(where: str, why: str) -> OutcomeUnknownError:
    """Return the error of a mail that was handed over, and then there was no answer."""
    return OutcomeUnknownError(
        f"It cannot be known whether the mail was sent: {where} {why} after it had been handed "
        "over."
    )


def unreachable(where: str, error: OSError) -> ServerError:
    """Return the error of a connection that did not come about; nothing was sent."""
    return ServerError(f"{where} cannot be reached: {_obstacle(error)}.")


def _obstacle(error: OSError) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return (
                f"its certificate is not trusted ({clean(error.verify_message)}); a private one "
                "needs ca_file in [mail]"
            )
        case ssl.SSLError():
            return (
                "no encrypted connection (TLS) could be agreed on; check port and security in "
                "[mail]"
            )
        case socket.gaierror():
            return "there is no such host name, or no network"
        case ConnectionRefusedError():
            return "nothing listens there"
        case TimeoutError():
            return "it does not answer"
        case _:
            return "the connection could not be made"
