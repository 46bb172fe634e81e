"""Looks whether a database is sound, and copies it into memory, without touching the file.

Nothing is upgraded, closed to others or locked for longer than a moment: a daemon may be at
work with it.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from connectd.edges.store.database import Database, explained
from connectd.edges.store.migrating import bring_up_to_date, user_version
from connectd.edges.store.migrations import APPLICATION_ID, MIGRATIONS
from connectd.edges.store.store import Store
from connectd.errors import StoreError

_PROBLEMS_SHOWN = 5
_BUSY_SECONDS = 10.0


class Condition(NamedTuple):
    """How a database file is: its version, its size with what belongs to it, its damages."""

    version: int
    size_bytes: int
    damages: tuple[str, ...]

    @property
    def current(self) -> bool:
        """Whether it is of the version that this program works with."""
        return self.version == len(MIGRATIONS)


def condition_of(path: Path) -> Condition:
    """Check a whole database. Raises StoreError where it cannot be read at all.

    Also for another program's, and for one that a newer connectd has written.
    """
    with explained(str(path)), _read_only(path) as connection:
        version = user_version(connection)
        mark = connection.execute("PRAGMA application_id").fetchone()[0]
        if mark != APPLICATION_ID:
            raise StoreError(f"{path} is another program's. Set [state] path to another file.")
        if version > len(MIGRATIONS):
            raise StoreError(f"{path} was written by a newer connectd. Install that one.")
        found = connection.execute(f"PRAGMA integrity_check({_PROBLEMS_SHOWN})").fetchall()
        loose = connection.execute("PRAGMA foreign_key_check").fetchmany(_PROBLEMS_SHOWN)
    damages = [line for (said,) in found for line in str(said).splitlines() if line != "ok"]
    damages += [f"a row of {table} belongs to none of {other}" for table, _, other, _ in loose]
    return Condition(version, _size(path), tuple(damages))


def copy_in_memory(path: Path) -> Store:
    """Give a copy of a sound, current database; what is written to it never happened.

    Raises StoreError.
    """
    copy = _memory()
    with explained(str(path)), _read_only(path) as connection:
        connection.backup(copy)
    return Store(Database(copy, f"copy of {path}", len(MIGRATIONS)))


def blank_in_memory() -> Store:
    """Give an empty store that is nowhere."""
    connection = _memory()
    bring_up_to_date(connection, Path(":memory:"), MIGRATIONS)
    return Store(Database(connection, "copy in memory", len(MIGRATIONS)))


def _memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    return connection


@contextmanager
def _read_only(path: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(
        sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    ) as connection:
        yield connection


def _size(path: Path) -> int:
    size = 0
    for suffix in ("", "-wal", "-shm"):
        # a daemon that ends takes the others away
        with suppress(FileNotFoundError):
            size += path.with_name(path.name + suffix).stat().st_size
    return size
