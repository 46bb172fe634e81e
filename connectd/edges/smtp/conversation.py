"""One SMTP connection (RFC 5321) whose every wait has an end and whose every reply a bound.

Importing this module takes a while (smtplib); only sending needs it.
"""

import base64
import contextlib
import smtplib
import socket
import ssl
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from connectd.edges.smtp.outcomes import BrokenOffError, Reply, clean
from connectd.edges.smtp.values import Login

_GLANCE_SECONDS = 0.2
_CONNECT_SECONDS = 10.0
_LARGEST_REPLY = 64 * 1024
_CHUNK = 16 * 1024
_CODE_DIGITS = 3
_NEXT = 334
_MECHANISMS = ("PLAIN", "LOGIN")
_BEARER_MECHANISMS = ("XOAUTH2",)
# of this machine nothing: what is said here ends up in headers that the recipient sees
_MYSELF = "[127.0.0.1]"

Result = TypeVar("Result")


class Conversation(smtplib.SMTP):
    """Commands and replies over one socket; ``ends_at`` says until when (monotonic seconds).

    Raises BrokenOffError when the connection is lost, the time is up, or the server says what
    is no reply; OSError when no connection or no encryption comes about.
    """

    def __init__(self, host: str, port: int, ends_at: Callable[[], float]) -> None:
        super().__init__(local_hostname=_MYSELF)
        self._server_name = host
        self._ends_at = ends_at
        self._received = b""
        timeout = min(_CONNECT_SECONDS, self._remaining())
        try:
            self.sock: socket.socket = socket.create_connection((host, port), timeout=timeout)
        except UnicodeError:
            raise socket.gaierror("not a host name") from None

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Continue over TLS; what the server said before, in the clear, is forgotten."""
        self._received = b""
        self.sock.settimeout(self._remaining())
        self.sock = context.wrap_socket(self.sock, server_hostname=self._server_name)

    def reply(self) -> Reply:
        """Wait for one reply."""
        return _as_reply(*self.getreply())

    def say(self, command: str) -> Reply:
        """Send a command and wait for its reply."""
        self.putcmd(command)
        return self.reply()

    def greet(self) -> Reply:
        """Say EHLO and learn what the server offers."""
        return _as_reply(*self.ehlo())

    def mechanism_for(self, login: Login) -> str | None:
        """The way to log in that both sides know, if there is one."""
        offered = self.esmtp_features.get("auth", "").upper().split()
        known = _BEARER_MECHANISMS if login.bearer else _MECHANISMS
        return next((name for name in known if name in offered), None)

    def log_in(self, mechanism: str, login: Login) -> int:
        """Log in, once (RFC 4954); return the code of the last reply, 235 where it went well.

        Not by ``smtplib.login``, which knows only ASCII, and after a refusal tries other ways
        with the same password, until the account is locked.
        """
        match mechanism:
            case "XOAUTH2":
                token = f"user={login.username}\x01auth=Bearer {login.secret}\x01\x01"
                words = [_base64(token), ""]  # the second asks for the refusal in plain form
            case "PLAIN":
                words = [_base64(f"\0{login.username}\0{login.secret}")]
            case _:
                words = ["", _base64(login.username), _base64(login.secret)]
        code = self.say(f"AUTH {mechanism} {words[0]}".rstrip()).code
        for word in words[1:]:
            if code == _NEXT:
                code = self.say(word).code
        return code

    def send(self, s: str | bytes) -> None:  # type: ignore[override] # no other buffer is sent here
        """Send all of it within the time there is."""
        rest = s.encode("ascii") if isinstance(s, str) else s
        while rest:
            sent = self._in_time(partial(self.sock.send, rest[:_CHUNK]))
            rest = rest[sent:]

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply of one or more lines (RFC 5321 4.2.1)."""
        texts: list[bytes] = []
        size = 0
        while True:
            line = self._line()
            size += len(line)
            code, separator = line[:_CODE_DIGITS], line[_CODE_DIGITS : _CODE_DIGITS + 1]
            if not code.isdigit() or len(code) < _CODE_DIGITS or separator not in b" -":
                raise BrokenOffError("gave an answer that makes no sense")
            if size > _LARGEST_REPLY:
                raise BrokenOffError("gave an answer without an end")
            texts.append(line[_CODE_DIGITS + 1 :].strip())
            if separator != b"-":
                return int(code), b"\n".join(texts)

    def close(self) -> None:
        """Drop the connection without a word."""
        with contextlib.suppress(OSError):
            self.sock.close()

    def _line(self) -> bytes:
        """The next line, without its end."""
        while b"\n" not in self._received:
            if len(self._received) > _LARGEST_REPLY:
                raise BrokenOffError("gave an answer without an end")
            more = self._in_time(partial(self.sock.recv, _CHUNK))
            if not more:
                raise BrokenOffError("closed the connection")
            self._received += more
        line, _, self._received = self._received.partition(b"\n")
        return line.removesuffix(b"\r")

    def _in_time(self, do: Callable[[], Result]) -> Result:
        """Wait for the socket in short glances, since the end may come nearer meanwhile."""
        while True:
            self.sock.settimeout(min(_GLANCE_SECONDS, self._remaining()))
            try:
                return do()
            except TimeoutError:
                continue
            except OSError:
                raise BrokenOffError("closed the connection") from None

    def _remaining(self) -> float:
        remaining = self._ends_at() - time.monotonic()
        if remaining <= 0:
            raise BrokenOffError("gave no answer in time")
        return remaining


def _as_reply(code: int, text: bytes) -> Reply:
    return Reply(code, clean(text.decode("utf-8", "replace")))


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
