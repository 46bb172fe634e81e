"""Which URLs an account may touch, and when two URLs mean the same object."""

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote_from_bytes, unquote_to_bytes, urljoin, urlsplit

from connectd.domain.urls import ascii_host, is_loopback
from connectd.edges.caldav_server.foreign import clean
from connectd.errors import ServerError

_PARTITIONED = (
    ".icloud.com",
)  # such a provider keeps an account on another host below the same name
_PORTS = {"http": 80, "https": 443}
# read differently by different parsers, so that a check and a connection could disagree
_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f-\x9f\\]")

# by urljoin, for which a path with one of these after its first slash may name another host
_PASSED_OVER = re.compile(r"[\t\r\n]")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: whoever answers there sees what is sent there."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{clean(host)}{port}"

    def may_reach(self, other: "Origin") -> bool:
        """Whether what belongs to this origin may be sent to the other."""
        return self == other or (
            self.scheme == other.scheme == "https"
            and self.port == other.port == _PORTS["https"]
            and any(self.host.endswith(p) and other.host.endswith(p) for p in _PARTITIONED)
        )


def origin_of(url: str) -> Origin:
    """Return the origin of an absolute URL.

    Raises ServerError for a URL that is no unambiguous http(s) URL, that carries credentials,
    or that would send them unencrypted over a network.
    """
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
    except ValueError as error:
        raise ServerError(f"{clean(url)} is not a URL: {clean(str(error))}.") from error
    if "@" in parts.netloc:
        # without naming the URL: the password may stand in it
        raise ServerError(
            f"The URL for {clean(host)} has a user name or password in it: put them where the "
            "configuration has a place for them."
        )
    if scheme not in _PORTS or not host or _AMBIGUOUS.search(url):
        raise ServerError(f"{clean(url)} is not a URL that begins with https:// and a host name.")
    if scheme == "http" and not is_loopback(host):
        raise ServerError(
            f"http://{clean(host)} would send the password unencrypted: use https:// there."
        )
    return Origin(scheme, ascii_host(host), port or _PORTS[scheme])


def absolute(base: str, href: str) -> str:
    """Return the URL that an href means, its percent-encoding as the server wrote it.

    Raises ServerError for one that is no URL, or is read differently by different parsers.
    """
    href = href.strip()
    if not _PASSED_OVER.search(href):
        with suppress(ValueError):
            return urljoin(base, href).partition("#")[0]
    raise ServerError(f"The server leads to {clean(href)}, which is not a URL.")


def with_scheme_of(own: str, url: str) -> str:
    """Return a URL of the same host with the scheme and port of one's own, others as they are."""
    ours, theirs = urlsplit(own), urlsplit(url)
    if (
        theirs.scheme in _PORTS
        and theirs.scheme != ours.scheme
        and theirs.hostname == ours.hostname
    ):
        return theirs._replace(scheme=ours.scheme, netloc=ours.netloc).geturl()
    return url


def as_folder(url: str) -> str:
    """Return the URL of a collection with its slash at the end (RFC 4918 section 5.2)."""
    return url if url.endswith("/") else url + "/"


def comparable(url: str) -> str:
    """Return one spelling for all spellings of a URL (RFC 3986 section 6.2.2)."""
    parts = urlsplit(url)
    segments = parts.path.rstrip("/").split("/")
    path = "/".join(quote_from_bytes(unquote_to_bytes(segment), safe="") for segment in segments)
    scheme = parts.scheme.lower()
    port = parts.port or _PORTS.get(scheme, 0)
    return f"{scheme}://{ascii_host(parts.hostname or '')}:{port}{path}"


def path_of(url: str) -> str:
    """Return the absolute path of a URL, as it was written."""
    return urlsplit(url).path or "/"
