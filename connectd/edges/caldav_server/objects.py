"""Objects as they lie on the server: listed, fetched in batches, got one by one.

Calendars and address books differ in the name of the question and in that of the text alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from connectd.domain.model import Span
from connectd.edges.caldav_server import multistatus as xml
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.multistatus import CALDAV, CARDDAV, DAV, Resource
from connectd.edges.caldav_server.outcomes import NotXmlError, TooLargeError, failed_read
from connectd.edges.caldav_server.places import comparable
from connectd.edges.caldav_server.transport import SMALL_CAP, Transport
from connectd.edges.caldav_server.values import CalendarObject
from connectd.errors import ServerError

BATCH = 200
BEGINNING = 256 * 1024
_ETAG = DAV + "getetag"
_TYPES = DAV + "resourcetype"
_GONE = (404, 410)


class Question(NamedTuple):
    """How objects of a sort are asked for, and the property in which their text comes."""

    multiget: Callable[[Sequence[str]], str]
    data: str


EVENTS = Question(xml.calendar_multiget, CALDAV + "calendar-data")
CARDS = Question(xml.addressbook_multiget, CARDDAV + "address-data")


def listing(transport: Transport, calendar: str, window: Span, component: str) -> dict[str, str]:
    """URL and ETag of every object with such a component in the window."""
    body = xml.calendar_query(window, component)
    answer = transport.multistatus("REPORT", calendar, body, depth=1)
    return etags(xml.resources(answer, transport))


def inside(transport: Transport, collection: str) -> dict[str, str]:
    """URL and ETag of every object in a collection."""
    body = xml.propfind([_ETAG, _TYPES])
    answer = transport.multistatus("PROPFIND", collection, body, depth=1)
    found = xml.resources(answer, transport)
    return etags(resource for resource in found if DAV + "collection" not in resource.kinds())


def fetch(
    transport: Transport, collection: str, hrefs: Sequence[str], question: Question = EVENTS
) -> Iterator[tuple[CalendarObject, ...]]:
    """Yield the objects in batches; those that are gone are left out."""
    wanted = list(dict.fromkeys(hrefs))
    for start in range(0, len(wanted), BATCH):
        yield from _batch(transport, collection, wanted[start : start + BATCH], question)


def get(transport: Transport, href: str) -> CalendarObject | None:
    """Return one object, None only if the server says that it is not there."""
    found = _get(transport, href)
    if found is None or found.etag is not None:
        return found
    # asked for before the text is read again: an older ETag cannot hide a newer change
    known = etag(transport, href)
    again = _get(transport, href)
    return again and CalendarObject(href, known, again.text, again.truncated)


def etag(transport: Transport, href: str) -> str | None:
    """Return the ETag of one object, None only if the server says that it is not there."""
    answer = transport.read("PROPFIND", href, xml.propfind([_ETAG]), depth=0)
    if answer.status in _GONE:
        return None
    if answer.status != 207 or answer.tree is None:  # noqa: PLR2004 - Multi-Status
        raise failed_read(answer)
    found = [one for one in xml.resources(answer, transport) if not one.gone]
    return _etag(found[0]) if found else None


def etags(resources: Iterable[Resource]) -> dict[str, str]:
    """URL and ETag of those that are there; raises ServerError where one has none."""
    return {resource.href: _etag(resource) for resource in resources if not resource.gone}


def _batch(
    transport: Transport, collection: str, hrefs: Sequence[str], question: Question
) -> Iterator[tuple[CalendarObject, ...]]:
    try:
        answer = transport.multistatus("REPORT", collection, question.multiget(hrefs), depth=None)
    except (TooLargeError, NotXmlError):
        # one object can spoil the answer for all: a large one, or one with a control character
        middle = len(hrefs) // 2
        if middle:
            yield from _batch(transport, collection, hrefs[:middle], question)
            yield from _batch(transport, collection, hrefs[middle:], question)
        elif found := get(transport, hrefs[0]):
            yield (found,)
        return
    given, gone = _sorted_out(xml.resources(answer, transport), hrefs, question.data)
    # what the answer passed over is asked for by name: silence does not mean that it is gone
    for href in hrefs:
        if href not in given and href not in gone and (found := get(transport, href)):
            given[href] = found
    yield tuple(given[href] for href in hrefs if href in given)


def _sorted_out(
    resources: Iterable[Resource], hrefs: Sequence[str], data_tag: str
) -> tuple[dict[str, CalendarObject], set[str]]:
    """Return the objects an answer holds and those it says are gone, by the URL asked for."""
    asked = {comparable(href): href for href in hrefs}
    given: dict[str, CalendarObject] = {}
    gone: set[str] = set()
    for resource in resources:
        href = asked.get(comparable(resource.href))
        if href is None:
            continue
        if resource.gone:
            gone.add(href)
        elif (data := resource.essential(data_tag)) is not None and data.text:
            given[href] = _object(href, _etag(resource), data.text, whole=True)
    return given, gone


def _get(transport: Transport, href: str) -> CalendarObject | None:
    answer = transport.read("GET", href, cap=SMALL_CAP, keep_beginning=True)
    if answer.status in _GONE:
        return None
    if answer.status != 200 or answer.is_page:  # noqa: PLR2004 - OK
        raise failed_read(answer)
    text = answer.body.decode("utf-8-sig", errors="replace")
    return _object(href, answer.headers.get("etag"), text, whole=not answer.truncated)


def _object(href: str, known_etag: str | None, text: str, *, whole: bool) -> CalendarObject:
    """Return the object with the line ends of RFC 5545, cut if it is too large."""
    truncated = not whole or len(text) > SMALL_CAP
    kept = text[:BEGINNING] if truncated else text
    lines = kept.replace("\r\n", "\n").replace("\n", "\r\n")
    return CalendarObject(href, known_etag, lines, truncated)


def _etag(resource: Resource) -> str:
    element = resource.essential(_ETAG)
    if element is None or not (element.text or "").strip():
        raise ServerError(
            f"The server gives no ETag for {clean(resource.href)}, so changes cannot be seen."
        )
    return str(element.text).strip()
