"""The store as the rest of connectd sees it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from connectd.edges.store.address_books import AddressBookTables
from connectd.edges.store.calendars import CalendarTables
from connectd.edges.store.columns import read_time, time_text
from connectd.edges.store.contacts import ContactTables
from connectd.edges.store.database import Database
from connectd.edges.store.feeds import FeedTables
from connectd.edges.store.follow_ups import FollowUpTable
from connectd.edges.store.history import HistoryTables
from connectd.edges.store.introductions import IntroductionTables
from connectd.edges.store.journal import JournalTables
from connectd.edges.store.letters import LetterTable
from connectd.edges.store.mails import MailTable
from connectd.edges.store.meetings import MeetingTables
from connectd.edges.store.migrations import MIGRATIONS
from connectd.edges.store.opening import in_memory_copy, open_database
from connectd.edges.store.pruning import PruningTables
from connectd.edges.store.their_busy import TheirBusyTable


class Store(
    ContactTables,
    AddressBookTables,
    MeetingTables,
    FollowUpTable,
    MailTable,
    LetterTable,
    HistoryTables,
    IntroductionTables,
    CalendarTables,
    FeedTables,
    JournalTables,
    TheirBusyTable,
    PruningTables,
):
    """One open database; a context manager that closes it.

    Each of the tables' methods that writes is a transaction of its own, or part of the one at
    hand. Any method raises StoreError when the disk, the file or another program is in the way.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @classmethod
    def open(
        cls, path: Path, *, create: bool = True, migrations: Sequence[str] = MIGRATIONS
    ) -> Self:
        """Open the database at ``path``, first created or upgraded where needed.

        Raises StoreError when it is missing and not to be created, cannot be read or written,
        is damaged, belongs to another program, or is newer than this program.
        """
        return cls(open_database(path, create=create, migrations=migrations))

    def rehearsal(self) -> "Store":
        """Give a copy in memory: what is written there never happened.

        Raises RuntimeError inside a transaction.
        """
        return Store(in_memory_copy(self.database))

    def transaction(self) -> AbstractContextManager[None]:
        """Commit everything inside, or nothing; one inside another is undone alone."""
        return self.database.transaction()

    def generation(self) -> tuple[int, int]:
        """Give numbers that differ once this or another process has changed something.

        They mean something only beside others of the same open store.
        """
        row = self.database.row("PRAGMA data_version")
        elsewhere = 0 if row is None else int(row[0])
        return elsewhere, self.database.connection.total_changes

    def begin(self, now: datetime) -> None:
        """Give a new database its installation id and its first day; later calls change nothing."""
        if self._meta("installation") is not None:
            return
        from uuid import uuid4  # noqa: PLC0415 - needed once in the life of a database

        with self.transaction():
            for key, value in (("installation", str(uuid4())), ("installed_at", time_text(now))):
                self.database.write(
                    "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
                    [key, value],
                )

    @property
    def installation(self) -> str:
        """The id of this installation, a random UUID; RuntimeError before ``begin``."""
        return self._begun("installation")

    @property
    def installed_at(self) -> datetime:
        """When ``begin`` was called first; RuntimeError before."""
        return read_time(self._begun("installed_at"))

    @property
    def installed_on(self) -> date:
        """The UTC day of ``installed_at``."""
        return self.installed_at.date()

    def close(self) -> None:
        """Close the file; nothing else works afterwards."""
        self.database.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _begun(self, key: str) -> str:
        value = self._meta(key)
        if value is None:
            raise RuntimeError("the store was used before begin() was called")
        return value

    def _meta(self, key: str) -> str | None:
        row = self.database.row("SELECT value FROM meta WHERE key = ?", [key])
        return None if row is None else str(row["value"])
