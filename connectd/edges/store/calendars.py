"""What was last read from the servers: accounts, calendars and their objects."""

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from connectd.domain.model import Span
from connectd.edges.store.columns import (
    read_time,
    read_time_or_none,
    time_or_none,
    time_text,
)
from connectd.edges.store.database import Database


# Tuples, not dataclasses: each of those costs a millisecond whenever `status` starts.
class AccountRecord(NamedTuple):
    """What is known of an account.

    ``home`` is JSON text that the store does not look into, ``drafts`` the URL of the drafts
    calendar, ``form`` the form of draft that this server turned out to keep. ``failing_since``
    is when the first of the failures began that have not stopped since. ``paused_at`` is when
    the server refused the credentials for good, and ``refused_secret`` is enough to notice that
    they have changed since, but too little to tell anything about them.
    """

    name: str
    home: str
    drafts: str | None = None
    form: str | None = None
    last_success: datetime | None = None
    last_error: str | None = None
    last_error_at: datetime | None = None
    failing_since: datetime | None = None
    paused_at: datetime | None = None
    refused_secret: str | None = None


class CalendarRecord(NamedTuple):
    """A calendar that was read whole over ``window``.

    ``version`` is its sync-token or ctag then; None where it had none, so that it can never
    count as unchanged.
    """

    account: str
    url: str
    name: str
    version: str | None
    window: Span
    read_at: datetime


class ObjectRow(NamedTuple):
    """A calendar object as it was read.

    ``text`` is kept only where it must be read again for another window. ``reading`` and
    ``unreadable`` are text that the store does not look into; the latter is None where all of
    it could be read.
    """

    href: str
    etag: str
    uid: str
    text: str | None
    reading: str
    unreadable: str | None = None


class CalendarTables:
    """A cache: all of it can be read from the servers again."""

    database: Database

    def account(self, name: str) -> AccountRecord | None:
        """Find an account by its name in the configuration."""
        row = self.database.row("SELECT * FROM accounts WHERE name = ?", [name])
        return None if row is None else _account(row)

    def save_account(self, account: AccountRecord) -> None:
        """Write all that is now known of an account."""
        self.database.write(
            "INSERT INTO accounts (name, home, drafts, form, last_success, last_error,"
            " last_error_at, failing_since, paused_at, refused_secret)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET home = excluded.home, drafts = excluded.drafts,"
            " form = excluded.form, last_success = excluded.last_success,"
            " last_error = excluded.last_error, last_error_at = excluded.last_error_at,"
            " failing_since = excluded.failing_since, paused_at = excluded.paused_at,"
            " refused_secret = excluded.refused_secret",
            [
                account.name,
                account.home,
                account.drafts,
                account.form,
                time_or_none(account.last_success),
                account.last_error,
                time_or_none(account.last_error_at),
                time_or_none(account.failing_since),
                time_or_none(account.paused_at),
                account.refused_secret,
            ],
        )

    def calendars(self, account: str) -> tuple[CalendarRecord, ...]:
        """List the calendars of an account by URL."""
        rows = self.database.rows(
            "SELECT * FROM calendars WHERE account = ? ORDER BY url", [account]
        )
        return tuple(map(_calendar, rows))

    def calendar(self, url: str) -> CalendarRecord | None:
        """Find a calendar by URL; None when it was never read whole."""
        row = self.database.row("SELECT * FROM calendars WHERE url = ?", [url])
        return None if row is None else _calendar(row)

    def save_calendar(self, calendar: CalendarRecord) -> None:
        """Record that a calendar was read whole; its objects are saved before."""
        self.database.write(
            "INSERT INTO calendars (account, url, name, version, window_start, window_end,"
            " read_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (url) DO UPDATE SET account = excluded.account, name = excluded.name,"
            " version = excluded.version, window_start = excluded.window_start,"
            " window_end = excluded.window_end, read_at = excluded.read_at",
            [
                calendar.account,
                calendar.url,
                calendar.name,
                calendar.version,
                time_text(calendar.window.start),
                time_text(calendar.window.end),
                time_text(calendar.read_at),
            ],
        )

    def doubt_calendars(self) -> None:
        """Let no calendar count as unchanged until it has been read again."""
        self.database.write("UPDATE calendars SET version = NULL WHERE version IS NOT NULL")

    def forget_calendar(self, url: str) -> None:
        """Drop a calendar and its objects."""
        with self.database.transaction():
            self.database.write("DELETE FROM calendar_objects WHERE calendar = ?", [url])
            self.database.write("DELETE FROM calendars WHERE url = ?", [url])

    def save_objects(self, calendar: str, rows: Iterable[ObjectRow]) -> None:
        """Store new and changed objects, all of them or none."""
        with self.database.transaction():
            for row in rows:
                self.database.write(
                    "INSERT INTO calendar_objects (calendar, href, etag, uid, text, reading,"
                    " unreadable) VALUES (?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT (calendar, href) DO UPDATE SET etag = excluded.etag,"
                    " uid = excluded.uid, text = excluded.text, reading = excluded.reading,"
                    " unreadable = excluded.unreadable",
                    [calendar, *row],
                )

    def drop_objects(self, calendar: str, hrefs: Iterable[str]) -> None:
        """Forget objects that left the listing, all of them or none."""
        with self.database.transaction():
            for href in hrefs:
                self.database.write(
                    "DELETE FROM calendar_objects WHERE calendar = ? AND href = ?",
                    [calendar, href],
                )

    def object_rows(self, calendar: str) -> Iterator[ObjectRow]:
        """Read every object of a calendar, a few at a time; write nothing meanwhile."""
        return map(
            _object,
            self.database.stream(
                "SELECT * FROM calendar_objects WHERE calendar = ? ORDER BY href", [calendar]
            ),
        )

    def object_text(self, calendar: str, href: str) -> str | None:
        """Give the text of one object where it is kept."""
        row = self.database.row(
            "SELECT text FROM calendar_objects WHERE calendar = ? AND href = ?", [calendar, href]
        )
        return None if row is None else row["text"]

    def recurring_rows(self, calendar: str) -> tuple[ObjectRow, ...]:
        """Give the objects whose text is kept, to be read again for another window."""
        rows = self.database.rows(
            "SELECT * FROM calendar_objects WHERE calendar = ? AND text IS NOT NULL ORDER BY href",
            [calendar],
        )
        return tuple(map(_object, rows))

    def unreadable(self) -> tuple[str, ...]:
        """Give what is stored of objects that could not be read for certain."""
        rows = self.database.rows(
            "SELECT unreadable FROM calendar_objects WHERE unreadable IS NOT NULL"
            " ORDER BY calendar, href"
        )
        return tuple(row["unreadable"] for row in rows)


def _account(row: sqlite3.Row) -> AccountRecord:
    return AccountRecord(
        name=row["name"],
        home=row["home"],
        drafts=row["drafts"],
        form=row["form"],
        last_success=read_time_or_none(row["last_success"]),
        last_error=row["last_error"],
        last_error_at=read_time_or_none(row["last_error_at"]),
        failing_since=read_time_or_none(row["failing_since"]),
        paused_at=read_time_or_none(row["paused_at"]),
        refused_secret=row["refused_secret"],
    )


def _calendar(row: sqlite3.Row) -> CalendarRecord:
    return CalendarRecord(
        account=row["account"],
        url=row["url"],
        name=row["name"],
        version=row["version"],
        window=Span(read_time(row["window_start"]), read_time(row["window_end"])),
        read_at=read_time(row["read_at"]),
    )


def _object(row: sqlite3.Row) -> ObjectRow:
    return ObjectRow(
        href=row["href"],
        etag=row["etag"],
        uid=row["uid"],
        text=row["text"],
        reading=row["reading"],
        unreadable=row["unreadable"],
    )
