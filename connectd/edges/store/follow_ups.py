"""The tasks that follow meetings up, and what the user said by them."""

import sqlite3
from typing import NamedTuple

from connectd.edges.store.database import Database


class FollowUp(NamedTuple):
    """Where the task of a meeting lies.

    ``told`` is what it says, text that the store does not look into. ``seen_version`` is the
    version of the calendar in which it was last looked at, None for never; ``removed`` says
    that nothing is left to do there.
    """

    meeting: str
    account: str
    calendar: str
    href: str
    etag: str | None
    told: str
    seen_version: str | None = None
    removed: bool = False


class FollowUpTable:
    """One task at most for each meeting."""

    database: Database

    def standing_follow_ups(self) -> tuple[FollowUp, ...]:
        """List the tasks that still stand in a calendar, or may."""
        rows = self.database.rows("SELECT * FROM follow_ups WHERE removed = 0 ORDER BY meeting")
        return tuple(_follow_up(row) for row in rows)

    def save_follow_up(self, follow_up: FollowUp) -> None:
        """Record where a task lies; its meeting must be on record."""
        self.database.write(
            "INSERT INTO follow_ups (meeting, account, calendar, href, etag, told, seen_version,"
            " removed) VALUES (:meeting, :account, :calendar, :href, :etag, :told,"
            " :seen_version, :removed)"
            " ON CONFLICT (meeting) DO UPDATE SET account = excluded.account,"
            " calendar = excluded.calendar, href = excluded.href, etag = excluded.etag,"
            " told = excluded.told, seen_version = excluded.seen_version,"
            " removed = excluded.removed",
            {**follow_up._asdict(), "removed": int(follow_up.removed)},
        )


def _follow_up(row: sqlite3.Row) -> FollowUp:
    return FollowUp(**{**dict(row), "removed": bool(row["removed"])})
