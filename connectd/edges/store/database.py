"""One SQLite connection: every statement passes here, so that its errors leave as StoreError."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from connectd.errors import StoreError

Value = str | int | float | bytes | None
Parameters = Sequence[Value] | Mapping[str, Value]

_ROWS_AT_ONCE = 500
_ADVICE = {
    sqlite3.SQLITE_BUSY: "Another program has been writing to it for too long; try again.",
    sqlite3.SQLITE_LOCKED: "Another program has been writing to it for too long; try again.",
    sqlite3.SQLITE_PERM: "Check who owns it and its directory.",
    sqlite3.SQLITE_READONLY: "Check who may write to it and its directory.",
    sqlite3.SQLITE_CANTOPEN: "Check who may read and write it and its directory.",
    sqlite3.SQLITE_FULL: "The disk is full; nothing was changed.",
    sqlite3.SQLITE_IOERR: "The disk may be failing or full.",
    sqlite3.SQLITE_NOTADB: "Move it away, or put back a copy of your database.",
    sqlite3.SQLITE_CORRUPT: "Move it away and put back a copy of your database.",
}


@contextmanager
def explained(name: str) -> Iterator[None]:
    """Turn what SQLite says of the file, the disk and other programs into a StoreError.

    A broken constraint or a wrong statement is a bug in connectd and keeps its own type.
    """
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        advice = _ADVICE.get(code, "")
        raise StoreError(f"The database {name}: {error}. {advice}".rstrip()) from error


class Database:
    """A connection without implicit transactions, opened at one version of the schema.

    ``name`` is what messages call it.
    """

    def __init__(self, connection: sqlite3.Connection, name: str, version: int) -> None:
        self.connection = connection
        self.name = name
        self.version = version

    def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Give all rows."""
        with explained(self.name):
            return self._run(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Give the first row, None where there is none."""
        with explained(self.name):
            row: sqlite3.Row | None = self._run(sql, parameters).fetchone()
        return row

    def stream(self, sql: str, parameters: Parameters = ()) -> Iterator[sqlite3.Row]:
        """Give the rows as they are read; for results that need not be held whole."""
        with explained(self.name):
            cursor = self._run(sql, parameters)
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                yield from rows

    def write(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement in the transaction at hand or in its own; gives the rows changed."""
        if self.connection.in_transaction:
            with explained(self.name):
                return self._run(sql, parameters).rowcount
        with self.transaction():
            return self.write(sql, parameters)

    def last_id(self) -> int:
        """Give the number of the row inserted last; call it in the same transaction."""
        row = self.row("SELECT last_insert_rowid()")
        return 0 if row is None else int(row[0])

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything inside, or nothing; one inside another is undone alone when it fails.

        Raises StoreError when another program keeps the database for too long, and when a newer
        connectd has migrated it since it was opened.
        """
        with self._savepoint() if self.connection.in_transaction else self._whole():
            yield

    @contextmanager
    def one_view(self) -> Iterator[None]:
        """Let everything inside be read as of one moment, whoever writes meanwhile."""
        self._control("BEGIN")
        try:
            yield
        finally:
            self._control("ROLLBACK")

    @contextmanager
    def _whole(self) -> Iterator[None]:
        self._control("BEGIN IMMEDIATE")
        try:
            self._still_at_our_version()
            yield
            self._control("COMMIT")
        finally:
            if self.connection.in_transaction:
                self.connection.rollback()

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self._control("SAVEPOINT part")
        try:
            yield
        except Exception:
            # Some errors (a full disk) have ended the whole transaction already.
            if self.connection.in_transaction:
                self._control("ROLLBACK TO part")
                self._control("RELEASE part")
            raise
        self._control("RELEASE part")

    def _control(self, sql: str) -> None:
        with explained(self.name):
            self.connection.execute(sql)

    def _still_at_our_version(self) -> None:
        row = self.row("PRAGMA user_version")
        if row is not None and row[0] != self.version:
            raise StoreError(
                f"The database {self.name} was upgraded by a newer connectd: restart this one."
            )

    def _run(self, sql: str, parameters: Parameters) -> sqlite3.Cursor:
        try:
            return self.connection.execute(sql, parameters)
        except UnicodeEncodeError:
            return self.connection.execute(sql, _encodable(parameters))


def _encodable(parameters: Parameters) -> Parameters:
    """Replace lone surrogates: text from a command line or from JSON may hold some."""
    if isinstance(parameters, Mapping):
        return {name: _encodable_value(value) for name, value in parameters.items()}
    return [_encodable_value(value) for value in parameters]


def _encodable_value(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    return value.encode("utf-8", "replace").decode("utf-8")
