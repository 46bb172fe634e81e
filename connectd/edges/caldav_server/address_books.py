"""The address books of a user: where they are, which there are, and what lies in one."""

from urllib.parse import unquote, urljoin

from connectd.edges.caldav_server import multistatus as xml
from connectd.edges.caldav_server.calendar_list import version_of
from connectd.edges.caldav_server.discovery import look, nearest
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.multistatus import CALENDARSERVER, CARDDAV, DAV, Resource
from connectd.edges.caldav_server.objects import etags
from connectd.edges.caldav_server.places import as_folder, comparable, path_of
from connectd.edges.caldav_server.transport import Transport
from connectd.edges.caldav_server.values import AddressBookHome, AddressBookInfo
from connectd.errors import ServerError

_PRINCIPAL = DAV + "current-user-principal"
_HOME_SET = CARDDAV + "addressbook-home-set"
_BOOK = CARDDAV + "addressbook"
_TYPES = DAV + "resourcetype"
_NAME = DAV + "displayname"
_VERSIONS = (DAV + "sync-token", CALENDARSERVER + "getctag")
_ETAG = DAV + "getetag"


def discover(transport: Transport) -> AddressBookHome:
    """Look at the URL itself, then where the well-known URL leads, then at the root (RFC 6764)."""
    own = transport.url
    problems: list[ServerError] = []
    for place in dict.fromkeys((own, urljoin(own, "/.well-known/carddav"), urljoin(own, "/"))):
        start, problem = look(transport, place, [_TYPES, _PRINCIPAL, _HOME_SET])
        if start and _BOOK in start.kinds():
            book = as_folder(start.href)
            return AddressBookHome(as_folder(urljoin(book, "..")), only=book)
        if start and (home := _home_of(start, transport) or _as_home(start, transport)):
            return AddressBookHome(home)
        problems.append(problem or ServerError(f"{clean(place)} names no address books."))
    raise ServerError(
        f"No address books were found at {clean(own)}: {problems[0]} Check the url in [people]; "
        "the server's own help says which one is for CardDAV."
    )


def books(transport: Transport, home: AddressBookHome) -> tuple[AddressBookInfo, ...]:
    """Return the address books of a home, by URL, with one request."""
    body = xml.propfind([_TYPES, _NAME, *_VERSIONS])
    answer = transport.multistatus("PROPFIND", home.url, body, depth=1)
    found = [
        AddressBookInfo(as_folder(one.href), _name(one), version_of(one, answer.given_at))
        for one in xml.resources(answer, transport)
        if not one.gone and _is_book(one)
    ]
    if home.only is not None:
        found = [book for book in found if comparable(book.url) == comparable(home.only)]
    return tuple(sorted(found, key=lambda book: book.url))


def listing(transport: Transport, book: str) -> dict[str, str]:
    """URL and ETag of every card in an address book, which has to list itself as well.

    An answer with nothing in it, or one of something else, is no empty address book.
    """
    answer = transport.multistatus("PROPFIND", book, xml.propfind([_ETAG, _TYPES]), depth=1)
    found = [one for one in xml.resources(answer, transport) if not one.gone]
    own = comparable(book)
    if not any(comparable(one.href) == own and _is_book(one) for one in found):
        raise ServerError(f"{clean(book)} did not answer as an address book does.")
    return etags(one for one in found if DAV + "collection" not in one.kinds())


def _home_of(start: Resource, transport: Transport) -> str | None:
    """Follow a resource to its user's principal and that one's home of address books."""
    principal = start
    if not start.hrefs(_HOME_SET):
        hrefs = start.hrefs(_PRINCIPAL)
        if not hrefs:
            return None
        url = transport.locate(start.href, hrefs[0])
        found, problem = look(transport, url, [_TYPES, _HOME_SET])
        if found is None:
            raise problem or ServerError(f"{clean(start.href)} names no user.")
        principal = found
    located = [transport.locate(principal.href, href) for href in principal.hrefs(_HOME_SET)]
    return as_folder(nearest(located, transport.url)) if located else None


def _as_home(start: Resource, transport: Transport) -> str | None:
    """Take a URL that names no principal for what holds address books, if it does."""
    if comparable(start.href) != comparable(transport.url):
        return None
    answer = transport.read("PROPFIND", start.href, xml.propfind([_TYPES]), depth=1)
    if answer.status != 207 or answer.tree is None:  # noqa: PLR2004 - Multi-Status
        return None
    inside = xml.resources(answer, transport)
    return as_folder(start.href) if any(_BOOK in one.kinds() for one in inside) else None


def _is_book(resource: Resource) -> bool:
    resource.essential(_TYPES)
    return _BOOK in resource.kinds()


def _name(book: Resource) -> str:
    last = path_of(as_folder(book.href)).split("/")[-2]
    return clean(book.text(_NAME)) or clean(unquote(last))
