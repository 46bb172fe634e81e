"""Where an address leads, and whether a calendar server answers there (RFC 6764 section 5).

Nobody is named in the request: whoever answers learns that somebody asked, and no more.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin

from connectd.edges.web.connection import MOVED, Place, asked, place_of, request, told_plainly
from connectd.errors import RefusedError, ServerError

_REDIRECTS = 5
_MULTISTATUS = 207
_UNAUTHORIZED = 401
_HEADERS = {"Accept": "text/xml, */*;q=0.1", "Depth": "0", "Content-Type": "application/xml"}
_QUESTION = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<propfind xmlns="DAV:"><prop><current-user-principal/></prop></propfind>'
)


class Look(NamedTuple):
    """What answered in the end: ``url`` is where, after all redirects.

    ``answers`` says that it did as a calendar server does, or asked who one is; ``is_page`` that
    it was with a web page.
    """

    url: str
    status: int
    answers: bool
    is_page: bool


def look(url: str, ca_file: Path | None, remaining: Callable[[], float]) -> Look:
    """Follow an address to its end.

    Raises RefusedError where an answer leads nowhere, ServerError where there is none.
    """
    first = place = place_of(url)
    for _ in range(_REDIRECTS + 1):
        with told_plainly(place.host), _asked(place, ca_file, remaining) as answer:
            location = answer.getheader("Location", "").strip()
            if answer.status not in MOVED or not location:
                return _seen(answer, url)
        url, place = _onward(place, url, location)
    raise RefusedError(f"{first.host} sends from one address to the next without an end.")


def _asked(
    place: Place, ca_file: Path | None, remaining: Callable[[], float]
) -> AbstractContextManager[HTTPResponse]:
    return asked(place, request(place, _HEADERS, "PROPFIND", _QUESTION), ca_file, remaining)


def _onward(before: Place, url: str, location: str) -> tuple[str, Place]:
    """Where an answer leads; raises RefusedError for what may not be asked."""
    with suppress(ServerError, ValueError):  # the latter of urljoin
        url = urljoin(url, location).partition("#")[0]
        place = place_of(url)
        if place.scheme == "https" or before.scheme == "http":
            return url, place
    raise RefusedError(f"{before.host} sends on to an address that may not be used.")


def _seen(answer: HTTPResponse, url: str) -> Look:
    is_page = answer.getheader("Content-Type", "").lower().startswith("text/html")
    answers = answer.status in (_MULTISTATUS, _UNAUTHORIZED)
    return Look(url, answer.status, answers=answers, is_page=is_page and not answers)
