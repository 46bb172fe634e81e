"""What the user is told outside of the calendar: trouble that lasts, and drafts that wait.

Each kind at most once a local day, whatever becomes of the clock.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

LASTING = timedelta(hours=1)
"""How long something has to fail before the user hears of it."""
_REMINDED_AFTER = timedelta(days=7)
"""After this long drafts of which the user was told are told of once more."""


class Kind(StrEnum):
    """What a notice is about."""

    TROUBLE = "trouble"
    DRAFTS = "drafts"


class Failing(NamedTuple):
    """Since when something fails without a break, and when that was seen last (UTC)."""

    since: datetime
    seen: datetime


class Told(NamedTuple):
    """What one kind of notice has told: the local days on which, and of what the last time.

    The days stand in the order of the telling.
    """

    days: tuple[date, ...] = ()
    of: frozenset[str] = frozenset()


def still_failing(
    before: Mapping[str, Failing], now_failing: Iterable[str], now: datetime, apart: timedelta
) -> dict[str, Failing]:
    """What fails now, each with its beginning.

    Two sights that lie more than ``apart`` from each other, or one that lies ahead of ``now``,
    tell nothing of the time between: the machine slept, or the clock was set.
    """
    return {
        what: Failing(before[what].since, now)
        if what in before and _goes_on(before[what], now, apart)
        else Failing(now, now)
        for what in now_failing
    }


def lasting(failing: Mapping[str, Failing], now: datetime) -> dict[str, datetime]:
    """What has failed for so long that the user should hear of it, and since when."""
    return {what: one.since for what, one in failing.items() if now - one.since >= LASTING}


def may_tell_of_trouble(told: Told, today: date) -> bool:
    """Trouble is told of each day anew for as long as it lasts."""
    return today not in told.days


def may_tell_of_drafts(told: Told, waiting: Collection[str], today: date) -> bool:
    """Drafts, by their UIDs, are told of when there is a new one among them, or after a week."""
    if not waiting or today in told.days:
        return False
    is_news = not told.of.issuperset(waiting)
    return is_news or abs(today - told.days[-1]) >= _REMINDED_AFTER


def _goes_on(before: Failing, now: datetime, apart: timedelta) -> bool:
    return before.since <= before.seen <= now <= before.seen + apart
