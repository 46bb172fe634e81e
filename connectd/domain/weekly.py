"""What comes once a week: whether it is due, by the weeks in which it came before."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.spans import local_day

_WEEK, _APART = timedelta(days=7), timedelta(days=6)


class Issue(NamedTuple):
    """One that came: the local week (ISO 8601, ``2026-W48``), and when in it it was due (UTC)."""

    week: str
    due: datetime


def due_digest(
    now: datetime, zone: ZoneInfo, weekday: int, hour: int, issued: Iterable[Issue]
) -> Issue | None:
    """The one that is due now; None where there is none, or it came already.

    Each week has one at most, whatever becomes of the clock, the zone and the time of the week.
    Within six days of the time at which another was due none comes, nor before it where the
    clock went back; one that came late holds the next one not back.
    """
    due = latest_digest(now, zone, weekday, hour)
    if due is None:
        return None
    for earlier in issued:
        if earlier.week == due.week or abs(now - earlier.due) < _APART:
            return None
    return due


def latest_digest(now: datetime, zone: ZoneInfo, weekday: int, hour: int) -> Issue | None:
    """The one whose time it is, whether it came or not; None between two of them.

    Its time is from ``hour`` on ``weekday`` (Monday = 0) to the end of that local week, which
    begins on a Monday, and for six days at least: a machine that is off each night makes it up.
    """
    today = local_day(now, zone)
    this_week = today + timedelta(days=weekday - today.weekday())
    due = local_hour(this_week, hour, zone)
    if now >= due:
        return Issue(week_name(this_week), due)
    last_week = this_week - _WEEK
    due = local_hour(last_week, hour, zone)
    return Issue(week_name(last_week), due) if now - due < _APART else None


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
