"""Reads a stored calendar object as the one event that connectd once put there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from urllib.parse import unquote
from uuid import UUID, uuid5

from icalendar import Calendar, Event, vBroken

from connectd.domain.model import Span
from connectd.errors import UnreadableEventError
from connectd.formats.embedded_zones import known_zone
from connectd.formats.plain_text import clean

_LARGEST_SEQUENCE = 2**31 - 2  # one more must still be an INTEGER (RFC 5545 section 3.3.8)
MARK = "X-CONNECTD-MEETING"

_UNREADABLE = "The event in your calendar cannot be understood"
_LONGEST_TEXT = 1000
_LONGEST_OBJECT = 1_000_000
_TELLING = frozenset(
    {"ATTENDEE", "STATUS", "SUMMARY", "CATEGORIES", "DTSTART", "DTEND", "DURATION", "RRULE"}
)
_UTC_WITH_ZONE = re.compile(
    r"(DTSTART|DTEND)([^:]*?);TZID=[^:;]*([^:]*:\d{8}T\d{6}Z)", re.IGNORECASE
)
_LONGEST_TIME_LINE = 500


def mark_of(installation: str, uid: str) -> str:
    """What marks an object as the meeting ``uid`` of this installation; it says nothing else."""
    return str(uuid5(UUID(installation), f"mark/{uid}"))


@dataclass(frozen=True, slots=True)
class Participant:
    """An ORGANIZER or ATTENDEE: all addresses it is known by, and its parameters."""

    address: str
    addresses: frozenset[str]
    parameters: Mapping[str, str]

    @property
    def answer(self) -> str:
        """The PARTSTAT in capitals; without one it is NEEDS-ACTION (RFC 5545 3.2.12)."""
        return self.parameters.get("PARTSTAT", "NEEDS-ACTION").upper()


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """The master VEVENT of an object, its texts cleaned and its words in capitals.

    ``start`` and ``end`` are as written: a date, a time in some zone, or a floating time.
    ``doubtful`` says that a part that matters could not be read.
    """

    uid: str
    title: str
    place: str
    description: str
    statuses: frozenset[str]
    categories: frozenset[str]
    start: datetime | date | None
    end: datetime | date | None
    duration: timedelta | None
    organizer: Participant | None
    attendees: tuple[Participant, ...]
    sequence: int
    stamp: datetime
    recurring: bool
    mark: str
    method: str
    doubtful: bool

    @property
    def all_day(self) -> bool:
        """Whether it names days and no time."""
        return self.start is not None and not isinstance(self.start, datetime)

    @property
    def zone(self) -> tzinfo:
        """The zone of the start; UTC where it has none."""
        return (isinstance(self.start, datetime) and self.start.tzinfo) or UTC

    def attendees_among(self, addresses: Iterable[str]) -> list[Participant]:
        """The attendees who go by one of ``addresses``."""
        wanted = {bare_address(address) for address in addresses}
        return [attendee for attendee in self.attendees if attendee.addresses & wanted]

    def span(self, floating: tzinfo, usual: timedelta) -> Span | None:
        """When it takes place, or None where that cannot be said.

        Floating times and whole days are understood in the zone ``floating``; an event
        without a length lasts ``usual``.
        """
        try:
            start = _utc(self.start, floating)
            end = _utc(self.end, floating) if self.end else None
            if start is None or (end and type(self.end) is not type(self.start)):
                return None
            if end is None:
                day = timedelta(days=1) if self.all_day else timedelta()
                end = start + (self.duration if self.duration is not None else day)
            return Span(start, end if end != start else start + usual)
        except (OverflowError, ValueError):
            return None


def read_stored(text: str, *, times: bool = True) -> StoredEvent:
    """The event that ``text`` holds; of several, the master with the highest SEQUENCE.

    Raises UnreadableEventError. Without ``times`` nothing in the text can cost more than its
    length: zones are left out, since their rules could be endless.
    """
    left_out = {"VALARM"} if times else {"VALARM", "VTIMEZONE"}
    calendar = parse(without_components(text, left_out))
    master = master_of(calendar)
    try:
        overridden = any("RECURRENCE-ID" in event for event in calendar.events)
        return _stored(master, _text(calendar, "METHOD").upper(), recurring=overridden)
    except Exception as error:
        raise UnreadableEventError(f"{_UNREADABLE}: {clean(str(error))}") from error


def parse(text: str) -> Calendar:
    """The calendar that ``text`` is; raises UnreadableEventError."""
    if len(text) > _LONGEST_OBJECT:
        raise UnreadableEventError(f"{_UNREADABLE}: it is too long")
    # Bytes, because icalendar takes a string without line breaks for the name of a file.
    raw = "\n".join(map(_without_zone_on_utc, _lines(text))).encode(errors="replace")
    try:
        calendar = Calendar.from_ical(raw)
    except Exception as error:
        # Foreign bytes break icalendar in more ways than it documents.
        raise UnreadableEventError(f"{_UNREADABLE}: {clean(str(error))}") from error
    if not isinstance(calendar, Calendar):
        raise UnreadableEventError(f"{_UNREADABLE}: it is no calendar object")
    return calendar


def master_of(calendar: Calendar) -> Event:
    """The event itself, not a changed occurrence of it; raises UnreadableEventError."""
    masters = [event for event in calendar.events if "RECURRENCE-ID" not in event]
    if not masters:
        raise UnreadableEventError(f"{_UNREADABLE}: there is none in it")
    return max(masters, key=_sequence)


def without_components(text: str, names: Iterable[str]) -> str:
    """``text``, unfolded, without the components called ``names`` and all that stands in them."""
    kept = []
    inside: str | None = None
    unwanted = frozenset(names)
    for line in _lines(text):
        head, _, value = line.rpartition(":")
        word, name = head.partition(";")[0].strip().upper(), value.strip().upper()
        if inside is None and word == "BEGIN" and name in unwanted:
            inside = name
        elif inside is None:
            kept.append(line)
        elif word == "END" and name == inside:
            inside = None
    return "\n".join(kept)


def bare_address(value: str) -> str:
    """A calendar address without ``mailto:``, in lower case."""
    address = value.strip()
    if address[:7].lower() == "mailto:":
        address = unquote(address[7:])
    return address.strip().lower()


def values(component: Mapping[str, Any], name: str) -> list[Any]:
    """All values of a property that could be read, however often it stands there."""
    found = component.get(name)
    entries = found if isinstance(found, list) else [found]
    return [entry for entry in entries if entry is not None and not isinstance(entry, vBroken)]


def participant(value: Any) -> Participant:  # noqa: ANN401 (icalendar's values share no type)
    """Read an ORGANIZER or ATTENDEE."""
    parameters = {
        name.upper(): ",".join(entry) if isinstance(entry, list) else str(entry)
        for name, entry in getattr(value, "params", {}).items()
    }
    address = bare_address(str(value))
    known = {address, bare_address(parameters.get("EMAIL", ""))} - {""}
    return Participant(address, frozenset(known), parameters)


def _lines(text: str) -> list[str]:
    """The content lines (RFC 5545 3.1), unfolded as icalendar does it, but in linear time."""
    parts: list[list[str]] = []
    for written in text.split("\n"):
        line = written.removesuffix("\r")
        if line[:1] in (" ", "\t") and parts:
            parts[-1].append(line[1:])
        elif line:
            parts.append([line])
    return ["".join(pieces) for pieces in parts]


def _without_zone_on_utc(line: str) -> str:
    """The line without the zone that some clients write on a UTC time (RFC 5545 3.2.19)."""
    return _UTC_WITH_ZONE.sub(r"\1\2\3", line, 1) if len(line) <= _LONGEST_TIME_LINE else line


def _stored(event: Event, method: str, *, recurring: bool) -> StoredEvent:
    organizers = [participant(value) for value in values(event, "ORGANIZER")]
    start, start_is_doubtful = _moment(event, "DTSTART")
    end, end_is_doubtful = _moment(event, "DTEND")
    duration = getattr(_first(event, "DURATION"), "dt", None)
    return StoredEvent(
        uid=_text(event, "UID"),
        title=_text(event, "SUMMARY"),
        place=_text(event, "LOCATION"),
        description=clean(
            str(_first(event, "DESCRIPTION") or ""), _LONGEST_OBJECT, keep_lines=True
        ),
        statuses=frozenset(clean(str(value)).upper() for value in values(event, "STATUS")),
        categories=frozenset(_categories(event)),
        start=start,
        end=end,
        duration=duration if isinstance(duration, timedelta) else None,
        organizer=organizers[0] if organizers else None,
        attendees=tuple(participant(value) for value in values(event, "ATTENDEE")),
        sequence=_sequence(event),
        stamp=_utc(_moment(event, "DTSTAMP")[0], UTC) or datetime.min.replace(tzinfo=UTC),
        recurring=recurring or "RRULE" in event or "RDATE" in event,
        mark=_text(event, MARK),
        method=method,
        doubtful=start_is_doubtful or end_is_doubtful or _has_broken_parts(event),
    )


def _has_broken_parts(event: Event) -> bool:
    """Whether a property that matters was left out because it could not be parsed."""
    for name, message in event.errors:
        written = re.search(r"'([\w-]+)", message)
        lost = name or (written[1].upper() if written else "")
        if not lost or lost in _TELLING:
            return True
    return False


def _moment(event: Event, name: str) -> tuple[datetime | date | None, bool]:
    """A time as written, and whether it is there but cannot be understood."""
    found = values(event, name)
    if not found:
        return None, False
    moment = getattr(found[0], "dt", None)
    if len(found) > 1 or not isinstance(moment, date):
        return None, True
    tzid = found[0].params.get("TZID")
    if not isinstance(moment, datetime) or moment.tzinfo or not tzid:
        return moment, False
    zone = known_zone(str(tzid))
    return (moment.replace(tzinfo=zone), False) if zone else (None, True)


def _utc(moment: datetime | date | None, floating: tzinfo) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=floating)
    return moment.astimezone(UTC)


def _categories(event: Event) -> Iterable[str]:
    for line in values(event, "CATEGORIES"):
        for category in getattr(line, "cats", [line]):
            yield clean(str(category)).upper()


def _sequence(event: Event) -> int:
    try:
        return min(max(int(_first(event, "SEQUENCE") or 0), 0), _LARGEST_SEQUENCE)
    except (TypeError, ValueError):
        return 0


def _first(component: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 (icalendar's values share no type)
    return next(iter(values(component, name)), None)


def _text(component: Mapping[str, Any], name: str) -> str:
    value = _first(component, name)
    return clean(str(value), _LONGEST_TEXT) if value is not None else ""
