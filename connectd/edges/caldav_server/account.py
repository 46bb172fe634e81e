"""A CalDAV account: its calendars and what is in them (RFC 4791), conditionally written."""

from collections.abc import Callable, Iterator, Sequence

from connectd.domain.model import Span
from connectd.edges.caldav_server import availability, calendar_list, free_busy, objects
from connectd.edges.caldav_server.access import Access
from connectd.edges.caldav_server.discovery import discover
from connectd.edges.caldav_server.foreign import clean
from connectd.edges.caldav_server.transport import Transport
from connectd.edges.caldav_server.values import (
    CalendarInfo,
    CalendarObject,
    Credential,
    FreeBusyAnswer,
    Home,
)
from connectd.errors import ConnectdError, OutcomeUnknownError, PreconditionError

_ICALENDAR = {"Content-Type": "text/calendar; charset=utf-8"}
_GONE = (404, 410)


class CalDavServer:
    """One account on one server, asked by one caller at a time.

    ``credential`` is called when the first request is made, and once more after the server
    refused what it gave. Any request raises CredentialsError when that is refused as well;
    then no further one goes out (``access``). It raises ServerError when the server cannot be
    reached or gives no usable answer within ``timeout_seconds``; RefusedError, which is one,
    when it says no. A URL on another host than that of ``url`` is never requested.
    """

    def __init__(
        self,
        name: str,
        url: str,
        credential: Callable[[], Credential],
        *,
        ca_file: str | None = None,
        timeout_seconds: float = 30.0,
    ) -> None:
        self.access = Access(name, credential)
        self._transport = Transport(
            url, self.access, ca_file=ca_file, timeout_seconds=timeout_seconds
        )

    @property
    def requests(self) -> int:
        """How many requests went out so far, redirected ones included."""
        return self._transport.requests

    def hurry(self, seconds: float) -> None:
        """Let the request going on, and any later one, end within so many seconds from now.

        May be called from a signal handler or another thread. A write that is cut off raises
        OutcomeUnknownError, as one that times out.
        """
        self._transport.hurry(seconds)

    def close(self) -> None:
        """Drop the connection; a later request makes a new one."""
        self._transport.close()

    def discover(self) -> Home:
        """Find the user's calendar home from the configured URL.

        Raises ServerError, saying what was found instead, where there is no CalDAV server,
        and naming the host where the calendars lie on another one.
        """
        return discover(self._transport)

    def calendars(self, home: Home) -> tuple[CalendarInfo, ...]:
        """Return every calendar that may hold busy time, with one PROPFIND.

        Raises ServerError if the listing is not whole, RefusedError if the home is gone.
        """
        return calendar_list.calendars(self._transport, home.home)

    def make_calendar(self, home: Home, name: str) -> CalendarInfo:
        """Make a calendar for events and tasks, behind the others, and return it.

        Never touches one that exists, though it may have the same name. Raises RefusedError
        where the server makes no calendars.
        """
        return calendar_list.make(self._transport, home.home, name)

    def unmake_calendar(self, calendar: CalendarInfo) -> None:
        """Take away a calendar that was just made; one that holds anything stays.

        Raises RefusedError, OutcomeUnknownError.
        """
        if not objects.inside(self._transport, calendar.url):
            self._transport.write("DELETE", calendar.url, also_fine=_GONE)

    def listing(self, calendar: str, window: Span, component: str = "VEVENT") -> dict[str, str]:
        """Return URL and ETag of every object with such a component in the window.

        One request (RFC 4791 section 7.8). Raises ServerError if the listing is not whole.
        """
        return objects.listing(self._transport, calendar, window, component)

    def inbox(self, home: Home) -> dict[str, str]:
        """Return URL and ETag of what waits in the schedule inbox (RFC 6638 section 2.2)."""
        return {} if home.inbox is None else objects.inside(self._transport, home.inbox)

    def free_busy(
        self, home: Home, question: str, within_seconds: float
    ) -> tuple[FreeBusyAnswer, ...]:
        """Ask when people on the server are busy, with one POST (RFC 6638 section 5).

        ``question`` is a VFREEBUSY REQUEST (RFC 5546 section 3.3.2). Nobody is told of it, and
        nothing is stored. Raises RefusedError where the server answers no such question.
        """
        return free_busy.ask(self._transport, home, question, within_seconds)

    def availability(self, home: Home) -> str | None:
        """Return when the user says to be available (RFC 7953 section 7.2), a VAVAILABILITY.

        None where nothing is said.
        """
        return availability.ask(self._transport, home)

    def fetch(self, calendar: str, hrefs: Sequence[str]) -> Iterator[tuple[CalendarObject, ...]]:
        """Yield the objects in batches, each by one request (RFC 4791 section 7.9).

        One that is gone is left out; a batch that is too large for one answer is split; of one
        object that is too large, the beginning comes as ``truncated``.
        """
        return objects.fetch(self._transport, calendar, hrefs)

    def get(self, href: str) -> CalendarObject | None:
        """Return one object, None only if the server says that it is not there (404, 410)."""
        return objects.get(self._transport, href)

    def create(self, href: str, text: str) -> CalendarObject:
        """Store a new object (If-None-Match: *) and return it as the server keeps it.

        Raises PreconditionError if there is one already, RefusedError, OutcomeUnknownError.
        """
        # looked at first: one server in the field (SOGo) overwrites in spite of the condition
        if objects.get(self._transport, href) is not None:
            raise PreconditionError(f"{clean(href)} exists already.")
        self._transport.write("PUT", href, text, _ICALENDAR | {"If-None-Match": "*"})
        return self._read_back(href)

    def replace(self, href: str, text: str, etag: str) -> CalendarObject:
        """Store a new version over the one with this ETag and return it as the server keeps it.

        Raises PreconditionError if another version, or none, is there; RefusedError,
        OutcomeUnknownError.
        """
        # looked at first: one server in the field (SOGo) writes what is gone anew
        gone = objects.etag(self._transport, href) is None
        if not gone:
            headers = _ICALENDAR | {"If-Match": etag}
            answer = self._transport.write("PUT", href, text, headers, also_fine=_GONE)
            gone = answer.status in _GONE
        if gone:
            raise PreconditionError(f"{clean(href)} is not there any more.")
        return self._read_back(href)

    def remove(self, href: str, etag: str) -> None:
        """Delete the version with this ETag; that nothing is there any more is fine.

        Raises PreconditionError if another version is there, RefusedError,
        OutcomeUnknownError.
        """
        # looked at first: one server in the field (SOGo) deletes in spite of the condition
        current = objects.etag(self._transport, href)
        if current is None:
            return
        if current != etag:
            raise PreconditionError(f"{clean(href)} has changed since it was last read.")
        self._transport.write("DELETE", href, headers={"If-Match": etag}, also_fine=_GONE)

    def _read_back(self, href: str) -> CalendarObject:
        """Return what is there after a write that the server took."""
        try:
            stored = objects.get(self._transport, href)
        except ConnectdError as error:
            raise OutcomeUnknownError(
                f"The server took a change of {clean(href)}, but it could not be read back: {error}"
            ) from error
        if stored is None:
            raise OutcomeUnknownError(
                f"The server took a change of {clean(href)}, but nothing is there now."
            )
        return stored
