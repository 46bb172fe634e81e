"""A first look at somebody's calendars: which hold whole days alone, and when meetings usually are.

Nothing of it is kept, and nothing is written; it only saves questions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from connectd.domain.habits import DEFAULT_HOURS, LOOKED_BACK, usual_hours
from connectd.domain.model import Hours, Span
from connectd.domain.view import Event
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, CalendarObject, Home
from connectd.edges.confined import Confined
from connectd.errors import RefusedError, ServerError, TooCostlyError
from connectd.formats.availability import hours_from_json
from connectd.formats.readings import Perspective, Reading, decode, perspective_to_json
from connectd.formats.salvage import salvage

OBJECTS_LIMIT = 1_000
"""Objects of one calendar that are looked at; of one with more, only so many are known."""

_AHEAD = timedelta(days=366)
_DAY = timedelta(days=1)
_AT_ONCE = 50


class HoursFrom(StrEnum):
    """Where the proposed hours come from."""

    AVAILABILITY = "availability"
    CALENDAR = "calendar"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class FirstLook:
    """What was seen.

    ``all_day_only`` are calendars such as birthdays and holidays: they hold something, and all
    of it, from eight weeks ago until next year, is whole days. ``hours`` are local, by weekday.
    """

    all_day_only: tuple[CalendarInfo, ...]
    hours: Hours
    hours_from: HoursFrom


def look_at(
    server: CalDavServer,
    home: Home,
    calendars: Sequence[CalendarInfo],
    reader: Confined,
    zone: ZoneInfo,
    now: datetime,
) -> FirstLook:
    """Look at the calendars; one that cannot be read counts as one with meetings.

    ``reader`` runs ``formats.confined_readers``. Raises CredentialsError.
    """
    look = _Look(server, home, reader, zone, now)
    told = look.availability()
    for calendar in calendars:
        look.at(calendar)
    if told:
        hours, source = told, HoursFrom.AVAILABILITY
    elif usual := usual_hours(look.events, zone, now):
        hours, source = usual, HoursFrom.CALENDAR
    else:
        hours, source = DEFAULT_HOURS, HoursFrom.DEFAULT
    return FirstLook(tuple(look.all_day_only), hours, source)


@dataclass(slots=True)
class _Look:
    server: CalDavServer
    home: Home
    reader: Confined
    zone: ZoneInfo
    now: datetime
    events: list[Event] = field(default_factory=list)
    all_day_only: list[CalendarInfo] = field(default_factory=list)
    unreachable: bool = False

    def availability(self) -> Hours | None:
        """The hours that the user told the server."""
        try:
            text = self.server.availability(self.home)
            if not text:
                return None
            question = {"what": "availability", "text": text, "zone": self.zone.key}
            answer = self.reader.call(question | {"now": self.now.isoformat()})
        except (ServerError, TooCostlyError):
            return None
        return None if answer["hours"] is None else hours_from_json(answer["hours"])

    def at(self, calendar: CalendarInfo) -> None:
        """Take one calendar in; where the server is silent, no other is asked for."""
        if self.unreachable:
            return
        try:
            past = list(self._readings(calendar, Span(self.now - LOOKED_BACK, self.now)))
            self.events += [event for reading in past for event in reading.events]
            if _has_times(past):
                return
            coming = self._readings(calendar, Span(self.now, self.now + _AHEAD))
            if self._whole_days_alone(past, coming):
                self.all_day_only.append(calendar)
        except ServerError as problem:
            self.unreachable = not isinstance(problem, RefusedError)

    def _whole_days_alone(self, past: list[Reading], coming: Iterator[Reading]) -> bool:
        holds_something = any(reading.events for reading in past)
        for reading in coming:
            if _has_times([reading]):
                return False
            holds_something = holds_something or bool(reading.events)
        return holds_something

    def _readings(self, calendar: CalendarInfo, window: Span) -> Iterator[Reading]:
        # servers read whole days in a zone of their choice, hence a day more
        asked = Span(window.start - _DAY, window.end + _DAY)
        hrefs = list(self.server.listing(calendar.url, asked))[:OBJECTS_LIMIT]
        for start in range(0, len(hrefs), _AT_ONCE):
            for batch in self.server.fetch(calendar.url, hrefs[start : start + _AT_ONCE]):
                for obj in batch:
                    yield self._read(calendar, obj, window)

    def _read(self, calendar: CalendarInfo, obj: CalendarObject, window: Span) -> Reading:
        own = Perspective(calendar.name, obj.href, self.zone.key, self.home.addresses, window)
        try:
            question = {"what": "object", "text": obj.text, "perspective": perspective_to_json(own)}
            return decode(self.reader.call(question)["reading"])
        except TooCostlyError as problem:
            return salvage(obj.text, own, str(problem))


def _has_times(readings: Sequence[Reading]) -> bool:
    """Whether some event has a time, or might have one."""
    return any(
        reading.unreadable or not all(event.all_day for event in reading.events)
        for reading in readings
    )
