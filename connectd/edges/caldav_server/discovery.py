"""Finds a user's calendars from the URL they know (RFC 6764 section 6, RFC 4791 section 6.2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin

from connectd.domain.addresses import valid_address
from connectd.edges.caldav_server import multistatus as xml
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.multistatus import CALDAV, DAV, Resource
from connectd.edges.caldav_server.outcomes import failed_read
from connectd.edges.caldav_server.places import as_folder, comparable
from connectd.edges.caldav_server.transport import Transport
from connectd.edges.caldav_server.values import Home
from connectd.errors import RefusedError, ServerError

if TYPE_CHECKING:
    from connectd.edges.caldav_server.wire import Answer

PRINCIPAL = DAV + "current-user-principal"
HOME_SET = CALDAV + "calendar-home-set"
ADDRESS_SET = CALDAV + "calendar-user-address-set"
INBOX = CALDAV + "schedule-inbox-URL"
OUTBOX = CALDAV + "schedule-outbox-URL"
DEFAULT_CALENDAR = CALDAV + "schedule-default-calendar-URL"
TYPES = DAV + "resourcetype"
CALENDAR = CALDAV + "calendar"
_SABRE_ALONE = frozenset({"nextcloud-checksum-update", "nc-calendar-search"})
_SABRE_TOGETHER = frozenset({"calendarserver-sharing", "resource-sharing", "calendar-proxy"})


@dataclass(slots=True)
class _Engine:
    """What the server says about itself in the headers of its answers."""

    tokens: set[str] = field(default_factory=set)
    sabre_header: bool = False

    def hear(self, answer: "Answer") -> None:
        self.tokens |= {token.strip() for token in answer.headers.get("dav", "").split(",")}
        self.sabre_header = self.sabre_header or "x-sabre-version" in answer.headers

    @property
    def schedules(self) -> bool:
        """Whether storing an invitation sends it (RFC 6638 section 2)."""
        return "calendar-auto-schedule" in self.tokens

    @property
    def sabre(self) -> bool:
        return (
            self.sabre_header or bool(self.tokens & _SABRE_ALONE) or self.tokens >= _SABRE_TOGETHER
        )


def discover(transport: Transport) -> Home:
    """Look at the URL itself, then where the well-known URL leads, then at the root.

    Raises CredentialsError; ServerError with what the URL answered if there is no CalDAV there.
    """
    return _Search(transport).run()


def look(
    transport: Transport,
    url: str,
    tags: Sequence[str],
    hear: Callable[["Answer"], object] = lambda _: None,
) -> tuple[Resource | None, ServerError | None]:
    """Return what is at a URL, or why that is nothing; ``hear`` gets the answer.

    No answer at all, and an answer that must not be used, is raised instead.
    """
    answer = transport.read("PROPFIND", url, xml.propfind(tags), depth=0)
    hear(answer)
    if answer.status != 207 or answer.tree is None:  # noqa: PLR2004 - Multi-Status
        return None, failed_read(answer)
    found = xml.resources(answer, transport)
    if not found or found[0].gone:
        return None, RefusedError(f"{clean(url)} is not there.")
    return found[0], None


class _Search:
    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._engine = _Engine()

    def run(self) -> Home:
        own = self._transport.url
        problems: list[ServerError] = []
        for place in dict.fromkeys((own, urljoin(own, "/.well-known/caldav"), urljoin(own, "/"))):
            start, problem = self._look(place)
            if start and (home := self._from(start)):
                return home
            if start and place == own and (home := self._by_calendars(start)):
                return home
            problems.append(problem or ServerError(f"{clean(place)} names no calendars."))
        raise ServerError(
            f"No calendars were found at {clean(own)}: {problems[0]} Check the url; a calendar "
            "server's own help says which one is for CalDAV."
        )

    def _look(self, url: str) -> tuple[Resource | None, ServerError | None]:
        tags = [TYPES, PRINCIPAL, HOME_SET, ADDRESS_SET, INBOX, OUTBOX]
        return look(self._transport, url, tags, self._engine.hear)

    def _from(self, start: Resource) -> Home | None:
        """Follow a resource to its user's principal and that one's calendar home."""
        principal = start
        if not start.hrefs(HOME_SET):
            hrefs = start.hrefs(PRINCIPAL)
            if not hrefs:
                return None
            found, problem = self._look(self._transport.locate(start.href, hrefs[0]))
            if found is None:
                raise problem or ServerError(f"{clean(start.href)} names no user.")
            principal = found
        homes = self._urls(principal, HOME_SET)
        return self._home(principal, nearest(homes, self._transport.url)) if homes else None

    def _by_calendars(self, start: Resource) -> Home | None:
        """Take a URL that names no principal for a calendar, or for what holds calendars."""
        if CALENDAR in start.kinds():
            return self._home(start, as_folder(urljoin(as_folder(start.href), "..")))
        body = xml.propfind([TYPES])
        answer = self._transport.read("PROPFIND", start.href, body, depth=1)
        if answer.status != 207 or answer.tree is None:  # noqa: PLR2004 - Multi-Status
            return None
        inside = xml.resources(answer, self._transport)
        if not any(CALENDAR in resource.kinds() for resource in inside):
            return None
        return self._home(start, as_folder(start.href))

    def _home(self, principal: Resource, home: str) -> Home:
        for url in dict.fromkeys((home, principal.href)):
            self._ask_options(url)
        inbox = self._first(principal, INBOX)
        return Home(
            principal=principal.href,
            home=home,
            addresses=_addresses(principal),
            schedules=self._engine.schedules,
            sabre=self._engine.sabre,
            inbox=inbox,
            outbox=self._first(principal, OUTBOX),
            default_calendar=self._default_calendar(inbox),
        )

    def _ask_options(self, url: str) -> None:
        """Hear what a collection can do; only a clear no is passed over.

        To take a server that schedules for one that does not would be grave.
        """
        answer = self._transport.read("OPTIONS", url)
        if answer.status >= 500:  # noqa: PLR2004 - the 5xx
            raise failed_read(answer)
        self._engine.hear(answer)

    def _default_calendar(self, inbox: str | None) -> str | None:
        """Return where the server puts what comes in (RFC 6638 section 9.2)."""
        if inbox is None:
            return None
        body = xml.propfind([DEFAULT_CALENDAR])
        answer = self._transport.read("PROPFIND", inbox, body, depth=0)
        if answer.status != 207 or answer.tree is None:  # noqa: PLR2004 - Multi-Status
            return None
        found = xml.resources(answer, self._transport)
        return self._first(found[0], DEFAULT_CALENDAR) if found else None

    def _first(self, resource: Resource, tag: str) -> str | None:
        return next(iter(self._urls(resource, tag)), None)

    def _urls(self, resource: Resource, tag: str) -> list[str]:
        located = (self._transport.locate(resource.href, href) for href in resource.hrefs(tag))
        return [as_folder(url) for url in located]


def nearest(homes: Sequence[str], url: str) -> str:
    """Of several homes, take the one the user's URL lies in, else the first."""
    own = comparable(url)
    inside = [home for home in homes if f"{own}/".startswith(f"{comparable(home)}/")]
    return (inside or homes)[0]


def _addresses(principal: Resource) -> tuple[str, ...]:
    """Return the e-mail addresses among a user's calendar addresses (RFC 6638 section 2.4.1)."""
    found = (
        unquote(href[len("mailto:") :].partition("?")[0]).lower()
        for href in principal.hrefs(ADDRESS_SET)
        if href.lower().startswith("mailto:")
    )
    return tuple(dict.fromkeys(address for address in found if valid_address(address)))
