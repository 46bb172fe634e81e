"""A request to a web server that has an end, to a place that may be asked.

What goes wrong is told with the name of the host alone, since a URL may be a secret.
"""

import contextlib
import io
import re
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit

from connectd import __version__
from connectd.domain.urls import is_loopback
from connectd.errors import ServerError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MOVED = (301, 302, 303, 307, 308)

_PORTS = {"http": 80, "https": 443}
_CONNECT_SECONDS = 10.0
_GLANCE_SECONDS = 0.2
_FIT_FOR_URL = "/%:=&~+!$,;'@()*"
# read differently by different parsers, so that a check and a connection could disagree
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")
_HOST = re.compile(r"[\w.:-]{1,253}")
_HEADERS = {
    "User-Agent": f"connectd/{__version__}",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


class Place(NamedTuple):
    """Where a URL leads; ``target`` is what is asked for there."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Whoever answers there sees what is sent there."""
        return self.scheme, self.host, self.port


@contextlib.contextmanager
def asked(
    place: Place,
    request: bytes,
    ca_file: Path | None,
    remaining: Callable[[], float],
) -> Iterator[HTTPResponse]:
    """Ask once; the status and headers of the answer are there, its body is still to come.

    ``remaining`` gives the seconds that are left, and raises TimeoutError where none are.
    """
    with _connected(place, ca_file, remaining) as sock:
        sock.settimeout(remaining())
        sock.sendall(request)
        answer = HTTPResponse(_Source(sock, remaining), method="GET")  # type: ignore[arg-type] # only its makefile is used
        answer.begin()
        yield answer


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
    place: Place, ca_file: Path | None, remaining: Callable[[], float]
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


def request(
    place: Place, headers: Mapping[str, str], method: str = "GET", body: bytes = b""
) -> bytes:
    """The whole request; nothing in it can end a line, for none of its parts holds an end."""
    host = f"[{place.host}]" if ":" in place.host else place.host.encode("idna").decode("ascii")
    if place.port != _PORTS[place.scheme]:
        host += f":{place.port}"
    fields = {"Host": host, **_HEADERS, **headers}
    if body:
        fields["Content-Length"] = str(len(body))
    lines = [f"{method} {place.target} HTTP/1.1", *(f"{name}: {fields[name]}" for name in fields)]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body


def place_of(url: str) -> Place:
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
    return Place(scheme, host, port or _PORTS[scheme], target)


@contextlib.contextmanager
def told_plainly(host: str) -> Iterator[None]:
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
