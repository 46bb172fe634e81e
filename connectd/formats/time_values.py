"""Times as iCalendar writes them: DATE, DATE-TIME, DURATION, PERIOD (RFC 5545 section 3.3).

A written time says what a clock on a wall shows; what moment that is depends on a time zone
that is not known for certain here. So these values hold naive datetimes, the only ones in
the program; ``to_utc`` turns them into moments.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from connectd.formats.content_lines import Line

DAY = timedelta(days=1)
NOTHING = timedelta(0)

_WRITTEN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?\Z", re.ASCII)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?\Z",
    re.ASCII,
)
_DATE_IN_IT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)
_LAST_SECOND = 59
_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_CALENDAR = _LAST - _FIRST
_MIDDLE = 5000


@dataclass(frozen=True, slots=True)
class Moment:
    """A written time: ``wall`` without a zone, and the zone it names.

    ``zone`` is a TZID, ``"UTC"``, or None for a floating time or a date. A date is the
    midnight it begins with.
    """

    wall: datetime
    zone: str | None = None
    is_date: bool = False


@dataclass(frozen=True, slots=True)
class Length:
    """A duration: so many calendar days, and then an exact time (RFC 5545 section 3.3.6)."""

    days: int = 0
    exact: timedelta = NOTHING


@dataclass(frozen=True, slots=True)
class Period:
    """A start, and an end or a length."""

    start: Moment
    end: Moment | Length


def parse_moment(value: str, parameters: dict[str, str]) -> Moment:
    """Read a DATE or DATE-TIME; raises ValueError.

    The form of the value counts, not the VALUE parameter. A ``Z`` beats a TZID: the value
    says UTC itself. A leap second is read as the one before it.
    """
    found = _WRITTEN.match(value.strip())
    if not found:
        raise ValueError(f"not a time: {value[:40]!r}")
    year, month, day, hour, minute, second, utc = found.groups()
    on = date(int(year), int(month), int(day))
    if hour is None:
        return Moment(datetime.combine(on, time()), None, is_date=True)
    at = time(int(hour), int(minute), min(int(second), _LAST_SECOND))
    zone = "UTC" if utc else parameters.get("TZID", "").strip() or None
    return Moment(datetime.combine(on, at), zone)


def parse_length(value: str) -> Length:
    """Read a DURATION; raises ValueError, for a negative one as well.

    None is longer than the whole calendar, from year 1 to 9999.
    """
    found = _DURATION.match(value.strip().upper())
    if not found or not any(found.groups()[1:]):
        raise ValueError(f"not a duration: {value[:40]!r}")
    sign, *numbers = found.groups()
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in numbers)
    exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    length = Length(min(weeks * 7 + days, _CALENDAR.days), min(exact, _CALENDAR))
    if sign == "-" and length != Length():
        raise ValueError(f"a negative duration: {value[:40]!r}")
    return length


def parse_period(value: str, parameters: dict[str, str]) -> Period:
    """Read a PERIOD; raises ValueError."""
    start, _, end = value.partition("/")
    if end.strip()[:1] in {"P", "+", "-"}:
        return Period(parse_moment(start, parameters), parse_length(end))
    return Period(parse_moment(start, parameters), parse_moment(end, parameters))


def parse_list(line: Line) -> list[Moment | Period]:
    """Read the values of RDATE, EXDATE or FREEBUSY; raises ValueError if one is broken."""
    return [
        parse_period(value, line.parameters)
        if "/" in value
        else parse_moment(value, line.parameters)
        for value in line.value.split(",")
        if value.strip()
    ]


def date_in(value: str) -> date | None:
    """Return the first date that stands in a value which is otherwise unreadable."""
    for found in _DATE_IN_IT.finditer(value[:100]):
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            continue
    return None


def to_utc(wall: datetime, zone: tzinfo) -> datetime:
    """Return the moment at which the clocks of a zone show ``wall``.

    A time that the clocks skip counts with the offset before the gap, one that they show
    twice is the first (RFC 5545 section 3.3.5). Stops at the ends of the calendar.
    """
    try:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    except OverflowError:
        return _end_of_calendar(wall, UTC)


def to_wall(moment: datetime, zone: tzinfo) -> datetime:
    """Return what the clocks of a zone show at a moment; stops at the ends of the calendar."""
    try:
        return moment.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return _end_of_calendar(moment, None)


def shifted(time_: datetime, by: timedelta) -> datetime:
    """Add, and stop at the ends of the calendar."""
    try:
        return time_ + by
    except OverflowError:
        return (_LAST if by > NOTHING else _FIRST).replace(tzinfo=time_.tzinfo)


def _end_of_calendar(near: datetime, zone: tzinfo | None) -> datetime:
    return (_LAST if near.year > _MIDDLE else _FIRST).replace(tzinfo=zone)
