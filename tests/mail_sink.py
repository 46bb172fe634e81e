"""A real mail server on loopback that keeps every mail and delivers none."""

import asyncio
import base64
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LIMIT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Caught:
    """One mail as it arrived: the envelope, and the message with its CRLFs."""

    sender: str
    recipients: tuple[str, ...]
    message: bytes


class MailSink:
    """Speaks plain SMTP, or with ``certificate`` STARTTLS, or with ``implicit`` TLS throughout.

    ``users`` are names with their passwords, and make a login needed, in any way but those
    ``without``; ``token`` is one that XOAUTH2 takes. ``answers`` replaces what is said to MAIL,
    to RCPT and to the END of a mail. After the end of a mail, which is kept first, the server
    may ``drop`` the connection or ``hang``.
    """

    def __init__(
        self,
        *,
        address: str = "127.0.0.1",
        certificate: Path | None = None,
        implicit: bool = False,
        users: Mapping[str, str] | None = None,
        token: str | None = None,
        without: tuple[str, ...] = (),
    ) -> None:
        self.mails: list[Caught] = []
        self.answers: dict[str, str] = {}
        self.logins: list[str] = []
        self.drop = False
        self.hang = False
        self.token = token
        self._users = users
        self._without = without if users else ("PLAIN", "LOGIN")
        self._address = address
        self._tls = server_tls(certificate) if certificate else None
        self._implicit = implicit
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="mail sink", daemon=True)
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
        self._server = starting.result(LIMIT_SECONDS)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(LIMIT_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(LIMIT_SECONDS)
        self._loop.close()

    def check(
        self,
        _server: SMTP,
        _session: Session,
        _envelope: Envelope,
        mechanism: str,
        data: LoginPassword,
    ) -> AuthResult:
        self.logins.append(mechanism)
        known = (self._users or {}).get(data.login.decode())
        good = known is not None and known.encode() == data.password
        return AuthResult(success=good, handled=False)

    async def _listen(self) -> asyncio.Server:
        starttls = None if self._implicit else self._tls
        handler = _TokenHandler(self) if self.token else _Handler(self)

        def protocol() -> SMTP:
            return SMTP(
                handler,
                hostname="sink.test",
                ident="sink",
                loop=self._loop,
                tls_context=starttls,
                require_starttls=starttls is not None,
                authenticator=self.check if self._users else None,
                auth_exclude_mechanism=self._without,
                auth_required=bool(self._users or self.token),
                auth_require_tls=starttls is not None,
            )

        implicit = self._tls if self._implicit else None
        return await self._loop.create_server(protocol, self._address, 0, ssl=implicit)

    async def _end(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Handler:
    """What aiosmtpd asks about each mail."""

    def __init__(self, sink: MailSink) -> None:
        self.sink = sink

    async def handle_MAIL(  # noqa: N802 (the name that aiosmtpd calls)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        envelope.mail_from = address
        return self.sink.answers.get("MAIL", "250 2.1.0 fine")

    async def handle_RCPT(  # noqa: N802 (the name that aiosmtpd calls)
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.sink.answers.get("RCPT", "250 2.1.5 fine")

    async def handle_DATA(  # noqa: N802 (the name that aiosmtpd calls)
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.sink.answers.get("END", "250 2.0.0 queued as 1\x1b[2J")
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            caught = Caught(str(envelope.mail_from), tuple(envelope.rcpt_tos), envelope.content)
            self.sink.mails.append(caught)
        if self.sink.drop:
            assert server.transport is not None
            server.transport.abort()
        if self.sink.hang:
            await asyncio.Event().wait()
        return answer


class _TokenHandler(_Handler):
    """A handler that also takes OAuth 2 tokens, in the way of the large providers."""

    async def auth_XOAUTH2(  # noqa: N802 (the name that aiosmtpd calls)
        self, server: SMTP, args: list[str]
    ) -> AuthResult:
        self.sink.logins.append("XOAUTH2")
        wanted = f"user=alice\x01auth=Bearer {self.sink.token}\x01\x01"
        if base64.b64decode(args[1]).decode() == wanted:
            return AuthResult(success=True)
        await server.challenge_auth("eyJzdGF0dXMiOiI0MDAifQ==", encode_to_b64=False)
        return AuthResult(success=False, handled=False, message="535 5.7.8 no")


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_suffix(".key"))
    return context
