"""What comes once a week: whether it is due, by the weeks in which it came before."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.spans import local_day

_APART = timedelta(days=6)


class Issue(NamedTuple):
    """One that came: the local week (ISO 8601, ``2026-W48``), and when in it it was due (UTC)."""

    week: str
    due: datetime


def due_digest(
    now: datetime, zone: ZoneInfo, weekday: int, hour: int, issued: Iterable[Issue]
) -> Issue | None:
    """The one that is due now; None where there is none, or it came already.

    It is due from ``hour`` on ``weekday`` (Monday = 0) to the end of that local week, which
    begins on a Monday. Each week has one at most, whatever becomes of the clock, the zone and
    the time of the week. Within six days of the time at which another was due none comes, nor
    before it where the clock went back; one that came late holds the next one not back.
    """
    today = local_day(now, zone)
    day = today + timedelta(days=weekday - today.weekday())
    due = Issue(week_name(today), local_hour(day, hour, zone))
    if now < due.due:
        return None
    for earlier in issued:
        if earlier.week == due.week or abs(now - earlier.due) < _APART:
            return None
    return due


def week_name(day: date) -> str:
    """The week of a day, ``2026-W48``."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def local_hour(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """When the clock shows a full hour on a local day, in UTC.

    An hour that the clock skips is the moment so long after midnight; of one that comes twice,
    the first is meant.
    """
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
