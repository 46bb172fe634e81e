"""Takes a published calendar, one text with all its events, apart into calendar objects.

So a feed can be read as a calendar on a server is: object by object, each given up by itself
when it costs too much, and only those that changed. Standard library only, linear in the
length of the text; it never raises, whatever the text is.
"""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from connectd.domain.model import Span
from connectd.formats.content_lines import (
    EVENT,
    FREE_BUSY,
    TOP_LEVEL,
    ZONE,
    has_too_many_lines,
    unfolded,
)

_CALENDAR = "VCALENDAR"
_OF_ALL = frozenset({"X-WR-TIMEZONE", "CALSCALE"})
_NOT_BY_ITSELF = frozenset(
    {"RRULE", "RDATE", "RECURRENCE-ID", "DURATION", "FREEBUSY", "X-APPLE-TRAVEL-DURATION"}
)
_STAMP = re.compile(r"^DTSTAMP[;:][^\n]*\n(?:[ \t][^\n]*\n)*", re.MULTILINE)
_WHOLE = re.compile(r"BEGIN:VCALENDAR[\r\n].*[\r\n]END:VCALENDAR", re.IGNORECASE | re.DOTALL)
_DATE = re.compile(r":\s*([0-9]{8})(?:T[0-9]{6}Z?)?\s*\Z", re.IGNORECASE)
_OF_ANY_ZONE = timedelta(days=2)


class Published(NamedTuple):
    """One object of a published calendar: everything under one UID.

    ``text`` is a VCALENDAR of its own; ``version`` changes whenever the text does.
    """

    text: str
    version: str


def is_whole(text: str) -> bool:
    """Whether this is a calendar from its first line to its last: no web page, nothing torn off.

    Several calendars, one after the other, are whole as well (RFC 5545 section 3.4).
    """
    return _WHOLE.fullmatch(text.strip()) is not None


def without_stamps(text: str) -> str:
    """Leave out every DTSTAMP, where many publishers write the time of each request."""
    return _STAMP.sub("", text)


def version_of(text: str) -> str:
    """A short text that differs for different texts."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def objects_near(text: str, window: Span) -> dict[str, Published]:
    """The objects that may take time in the window, each under a name made from its UID.

    Read one by one they take the time that the whole takes. An event without a UID stands for
    itself, and a text that cannot be taken apart without a loss is one object.
    """
    parts = _taken_apart(text)
    if parts is None:
        return {version_of(""): Published(text, version_of(text))}
    first = f"{window.start - _OF_ANY_ZONE:%Y%m%d}"
    last = f"{window.end + _OF_ANY_ZONE:%Y%m%d}"
    near = {
        name: events
        for name, events in parts.events.items()
        if any(event.may_touch(first, last) for event in events)
    }
    return {name: _published(events, parts) for name, events in near.items()}


@dataclass(slots=True)
class _Component:
    """The lines of an event, a VFREEBUSY or a VTIMEZONE, from its BEGIN on.

    ``dates`` are those of its start and end; ``by_itself`` says that nothing in it names, or
    leads to, another time.
    """

    kind: str
    text: list[str]
    uid: str = ""
    tzid: str = ""
    dates: list[str] = field(default_factory=list)
    by_itself: bool = True
    closed: bool = False
    depth: int = 0

    def take(self, name: str, value: str, line: str) -> None:
        self.text.append(f"{line}\r\n")
        if name in {"BEGIN", "END"} and ":" in line:
            self.depth = max(0, self.depth + (1 if name == "BEGIN" else -1))
        elif self.depth:
            return
        elif name in {"DTSTART", "DTEND"}:
            self._note_date(line)
        elif name in _NOT_BY_ITSELF:
            self.by_itself = False
        elif name == "UID":
            self.uid = self.uid or value
        elif name == "TZID":
            self.tzid = self.tzid or value

    def may_touch(self, first: str, last: str) -> bool:
        """Whether any of it may lie between two days, both written ``20261201``."""
        if self.kind != EVENT or not self.by_itself or not self.dates:
            return True
        return min(self.dates) <= last and max(self.dates) >= first

    def _note_date(self, line: str) -> None:
        written = _DATE.search(line)
        if written:
            self.dates.append(written[1])
        else:
            self.by_itself = False


@dataclass(slots=True)
class _Parts:
    """What stands in the calendar: the events by name, the zones by TZID."""

    of_all: list[str] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    events: dict[str, list[_Component]] = field(default_factory=dict)

    def keep(self, component: _Component) -> None:
        if component.kind != ZONE:
            name = version_of(component.uid or "".join(component.text))
            self.events.setdefault(name, []).append(component)
        elif component.closed and component.tzid:
            self.zones.setdefault(component.tzid, "".join(component.text))


def _taken_apart(text: str) -> _Parts | None:
    """The parts of the calendar, by the rules of ``take_apart``; None if that would lose some."""
    if has_too_many_lines(text):
        return None
    parts = _Parts()
    component: _Component | None = None
    for line, cut in unfolded(text):
        if cut:
            return None
        before, _, value = line.partition(":")
        name, value = before.partition(";")[0].strip().upper(), value.strip()
        kind = value.upper()
        outermost = name in {"BEGIN", "END"} and (kind in TOP_LEVEL or kind == _CALENDAR)
        if outermost and component:
            if name == "END":
                component.text.append(f"{line}\r\n")
                component.closed = kind in TOP_LEVEL
            parts.keep(component)
            component = None
        if name == "BEGIN" and kind in {EVENT, FREE_BUSY, ZONE}:
            component = _Component(kind, [f"{line}\r\n"])
        elif component:
            component.take(name, value, line)
        elif name in _OF_ALL:
            parts.of_all.append(f"{line}\r\n")
    if component:
        parts.keep(component)
    return parts


def _published(events: list[_Component], parts: _Parts) -> Published:
    """An object, with the zones that it names."""
    own = "".join(line for event in events for line in event.text)
    zones = (zone for tzid, zone in parts.zones.items() if tzid in own)
    text = "".join((f"BEGIN:{_CALENDAR}\r\n", *parts.of_all, *zones, own, f"END:{_CALENDAR}\r\n"))
    return Published(text, version_of(text))
