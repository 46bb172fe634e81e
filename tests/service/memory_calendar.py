"""A CalDAV account in memory: as strict as a good server, with every mishap at hand.

It has the methods of ``CalDavServer`` that the use cases call, and other ones for the user's
own calendar programs. What connectd writes is kept in ``log``.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import count
from typing import NamedTuple

from icalendar import Calendar

from connectd.domain.model import Span
from connectd.edges.caldav_server import Access, CalendarInfo, CalendarObject, Credential, Home
from connectd.errors import (
    OutcomeUnknownError,
    PreconditionError,
    RefusedError,
    ServerError,
)

_DAY = timedelta(days=1)


class KilledError(BaseException):
    """The process ends here, in the middle of what it does."""


class Mishap(Enum):
    """What becomes of the next write: done or not, the answer lost, or the process killed."""

    LOST_DONE = "the server does it, and the answer is lost"
    LOST_NOT_DONE = "the server never hears of it"
    KILLED_DONE = "the server does it, and the process is killed"
    KILLED_NOT_DONE = "the process is killed before it is heard"

    @property
    def done(self) -> bool:
        return self in {Mishap.LOST_DONE, Mishap.KILLED_DONE}

    @property
    def killed(self) -> bool:
        return self in {Mishap.KILLED_DONE, Mishap.KILLED_NOT_DONE}


class Written(NamedTuple):
    """One PUT or DELETE of connectd's that the server carried out, and what lay there before."""

    method: str
    href: str
    text: str | None
    before: str | None
    condition: str


@dataclass
class _Collection:
    name: str
    components: frozenset[str]
    changes: int = 0
    objects: dict[str, CalendarObject] = field(default_factory=dict)


class MemoryCalendar:
    """One account. ``url`` is its home; calendars are collections right below it.

    ``down`` makes every request fail, ``unlisted`` the listings of some calendars; the one
    called ``forgetful`` lists nothing. ``between`` is what the user does to the object at hand
    just before it is written, until it says that it was done.
    """

    def __init__(self, url: str, *, schedules: bool = False, sabre: bool = False) -> None:
        self.url = url
        self.log: list[Written] = []
        self.watched: Callable[[Written], None] = lambda _: None
        self.down = False
        self.unlisted: set[str] = set()
        self.forgetful = ""
        self.mishap: Mishap | None = None
        self.down_after_it = False
        self.between: Callable[[str], bool] = lambda _: True
        self.requests = 0
        self.access = Access("main", lambda: Credential("alice", "hunter2"))
        self._schedules, self._sabre = schedules, sabre
        self._calendars: dict[str, _Collection] = {}
        self._told: dict[str, set[str]] = {}
        self._etags = count(1)

    # what the user and others do

    def add_calendar(self, name: str, components: Sequence[str] = ("VEVENT", "VTODO")) -> str:
        """Make a calendar and return its URL."""
        url = f"{self.url}{name.lower()}/"
        self._calendars[url] = _Collection(name, frozenset(components))
        return url

    def objects(self) -> dict[str, str]:
        """Every object by its URL, as it lies there."""
        return {
            href: stored.text
            for calendar in self._calendars.values()
            for href, stored in calendar.objects.items()
        }

    def put(self, href: str, text: str) -> None:
        """Store what a calendar program of the user's writes."""
        self._store(href, text)

    def delete(self, href: str) -> None:
        """Delete an object as the user does."""
        self._drop(href)

    # what connectd does

    def hurry(self, seconds: float) -> None:
        """Nothing here takes time."""

    def close(self) -> None:
        """Nothing is open."""

    def discover(self) -> Home:
        self._request()
        return Home(
            principal=f"{self.url}principal/",
            home=self.url,
            addresses=("alice@example.test",),
            schedules=self._schedules,
            sabre=self._sabre,
        )

    def calendars(self, home: Home) -> tuple[CalendarInfo, ...]:
        self._request()
        assert home.home == self.url
        return tuple(map(self._info, self._calendars))

    def make_calendar(self, home: Home, name: str) -> CalendarInfo:
        self._request()
        assert home.home == self.url
        return self._info(self.add_calendar(name))

    def unmake_calendar(self, calendar: CalendarInfo) -> None:
        self._request()
        if not self._calendars[calendar.url].objects:
            del self._calendars[calendar.url]

    def listing(self, calendar: str, window: Span, component: str = "VEVENT") -> dict[str, str]:
        self._request()
        if calendar in self.unlisted:
            raise ServerError(f"{calendar} cannot be listed")
        objects = self._calendars[calendar].objects if calendar != self.forgetful else {}
        return {
            href: self._tell(stored).etag or ""
            for href, stored in objects.items()
            if f"BEGIN:{component}" in stored.text and _may_lie_in(stored.text, window)
        }

    def inbox(self, home: Home) -> dict[str, str]:
        self._request()
        assert home.inbox is None
        return {}

    def fetch(self, calendar: str, hrefs: Sequence[str]) -> Iterator[tuple[CalendarObject, ...]]:
        if not hrefs:
            return
        self._request()
        objects = self._calendars[calendar].objects
        yield tuple(self._tell(objects[href]) for href in hrefs if href in objects)

    def get(self, href: str) -> CalendarObject | None:
        self._request()
        stored = self._at(href)
        return self._tell(stored) if stored else None

    def create(self, href: str, text: str) -> CalendarObject:
        self._request()
        if self._at(href):
            raise PreconditionError(f"{href} exists already")
        self._write("PUT", href, text, "")
        return self._read_back(href)

    def replace(self, href: str, text: str, etag: str) -> CalendarObject:
        self._request()
        self._write("PUT", href, text, etag)
        return self._read_back(href)

    def remove(self, href: str, etag: str) -> None:
        self._request()
        if self._at(href) is not None:
            self._write("DELETE", href, None, etag)

    def _request(self) -> None:
        self.requests += 1
        if self.down:
            raise ServerError("the server cannot be reached")

    def _write(self, method: str, href: str, text: str | None, condition: str) -> None:
        """Write, or not, as the mishap says; an empty ``condition`` is ``If-None-Match: *``."""
        if self.between(href):
            self.between = lambda _: True
        mishap, self.mishap = self.mishap, None
        if mishap:
            self.down = self.down_after_it
        if mishap is None or mishap.done:
            self._carry_out(method, href, text, condition)
        if mishap and mishap.killed:
            raise KilledError
        if mishap:
            raise OutcomeUnknownError("the answer was lost")

    def _carry_out(self, method: str, href: str, text: str | None, condition: str) -> None:
        stored = self._at(href)
        if condition:
            assert condition in self._told.get(href, ()), f"{condition} of {href} was never told"
        if (stored.etag if stored else "") != condition:
            raise PreconditionError(f"{href} is another version")
        written = Written(method, href, text, stored.text if stored else None, condition)
        self.log.append(written)
        self.watched(written)
        if text is None:
            self._drop(href)
        else:
            self._store(href, text)

    def _read_back(self, href: str) -> CalendarObject:
        stored = self._at(href)
        if stored is None or self.down:
            raise OutcomeUnknownError("it could not be read back")
        return self._tell(stored)

    def _info(self, url: str) -> CalendarInfo:
        calendar = self._calendars[url]
        return CalendarInfo(url, calendar.name, str(calendar.changes), calendar.components)

    def _tell(self, stored: CalendarObject) -> CalendarObject:
        self._told.setdefault(stored.href, set()).add(stored.etag or "")
        return stored

    def _at(self, href: str) -> CalendarObject | None:
        return self._calendars[_calendar_of(href)].objects.get(href)

    def _store(self, href: str, text: str) -> None:
        calendar = self._calendars[_calendar_of(href)]
        uid = uid_of(text)
        if any(uid_of(o.text) == uid for other, o in calendar.objects.items() if other != href):
            raise RefusedError(f"there is another object with the UID {uid} (no-uid-conflict)")
        calendar.objects[href] = CalendarObject(href, f'"{next(self._etags)}"', text)
        calendar.changes += 1

    def _drop(self, href: str) -> None:
        calendar = self._calendars[_calendar_of(href)]
        del calendar.objects[href]
        calendar.changes += 1


def _calendar_of(href: str) -> str:
    return href[: href.rindex("/") + 1]


@lru_cache(maxsize=1000)
def uid_of(text: str) -> str:
    """The UID of a calendar object (RFC 4791 section 4.1: there is one)."""
    return next(str(part["UID"]) for part in Calendar.from_ical(text).walk() if "UID" in part)


@lru_cache(maxsize=1000)
def span_of(text: str) -> Span | None:
    """When the event of an object is; None where that is at several times, or none is given."""
    part = next(part for part in Calendar.from_ical(text).walk() if "UID" in part)
    if "RRULE" in part or "DTSTART" not in part or "DTEND" not in part:
        return None
    return Span(_moment(part.decoded("DTSTART")), _moment(part.decoded("DTEND")))


def _moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time.min)
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)


def _may_lie_in(text: str, window: Span) -> bool:
    span = span_of(text)
    return span is None or span.overlaps(window)
