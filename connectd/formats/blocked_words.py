"""Says in plain words what time an unreadable event keeps free."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectd.domain.model import Span
from connectd.formats.time_values import DAY, shifted, to_wall

NO_TIME = "no time, because not even its date can be read"
ALL_TIME = "all the time that connectd looks at"

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def these(spans: Sequence[Span], zone: str) -> str:
    """Name the first of some spans, on the clock of a zone, and how many more there are."""
    first = _one(spans[0], zone)
    more = len(spans) - 1
    return f"{first}, and {more} more time{'s' * (more > 1)}" if more else first


def every_day(start: datetime, length: timedelta, zone: str, last: datetime | None) -> str:
    """Name a time of day, as a wall's clock shows it from the day of ``start`` on."""
    until = f" to {last:%Y-%m-%d}" if last else ""
    days = f"every day from {start:%Y-%m-%d}{until}"
    if length >= DAY:
        return f"all day, {days}"
    return f"{start:%H:%M}-{shifted(start, length):%H:%M} ({zone}) {days}"


def _one(span: Span, zone: str) -> str:
    start, end = to_wall(span.start, ZoneInfo(zone)), to_wall(span.end, ZoneInfo(zone))
    if start.time() == end.time() == start.time().min and end - start == DAY:
        return f"all of {_day(start)}"
    if start.date() == end.date():
        return f"{_day(start)}, {start:%H:%M}-{end:%H:%M} ({zone})"
    return f"{_day(start)}, {start:%H:%M} to {_day(end)}, {end:%H:%M} ({zone})"


def _day(wall: datetime) -> str:
    return f"{_WEEKDAYS[wall.weekday()]} {wall.day} {_MONTHS[wall.month - 1]} {wall.year}"
