"""The published calendars: when each was read last, and its last good copy."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from connectd.edges.store.columns import read_time_or_none, time_or_none, time_text
from connectd.edges.store.database import Database


class FeedRecord(NamedTuple):
    """What is known of a published calendar.

    ``address`` tells one URL from another without giving it away: the URL may be a secret.
    ``version`` names the copy that is kept, None for none; ``etag`` and ``last_modified`` are
    what the server calls it. ``read_at`` is when the server last gave it, or said that it is
    unchanged; ``error`` is what has gone wrong since.
    """

    name: str
    address: str
    version: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    read_at: datetime | None = None
    error: str | None = None


class FeedTables:
    """One row for each feed; its text has a table of its own, so that few bytes are rewritten."""

    database: Database

    def feeds(self) -> tuple[FeedRecord, ...]:
        """List the published calendars by name."""
        return tuple(map(_feed, self.database.rows("SELECT * FROM feeds ORDER BY name")))

    def feed(self, name: str) -> FeedRecord | None:
        """Find a published calendar by its name in the configuration."""
        row = self.database.row("SELECT * FROM feeds WHERE name = ?", [name])
        return None if row is None else _feed(row)

    def save_feed(self, feed: FeedRecord, text: str | None = None) -> None:
        """Write all that is now known of a feed, and its copy where there is a new one."""
        with self.database.transaction():
            self.database.write(
                "INSERT INTO feeds (name, address, version, etag, last_modified, read_at, error)"
                " VALUES (:name, :address, :version, :etag, :last_modified, :read_at, :error)"
                " ON CONFLICT (name) DO UPDATE SET address = excluded.address,"
                " version = excluded.version, etag = excluded.etag,"
                " last_modified = excluded.last_modified, read_at = excluded.read_at,"
                " error = excluded.error",
                {**feed._asdict(), "read_at": time_or_none(feed.read_at)},
            )
            if text is not None:
                self.database.write(
                    "INSERT INTO feed_texts (feed, text) VALUES (?, ?)"
                    " ON CONFLICT (feed) DO UPDATE SET text = excluded.text",
                    [feed.name, text],
                )

    def doubt_feeds(self, before: datetime) -> None:
        """Have every feed sent whole again; none counts as read later than ``before``."""
        self.database.write(
            "UPDATE feeds SET etag = NULL, last_modified = NULL, read_at = MIN(read_at, ?)",
            [time_text(before)],
        )

    def feed_text(self, name: str) -> str:
        """Give the last good copy of a feed, an empty text where there is none."""
        row = self.database.row("SELECT text FROM feed_texts WHERE feed = ?", [name])
        return "" if row is None else str(row["text"])

    def forget_feed(self, name: str) -> None:
        """Drop what is known of a feed, and its copy."""
        self.database.write("DELETE FROM feeds WHERE name = ?", [name])


def _feed(row: sqlite3.Row) -> FeedRecord:
    return FeedRecord(**{**dict(row), "read_at": read_time_or_none(row["read_at"])})
