"""Copies of the database that lie beside it: whole, for its owner alone, seven of each kind.

They are made by SQLite's backup, which holds nobody up and takes in what is still in the
write-ahead log. ``docs/backup.md`` says how one is put back.
"""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from operator import neg
from pathlib import Path

from connectd.edges.store.database import Database
from connectd.errors import StoreError

_KEPT = 7
_WEEK_DAYS = 7
_MOMENT = "%Y%m%dT%H%M%SZ"


def copy_before_migration(connection: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy it to ``<name>.before-<version>``, and keep the seven highest versions.

    Raises StoreError: without a copy there is no migration.
    """
    try:
        _copy(connection, path, f"before-{version}", by_way_of="copying")
        _keep_seven(_copies(path, "before-", _version), neg)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The database {path} must be copied before it is upgraded, and that failed: {error}. "
            "Nothing was changed."
        ) from error


def copy_before_import(database: Database, path: Path, now: datetime) -> Path:
    """Copy it to ``<name>.before-import-<now>`` (UTC), keep the last seven; gives the copy.

    Raises StoreError: without a copy nothing is imported.
    """
    try:
        ending = f"before-import-{now:{_MOMENT}}"
        copy = _copy(database.connection, path, ending, by_way_of="copying-import")
        _keep_seven(_copies(path, "before-import-", _moment), neg)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(
            f"The database {path} must be copied before anything is imported, and that failed: "
            f"{error}. Nothing was changed."
        ) from error
    return copy


def copy_weekly(database: Database, path: Path, today: date, since: date) -> bool:
    """Copy it to ``<name>.<today>`` where the last such copy is a week old; gives whether it was.

    Before the first one, the week is counted from ``since``. Copies of a later day than
    ``today`` (a clock was wrong) do not count; kept are the seven that are nearest to today.
    Raises StoreError where it cannot be copied.
    """
    now = today.toordinal()
    try:
        days = [day for day in _copies(path, "", _day) if day <= now]
        if now - max(days, default=since.toordinal()) < _WEEK_DAYS:
            return False
        _copy(database.connection, path, today.isoformat(), by_way_of="copying-week")
        _keep_seven(_copies(path, "", _day), lambda day: abs(day - now))
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"The database {path} could not be copied: {error}.") from error
    return True


def _copy(connection: sqlite3.Connection, path: Path, ending: str, by_way_of: str) -> Path:
    """Copy it to ``<name>.<ending>``, by way of a file that does not look like a whole copy.

    That file is one for each kind: two of a kind are never made at once, but a newer program may
    migrate while an older one makes the copy of the week.
    """
    unfinished = path.with_name(f"{path.name}.{by_way_of}")
    try:
        unfinished.unlink(missing_ok=True)
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        _copy_into(connection, unfinished)
        return unfinished.replace(path.with_name(f"{path.name}.{ending}"))
    except (OSError, sqlite3.Error):
        # half a copy takes room that the disk may not have
        unfinished.unlink(missing_ok=True)
        raise


def _copy_into(connection: sqlite3.Connection, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
        # One file is easier to keep and to put back than a file with its -wal.
        copy.execute("PRAGMA journal_mode = DELETE")
    finally:
        copy.close()


def _copies(path: Path, kind: str, read: Callable[[str], int]) -> dict[int, Path]:
    """The copies of a kind by what their names say; files of any other name are not ours."""
    beginning = f"{path.name}.{kind}"
    found: dict[int, Path] = {}
    for file in path.parent.iterdir():
        if file.name.startswith(beginning) and file.is_file():
            with suppress(ValueError):
                found[read(file.name.removeprefix(beginning))] = file
    return found


def _keep_seven(copies: Mapping[int, Path], worth: Callable[[int], int]) -> None:
    """Drop all but seven, those with the lowest ``worth``."""
    for key in sorted(copies, key=worth)[_KEPT:]:
        copies[key].unlink()


def _version(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(text)
    return int(text)


def _day(text: str) -> int:
    day = date.fromisoformat(text)
    if day.isoformat() != text:
        raise ValueError(text)
    return day.toordinal()


def _moment(text: str) -> int:
    return round(datetime.strptime(text, _MOMENT).replace(tzinfo=UTC).timestamp())
