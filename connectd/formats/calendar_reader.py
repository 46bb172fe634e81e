"""Reads calendar objects: iCalendar text in, the user's time in the window out.

Conservative: where two readings of an event are possible, both take time, and what cannot be
read for certain becomes unknown time, for itself alone. Meant to run in a child process that
is stopped when a text costs too much.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from connectd.domain.model import Span
from connectd.domain.view import Event, Unreadable
from connectd.formats.content_lines import FREE_BUSY, Component, take_apart
from connectd.formats.embedded_zones import close_options
from connectd.formats.entries import Entry, UnclearError, read_entry, title_of, uid_of
from connectd.formats.occurrence_times import ZoneOf, own_span, period_span, series_spans
from connectd.formats.plain_text import clean
from connectd.formats.readings import Perspective, Reading, encode, perspective_from_json
from connectd.formats.rules import RefusedRuleError
from connectd.formats.salvage import all_time, no_calendar, repeats, salvage
from connectd.formats.time_values import Moment, Period, parse_list
from connectd.formats.unknown_time import unknown_time
from connectd.formats.zones import ZoneOptions

TEXT_LIMIT = 4 * 1024 * 1024
"""Characters of an object that are read fully; of a longer one only the times are looked for."""

_LONGEST_ZONE_NAME = 50


def read(text: str, perspective: Perspective) -> Reading:
    """Return what one calendar object says about the window.

    Raises nothing for bad content; but what the text makes the machine do is limited only
    roughly here, so foreign text is read by way of ``read_confined``.
    """
    if len(text) > TEXT_LIMIT:
        return salvage(text, perspective, "it is too large")
    found = take_apart(text)
    if not found.is_calendar and not found.components:
        return Reading("", unreadable=(no_calendar(perspective),))
    uid = uid_of(found.components[0]) if found.components else ""
    options = close_options(found, perspective.zone, perspective.window)
    reader = _ObjectReader(perspective, options)
    if found.scale == "GREGORIAN":
        reader.read(found.components)
    else:
        reader.give_up(found.components, "it uses another calendar than the Gregorian one")
    unreadable = reader.unreadable
    if found.left_out:
        unreadable.append(all_time(uid, perspective, "it holds too many events"))
    events = sorted(reader.events, key=lambda event: (event.span, event.uid, event.title))
    return Reading(uid, tuple(events), tuple(unreadable), recurring=repeats(found))


def read_confined(request: dict[str, Any]) -> dict[str, Any]:
    """Read ``{"text", "perspective"}`` into ``{"reading"}``, all of it fit for JSON."""
    reading = read(request["text"], perspective_from_json(request["perspective"]))
    return {"reading": encode(reading)}


class _ObjectReader:
    """Collects what the components of one object say; each of them may fail on its own."""

    def __init__(self, perspective: Perspective, options: ZoneOptions) -> None:
        self.events: set[Event] = set()
        self.unreadable: list[Unreadable] = []
        self._perspective = perspective
        self._mine = frozenset(perspective.addresses)
        self._user_zone = ZoneInfo(perspective.zone)
        self._options = options

    def read(self, components: Iterable[Component]) -> None:
        """Read them all; those with the same UID belong together."""
        series: dict[str, list[Entry]] = {}
        for component in components:
            with self._for_itself(component):
                if component.kind == FREE_BUSY:
                    self._read_free_busy(component)
                else:
                    entry = read_entry(component, self._mine)
                    series.setdefault(component.value("UID"), []).append(entry)
        for entries in series.values():
            self._read_series(entries)

    def give_up(self, components: Iterable[Component], reason: str) -> None:
        """Note what they cost at most."""
        for component in components:
            unknown = unknown_time(component, self._options, self._perspective, reason)
            if unknown is not None:
                self.unreadable.append(unknown)

    @contextmanager
    def _for_itself(self, component: Component) -> Iterator[None]:
        """Whatever goes wrong inside costs the time of this component alone."""
        try:
            yield
        except (UnclearError, RefusedRuleError) as problem:
            self.give_up([component], str(problem))
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 foreign text breaks the libraries in many ways
            self.give_up([component], "it cannot be understood")

    def _read_series(self, entries: Sequence[Entry]) -> None:
        masters = _in_force([entry for entry in entries if entry.recurrence_id is None])
        overrides = _overrides(entries)
        for entry in overrides:
            with self._for_itself(entry.component):
                self._add_own(entry)
        for entry in masters or overrides:
            with self._for_itself(entry.component):
                if entry.repeats:
                    self._add_series(entry, overrides if masters else ())
                elif masters:
                    self._add_own(entry)

    def _add_own(self, entry: Entry) -> None:
        for zone_of in self._readings([entry]):
            self._add(entry, own_span(entry, zone_of))

    def _add_series(self, master: Entry, overrides: Sequence[Entry]) -> None:
        for zone_of in self._readings([master, *overrides]):
            spans = series_spans(master, overrides, zone_of, self._perspective.window)
            for entry, span in spans:
                self._add(entry, span)

    def _add(self, entry: Entry, span: Span) -> None:
        if not _touches(span, self._perspective.window):
            return
        attendance = entry.attendance
        self.events.add(
            Event(
                calendar=self._perspective.calendar,
                href=self._perspective.href,
                uid=entry.uid,
                title=entry.title,
                span=span,
                busy=attendance.busy,
                all_day=entry.all_day,
                mine=attendance.mine,
                people=attendance.people,
                attendee_count=attendance.attendee_count,
            )
        )

    def _read_free_busy(self, component: Component) -> None:
        for period in _busy_periods(component):
            zones = [period.start.zone, period.end.zone if isinstance(period.end, Moment) else None]
            for zone_of in self._readings_of(zones):
                span = period_span(period, zone_of)
                if span.overlaps(self._perspective.window):
                    self.events.add(
                        Event(
                            calendar=self._perspective.calendar,
                            href=self._perspective.href,
                            uid=uid_of(component),
                            title=title_of(component) or "busy",
                            span=span,
                            mine=False,
                        )
                    )

    def _readings(self, entries: Iterable[Entry]) -> list[ZoneOf]:
        return self._readings_of(zone for entry in entries for zone in _zones_in(entry))

    def _readings_of(self, tzids: Iterable[str | None]) -> list[ZoneOf]:
        """All first choices of what the TZIDs may mean together, then all second ones."""
        choices = max(len(self._options(tzid)) for tzid in set(tzids))
        return [self._reading(number) for number in range(max(choices, 1))]

    def _reading(self, number: int) -> ZoneOf:
        def zone_of(moment: Moment) -> tzinfo:
            if moment.is_date:
                return self._user_zone
            zones = self._options(moment.zone)
            if not zones:
                name = clean(moment.zone or "", _LONGEST_ZONE_NAME)
                raise UnclearError(f"its time zone {name!r} is not known")
            return zones[min(number, len(zones) - 1)]

        return zone_of


def _in_force(versions: Sequence[Entry]) -> list[Entry]:
    """Those that no other version outdates by a higher SEQUENCE; unnumbered ones all count."""
    newest = max((entry.sequence for entry in versions if entry.sequence is not None), default=0)
    return [entry for entry in versions if entry.sequence in {None, newest}]


def _overrides(entries: Iterable[Entry]) -> list[Entry]:
    replacing: dict[Moment, list[Entry]] = {}
    for entry in entries:
        if entry.recurrence_id is not None:
            replacing.setdefault(entry.recurrence_id, []).append(entry)
    return [entry for versions in replacing.values() for entry in _in_force(versions)]


def _zones_in(entry: Entry) -> Iterator[str | None]:
    yield entry.start.zone
    if entry.end is not None:
        yield entry.end.zone
    for date in entry.dates:
        yield date.start.zone if isinstance(date, Period) else date.zone


def _busy_periods(component: Component) -> list[Period]:
    """The taken times of a VFREEBUSY (RFC 5545 section 3.6.4)."""
    if not component.whole:
        raise UnclearError("it is incomplete")
    lines = (
        line
        for line in component.all("FREEBUSY")
        if line.parameters.get("FBTYPE", "").upper() != "FREE"
    )
    try:
        times = [time for line in lines for time in parse_list(line)]
    except ValueError as problem:
        raise UnclearError("its busy times cannot be read") from problem
    periods = [time for time in times if isinstance(time, Period)]
    if len(periods) < len(times):
        raise UnclearError("its busy times cannot be read")
    return periods


def _touches(span: Span, window: Span) -> bool:
    """Whether it lies in the window at least in part; one without a length has only a start."""
    at_a_moment = span.start == span.end and window.start <= span.start < window.end
    return at_a_moment or span.overlaps(window)
