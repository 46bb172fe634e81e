"""A mail server: hands over one mail at a time and says how far it came."""

import contextlib
import math
import re
import ssl
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal

from connectd.domain.addresses import valid_address
from connectd.edges.smtp.outcomes import (
    RETRY_SECONDS,
    BrokenOffError,
    Reply,
    login_refused,
    no_way_to_log_in,
    refused,
    unknown,
    unreachable,
)
from connectd.edges.smtp.values import Login, Stage
from connectd.errors import SenselessError, ServerError

if TYPE_CHECKING:
    from connectd.edges.smtp.conversation import Conversation

_LOGGED_IN = 235
_GO_AHEAD = 354
_GOODBYE_SECONDS = 3.0
_PATIENCE = 4
_LINE_ENDS = re.compile(rb"\r\n|\r|\n")
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


class MailServer:
    """One SMTP server (RFC 5321, submission as in RFC 6409 and 8314).

    ``security`` is "tls" from the first byte, "starttls", or "none", which is for this very
    machine alone. ``login`` is called for each mail, so that a token is a fresh one. A stage
    ends within ``timeout_seconds``, or the mail does; for the answer to a whole mail there is
    four times as long, since giving up then leaves open what became of it.
    """

    def __init__(
        self,
        host: str,
        port: int,
        security: Literal["tls", "starttls", "none"],
        login: Callable[[], Login] | None,
        *,
        ca_file: str | None = None,
        timeout_seconds: float = 30.0,
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._fetch_login = login
        self._ca_file = ca_file
        self._timeout_seconds = timeout_seconds
        self._ends = math.inf
        self._latest = math.inf
        self._where = f"The mail server {host} (port {port})"

    def send(
        self, sender: str, recipient: str, message: bytes, entering: Callable[[Stage], None]
    ) -> str:
        """Hand over one mail of 7-bit lines; return what the server said when it took it.

        ``entering`` is called before each stage begins. Raises, where the mail was certainly
        not taken, CredentialsError (LoginRefusedError where it was the server that said no),
        RefusedError where trying again changes nothing, ServerError otherwise, and
        SenselessError for an address that is none; OutcomeUnknownError where nobody knows,
        which happens only from HANDED_OVER on.
        """
        for address in (sender, recipient):
            if not valid_address(address):
                raise SenselessError(f"{address!r} is not an e-mail address; please correct it.")
        self._begin(Stage.CONNECTING, entering)
        with self._connected() as conversation:
            self._begin(Stage.LOGGED_IN, entering)
            with self._nothing_sent():
                self._expect(conversation.say(f"MAIL FROM:<{sender}>"), f"the sender {sender}")
                self._expect(conversation.say(f"RCPT TO:<{recipient}>"), f"mail to {recipient}")
            self._begin(Stage.OFFERED, entering)
            with self._nothing_sent():
                self._go_ahead(conversation.say("DATA"))
                conversation.send(_as_data(message))
            self._begin(Stage.HANDED_OVER, entering)
            reply = self._handed_over(conversation)
            entering(Stage.ACCEPTED)
            self._say_goodbye(conversation)
            return str(reply)

    def check(self) -> None:
        """Connect and log in as for a mail, and send none. Raises as ``send`` does."""
        self._begin(Stage.CONNECTING, lambda _: None)
        with self._connected() as conversation:
            self._say_goodbye(conversation)

    def hurry(self, seconds: float) -> None:
        """Let no further stage begin, and what goes on end within so many seconds from now.

        Only stores a number: may be called from a signal handler or another thread.
        """
        self._latest = time.monotonic() + seconds

    def _begin(self, stage: Stage, entering: Callable[[Stage], None]) -> None:
        if self._latest < math.inf:
            raise ServerError("connectd is about to stop, so the mail was not sent.")
        entering(stage)
        patience = _PATIENCE if stage is Stage.HANDED_OVER else 1
        self._allow(patience * self._timeout_seconds)

    def _allow(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    def _ends_at(self) -> float:
        return min(self._ends, self._latest)

    @contextlib.contextmanager
    def _connected(self) -> Iterator["Conversation"]:
        from connectd.edges.smtp.conversation import Conversation  # noqa: PLC0415 - slow to import

        login = self._fetch_login() if self._fetch_login else None
        context = None if self._security == "none" else self._trust()
        self._allow(self._timeout_seconds)
        with self._nothing_sent():
            conversation = Conversation(self._host, self._port, self._ends_at)
        with contextlib.closing(conversation):
            with self._nothing_sent():
                self._introduce(conversation, context)
                if login is not None:
                    self._log_in(conversation, login)
            yield conversation

    def _trust(self) -> ssl.SSLContext:
        """The rules of TLS: whose certificates count, and that the host's name stands in it."""
        try:
            return ssl.create_default_context(cafile=self._ca_file)
        except OSError:
            raise ServerError(
                f"{self._ca_file}, which is the ca_file of [mail], cannot be read or holds no "
                "certificate."
            ) from None

    def _introduce(self, conversation: "Conversation", context: ssl.SSLContext | None) -> None:
        """Greet the server, over TLS unless there is to be none."""
        if context is not None and self._security == "tls":
            conversation.encrypt(context)
        self._welcome(conversation.reply())
        self._welcome(conversation.greet())
        if context is None or self._security == "tls":
            return
        if not conversation.has_extn("starttls"):
            raise ServerError(
                f"{self._where} does not offer STARTTLS, and nothing is sent without encryption; "
                'perhaps it takes security = "tls" on another port.'
            )
        self._welcome(conversation.say("STARTTLS"))
        conversation.encrypt(context)
        self._welcome(conversation.greet())

    def _log_in(self, conversation: "Conversation", login: Login) -> None:
        mechanism = conversation.mechanism_for(login)
        if mechanism is None:
            raise no_way_to_log_in(self._where, bearer=login.bearer)
        code = conversation.log_in(mechanism, login)
        if code != _LOGGED_IN:
            raise login_refused(self._where, code)

    def _welcome(self, reply: Reply) -> None:
        """Go on only after a yes; a no before any mail was named may be another one tomorrow."""
        if not reply.positive:
            raise ServerError(
                f"{self._where} does not want to talk just now ({reply}).",
                retry_after=RETRY_SECONDS,
            )

    def _expect(self, reply: Reply, what: str) -> None:
        if not reply.positive:
            raise refused(self._where, what, reply)

    def _go_ahead(self, reply: Reply) -> None:
        if reply.code != _GO_AHEAD:
            raise refused(self._where, "the mail", reply)

    def _handed_over(self, conversation: "Conversation") -> Reply:
        """End the mail, and wait for the one reply that says what became of it.

        A mail without its end is not delivered (RFC 5321 4.1.1.4), so that until here
        everything was certain.
        """
        try:
            conversation.send(b".\r\n")
            reply = conversation.reply()
        except BrokenOffError as error:
            raise unknown(self._where, error.why) from None
        if reply.positive:
            return reply
        if not reply.negative:
            raise unknown(self._where, f"gave an answer that makes no sense ({reply})")
        raise refused(self._where, "the mail", reply)

    def _say_goodbye(self, conversation: "Conversation") -> None:
        """Be polite; nothing depends on it."""
        self._allow(min(_GOODBYE_SECONDS, self._timeout_seconds))
        with contextlib.suppress(BrokenOffError):
            conversation.say("QUIT")

    @contextlib.contextmanager
    def _nothing_sent(self) -> Iterator[None]:
        """Say what went wrong with the connection while no mail had been handed over."""
        try:
            yield
        except BrokenOffError as error:
            raise ServerError(f"{self._where} {error.why}; the mail was not sent.") from None
        except OSError as error:
            raise unreachable(self._where, error) from None


def _as_data(message: bytes) -> bytes:
    """The mail as it follows DATA (RFC 5321 4.5.2): CRLF after every line, dots doubled."""
    lines = _LINE_ENDS.sub(b"\r\n", message)
    if not lines.endswith(b"\r\n"):
        lines += b"\r\n"
    return _LEADING_DOT.sub(b"..", lines)
