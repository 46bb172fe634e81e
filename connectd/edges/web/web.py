"""One published document from the web, fetched with care, and where an address leads.

The URL may be a secret that others must not learn: what goes wrong is told with the name of
the host alone. Only the host named in it is ever asked for a document, whatever it redirects
to; and nothing of this machine's environment (proxies, cookies, saved logins) has a say.
"""

import math
import re
import time
from collections.abc import Callable
from http.client import HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from connectd.edges.web.connection import MOVED, Place, asked, place_of, request, told_plainly
from connectd.edges.web.looking import Look, look
from connectd.errors import RefusedError, ServerError

_REDIRECTS = 3
_OK = 200
_NOT_MODIFIED = 304
_FOR_NOW = (408, 425, 429)
_AT_ONCE = 64 * 1024
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,512}")
_ACCEPTED = {"Accept": "text/calendar, */*;q=0.1"}


class Fetched(NamedTuple):
    """A document, and how to name this version of it when asking again (RFC 9110 section 8.8)."""

    text: str
    etag: str | None
    last_modified: str | None


class Web:
    """Asks web servers, each time for no longer than ``timeout_seconds``.

    Documents have at most ``largest`` bytes.
    """

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
        remaining = self._remaining(within)
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        known = {name: value for name, value in conditions.items() if value is not None}
        place = place_of(url)
        for _ in range(_REDIRECTS + 1):
            with (
                told_plainly(place.host),
                asked(place, request(place, _ACCEPTED | known), ca_file, remaining) as answer,
            ):
                if answer.status not in MOVED:
                    return self._taken(answer, place.host, conditional=bool(known))
                url = urljoin(url, answer.getheader("Location", ""))
            place = _redirected(place, url)
        raise ServerError(f"{place.host} sends from one address to the next without an end.")

    def look(self, url: str, *, ca_file: Path | None = None, within: float = math.inf) -> Look:
        """See where an address leads in the end, on other hosts too, and who answers there.

        Whoever is asked learns no more than that. Raises ServerError where nobody answers;
        RefusedError where redirects have no end or lead to an address without encryption.
        """
        return look(url, ca_file, self._remaining(within))

    def _remaining(self, within: float) -> Callable[[], float]:
        """Count the seconds that are left from now on; raises TimeoutError when none are."""
        latest = time.monotonic() + min(self._timeout_seconds, within)

        def remaining() -> float:
            seconds = min(latest, self._latest) - time.monotonic()
            if seconds <= 0:
                raise TimeoutError
            return seconds

        return remaining

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


def _validator(answer: HTTPResponse, name: str) -> str | None:
    """What names this version, unless it could not be sent back in a header."""
    value = answer.getheader(name, "").strip()
    return value if _VALIDATOR.fullmatch(value) else None


def _redirected(before: Place, url: str) -> Place:
    """The place that a redirect leads to; it has to be on the same host, port and scheme."""
    place = place_of(url)
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
