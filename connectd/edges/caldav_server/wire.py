"""The HTTP below the protocol: the session of the caldav library, made safe for credentials.

Importing this module costs a third of a second; only a request needs it.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import niquests
from caldav.davclient import DAVClient
from caldav.lib.error import DAVError, parse_preconditions, parse_retry_after
from lxml.etree import XMLSyntaxError
from niquests.adapters import HTTPAdapter
from niquests.packages.urllib3.exceptions import HTTPError

from connectd import __version__
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.multistatus import is_plain_xml
from connectd.edges.caldav_server.outcomes import CompressedError, TooLargeError, no_answer
from connectd.edges.caldav_server.values import Credential

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CONNECT_SECONDS = 10.0
_GLANCE_SECONDS = 0.2
_OK = 200
_MULTISTATUS = 207
_XML = ("application/xml", "text/xml")
_NETWORK_ERRORS = (OSError, HTTPError)  # those of niquests are OSErrors


@dataclass(slots=True)
class Exchange:
    """One request and what became of it: ``sent`` and ``answered`` also when it failed.

    ``reused`` says that it went over a connection that was kept open.
    """

    url: str
    write: bool
    cap: int
    keep_beginning: bool
    allow: Callable[[str], None]
    ends_at: Callable[[], float]
    began: float = field(default_factory=time.monotonic)
    sent: bool = False
    answered: bool = False
    reused: bool = True
    expired: bool = False
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    truncated: bool = False
    connection: Any = None

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self.began

    def renew(self) -> None:
        """Forget the outcome: the request is made again."""
        self.sent = self.answered = self.truncated = False
        self.reused = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered. ``headers`` have lower-case names.

    ``tree`` is the XML of a 207, and of a 200 that says it is XML.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool
    tree: "Element | None"

    @property
    def kind(self) -> int:
        """The first digit of the status (RFC 9110 section 15)."""
        return self.status // 100

    @property
    def is_page(self) -> bool:
        """Whether this is a web page, as logins and captive portals answer with."""
        kind = self.headers.get("content-type", "")
        return bool(self.body.strip()) and kind.lower().startswith("text/html")

    @property
    def retry_after(self) -> int | None:
        """Seconds the server asks to wait (RFC 9110 section 10.2.3), None if it does not."""
        seconds = parse_retry_after(self.headers.get("retry-after", ""))
        return None if seconds is None else max(0, int(seconds))

    @property
    def given_at(self) -> float:
        """When it was given, by the server's own clock, in seconds since 1970."""
        try:
            return parsedate_to_datetime(self.headers.get("date", "")).timestamp()
        except (ValueError, OverflowError):
            return time.time()

    @property
    def preconditions(self) -> list[str]:
        """The conditions that were not met, as the server names them (RFC 4918 section 16)."""
        return [tag.rpartition("}")[2] for tag in parse_preconditions(self.body)]


class Wire:
    """A DAVClient whose session follows no redirect, reads no environment, and has limits."""

    def __init__(self, url: str, credential: Credential, ca_file: str | None) -> None:
        self._client = DAVClient(
            url=url,
            username=credential.username,
            password=credential.secret,
            auth_type="bearer" if credential.bearer else "basic",
            ssl_verify_cert=ca_file or True,
            enable_rfc6764=False,
            huge_tree=True,
            headers={
                "User-Agent": f"connectd/{__version__}",
                "Accept": "text/xml, text/calendar, text/vcard, */*;q=0.5",
                "Accept-Encoding": "identity",
            },
        )
        self._client.session.close()
        self._session = _Session()
        self._client.session = self._session

    @property
    def requests(self) -> int:
        """How many requests went out, also those of an authentication handshake."""
        return self._session.adapter.requests

    def use(self, credential: Credential, *, digest: bool = False) -> bool:
        """Authenticate as this from now on."""
        self._client.username, self._client.password = credential.username, credential.secret
        basic = "digest" if digest else "basic"
        self._client.auth_type = "bearer" if credential.bearer else basic
        self._client.build_auth_object()
        return True

    def exchange(
        self,
        method: str,
        url: str,
        body: str,
        headers: Mapping[str, str],
        **terms: Any,  # noqa: ANN401 - the fields of Exchange
    ) -> Answer:
        """Make a request, a reading one again if the kept connection turned out to be dead.

        Raises what ``no_answer`` returns, and TooLargeError.
        """
        exchange = Exchange(url=url, **terms)
        if exchange.write:
            # over a kept connection that is just being closed, nobody could say what became of it
            self._session.adapter.poolmanager.clear()
        try:
            return self._send(exchange, method, body, headers)
        except _NETWORK_ERRORS as error:
            dead = exchange.reused and exchange.sent and not exchange.answered
            late = exchange.expired or time.monotonic() >= exchange.ends_at()
            if exchange.write or late or not dead:
                raise no_answer(exchange, error) from error
        try:
            return self._send(exchange, method, body, headers)
        except _NETWORK_ERRORS as error:
            raise no_answer(exchange, error) from error

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def _send(
        self, exchange: Exchange, method: str, body: str, headers: Mapping[str, str]
    ) -> Answer:
        self._session.adapter.exchange = exchange
        tree = None
        # the status an error is about stands in the exchange, and what is no XML has no tree
        with contextlib.suppress(DAVError, XMLSyntaxError):
            tree = self._client.request(exchange.url, method, body, headers).tree
        return Answer(
            url=exchange.url,
            status=exchange.status,
            headers=exchange.headers,
            body=exchange.body,
            truncated=exchange.truncated,
            tree=tree,
        )


class _Session(niquests.Session):
    """A session with one adapter that no environment, redirect or cookie has a say in."""

    def __init__(self) -> None:
        super().__init__(allow_incoming_cookies=False, revocation_configuration=None)
        self.trust_env = False
        self.adapter = _Adapter()

    def get_adapter(self, url: str) -> HTTPAdapter:  # noqa: ARG002 - there is one for all URLs
        return self.adapter

    def close(self) -> None:
        super().close()
        self.adapter.close()


class _Adapter(HTTPAdapter):
    """Sends to allowed places only, ends every request in time, and reads no more than allowed.

    ``Location`` is kept from the session, which would read the rest of the body because of it,
    and from the caldav library every body that is not a multistatus, which it would parse as
    XML all the same, and log.
    """

    def __init__(self) -> None:
        self.requests = 0
        self.exchange: Exchange
        super().__init__(
            pool_maxsize=1,
            disable_http2=True,
            disable_http3=True,
            allow_incoming_cookies=False,
            revocation_configuration=None,
        )

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - passed on
        super().init_poolmanager(*args, **kwargs, background_watch_delay=None)
        self.poolmanager.pool_classes_by_scheme = {
            scheme: _watched(pool, self)
            for scheme, pool in self.poolmanager.pool_classes_by_scheme.items()
        }

    def send(self, request: niquests.PreparedRequest, **kwargs: Any) -> niquests.Response:  # type: ignore[override] # noqa: ANN401 - passed on
        exchange = self.exchange
        exchange.allow(str(request.url))
        exchange.renew()
        remaining = max(0.1, exchange.ends_at() - time.monotonic())
        kwargs |= {"stream": True, "timeout": (min(_CONNECT_SECONDS, remaining), remaining)}
        self.requests += 1
        with _ended_in_time(exchange):
            response = super().send(request, **kwargs)
            exchange.answered = True
            _take(response, exchange)
        return response


def _watched(pool: type[Any], adapter: _Adapter) -> type[Any]:
    """Return the pool class with connections that report to the exchange going on."""
    plain: type[Any] = pool.ConnectionCls

    class Connection(plain):  # type: ignore[misc] # the library chooses the class
        def connect(self) -> None:
            adapter.exchange.reused = False
            super().connect()

        def request(self, *args: Any, **kwargs: Any) -> object:  # noqa: ANN401 - passed on
            if adapter.exchange.expired:
                raise TimeoutError  # what comes too late must not be sent any more
            adapter.exchange.connection = self
            adapter.exchange.sent = True
            return super().request(*args, **kwargs)

    return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


@contextlib.contextmanager
def _ended_in_time(exchange: Exchange) -> Iterator[None]:
    """Cut the connection when the time is up, however slowly and steadily bytes arrive."""
    done = threading.Event()

    def guard() -> None:
        while not done.wait(_GLANCE_SECONDS):
            if time.monotonic() < exchange.ends_at():
                continue
            exchange.expired = True
            sock = getattr(exchange.connection, "sock", None)
            if sock is not None:
                # not the method of an SSLSocket, which forgets its keys under the reader's feet
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    guardian = threading.Thread(target=guard, name="caldav-deadline", daemon=True)
    guardian.start()
    try:
        yield
    finally:
        done.set()
        guardian.join()


def _take(response: niquests.Response, exchange: Exchange) -> None:
    """Read the body within its cap into the exchange, and leave the library a harmless rest."""
    headers = {name.lower(): str(value) for name, value in response.headers.items()}
    exchange.status, exchange.headers = response.status_code or 0, headers
    if headers.get("content-encoding", "identity") != "identity":
        response.close()
        raise CompressedError
    kept = bytearray()
    for chunk in response.iter_content(-1):
        kept += chunk
        if len(kept) > exchange.cap:
            response.close()
            exchange.truncated = True
            break
    if exchange.truncated and not exchange.keep_beginning:
        raise TooLargeError(
            f"{clean(exchange.url)} answered with more than {exchange.cap // 2**20} MiB."
        )
    exchange.body = bytes(kept[: exchange.cap])
    readable = _says_xml(exchange) and is_plain_xml(exchange.body)
    # both as the response's own content property sets them
    response._content = exchange.body if readable else b""  # noqa: SLF001 - see above
    response._content_consumed = True  # noqa: SLF001 - see above
    response.headers.pop("Location", None)
    response.headers["Content-Type"] = "application/xml" if readable else "text/plain"


def _says_xml(exchange: Exchange) -> bool:
    """Whether there is an answer to a question in it, and no object that was got."""
    kind = exchange.headers.get("content-type", "").lower()
    return exchange.status == _MULTISTATUS or (exchange.status == _OK and kind.startswith(_XML))
