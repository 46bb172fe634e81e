"""Reads what is known of calendar providers and servers: where they are, how one logs in."""

import tomllib
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit


class Provider(NamedTuple):
    """A provider, or server software that people run themselves.

    ``url`` is a template, empty where there is no calendar server; ``paths`` are those that the
    software uses below any host, the usual one first; nameless are those that several kinds use.
    ``app_password`` is ``"always"``, ``"two-factor"`` (for those
    who log in with two factors) or empty, ``made_at`` where such a password is made. ``token``
    says that OAuth 2 tokens alone are taken, ``note`` what to know before logging in.
    """

    name: str
    url: str = ""
    domains: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    username: str = "address"
    app_password: str = ""
    made_at: str = ""
    token: bool = False
    note: str = ""

    def url_for(self, address: str) -> str:
        """Where the calendars of this e-mail address are; empty where there are none."""
        name = address.partition("@")[0]
        return self.url.format(address=quote(address, safe="@"), name=quote(name, safe=""))

    def username_for(self, address: str) -> str:
        """The user name that goes with this e-mail address."""
        return address.partition("@")[0] if self.username == "name" else address


class Providers(NamedTuple):
    """All that is known: ``known`` providers, and ``servers`` that people run themselves."""

    known: tuple[Provider, ...]
    servers: tuple[Provider, ...]

    def provider_of(self, said: str) -> Provider | None:
        """Whose this e-mail address, domain or host is; None if that is not known."""
        domain = said.rpartition("@")[2].lower().rstrip(".")
        return next((one for one in self.known if _is_of(domain, one)), None)

    def provider_at(self, url: str) -> Provider | None:
        """What answers at this URL, by its host or else by its path; None if unknown."""
        parts = urlsplit(url)
        return self.provider_of(parts.hostname or "") or next(
            (one for one in self.servers if _is_below(parts.path, one)), None
        )


def read_providers(text: str) -> Providers:
    """Read the file that comes with connectd; raises ValueError, KeyError or TypeError."""
    document = tomllib.loads(text)
    return Providers(
        tuple(_provider(table) for table in document["provider"]),
        tuple(_provider(table) for table in document["server"]),
    )


def _provider(table: Mapping[str, Any]) -> Provider:
    lists = {key: tuple(value) for key, value in table.items() if isinstance(value, list)}
    return Provider(**{**table, **lists})


def _is_of(domain: str, provider: Provider) -> bool:
    own = urlsplit(provider.url).hostname
    return domain == own or any(
        domain == known or domain.endswith(f".{known}") for known in provider.domains
    )


def _is_below(path: str, server: Provider) -> bool:
    """Whether the path is one of this software's, in whatever folder it was installed."""
    return bool(server.name) and server.paths[0] in f"{path.rstrip('/')}/"
