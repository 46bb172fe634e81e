"""The XML of WebDAV, CalDAV and CardDAV: requests written, multistatus answers read.

A property that could not be had is told apart from one that does not exist, since absence
is no evidence: a server that stumbled over one object must not make it look deleted.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from connectd.domain.model import Span
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.places import path_of
from connectd.errors import ServerError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from connectd.edges.caldav_server.transport import Transport
    from connectd.edges.caldav_server.wire import Answer

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
CARDDAV = "{urn:ietf:params:xml:ns:carddav}"
CALENDARSERVER = "{http://calendarserver.org/ns/}"
_PREFIXES = {DAV: "", CALDAV: "C:", CARDDAV: "A:", CALENDARSERVER: "S:"}
_NAMESPACES = (
    'xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'
    ' xmlns:A="urn:ietf:params:xml:ns:carddav"'
)
_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
_GONE = frozenset({404, 410})
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*<[A-Za-z_]", re.DOTALL)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Resource:
    """One ``response``: the properties that were given, and the status of those that were not.

    ``status`` is that of the whole resource, 200 where each property has its own.
    """

    href: str
    status: int
    given: "Mapping[str, Element]"
    failed: Mapping[str, int]

    @property
    def gone(self) -> bool:
        """Whether the server says that it is not there."""
        return self.status in _GONE

    def essential(self, tag: str) -> "Element | None":
        """Return a property's element, None if the resource has none such.

        Raises ServerError if the server could not tell: then nothing may be concluded.
        """
        status = self.failed.get(tag, 404)
        if tag not in self.given and status not in _GONE:
            raise _not_whole(self.href, status)
        return self.given.get(tag)

    def text(self, tag: str) -> str:
        """Return a property's text, empty where it was not given."""
        element = self.given.get(tag)
        return "" if element is None else (element.text or "").strip()

    def hrefs(self, tag: str) -> list[str]:
        """Return the hrefs in a property, as they were written."""
        element = self.given.get(tag)
        if element is None:
            return []
        return [child.text.strip() for child in element.iterfind(DAV + "href") if child.text]

    def kinds(self) -> frozenset[str]:
        """Return the resource types (RFC 4918 section 15.9)."""
        element = self.given.get(DAV + "resourcetype")
        return frozenset() if element is None else frozenset(_tags(element))


def is_plain_xml(body: bytes) -> bool:
    """Whether this is XML without a document type, and so without entities that could grow."""
    return b"\x00" not in body[:4] and _PROLOG.match(body) is not None


def resources(answer: "Answer", transport: "Transport") -> list[Resource]:
    """Return what a 207 tells about each resource, gone ones included.

    Raises ServerError if it is not whole: a resource that the server failed on, or a listing
    that it cut short (RFC 4918 section 13, RFC 6578 section 3.6).
    """
    if answer.tree is None or answer.tree.tag != DAV + "multistatus":
        raise ServerError(f"{clean(answer.url)} did not answer as a CalDAV server does.")
    return [
        resource
        for response in answer.tree.iterfind(DAV + "response")
        for resource in _read(response, answer.url, transport)
    ]


def privileges(resource: Resource) -> frozenset[str] | None:
    """Return the names of what the user may do (RFC 3744 section 5.4), None if not said."""
    element = resource.given.get(DAV + "current-user-privilege-set")
    if element is None:
        return None
    return frozenset(
        tag for privilege in element.iterfind(DAV + "privilege") for tag in _tags(privilege)
    )


def propfind(tags: Iterable[str]) -> str:
    """Ask for these properties (RFC 4918 section 9.1)."""
    return f"{_DECLARATION}<propfind {_NAMESPACES}>{_prop(tags)}</propfind>"


def calendar_query(window: Span, component: str) -> str:
    """Ask for the ETags of what has a component in the window (RFC 4791 section 7.8)."""
    time_range = f'<C:time-range start="{_stamp(window.start)}" end="{_stamp(window.end)}"/>'
    return (
        f"{_DECLARATION}<C:calendar-query {_NAMESPACES}>{_prop([DAV + 'getetag'])}"
        f'<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name={quoteattr(component)}>'
        f"{time_range}</C:comp-filter></C:comp-filter></C:filter></C:calendar-query>"
    )


def calendar_multiget(urls: Sequence[str]) -> str:
    """Ask for the text of these objects (RFC 4791 section 7.9)."""
    return _multiget("C:calendar-multiget", CALDAV + "calendar-data", urls)


def addressbook_multiget(urls: Sequence[str]) -> str:
    """Ask for the text of these cards (RFC 6352 section 8.7)."""
    return _multiget("A:addressbook-multiget", CARDDAV + "address-data", urls)


def mkcalendar(name: str, components: Iterable[str]) -> str:
    """Ask for a new calendar (RFC 4791 section 5.3.1)."""
    kinds = "".join(f"<C:comp name={quoteattr(component)}/>" for component in components)
    return (
        f"{_DECLARATION}<C:mkcalendar {_NAMESPACES}><set><prop>"
        f"<displayname>{_escaped(name)}</displayname>"
        f"<C:supported-calendar-component-set>{kinds}</C:supported-calendar-component-set>"
        "</prop></set></C:mkcalendar>"
    )


def order_last() -> str:
    """Put a calendar behind all others: some servers put what comes in into the first one."""
    return (
        f"{_DECLARATION}<propertyupdate {_NAMESPACES}><set><prop>"
        '<calendar-order xmlns="http://apple.com/ns/ical/">9999</calendar-order>'
        "</prop></set></propertyupdate>"
    )


def _multiget(name: str, data: str, urls: Sequence[str]) -> str:
    hrefs = "".join(f"<href>{_escaped(path_of(url))}</href>" for url in urls)
    wanted = _prop([DAV + "getetag", data])
    return f"{_DECLARATION}<{name} {_NAMESPACES}>{wanted}{hrefs}</{name}>"


def _read(response: "Element", base: str, transport: "Transport") -> Iterator[Resource]:
    whole = response.find(DAV + "status")
    status = 200 if whole is None else _code(whole.text)
    hrefs = [element.text or "" for element in response.iterfind(DAV + "href")]
    if status >= 300 and status not in _GONE:  # noqa: PLR2004 - no success
        raise _not_whole(transport.locate(base, hrefs[0] if hrefs else ""), status)
    given: dict[str, Element] = {}
    failed: dict[str, int] = {}
    for propstat in response.iterfind(DAV + "propstat"):
        line = propstat.find(DAV + "status")
        code = 200 if line is None else _code(line.text)
        for prop in propstat.iterfind(DAV + "prop"):
            for element in prop.iterchildren("*"):
                if code < 300:  # noqa: PLR2004 - success
                    given[element.tag] = element
                else:
                    failed[element.tag] = code
    for href in hrefs:
        yield Resource(transport.locate(base, href), status, given, failed)


def _not_whole(url: str, status: int) -> ServerError:
    return ServerError(
        f"The server failed on {clean(url)} (status {status}), so the listing is not whole."
    )


def _code(line: str | None) -> int:
    """Return the code of a status line; one that cannot be read counts as a failure."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 500


def _tags(element: "Element") -> list[str]:
    return [child.tag for child in element.iterchildren("*")]


def _prop(tags: Iterable[str]) -> str:
    names = "".join(f"<{_prefixed(tag)}/>" for tag in tags)
    return f"<prop>{names}</prop>"


def _prefixed(tag: str) -> str:
    namespace, _, name = tag.rpartition("}")
    return _PREFIXES[namespace + "}"] + name


def _escaped(text: str) -> str:
    return escape(_ILLEGAL.sub("", text))


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%SZ")
