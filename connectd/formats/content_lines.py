"""Takes iCalendar text apart into components and property lines (RFC 5545 section 3.1).

Standard library only, linear in the length of the text, and bounded in what it keeps, so
that it can be let loose on anything: a torn object, a web page, fifty megabytes without a
line break. Only the properties that say something about time, people or titles are kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from connectd.formats.line_edits import plain

LINE_LIMIT = 2 * 1024 * 1024
"""Characters of one unfolded line that are looked at."""
LINES_LIMIT = 20_000
"""Property lines kept of one component."""
COMPONENTS_LIMIT = 10_000
"""Events and free/busy components kept of one object."""
BREAKS_LIMIT = 1_000_000
"""Line breaks after which the rest of an object is not looked at."""
FEW_BREAKS = 10_000
"""Line breaks of a text that is split at once, which is faster."""
ZONES_LIMIT = 200
ZONE_LIMIT = 64 * 1024

EVENT = "VEVENT"
FREE_BUSY = "VFREEBUSY"
ZONE = "VTIMEZONE"
TOP_LEVEL = frozenset({EVENT, FREE_BUSY, ZONE, "VTODO", "VJOURNAL", "VAVAILABILITY", "VPOLL"})
"""What ends whatever component stands open when it begins."""

_TELLING = frozenset({EVENT, FREE_BUSY})
_OF_TIME = frozenset(
    {"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "FREEBUSY"}
)
_KEPT = _OF_TIME | {
    "UID",
    "SUMMARY",
    "SEQUENCE",
    "STATUS",
    "TRANSP",
    "ORGANIZER",
    "ATTENDEE",
    "X-APPLE-TRAVEL-DURATION",
    "X-MICROSOFT-CDO-BUSYSTATUS",
}
_OF_ZONES = frozenset({"TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE", "EXDATE"})
_FOLDS = frozenset({" ", "\t"})
_PARAMETER = re.compile(r';[ \t]*([^=;:"]+?)[ \t]*=((?:"[^"]*"|[^";:])*)')


@dataclass(frozen=True, slots=True)
class Line:
    """One unfolded property: its name in upper case, its parameters, and the raw value."""

    name: str
    parameters: dict[str, str]
    value: str

    def text(self) -> str:
        """The value as TEXT, without its backslashes (RFC 5545 section 3.3.11)."""
        return plain(self.value)


@dataclass(slots=True)
class Component:
    """An event or a free/busy component, as far as it was there.

    ``whole`` is false where its end is missing or something about time had to be left out.
    """

    kind: str
    lines: list[Line] = field(default_factory=list)
    whole: bool = True

    def all(self, name: str) -> list[Line]:
        """Every such property, in the order of the text."""
        return [line for line in self.lines if line.name == name]

    def first(self, name: str) -> Line | None:
        """The first such property."""
        return next((line for line in self.lines if line.name == name), None)

    def value(self, name: str) -> str:
        """The raw value of the first such property, or an empty string."""
        line = self.first(name)
        return line.value.strip() if line else ""


@dataclass(slots=True)
class CalendarText:
    """One calendar object, taken apart.

    ``zones`` holds what matters of the text of each VTIMEZONE, by its TZID. ``default_zone``
    is the value of X-WR-TIMEZONE. ``is_calendar`` says whether there was a VCALENDAR at all;
    ``left_out`` that something beyond the limits above was not looked at.
    """

    components: list[Component] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    default_zone: str | None = None
    scale: str = "GREGORIAN"
    is_calendar: bool = False
    left_out: bool = False


def take_apart(text: str) -> CalendarText:
    """Split calendar text into its components; never raises, whatever the text is."""
    found = CalendarText()
    scanner = _Scanner(found)
    for line, cut in unfolded(text):
        scanner.take(line, cut=cut)
    scanner.close(whole=False)
    found.left_out |= has_too_many_lines(text)
    return found


def has_too_many_lines(text: str) -> bool:
    """Whether there are more lines than are looked at."""
    return text.count(_newline(text)) > BREAKS_LIMIT


class _Scanner:
    """Follows BEGIN and END lines and keeps what lies between the ones that matter."""

    def __init__(self, found: CalendarText) -> None:
        self._found = found
        self._component: Component | None = None
        self._zone: list[str] | None = None
        self._zone_size = 0
        self._depth = 0

    def take(self, line: str, *, cut: bool) -> None:
        colon = line.find(":")
        semicolon = line.find(";", 0, colon) if colon >= 0 else line.find(";")
        name = line[: semicolon if semicolon >= 0 else colon].strip().upper()
        if name == "BEGIN":
            self._begin(line, line[colon + 1 :].strip().upper())
        elif name == "END":
            self._end(line, line[colon + 1 :].strip().upper())
        elif self._zone is not None:
            if name in _OF_ZONES:
                self._keep_zone_line(line)
        elif self._component is not None:
            if self._depth == 0 and name in _KEPT:
                self._keep(name, line, colon, semicolon, cut=cut)
        elif name in {"X-WR-TIMEZONE", "CALSCALE"}:
            self._note(name, line[colon + 1 :].strip())

    def close(self, *, whole: bool) -> None:
        """End whatever is open."""
        if self._component is not None:
            self._component.whole &= whole and self._depth == 0
        if self._zone is not None and whole:
            self._store_zone("\r\n".join(self._zone))
        self._component, self._zone, self._depth = None, None, 0

    def _begin(self, line: str, kind: str) -> None:
        if kind == "VCALENDAR":
            self.close(whole=False)
            self._found.is_calendar = True
        elif kind in TOP_LEVEL:
            self.close(whole=False)
            self._open(line, kind)
        elif self._zone is not None:
            self._keep_zone_line(line)
        else:
            self._depth += 1

    def _open(self, line: str, kind: str) -> None:
        if kind == ZONE:
            self._zone, self._zone_size = [line], 0
        elif kind in _TELLING and len(self._found.components) < COMPONENTS_LIMIT:
            self._component = Component(kind)
            self._found.components.append(self._component)
        elif kind in _TELLING:
            self._found.left_out = True

    def _end(self, line: str, kind: str) -> None:
        if self._zone is not None:
            self._keep_zone_line(line)
        if kind in TOP_LEVEL:
            self.close(whole=self._component is None or self._component.kind == kind)
        elif kind == "VCALENDAR":
            self.close(whole=False)
        else:
            self._depth = max(self._depth - 1, 0)

    def _keep(self, name: str, line: str, colon: int, semicolon: int, *, cut: bool) -> None:
        component = self._component
        if component is None:
            return
        if len(component.lines) >= LINES_LIMIT:
            component.whole &= name not in _OF_TIME
            return
        component.whole &= not (cut and name in _OF_TIME)
        component.lines.append(_line(name, line, colon, semicolon))

    def _keep_zone_line(self, line: str) -> None:
        self._zone_size += len(line)
        if self._zone is not None and self._zone_size <= ZONE_LIMIT:
            self._zone.append(line)

    def _store_zone(self, text: str) -> None:
        named = re.search(r"^TZID[^:\r\n]*:(.*)$", text, re.MULTILINE | re.IGNORECASE)
        if named and self._zone_size <= ZONE_LIMIT and len(self._found.zones) < ZONES_LIMIT:
            self._found.zones.setdefault(named[1].strip(), text)

    def _note(self, name: str, value: str) -> None:
        if name == "CALSCALE":
            self._found.scale = value.upper()
        else:
            self._found.default_zone = value or None


def content_line(line: str) -> Line:
    """Read one unfolded line, whatever it is."""
    colon = line.find(":")
    semicolon = line.find(";", 0, colon) if colon >= 0 else line.find(";")
    name = line[: semicolon if semicolon >= 0 else colon].strip().upper()
    return _line(name, line, colon, semicolon)


def _line(name: str, line: str, colon: int, semicolon: int) -> Line:
    if semicolon < 0:
        return Line(name, {}, line[colon + 1 :] if colon >= 0 else "")
    return Line(name, *_parameters(line, semicolon))


def _parameters(line: str, start: int) -> tuple[dict[str, str], str]:
    parameters: dict[str, str] = {}
    at = start
    while found := _PARAMETER.match(line, at):
        parameters.setdefault(found[1].strip().upper(), found[2].strip().strip('"'))
        at = found.end()
    colon = line.find(":", at)
    return parameters, line[colon + 1 :] if colon >= 0 else ""


def unfolded(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each content line, and whether it was too long to be kept whole.

    Of a text with more line breaks than BREAKS_LIMIT the rest is left out.
    """
    newline = _newline(text)
    parts: list[str] = []
    size = 0
    for piece in _pieces(text.removeprefix("\ufeff"), newline):
        line = piece.rstrip("\r")
        if line[:1] in _FOLDS and parts:
            if size <= LINE_LIMIT:
                parts.append(line[1:])
                size += len(line) - 1
        elif line:
            if parts:
                yield _joined(parts, size)
            parts, size = [line], len(line)
    if parts:
        yield _joined(parts, size)


def _newline(text: str) -> str:
    return "\n" if "\n" in text else "\r"


def _pieces(text: str, newline: str) -> Iterable[str]:
    """The text between line breaks, each piece cut if it is too long; not all, if too many."""
    if len(text) <= LINE_LIMIT and text.count(newline) <= FEW_BREAKS:
        return text.split(newline)
    return _pieces_one_by_one(text, newline)


def _pieces_one_by_one(text: str, newline: str) -> Iterator[str]:
    at = 0
    for _ in range(BREAKS_LIMIT):
        if at >= len(text):
            return
        end = text.find(newline, at)
        end = len(text) if end < 0 else end
        yield text[at : min(end, at + LINE_LIMIT + 1)]
        at = end + 1


def _joined(parts: list[str], size: int) -> tuple[str, bool]:
    line = parts[0] if len(parts) == 1 else "".join(parts)
    return line[:LINE_LIMIT], size > LINE_LIMIT
