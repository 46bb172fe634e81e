"""Finds the calendar server of somebody from what they know: an address, a host or a URL.

The order is that of RFC 6764 section 6: the domain name system, then the well-known URL, then
what connectd knows of large providers. No user name and no password is sent anywhere.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple, Protocol
from urllib.parse import urljoin, urlsplit

from connectd.domain.addresses import valid_address
from connectd.domain.urls import ascii_host, is_loopback, url_problem
from connectd.edges.dns import Service
from connectd.edges.web import Look
from connectd.errors import RefusedError, ServerError, WrongInputError
from connectd.formats.plain_text import clean
from connectd.formats.providers import Provider, Providers, read_providers

_SERVICE = "_caldavs._tcp."
_WELL_KNOWN = "/.well-known/caldav"
_SECONDS_EACH = 10.0
_HOSTS_TRIED = 3
_HTTPS = 443
# urljoin reads past tabs and line breaks, so that /<tab>/other.test would lead to other.test
_PATH = re.compile(r"/(?![/\\])[^\x00-\x20\x7f]*")


class FoundBy(StrEnum):
    """What led to a place, in words."""

    GIVEN = "the address you gave"
    DNS = "DNS"
    WELL_KNOWN = "well-known"
    PATH = "a usual path"
    PROVIDER = "provider"


class Place(NamedTuple):
    """Where a calendar server answers: ``host`` is whom a password would be sent to.

    ``same_domain`` says that it belongs to the domain that was named, or to the same known
    provider. Where it does not, only an unsigned answer or a redirect vouches for it.
    """

    url: str
    host: str
    found_by: FoundBy
    provider: Provider | None
    same_domain: bool


class NamesAsked(Protocol):
    """The domain name system (``edges.dns.Names``)."""

    def services(self, name: str) -> tuple[Service, ...] | None:
        """Where a service is offered; None if nothing is said."""

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a name."""


class WebAsked(Protocol):
    """Whoever sees where an address leads (``edges.web.Web``)."""

    def look(self, url: str, *, ca_file: Path | None = None, within: float = ...) -> Look:
        """See who answers there."""


def known_providers() -> Providers:
    """What comes with connectd."""
    return read_providers(files("connectd").joinpath("data", "providers.toml").read_text("utf-8"))


def find_server(
    said: str,
    names: NamesAsked,
    web: WebAsked,
    providers: Providers,
    *,
    ca_file: Path | None = None,
) -> tuple[Place, ...]:
    """Return where calendar servers answer, the likeliest first.

    ``said`` is an e-mail address, a host or a URL; ``ca_file`` is trusted in place of the usual
    authorities. Raises WrongInputError for anything else, and for what is not encrypted;
    ServerError with what was tried, and what to do, where nothing was found.
    """
    return _Search(said.strip(), names, web, providers, ca_file).run()


class _Search:
    def __init__(
        self,
        said: str,
        names: NamesAsked,
        web: WebAsked,
        providers: Providers,
        ca_file: Path | None,
    ) -> None:
        self._said = said
        self._names = names
        self._web = web
        self._providers = providers
        self._ca_file = ca_file
        self._problems: list[ServerError] = []
        self._silent: set[str] = set()
        self._address = said if valid_address(said) else ""
        self._base = f"https://{said.rpartition('@')[2]}/" if self._address else _url_of(said)
        self._domain = ascii_host(urlsplit(self._base).hostname or "")
        self._theirs = providers.provider_of(self._domain)

    def run(self) -> tuple[Place, ...]:
        steps = (self._given, self._by_dns, self._by_well_known, self._by_path, self._by_provider)
        for step in steps:
            if found := tuple(dict.fromkeys(step())):
                return found
        raise self._nothing()

    def _given(self) -> Iterator[Place]:
        """The URL itself, where it names more than a host."""
        if urlsplit(self._base).path != "/":
            yield from self._place(self._base, FoundBy.GIVEN)

    def _by_dns(self) -> Iterator[Place]:
        """RFC 6764 section 6, steps 2 and 3; section 4 for the path."""
        if urlsplit(self._base).port or _is_address(self._domain):
            return
        name = _SERVICE + self._domain
        try:
            services = self._names.services(name)
            path = _path_in(self._names.texts(name)) if services else ""
        except ServerError as problem:
            self._problems.append(problem)
            return
        for host, port in (services or ())[:_HOSTS_TRIED]:
            base = f"https://{host}/" if port == _HTTPS else f"https://{host}:{port}/"
            if url_problem(base):
                continue
            for url in dict.fromkeys(
                (urljoin(base, path or _WELL_KNOWN), base + _WELL_KNOWN[1:], base)
            ):
                if found := tuple(self._place(url, FoundBy.DNS)):
                    yield from found
                    break

    def _by_well_known(self) -> Iterator[Place]:
        yield from self._place(urljoin(self._base, _WELL_KNOWN), FoundBy.WELL_KNOWN)

    def _by_path(self) -> Iterator[Place]:
        """The host itself, and the usual paths below one that was named."""
        if self._address:
            return
        paths = [path for server in self._providers.servers for path in server.paths]
        for path in ("/", *paths):
            if found := tuple(self._place(urljoin(self._base, path), FoundBy.PATH)):
                yield from found
                return

    def _by_provider(self) -> Iterator[Place]:
        """What is known of the provider; an answer of any kind shows that it can be reached."""
        if self._theirs is None or not (self._address or "{" not in self._theirs.url):
            return
        url = self._theirs.url_for(self._address)
        if url and self._look(url):
            yield self._named(url, FoundBy.PROVIDER)

    def _place(self, url: str, found_by: FoundBy) -> Iterator[Place]:
        """Where the URL leads, if a calendar server answers there."""
        seen = self._look(url)
        if seen is None:
            return
        if not seen.answers or url_problem(seen.url):
            self._problems.append(_no_server(seen))
            return
        # asked who one is before it says where to go: from its root, all is looked for again
        stayed = urlsplit(seen.url).path.rstrip("/") == _WELL_KNOWN
        place = self._named(urljoin(seen.url, "/") if stayed else seen.url, found_by)
        if self._is_credible(place):
            yield place

    def _look(self, url: str) -> Look | None:
        """See who answers there; a host that did not answer is not asked again."""
        origin = urlsplit(url).netloc
        if origin in self._silent:
            return None
        try:
            return self._web.look(url, ca_file=self._ca_file, within=_SECONDS_EACH)
        except ServerError as problem:
            self._problems.append(problem)
            if not isinstance(problem, RefusedError):
                self._silent.add(origin)
            return None

    def _named(self, url: str, found_by: FoundBy) -> Place:
        """The place; at a known provider its own address is surer than what led there."""
        host, theirs = ascii_host(urlsplit(url).hostname or ""), self._theirs
        known = theirs.url_for(self._address) if theirs and self._address else ""
        if known and urlsplit(known).hostname == host:
            url, found_by = known, FoundBy.PROVIDER
        provider = self._providers.provider_at(url)
        same = host == self._domain or host.endswith(f".{self._domain}")
        return Place(url, host, found_by, provider, same or _are_same(provider, theirs))

    def _is_credible(self, place: Place) -> bool:
        """Whether to believe it: nothing leads off a provider that is known."""
        theirs = self._theirs
        if theirs is None or not theirs.url or _are_same(place.provider, theirs):
            return True
        self._problems.append(
            ServerError(f"{self._domain} leads to {clean(place.host)}, which is not {theirs.name}.")
        )
        return False

    def _nothing(self) -> ServerError:
        if self._theirs and not self._theirs.url:
            return ServerError(self._theirs.note)
        problems = dict.fromkeys(str(problem) for problem in self._problems)
        return ServerError(
            f"No calendar server was found for {clean(self._said)}. {' '.join(problems)} "
            "The help of your calendar's provider says which address is for CalDAV; give that one."
        )


def _url_of(said: str) -> str:
    """The URL that is meant by a URL or a host; raises WrongInputError."""
    url = said if "://" in said else f"https://{said}"
    parts = urlsplit(url) if url_problem(url) is None else None
    if parts is None or not (parts.hostname or "").strip("."):
        problem = url_problem(url) if "://" in said else None
        raise WrongInputError(
            f"The address {problem}."
            if problem
            else "Please give an e-mail address, or the address of your calendar server such as "
            "https://dav.example.test/."
        )
    return parts._replace(path=parts.path or "/", query="", fragment="").geturl()


def _path_in(texts: tuple[str, ...]) -> str:
    """The path that a TXT record names (RFC 6764 section 4), empty if there is none."""
    for text in texts:
        key, _, value = text.partition("=")
        if key.strip().lower() == "path" and _PATH.fullmatch(value):
            return value
    return ""


def _are_same(one: Provider | None, other: Provider | None) -> bool:
    return one is not None and other is not None and one.name == other.name


def _is_address(host: str) -> bool:
    """Whether no name server knows it: a number, or this very machine."""
    return is_loopback(host) or ":" in host or host.replace(".", "").isdigit()


def _no_server(seen: Look) -> ServerError:
    host = clean(urlsplit(seen.url).hostname or "")
    if seen.is_page:
        return ServerError(
            f"{host} answered with a web page; if that is the login of the network you are in, "
            "log in there first."
        )
    return ServerError(f"{host} answered with the status {seen.status}, which no server does here.")
