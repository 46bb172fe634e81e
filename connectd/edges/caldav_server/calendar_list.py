"""The calendars of a home: which there are, and making one more."""

import contextlib
import re
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from connectd.edges.caldav_server import multistatus as xml
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.multistatus import CALDAV, CALENDARSERVER, DAV, Resource
from connectd.edges.caldav_server.outcomes import failed_read
from connectd.edges.caldav_server.places import as_folder, comparable, path_of
from connectd.edges.caldav_server.transport import Transport
from connectd.edges.caldav_server.values import CalendarInfo
from connectd.errors import RefusedError, ServerError

if TYPE_CHECKING:
    from connectd.edges.caldav_server.wire import Answer

_TYPES = DAV + "resourcetype"
_NAME = DAV + "displayname"
_TOKEN = DAV + "sync-token"
_CTAG = CALENDARSERVER + "getctag"
_COMPONENTS = CALDAV + "supported-calendar-component-set"
_PRIVILEGES = DAV + "current-user-privilege-set"
_BUSY_COMPONENTS = frozenset({"VEVENT", "VFREEBUSY"})
_MAY_WRITE = frozenset(DAV + name for name in ("all", "write", "write-content", "bind"))
# a schedule outbox may well be one: SOGo says of every calendar that it is both
_NO_CALENDARS = frozenset(
    {
        CALDAV + "schedule-inbox",
        CALENDARSERVER + "subscribed",
        "{http://nextcloud.com/ns}deleted-calendar",
        "{http://nextcloud.com/ns}trash-bin",
    }
)
_NAMES_TRIED = 5
_LONGEST_PATH = 40
_SECOND = re.compile(r"[0-9]{10}")
_SETTLING_SECONDS = 5
_EXISTS = (403, 405, 409)


def calendars(transport: Transport, home: str) -> tuple[CalendarInfo, ...]:
    """Return the calendars that may hold events or free/busy time, with one request."""
    tags = [_TYPES, _NAME, _TOKEN, _CTAG, _COMPONENTS, _PRIVILEGES]
    answer = transport.multistatus("PROPFIND", home, xml.propfind(tags), depth=1)
    found = (_info(one, answer.given_at) for one in _there(answer, transport) if _is_calendar(one))
    return tuple(
        info for info in found if not info.components or info.components & _BUSY_COMPONENTS
    )


def make(transport: Transport, home: str, name: str) -> CalendarInfo:
    """Make a calendar at a URL where nothing is yet, and put it behind the others."""
    url = _make_somewhere(transport, home, name)
    # where no order is kept, none is needed
    with contextlib.suppress(ServerError):
        transport.write("PROPPATCH", url, xml.order_last())
    for info in calendars(transport, home):
        if comparable(info.url) == comparable(url):
            return info
    raise ServerError(f"The server made the calendar {clean(name)!r} but does not list it.")


def version_of(resource: Resource, now: float) -> str | None:
    """Return the version of a collection, None while one more change might still get the same.

    One server in the field (SOGo) takes the second of the last change for it.
    """
    version = resource.text(_TOKEN) or resource.text(_CTAG)
    is_recent = _SECOND.fullmatch(version) and abs(now - int(version)) < _SETTLING_SECONDS
    return None if is_recent else version or None


def _make_somewhere(transport: Transport, home: str, name: str) -> str:
    answer = transport.multistatus("PROPFIND", home, xml.propfind([_TYPES]), depth=1)
    taken = {comparable(resource.href) for resource in _there(answer, transport)}
    body = xml.mkcalendar(name, ("VEVENT", "VTODO"))
    for url in _new_urls(home, name):
        if comparable(url) in taken:
            continue
        answer = transport.write("MKCALENDAR", url, body, also_fine=_EXISTS)
        if answer.status not in _EXISTS:
            return url
        if answer.status != 405 and "resource-must-be-null" not in answer.preconditions:  # noqa: PLR2004 - Method Not Allowed
            raise failed_read(answer)
    raise RefusedError(
        f"The server made no calendar {clean(name)!r}: make one in a calendar client, then put "
        "its name into the configuration."
    )


def _there(answer: "Answer", transport: Transport) -> list[Resource]:
    return [one for one in xml.resources(answer, transport) if not one.gone]


def _is_calendar(resource: Resource) -> bool:
    resource.essential(_TYPES)
    kinds = resource.kinds()
    return CALDAV + "calendar" in kinds and not kinds & _NO_CALENDARS


def _info(resource: Resource, now: float) -> CalendarInfo:
    url = as_folder(resource.href)
    granted = xml.privileges(resource)
    return CalendarInfo(
        url=url,
        name=clean(resource.text(_NAME)) or clean(unquote(path_of(url).split("/")[-2])),
        version=version_of(resource, now),
        components=_components(resource),
        writable=granted is None or bool(granted & _MAY_WRITE),
    )


def _components(resource: Resource) -> frozenset[str]:
    element = resource.given.get(_COMPONENTS)
    if element is None:
        return frozenset()
    names = (child.get("name") or "" for child in element.iterchildren(CALDAV + "comp"))
    return frozenset(clean(name).upper() for name in names)


def _new_urls(home: str, name: str) -> Iterator[str]:
    """Yield URLs that a calendar of this name may get."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_PATH].strip("-") or "calendar"
    for number in range(1, _NAMES_TRIED + 1):
        yield urljoin(as_folder(home), f"{slug}/" if number == 1 else f"{slug}-{number}/")
