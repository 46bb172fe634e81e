"""Opening the database file: private from its first moment, and at the version we know."""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from connectd.edges.store.database import Database, explained
from connectd.edges.store.migrating import bring_up_to_date, user_version
from connectd.errors import StoreError

_BUSY_SECONDS = 10.0
_OTHERS = 0o077
_WORLD_WRITES = 0o002


def open_database(path: Path, *, create: bool, migrations: Sequence[str]) -> Database:
    """Open, create or upgrade the database at ``path``.

    Raises StoreError when it is missing and not to be created, cannot be read or written, is
    damaged, belongs to another program, or is newer than ``migrations``.
    """
    try:
        _make_private(path, create=create)
        connection = _connect(path, migrations)
    except OSError as error:
        raise StoreError(f"The database {path} cannot be used: {error}.") from error
    return Database(connection, str(path), len(migrations))


def in_memory_copy(original: Database) -> Database:
    """Copy a whole database into memory; what is written there is gone when it is closed.

    Raises RuntimeError inside a transaction: SQLite would wait for its end for ever.
    """
    if original.connection.in_transaction:
        raise RuntimeError("a database cannot be copied inside its own transaction")
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    with explained(original.name):
        original.connection.backup(connection)
        connection.execute("PRAGMA foreign_keys = ON")
    return Database(connection, f"copy of {original.name}", original.version)


def _make_private(path: Path, *, create: bool) -> None:
    if not create and not path.exists():
        raise StoreError(f"There is no database at {path} yet. Run `connectd setup` first.")
    _make_directory(path.parent)
    # Never opened again once it exists: closing a second descriptor of the file would drop
    # the locks that a connection of this process holds on it (POSIX advisory locks).
    if not path.exists():
        _create_file(path)
    for suffix in ("", "-wal", "-shm"):
        _close_to_others(path.with_name(path.name + suffix), 0o600)


def _make_directory(directory: Path) -> None:
    for missing in reversed([one for one in (directory, *directory.parents) if not one.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    status = directory.stat()
    if status.st_uid != os.geteuid() and status.st_mode & _WORLD_WRITES:
        raise StoreError(
            f"Everybody may write to {directory}: set [state] path to a directory of your own."
        )
    # Closing a home directory could cut off what its owner shares on purpose.
    if directory.resolve() != _home():
        _close_to_others(directory, 0o700)


def _home() -> Path:
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where no home is known
    return Path(home).resolve()


def _create_file(path: Path) -> None:
    """Create it closed to others whatever the umask; SQLite gives -wal and -shm the same mode."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    except FileExistsError:
        return
    os.close(descriptor)


def _close_to_others(path: Path, mode: int) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return
    if status.st_mode & _OTHERS and status.st_uid == os.geteuid():
        path.chmod(mode)


def _connect(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    with explained(str(path)):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw",
            uri=True,
            timeout=_BUSY_SECONDS,
            isolation_level=None,
        )
        try:
            _set_up(connection, path, migrations)
        except Exception:
            connection.close()
            raise
    return connection


def _set_up(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = FULL")
    if not _is_ready(connection, len(migrations)):
        with _alone_in(path.parent):
            connection.execute("PRAGMA journal_mode = WAL")
            bring_up_to_date(connection, path, migrations)
    # Only now: a migration may have to rebuild a table that others refer to.
    connection.execute("PRAGMA foreign_keys = ON")


def _is_ready(connection: sqlite3.Connection, version: int) -> bool:
    mode: str = connection.execute("PRAGMA journal_mode").fetchone()[0]
    return mode == "wal" and user_version(connection) == version


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """Wait until no other process creates or upgrades a database in ``directory``."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
