"""The tasks that follow meetings up, and what the user said by them."""

import sqlite3
from datetime import date
from typing import NamedTuple

from connectd.edges.store.columns import day_or_none, read_day_or_none
from connectd.edges.store.database import Database


class FollowUp(NamedTuple):
    """Where the task of a meeting lies.

    ``told`` is what it says, text that the store does not look into. ``seen_version`` is the
    version of the calendar in which it was last looked at, None for never; ``removed`` says
    that nothing is left to do there. ``due`` is the local day that was written last, None where
    that is not on record, and ``next_due`` one of which nobody knows yet whether it was written.
    """

    meeting: str
    account: str
    calendar: str
    href: str
    etag: str | None
    told: str
    seen_version: str | None = None
    removed: bool = False
    due: date | None = None
    next_due: date | None = None


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
            " removed, due, next_due) VALUES (:meeting, :account, :calendar, :href, :etag, :told,"
            " :seen_version, :removed, :due, :next_due)"
            " ON CONFLICT (meeting) DO UPDATE SET account = excluded.account,"
            " calendar = excluded.calendar, href = excluded.href, etag = excluded.etag,"
            " told = excluded.told, seen_version = excluded.seen_version,"
            " removed = excluded.removed, due = excluded.due, next_due = excluded.next_due",
            {
                **follow_up._asdict(),
                "removed": int(follow_up.removed),
                "due": day_or_none(follow_up.due),
                "next_due": day_or_none(follow_up.next_due),
            },
        )


def _follow_up(row: sqlite3.Row) -> FollowUp:
    typed = {
        "removed": bool(row["removed"]),
        "due": read_day_or_none(row["due"]),
        "next_due": read_day_or_none(row["next_due"]),
    }
    return FollowUp(**{**dict(row), **typed})
