"""One published document from the web, fetched with care.

The URL may be a secret that others must not learn: what goes wrong is told with the name of
the host alone. Only the host named in it is ever asked, whatever it redirects to; and nothing
of this machine's environment (proxies, cookies, saved logins) has a say.
"""

import contextlib
import io
import math
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from connectd import __version__
from connectd.domain.urls import is_loopback
from connectd.errors import RefusedError, ServerError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_PORTS = {"http": 80, "https": 443}
_CONNECT_SECONDS = 10.0
_GLANCE_SECONDS = 0.2
_REDIRECTS = 3
_MOVED = (301, 302, 303, 307, 308)
_OK = 200
_NOT_MODIFIED = 304
_FOR_NOW = (408, 425, 429)
_AT_ONCE = 64 * 1024
_FIT_FOR_URL = "/%:=&~+!$,;'@()*"
# read differently by different parsers, so that a check and a connection could disagree
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_HOST = re.compile(r"[\w.:-]{1,253}")
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,512}")
_HEADERS = {
    "User-Agent": f"connectd/{__version__}",
    "Accept": "text/calendar, */*;q=0.1",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class Fetched(NamedTuple):
    """A document, and how to name this version of it when asking again (RFC 9110 section 8.8)."""

    text: str
    etag: str | None
    last_modified: str | None


class _Place(NamedTuple):
    """Where a URL leads; ``target`` is what is asked for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Whoever answers there sees what is sent there."""
        return self.scheme, self.host, self.port


class Web:
    """Fetches documents of at most ``largest`` bytes, each within ``timeout_seconds``."""

    def __init__(self, *, timeout_seconds: float = 30.0, largest: int = 10 * 2**20) -> None:
        self._timeout_seconds = timeout_seconds
        self._largest = largest
        self._latest = math.inf

    def hurry(self, seconds: float) -> None:
        """End the request going on, and any other, so many seconds from now.

        Only stores a number: may be called from a signal handler or another thread.
        """
        self._latest = time.monotonic() + seconds

    def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        ca_file: Path | None = None,
        within: float = math.inf,
    ) -> Fetched | None:
        """Fetch a document; None where it still is the version that ``etag`` or the date names.

        The URL must be https, or http to this very machine; ``webcal`` is read as https.
        ``ca_file`` is trusted in place of the usual authorities. ``within`` are the seconds
        that this may take, where that is less than usual. Raises RefusedError where the
        server says no (401, 403, 404, …), ServerError for all else. A message names no more of
        the URL than its host.
        """
        latest = time.monotonic() + min(self._timeout_seconds, within)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        asked = {name: value for name, value in conditions.items() if value is not None}
        place = _place(url)
        for _ in range(_REDIRECTS + 1):
            with _told_plainly(place.host), self._answer(place, asked, ca_file, latest) as answer:
                if answer.status not in _MOVED:
                    return self._taken(answer, place.host, conditional=bool(asked))
                url = urljoin(url, answer.getheader("Location", ""))
            place = _redirected(place, url)
        raise ServerError(f"{place.host} sends from one address to the next without an end.")

    @contextlib.contextmanager
    def _answer(
        self, place: _Place, conditions: Mapping[str, str], ca_file: Path | None, latest: float
    ) -> Iterator[HTTPResponse]:
        """Ask once; the status and headers of the answer are there, its body is still to come."""

        def remaining() -> float:
            seconds = min(latest, self._latest) - time.monotonic()
            if seconds <= 0:
                raise TimeoutError
            return seconds

        with _connected(place, ca_file, remaining) as sock:
            sock.settimeout(remaining())
            sock.sendall(_request(place, conditions))
            answer = HTTPResponse(_Source(sock, remaining), method="GET")  # type: ignore[arg-type] # only its makefile is used
            answer.begin()
            yield answer

    def _taken(self, answer: HTTPResponse, host: str, *, conditional: bool) -> Fetched | None:
        """Read the document; raises where this is none, or is more than may be read."""
        if answer.status == _NOT_MODIFIED and conditional:
            return None
        if answer.status != _OK:
            no = 400 <= answer.status < 500 and answer.status not in _FOR_NOW  # noqa: PLR2004 - the 4xx
            kind = RefusedError if no else ServerError
            raise kind(f"{host} answered with the status {answer.status}{_meaning(answer.status)}.")
        if answer.getheader("Content-Encoding", "identity").strip().lower() != "identity":
            raise ServerError(f"{host} sent compressed data, although connectd asked for none.")
        body = bytearray()
        while piece := answer.read(_AT_ONCE):
            body += piece
            if len(body) > self._largest:
                raise ServerError(f"{host} sent more than {self._largest // 2**20} MiB.")
        if answer.length:
            raise ServerError(f"{host} broke off in the middle of its answer.")
        return Fetched(
            text=body.decode("utf-8-sig", errors="replace"),
            etag=_validator(answer, "ETag"),
            last_modified=_validator(answer, "Last-Modified"),
        )


class _Source(io.RawIOBase):
    """The bytes that arrive; no wait for them lasts beyond the time that remains."""

    def __init__(self, sock: socket.socket, remaining: Callable[[], float]) -> None:
        self._sock = sock
        self._remaining = remaining

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Give what an HTTPResponse reads from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        while True:
            self._sock.settimeout(min(_GLANCE_SECONDS, self._remaining()))
            with contextlib.suppress(TimeoutError):
                return self._sock.recv_into(buffer)


@contextlib.contextmanager
def _connected(
    place: _Place, ca_file: Path | None, remaining: Callable[[], float]
) -> Iterator[socket.socket]:
    """A connection to the place, encrypted where its scheme says so."""
    timeout = min(_CONNECT_SECONDS, remaining())
    with socket.create_connection((place.host, place.port), timeout=timeout) as plain:
        if place.scheme == "http":
            yield plain
            return
        plain.settimeout(remaining())
        with _context(ca_file).wrap_socket(plain, server_hostname=place.host) as encrypted:
            yield encrypted


def _context(ca_file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ServerError(f"The ca_file {ca_file} cannot be used: {error.strerror}.") from error


def _request(place: _Place, conditions: Mapping[str, str]) -> bytes:
    """The whole request; nothing in it can end a line, for none of its parts holds an end."""
    host = f"[{place.host}]" if ":" in place.host else place.host.encode("idna").decode("ascii")
    if place.port != _PORTS[place.scheme]:
        host += f":{place.port}"
    headers = {"Host": host, **_HEADERS, **conditions}
    lines = [f"GET {place.target} HTTP/1.1", *(f"{name}: {headers[name]}" for name in headers)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


def _validator(answer: HTTPResponse, name: str) -> str | None:
    """What names this version, unless it could not be sent back in a header."""
    value = answer.getheader(name, "").strip()
    return value if _VALIDATOR.fullmatch(value) else None


def _place(url: str) -> _Place:
    """Take a URL apart; raises ServerError, without repeating it, for one that may not be asked."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port = "", None
    if not _HOST.fullmatch(host) or _AMBIGUOUS.search(url) or "@" in parts.netloc:
        raise ServerError("The address is not one that begins with https:// and a host name.")
    scheme = "https" if parts.scheme in ("webcal", "webcals") else parts.scheme
    if scheme not in _PORTS or (scheme == "http" and not is_loopback(host)):
        raise ServerError(f"The address at {host} must begin with https://.")
    target = quote(parts.path or "/", safe=_FIT_FOR_URL)
    if parts.query:
        target += "?" + quote(parts.query, safe=_FIT_FOR_URL + "?")
    return _Place(scheme, host, port or _PORTS[scheme], target)


def _redirected(before: _Place, url: str) -> _Place:
    """The place that a redirect leads to; it has to be on the same host, port and scheme."""
    place = _place(url)
    if place.origin != before.origin:
        where = "another address" if place.host == before.host else f"another host, {place.host}"
        raise ServerError(
            f"{before.host} sends on to {where}; if you trust it, put the address "
            "that it leads to into the configuration."
        )
    return place


def _meaning(status: int) -> str:
    """What the commonest refusals mean."""
    if status in (404, 410):
        return " (there is nothing at this address)"
    return " (it may not be read)" if status in (401, 403) else ""


@contextlib.contextmanager
def _told_plainly(host: str) -> Iterator[None]:
    """Turn what goes wrong below into a ServerError that names the host alone.

    The causes are left out: some of them repeat the address.
    """
    try:
        yield
    except TimeoutError:
        raise ServerError(f"{host} did not answer in time.") from None
    except ssl.SSLCertVerificationError as error:
        raise ServerError(
            f"The certificate of {host} cannot be trusted: {error.verify_message}. If it is "
            "from an authority of your own, name that as ca_file."
        ) from None
    except OSError as error:
        raise ServerError(f"{host} cannot be reached: {error.strerror or error}.") from None
    except (HTTPException, ValueError):  # the latter of a host name or redirect that is none
        raise ServerError(f"{host} did not answer as a web server does.") from None
