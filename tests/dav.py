"""A calendar client in a few lines, on the standard library alone: the user's other hand."""

import base64
import http.client
import re
import ssl
from dataclasses import dataclass
from html import unescape
from typing import Self
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

DISPLAY_NAME = '<propfind xmlns="DAV:"><prop><displayname/><resourcetype/></prop></propfind>'


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server said. ``headers`` have lower-case names."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def etag(self) -> str:
        return self.headers.get("etag", "")

    def expect(self, *statuses: int) -> Self:
        """Return itself; raises AssertionError when the status is none of these."""
        assert self.status in statuses, f"{self.status} is none of {statuses}: {self.text[:500]}"
        return self


class Dav:
    """Requests of one user; every URL may be a path on the server."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self._base = url
        self._authorization = (
            "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
        )

    def request(
        self,
        method: str,
        url: str,
        body: str = "",
        headers: dict[str, str] | None = None,
        seconds: float = 30,
    ) -> Reply:
        target = urlsplit(urljoin(self._base, url))
        host, port = target.hostname or "", target.port
        connection: http.client.HTTPConnection
        if target.scheme == "https":
            connection = http.client.HTTPSConnection(
                host, port, timeout=seconds, context=unverified()
            )
        else:
            connection = http.client.HTTPConnection(host, port, timeout=seconds)
        try:
            connection.request(
                method,
                quote(target.path, safe="/%"),
                body.encode(),
                {"Authorization": self._authorization, **(headers or {})},
            )
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Reply(answer.status, fields, text)
        finally:
            connection.close()

    def get(self, url: str) -> Reply:
        return self.request("GET", url)

    def put(self, url: str, text: str, *, etag: str | None = None, new: bool = False) -> Reply:
        """Write an object; ``etag`` and ``new`` make it conditional."""
        headers = {"Content-Type": "text/calendar; charset=utf-8"}
        if etag is not None:
            headers["If-Match"] = etag
        if new:
            headers["If-None-Match"] = "*"
        return self.request("PUT", url, text, headers)

    def delete(self, url: str, etag: str | None = None) -> Reply:
        return self.request("DELETE", url, headers={"If-Match": etag} if etag else None)

    def move(self, url: str, destination: str) -> Reply:
        target = urljoin(self._base, destination)
        return self.request("MOVE", url, headers={"Destination": target, "Overwrite": "F"})

    def propfind(self, url: str, body: str = DISPLAY_NAME, depth: int = 0) -> Reply:
        return self.request("PROPFIND", url, body, _xml(depth))

    def report(self, url: str, body: str, depth: int = 1) -> Reply:
        return self.request("REPORT", url, body, _xml(depth))

    def proppatch(self, url: str, body: str) -> Reply:
        return self.request("PROPPATCH", url, body, _xml())

    def mkcalendar(self, url: str, name: str, components: tuple[str, ...] = ("VEVENT",)) -> Reply:
        kinds = "".join(f'<C:comp name="{component}"/>' for component in components)
        body = (
            '<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
            f"<displayname>{escape(name)}</displayname><C:supported-calendar-component-set>"
            f"{kinds}</C:supported-calendar-component-set></prop></set></C:mkcalendar>"
        )
        return self.request("MKCALENDAR", url, body, _xml())

    def make_address_book(self, url: str, name: str) -> Reply:
        """Make an address book by an extended MKCOL (RFC 5689, RFC 6352 section 6.3.1)."""
        body = (
            '<mkcol xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><set><prop>'
            "<resourcetype><collection/><C:addressbook/></resourcetype>"
            f"<displayname>{escape(name)}</displayname></prop></set></mkcol>"
        )
        return self.request("MKCOL", url, body, _xml())

    def put_cards(self, url: str, *cards: str) -> Reply:
        """Write a card; where the server takes it, a whole address book of them at once."""
        headers = {"Content-Type": "text/vcard; charset=utf-8"}
        return self.request("PUT", url, "".join(cards), headers, seconds=120)

    def hrefs(self, url: str) -> list[str]:
        """Return absolute URLs of what a collection holds, itself left out."""
        text = self.propfind(url, depth=1).expect(207).text
        found = [
            urljoin(urljoin(self._base, url), unescape(raw.strip()))
            for raw in re.findall(
                r"<(?:\w+:)?response\b.*?<(?:\w+:)?href[^>]*>([^<]+)<", text, re.DOTALL
            )
        ]
        own = unquote(urlsplit(urljoin(self._base, url)).path).rstrip("/")
        return [href for href in found if unquote(urlsplit(href).path).rstrip("/") != own]

    def objects(self, calendar: str) -> dict[str, str]:
        """Return the text of every object in a calendar or inbox, by absolute URL."""
        replies = {
            href: self.get(href).expect(200, 404)  # gone since it was listed
            for href in self.hrefs(calendar)
            if not href.endswith("/")
        }
        return {href: reply.text for href, reply in replies.items() if reply.status == 200}


def unverified() -> ssl.SSLContext:
    """Return a TLS context for a test's own server: whom it certifies is no question there."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _xml(depth: int | None = None) -> dict[str, str]:
    headers = {"Content-Type": "application/xml; charset=utf-8"}
    return headers if depth is None else {**headers, "Depth": str(depth)}
