"""A calendar client of the user's on a server of their own: plain HTTP, nothing of connectd's."""

import base64
import http.client
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit
from xml.sax.saxutils import escape

from connectd.errors import ServerError

_SECONDS = 30.0
_GOOD = 2
_GONE = (404, 410)


@dataclass(frozen=True, slots=True)
class ClientObject:
    """A calendar object as the client got it."""

    text: str
    etag: str


class CalendarClient:
    """A client on ``home``, the folder of the user's calendars; its URL ends in a slash.

    Any request raises ServerError unless the server does as asked.
    """

    def __init__(self, home: str, username: str, password: str) -> None:
        self._home = home
        token = base64.b64encode(f"{username}:{password}".encode()).decode()
        self._authorization = f"Basic {token}"

    def make_calendar(self, name: str) -> str:
        """Make a calendar (RFC 4791 section 5.3.1) and return its URL."""
        url = urljoin(self._home, f"{name.lower()}/")
        body = (
            '<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<displayname>{escape(name)}</displayname></prop></set></C:mkcalendar>"
        )
        self._change("MKCALENDAR", url, body, {"Content-Type": "application/xml; charset=utf-8"})
        return url

    def make_address_book(self, name: str) -> str:
        """Make an address book (RFC 6352 section 6.3.1, RFC 5689) and return its URL."""
        url = urljoin(self._home, f"{name.lower()}/")
        body = (
            '<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop>'
            "<resourcetype><collection/><C:addressbook/></resourcetype>"
            f"<displayname>{escape(name)}</displayname></prop></set></mkcol>"
        )
        self._change("MKCOL", url, body, {"Content-Type": "application/xml; charset=utf-8"})
        return url

    def create(self, url: str, text: str) -> None:
        """Put a new object there."""
        self._put(url, text, {"If-None-Match": "*"})

    def get(self, url: str) -> ClientObject | None:
        """The object that is there, None if the server says that there is none."""
        status, headers, text = self._request("GET", url)
        if status in _GONE:
            return None
        _expect(status, "GET", url)
        return ClientObject(text, headers.get("etag", ""))

    def replace(self, url: str, text: str, etag: str) -> None:
        """Put a new version over the one with this ETag."""
        self._put(url, text, {"If-Match": etag})

    def _put(self, url: str, text: str, headers: dict[str, str]) -> None:
        self._change("PUT", url, text, {"Content-Type": "text/calendar; charset=utf-8", **headers})

    def _change(self, method: str, url: str, body: str, headers: dict[str, str]) -> None:
        status, _, _ = self._request(method, url, body, headers)
        _expect(status, method, url)

    def _request(
        self, method: str, url: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        target = urlsplit(url)
        connection = http.client.HTTPConnection(target.netloc, timeout=_SECONDS)
        try:
            sent = {"Authorization": self._authorization, **(headers or {})}
            connection.request(method, target.path, body.encode(), sent)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            received = {name.lower(): value for name, value in answer.getheaders()}
        except (OSError, http.client.HTTPException) as error:
            raise ServerError(f"{method} {url} got no answer: {error!r}.") from error
        finally:
            connection.close()
        return answer.status, received, text


def _expect(status: int, method: str, url: str) -> None:
    if status // 100 != _GOOD:
        raise ServerError(f"{method} {url} was answered with {status}.")
