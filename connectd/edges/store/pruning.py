"""Keeps the database from growing for ever: what is a cache or a log goes when it is old.

What is on record as a fact stays: meetings, encounters, what was said, to whom a mail went out
and when, introductions.
"""

import sqlite3
from collections.abc import Collection
from datetime import datetime

from connectd.edges.store.columns import time_text
from connectd.edges.store.database import Database, explained

_OF_LONG_AGO = (
    """
    DELETE FROM journal WHERE at < :before AND at < strftime('%Y-%m-%dT%H:%M:%SZ',
        (SELECT at FROM journal ORDER BY id DESC LIMIT 1), '-400 days')
    """,
    "DELETE FROM intents WHERE finished_at < :before",
    """
    UPDATE placements SET written = '' WHERE written <> '' AND uid IN (
        SELECT uid FROM meetings WHERE COALESCE(ended_at, ends_at) < :before
            AND (state IN ('met', 'missed') OR placements.removed = 1
                AND state NOT IN ('drafted', 'accepted', 'invited', 'confirmed')))
    """,
    """
    UPDATE mails SET message = x'', calendar = '' WHERE calendar <> ''
        AND stage IN ('sent', 'refused', 'dropped') AND meeting IN (
            SELECT uid FROM meetings WHERE COALESCE(ended_at, ends_at) < :before
                AND state NOT IN ('drafted', 'accepted', 'invited', 'confirmed'))
    """,
    """
    UPDATE letters SET message = x'' WHERE message <> x''
        AND stage IN ('sent', 'dropped') AND queued_at < :before
    """,
)
"""What nobody asks for any more: the words of what is over, and the log of what was done."""
_WORTH_BYTES = 5 * 1024 * 1024
_WORTH_SHARE = 0.25


class PruningTables:
    """Across all tables."""

    database: Database

    def prune(self, before: datetime) -> None:
        """Drop the log, and the texts of what ended, from before that time.

        The journal keeps 400 days before its last line in any case.
        """
        with self.database.transaction():
            for statement in _OF_LONG_AGO:
                self.database.write(statement, {"before": time_text(before)})

    def forget_their_busy_before(self, moment: datetime) -> None:
        """Forget answers of contacts' calendars that should have been asked again by then."""
        self.database.write("DELETE FROM their_busy WHERE ask_again_at < ?", [time_text(moment)])

    def forget_calendars_but_of(self, accounts: Collection[str]) -> None:
        """Forget what was read from accounts that are none of these."""
        with self.database.transaction():
            known = self.database.rows("SELECT DISTINCT account FROM calendars")
            for account in {row["account"] for row in known}.difference(accounts):
                self.database.write(
                    "DELETE FROM calendar_objects WHERE calendar IN"
                    " (SELECT url FROM calendars WHERE account = ?)",
                    [account],
                )
                self.database.write("DELETE FROM calendars WHERE account = ?", [account])

    def has_much_free_space(self) -> bool:
        """Whether the file is worth being made smaller."""
        free, pages, size = (
            self._number(f"PRAGMA {name}") for name in ("freelist_count", "page_count", "page_size")
        )
        return free * size > _WORTH_BYTES and free > pages * _WORTH_SHARE

    def give_free_space_back(self) -> bool:
        """Make the file as small as it can be; gives False while another program writes to it.

        Nobody is waited for. Raises StoreError where there is no room for the smaller copy.
        """
        connection = self.database.connection
        waits = self._number("PRAGMA busy_timeout")
        connection.execute("PRAGMA busy_timeout = 0")
        try:
            with explained(self.database.name):
                try:
                    connection.execute("VACUUM")
                except sqlite3.OperationalError as error:
                    if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                        return False
                    raise
                # the write-ahead log is as large as all of it now
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.execute(f"PRAGMA busy_timeout = {waits}")
        return True

    def _number(self, pragma: str) -> int:
        row = self.database.row(pragma)
        return 0 if row is None else int(row[0])
