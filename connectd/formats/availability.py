"""Reads the hours in which somebody says to be available (VAVAILABILITY, RFC 7953).

Conservative: what is not understood for certain makes nobody available. Only hours that
come again each week count; what holds for some weeks only, such as a holiday, is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from connectd.domain.model import Hours
from connectd.domain.weekly_hours import DAY_MINUTES, WEEK_MINUTES, weekly_hours
from connectd.formats.content_lines import Line, content_line, unfolded
from connectd.formats.rules import RefusedRuleError, Rule, last_moment, parse_rule
from connectd.formats.time_values import Moment, parse_length, parse_moment, to_utc, to_wall
from connectd.formats.zones import by_name

TEXT_LIMIT = 256 * 1024
"""Characters of a text that is read; a longer one says nothing."""

_PARTS_LIMIT = 200
_SOON = timedelta(days=7)
_LOWEST_PRIORITY = 10
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_KEPT = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "PRIORITY", "RECURRENCE-ID"})


@dataclass(slots=True)
class _Part:
    """A VAVAILABILITY with its AVAILABLE parts, or one of these; the first of each property."""

    lines: dict[str, Line] = field(default_factory=dict)
    parts: list["_Part"] = field(default_factory=list)

    def value(self, name: str) -> str:
        line = self.lines.get(name)
        return line.value.strip() if line else ""

    def moment(self, name: str) -> Moment | None:
        line = self.lines.get(name)
        return parse_moment(line.value, line.parameters) if line else None


def weekly_availability(text: str, zone: ZoneInfo, now: datetime) -> Hours | None:
    """The local hours of each weekday in which the user is available.

    ``zone`` is the user's, in which floating times are understood. None where there are none
    that can be told for certain.
    """
    if len(text) > TEXT_LIMIT:
        return None
    usual = [part for part in _availabilities(text) if _lasts(part, zone, now)]
    first = min(map(_priority, usual), default=None)
    foremost = [part for part in usual if _priority(part) == first]
    if len(foremost) != 1 or len(foremost[0].parts) > _PARTS_LIMIT:
        return None
    spans = [span for part in foremost[0].parts for span in _spans(part, zone, now)]
    return weekly_hours(spans) or None


def read_confined(request: dict[str, Any]) -> dict[str, Any]:
    """Read ``{"text", "zone", "now"}`` into ``{"hours"}``, all of it fit for JSON."""
    now = datetime.fromisoformat(request["now"])
    hours = weekly_availability(request["text"], ZoneInfo(request["zone"]), now)
    return {"hours": None if hours is None else hours_to_json(hours)}


def hours_to_json(hours: Hours) -> list[list[Any]]:
    """Return the hours as values that JSON can hold: weekday, start, end."""
    return [[day, start.isoformat(), end.isoformat()] for day in hours for start, end in hours[day]]


def hours_from_json(rows: list[list[Any]]) -> Hours:
    """Read what ``hours_to_json`` returned."""
    hours: Hours = {}
    for day, start, end in rows:
        span = time.fromisoformat(start), time.fromisoformat(end)
        hours[day] = (*hours.get(day, ()), span)
    return hours


def _availabilities(text: str) -> list[_Part]:
    """Each VAVAILABILITY of the text that is whole, outside of others."""
    found: list[_Part] = []
    open_parts: list[tuple[str, _Part]] = []
    for unfolded_line, _ in unfolded(text):
        line = content_line(unfolded_line)
        kind = line.value.strip().upper()
        if line.name == "BEGIN":
            open_parts.append((kind, _Part()))
        elif line.name == "END":
            if not open_parts or open_parts[-1][0] != kind:
                return []
            _, part = open_parts.pop()
            if kind == "VAVAILABILITY":
                found.append(part)
            elif kind == "AVAILABLE" and open_parts and open_parts[-1][0] == "VAVAILABILITY":
                open_parts[-1][1].parts.append(part)
        elif open_parts and line.name in _KEPT:
            open_parts[-1][1].lines.setdefault(line.name, line)
    return [] if open_parts else found


def _lasts(part: _Part, zone: ZoneInfo, now: datetime) -> bool:
    """Whether it holds now, or soon, and from then on without an end."""
    if "DTEND" in part.lines or "DURATION" in part.lines:
        return False
    return _has_begun(part, zone, now)


def _has_begun(part: _Part, zone: ZoneInfo, now: datetime) -> bool:
    try:
        start = part.moment("DTSTART")
        return start is None or to_utc(start.wall, _zone_of(start, zone)) <= now + _SOON
    except ValueError:
        return False


def _priority(part: _Part) -> int:
    """From 1, the highest, to 9; none is lower than all (RFC 7953 section 3.1)."""
    value = part.value("PRIORITY")
    return int(value) if value in {*"123456789"} else _LOWEST_PRIORITY


def _spans(part: _Part, zone: ZoneInfo, now: datetime) -> Iterator[tuple[int, int]]:
    """In minutes of the user's week; nothing where it is not understood."""
    try:
        start = part.moment("DTSTART")
        if start is None or "RECURRENCE-ID" in part.lines or not _has_begun(part, zone, now):
            return
        rule = parse_rule(part.value("RRULE"))
        days = _weekdays(rule, start.wall)
        ended = last_moment(part.value("RRULE"), start.wall)
        own_zone = _zone_of(start, zone)
        length = _length(part, start, zone)
    except (ValueError, RefusedRuleError):
        return
    over = ended is not None and to_utc(ended.wall, _zone_of(ended, own_zone)) < now
    unsure = rule.count is not None and ended is None
    if over or unsure or not timedelta(0) < length <= timedelta(minutes=WEEK_MINUTES):
        return
    yield from _in_the_users_week(start, days, length, (own_zone, zone), now)


def _in_the_users_week(
    start: Moment,
    days: Iterable[int],
    length: timedelta,
    zones: tuple[tzinfo, tzinfo],
    now: datetime,
) -> Iterator[tuple[int, int]]:
    """As the clocks of the user's zone show them in the coming days."""
    theirs, mine = zones
    today = to_wall(now, theirs).date()
    for ahead in range(7):
        day = today + timedelta(days=ahead)
        if day.weekday() in days:
            wall = datetime.combine(day, start.wall.time())
            shown = wall if theirs == mine else to_wall(to_utc(wall, theirs), mine)
            begins = shown.weekday() * DAY_MINUTES + shown.hour * 60 + shown.minute
            yield begins, begins + int(length / timedelta(minutes=1))


def _weekdays(rule: Rule, start: datetime) -> frozenset[int]:
    """On which days of every week; raises ValueError for a rule that is not weekly."""
    if (
        rule.frequency not in {"WEEKLY", "DAILY"}
        or rule.interval != 1
        or rule.by.keys() - {"BYDAY"}
    ):
        raise ValueError("does not come again each week")
    every: Sequence[str] = _DAYS if rule.frequency == "DAILY" else (_DAYS[start.weekday()],)
    return frozenset(_DAYS.index(day) for day in rule.by.get("BYDAY", every))


def _length(part: _Part, start: Moment, zone: ZoneInfo) -> timedelta:
    """How long it lasts by the clock on the wall."""
    end = part.moment("DTEND")
    if end is not None:
        if _zone_of(end, zone) != _zone_of(start, zone) or end.is_date != start.is_date:
            raise ValueError("begins and ends in different zones")
        return end.wall - start.wall
    if duration := part.value("DURATION"):
        length = parse_length(duration)
        return timedelta(days=length.days) + length.exact
    return timedelta(days=1) if start.is_date else timedelta(0)


def _zone_of(moment: Moment, own: tzinfo) -> tzinfo:
    """The zone a time is written in; raises ValueError for one that is not known."""
    if moment.zone is None:
        return own
    found = UTC if moment.zone == "UTC" else by_name(moment.zone)
    if found is None:
        raise ValueError("an unknown zone")
    return found
