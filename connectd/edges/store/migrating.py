"""Bringing a database to the version this program knows, after copying it."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from connectd.edges.store.copying import copy_before_migration
from connectd.edges.store.migrations import APPLICATION_ID
from connectd.errors import StoreError


def user_version(connection: sqlite3.Connection) -> int:
    """Say how many migrations the database has seen."""
    return _number(connection, "PRAGMA user_version")


def bring_up_to_date(connection: sqlite3.Connection, path: Path, migrations: Sequence[str]) -> None:
    """Run the migrations that the database has not seen, each whole or not at all.

    A database with rows is first copied to ``<name>.before-<new version>``. Call it alone: no
    other process may do the same meanwhile. Raises StoreError, with the database as it was
    before the migration that failed; also for a newer database and for another program's.
    """
    version = user_version(connection)
    _refuse_foreign(connection, path, version)
    _refuse_newer(path, version, len(migrations))
    if version == len(migrations):
        return
    if version > 0:
        copy_before_migration(connection, path, len(migrations))
    run_migrations(connection, str(path), migrations)


def run_migrations(connection: sqlite3.Connection, name: str, migrations: Sequence[str]) -> None:
    """Run those that it has not seen, and nothing else; raises StoreError, which calls it ``name``.

    For a database that nobody else has, and that need not be copied.
    """
    version = user_version(connection)
    for number, script in enumerate(migrations[version:], start=version + 1):
        _migrate(connection, name, number, script)


def _refuse_foreign(connection: sqlite3.Connection, path: Path, version: int) -> None:
    empty = version == 0 and _number(connection, "SELECT count(*) FROM sqlite_master") == 0
    if not empty and _number(connection, "PRAGMA application_id") != APPLICATION_ID:
        raise StoreError(
            f"{path} is the database of another program. Set [state] path to another place."
        )


def _refuse_newer(path: Path, version: int, known: int) -> None:
    if version > known:
        raise StoreError(
            f"The database {path} was written by a newer connectd (version {version}; this one "
            f"knows up to {known}). Upgrade connectd, or put back the copy that was made before "
            f"(docs/backup.md says how): {path}.before-{version}."
        )


def _migrate(connection: sqlite3.Connection, name: str, number: int, script: str) -> None:
    # One script: executescript would commit a transaction begun before it.
    whole = f"BEGIN IMMEDIATE;\n{script}\n;\nPRAGMA user_version = {number};\nCOMMIT;"
    try:
        connection.executescript(whole)
    except sqlite3.Error as error:
        raise StoreError(
            f"The database {name} could not be upgraded to version {number}: {error}. "
            "It is as it was before."
        ) from error
    finally:
        if connection.in_transaction:
            connection.rollback()


def _number(connection: sqlite3.Connection, sql: str) -> int:
    value: int = connection.execute(sql).fetchone()[0]
    return value
