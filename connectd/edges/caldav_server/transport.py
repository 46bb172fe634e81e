"""One account's way to its server: where requests may go, as whom, and how often.

A request that reads may be repeated and redirected; one that writes is made once.
"""

import math
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from connectd.edges.caldav_server.access import Access
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.outcomes import busy, failed_read, failed_write
from connectd.edges.caldav_server.places import absolute, origin_of, with_scheme_of
from connectd.edges.caldav_server.values import Credential
from connectd.errors import CredentialsError, LedElsewhereError, ServerError

if TYPE_CHECKING:
    from connectd.edges.caldav_server.wire import Answer, Wire

LARGE_CAP = 64 * 1024 * 1024
SMALL_CAP = 8 * 1024 * 1024
_REDIRECTS = 5
_UNAUTHORIZED = 401
_MULTISTATUS = 207
_BUSY = (429, 503)
_XML = {"Content-Type": "application/xml; charset=utf-8"}
_ICALENDAR = {"Content-Type": "text/calendar; charset=utf-8"}


class Transport:
    """Requests in the name of one account; ``setting`` says where ``url`` was configured."""

    def __init__(
        self,
        url: str,
        access: Access,
        *,
        ca_file: str | None = None,
        timeout_seconds: float = 30.0,
        setting: str = "the url of this account",
    ) -> None:
        self.url = url
        self._access = access
        self._setting = setting
        self._shown: Credential | None = None
        self._ca_file = ca_file
        self._timeout_seconds = timeout_seconds
        self._latest = math.inf
        self._wire: Wire | None = None
        self._earlier_requests = 0

    @property
    def requests(self) -> int:
        """How many requests went out, redirected and repeated ones included."""
        return self._earlier_requests + (self._wire.requests if self._wire else 0)

    def hurry(self, seconds: float) -> None:
        """End the request going on, and refuse any other, so many seconds from now.

        Only stores a number: may be called from a signal handler or another thread.
        """
        self._latest = time.monotonic() + seconds

    def close(self) -> None:
        """Drop the connection; a later request makes a new one."""
        if self._wire is not None:
            self._earlier_requests += self._wire.requests
            self._wire.close()
            self._wire = None

    def locate(self, base: str, href: str) -> str:
        """Return the absolute URL of an href; raises ServerError if it leads off the account.

        A server behind a proxy may name itself with the scheme of the proxy's other side: then
        the scheme and port that the user configured stay.
        """
        url = absolute(base, href)
        if href.startswith("/") and not href.startswith("//"):
            return url
        url = with_scheme_of(self.url, url)
        self._allow(url)
        return url

    def read(
        self,
        method: str,
        url: str,
        body: str = "",
        *,
        depth: int | None = None,
        cap: int = SMALL_CAP,
        keep_beginning: bool = False,
    ) -> "Answer":
        """Make a request that changes nothing; any status is an answer but 401, 429 and 503.

        Follows redirects on the account's own hosts. Raises CredentialsError; ServerError when
        there is no answer; TooLargeError for one over ``cap`` bytes unless its beginning is to
        be kept.
        """
        headers = (_XML if body else {}) | ({} if depth is None else {"Depth": str(depth)})
        for _ in range(_REDIRECTS + 1):
            answer = self._authenticated(
                method, url, body, headers, cap=cap, keep_beginning=keep_beginning
            )
            if answer.status in _BUSY:
                raise busy(answer)
            if answer.kind != 3 or "location" not in answer.headers:  # noqa: PLR2004 - the 3xx
                return answer
            url = self.locate(url, answer.headers["location"])
        raise ServerError(f"{clean(self.url)} sends from one address to the next without an end.")

    def ask(self, url: str, question: str, *, cap: int, within: float) -> "Answer":
        """POST an iCalendar question that changes nothing, to be answered ``within`` seconds.

        Any status is an answer but 401, 429 and 503. Raises what ``read`` does.
        """
        answer = self._authenticated("POST", url, question, _ICALENDAR, cap=cap, within=within)
        if answer.status in _BUSY:
            raise busy(answer)
        return answer

    def multistatus(self, method: str, url: str, body: str, *, depth: int | None = 0) -> "Answer":
        """Make a reading request that only a 207 answers. Raises RefusedError for a 4xx."""
        answer = self.read(method, url, body, depth=depth, cap=LARGE_CAP)
        if answer.status == _MULTISTATUS and answer.tree is not None:
            return answer
        raise failed_read(answer)

    def write(
        self,
        method: str,
        url: str,
        body: str = "",
        headers: Mapping[str, str] | None = None,
        *,
        also_fine: Collection[int] = (),
    ) -> "Answer":
        """Make a request that changes something, once. Returns an answer of success.

        ``also_fine`` are further statuses that the caller understands. Raises
        PreconditionError (412), RefusedError where the server said no, OutcomeUnknownError
        where nobody can say, and ServerError where nothing was sent.
        """
        answer = self._authenticated(
            method, url, body, headers or _XML, keep_beginning=True, write=True
        )
        if answer.status in also_fine or (answer.kind == 2 and not answer.is_page):  # noqa: PLR2004 - the 2xx
            return answer
        raise failed_write(answer)

    def _authenticated(
        self,
        method: str,
        url: str,
        body: str,
        headers: Mapping[str, str],
        *,
        within: float = math.inf,
        cap: int = SMALL_CAP,
        **terms: bool,
    ) -> "Answer":
        """Make a request as the user; a 401 that stays after looking again is an error.

        ``terms`` are further fields of Exchange.
        """
        self._allow(url)

        def attempt() -> "Answer":
            # a command that is slow to give the password leaves the request its whole time
            wire = self._connected(self._access.current())
            latest = time.monotonic() + min(self._timeout_seconds, within)
            if self._latest <= time.monotonic():
                raise ServerError("connectd is about to stop, so nothing was sent.")
            return wire.exchange(
                method,
                url,
                body,
                headers,
                cap=cap,
                allow=self._allow,
                ends_at=lambda: min(latest, self._latest),
                **{"keep_beginning": False, "write": False, **terms},
            )

        answer = attempt()
        if answer.status == _UNAUTHORIZED and self._takes_digest(answer):
            answer = attempt()
        refusal = (
            f"{origin_of(url).host} does not accept the credentials of the account "
            f"{self._access.name!r}: check its username and its password."
        )
        while answer.status == _UNAUTHORIZED:
            if self._access.renewed(refusal) is None:
                raise CredentialsError(refusal)
            answer = attempt()
        self._access.taken()
        return answer

    def _connected(self, credential: Credential) -> "Wire":
        if self._wire is None:
            from connectd.edges.caldav_server.wire import Wire  # noqa: PLC0415 - a costly import

            if self._ca_file and not Path(self._ca_file).is_file():
                raise ServerError(
                    f"There is no file {self._ca_file}, which is the ca_file of the account "
                    f"{self._access.name!r}."
                )
            self._wire = Wire(self.url, credential, self._ca_file)
        elif credential != self._shown:
            self._wire.use(credential)
        self._shown = credential
        return self._wire

    def _takes_digest(self, answer: "Answer") -> bool:
        """Change to digest authentication (RFC 7616) where only that is offered."""
        challenge = answer.headers.get("www-authenticate", "").lower()
        credential = self._shown
        if self._wire is None or credential is None or credential.bearer:
            return False
        if "digest" not in challenge or "basic" in challenge:
            return False
        return self._wire.use(credential, digest=True)

    def _allow(self, url: str) -> None:
        """Raise ServerError unless the account's credentials may go there."""
        own, other = origin_of(self.url), origin_of(url)
        if not own.may_reach(other):
            raise LedElsewhereError(
                f"{own} leads to another host, {other}, which the credentials of the account "
                f"{self._access.name!r} are not for. If you trust it, put {other}/ into the "
                f"configuration as {self._setting}.",
                url,
            )
