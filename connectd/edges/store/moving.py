"""The tables that hold what is on record, as rows that can move to another machine.

What can be read from the servers again does not move, and nothing that says how they fare.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from connectd.domain.moving import Change, Column, Record, Row, Shape, Value
from connectd.edges.store.database import Database
from connectd.edges.store.migrating import run_migrations
from connectd.edges.store.migrations import MIGRATIONS
from connectd.edges.store.store import Store

_NAME = "that of the export"
_KINDS: Mapping[str, type[str | int | bytes]] = {"TEXT": str, "INTEGER": int, "BLOB": bytes}
_NONE: Mapping[str, Value] = MappingProxyType({})


class MovedTable(NamedTuple):
    """A table of records. ``order`` and ``only`` are SQL: how its rows are listed, and which.

    ``columns`` are those that move, None for all; ``instead`` is what stands in others that must
    hold something.
    """

    name: str
    order: str
    only: str = "TRUE"
    columns: tuple[str, ...] | None = None
    instead: Mapping[str, Value] = _NONE


MOVED = (
    MovedTable("contacts", "id"),
    MovedTable("contact_emails", "contact, position"),
    MovedTable("former_contacts", "rowid"),
    MovedTable("meetings", "starts_at, uid"),
    MovedTable("placements", "uid"),
    MovedTable("follow_ups", "meeting"),
    MovedTable("mails", "rowid"),
    MovedTable("letters", "rowid"),
    MovedTable("encounters", "on_day, contact"),
    MovedTable("facts", "id"),
    MovedTable("introductions", "began_at, pair"),
    MovedTable("acquaintances", "one, other"),
    MovedTable("journal", "id"),
    MovedTable("intents", "id", only="finished_at IS NULL"),
    MovedTable("notes", "key", only="key IN ('digests', 'introduction_offered_at')"),
    MovedTable("accounts", "name", columns=("name", "drafts", "form"), instead={"home": ""}),
    MovedTable("address_books", "url"),
    MovedTable("cards", "book, href"),
)
"""In an order in which each rests on those before it."""

LEFT_BEHIND = frozenset(
    {"meta", "calendars", "calendar_objects", "feeds", "feed_texts", "their_busy"}
)
"""The other tables: read from the servers again, but for ``meta``, which stands for itself."""

_BY_NAME = {table.name: table for table in MOVED}


def read_record(store: Store) -> Record:
    """Read everything on record as of one moment, whoever writes meanwhile."""
    database = store.database
    with database.one_view():
        shape = _shape_of(database.connection)
        rows = {table.name: _rows(database, table, shape) for table in MOVED if table.name in shape}
        meta = {row["key"]: row["value"] for row in database.rows("SELECT key, value FROM meta")}
    return Record(meta.get("installation", ""), meta.get("installed_at", ""), rows)


@cache
def shape(version: int) -> Shape:
    """The tables and columns that move of a database of this version."""
    with closing(_built(version)) as connection:
        return _shape_of(connection)


def store_of(record: Record, version: int) -> tuple[Store, list[str]]:
    """A database in memory with these rows of an older ``version``, brought up to date.

    The rows are of the ``shape`` of that version. With it comes everything that contradicts
    itself, each row that it concerns by its table and number.
    """
    connection = _built(version)
    problems = list(_fill(connection, record))
    run_migrations(connection, _NAME, MIGRATIONS)
    problems += _dangling(connection)
    return Store(Database(connection, _NAME, len(MIGRATIONS))), problems


def take_over(store: Store, changes: Iterable[Change]) -> None:
    """Make the changes, all of them or none."""
    with store.transaction():
        for change in changes:
            _make(store.database, change)


def adopt(store: Store, record: Record) -> None:
    """Go on as the installation whose record this is."""
    with store.transaction():
        for key, value in (
            ("installation", record.installation),
            ("installed_at", record.installed_at),
        ):
            store.database.write("UPDATE meta SET value = ? WHERE key = ?", [value, key])


def _rows(database: Database, table: MovedTable, shape: Shape) -> list[Row]:
    columns = ", ".join(map(_quoted, shape[table.name]))
    found = database.rows(
        f"SELECT {columns} FROM {table.name} WHERE {table.only} ORDER BY {table.order}"  # noqa: S608 - made of our own words
    )
    return [dict(row) for row in found]


def _built(version: int) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    run_migrations(connection, _NAME, MIGRATIONS[:version])
    return connection


def _shape_of(connection: sqlite3.Connection) -> Shape:
    shape: dict[str, dict[str, Column]] = {}
    for table in MOVED:
        columns = connection.execute(f"PRAGMA table_info({table.name})").fetchall()
        if columns:
            shape[table.name] = {
                row["name"]: Column(_KINDS[row["type"]], bool(row["notnull"] or row["pk"]))
                for row in columns
                if table.columns is None or row["name"] in table.columns
            }
    return shape


def _fill(connection: sqlite3.Connection, record: Record) -> Iterator[str]:
    meta = {"installation": record.installation, "installed_at": record.installed_at}
    connection.executemany("INSERT INTO meta (key, value) VALUES (?, ?)", meta.items())
    connection.execute("BEGIN")
    for table in MOVED:
        for number, row in enumerate(record.rows.get(table.name, ()), 1):
            try:
                connection.execute(*_insertion(table.name, row))
            except sqlite3.IntegrityError as error:
                yield f"{table.name}, row {number}: {error}"
    connection.execute("COMMIT")


def _dangling(connection: sqlite3.Connection) -> Iterator[str]:
    """Rows that belong to others which are not there."""
    for table, number, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table}, row {number}: there is nothing in {parent} that it belongs to"


def _make(database: Database, change: Change) -> None:
    if change.where is None:
        database.write(*_insertion(change.table, change.row))
        return
    key = " AND ".join(f"{_quoted(column)} = ?" for column in change.where)
    if change.drop:
        database.write(f"DELETE FROM {change.table} WHERE {key}", [*change.where.values()])  # noqa: S608 - as above
        return
    columns = ", ".join(f"{_quoted(column)} = ?" for column in change.row)
    database.write(
        f"UPDATE {change.table} SET {columns} WHERE {key}",  # noqa: S608 - as above
        [*change.row.values(), *change.where.values()],
    )


def _insertion(table: str, row: Row) -> tuple[str, Sequence[Value]]:
    whole = {**_BY_NAME[table].instead, **row}
    columns = ", ".join(map(_quoted, whole))
    places = ", ".join("?" * len(whole))
    return f"INSERT INTO {table} ({columns}) VALUES ({places})", [*whole.values()]  # noqa: S608 - as above


def _quoted(column: str) -> str:
    """A column of ours; some are called as words of SQL."""
    return f'"{column}"'
