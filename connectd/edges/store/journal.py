"""What connectd is about to do, what it did and why, and small notes to itself."""

from datetime import datetime
from typing import NamedTuple

from connectd.edges.store.columns import read_time, time_text
from connectd.edges.store.database import Database


# Tuples, not dataclasses: each of those costs a millisecond whenever `status` starts.
class Intent(NamedTuple):
    """Something that was begun on a server and whose outcome is not recorded."""

    id: int
    meeting: str
    action: str
    detail: str
    began_at: datetime


class Line(NamedTuple):
    """One line of the journal."""

    at: datetime
    action: str
    contact: str | None
    meeting: str | None
    because: str


class JournalTables:
    """Intents, the append-only journal and the notes."""

    database: Database

    def begin_intent(self, meeting_uid: str, action: str, detail: str, at: datetime) -> int:
        """Record what is about to be done; gives the number to finish it with."""
        with self.database.transaction():
            self.database.write(
                "INSERT INTO intents (meeting, action, detail, began_at) VALUES (?, ?, ?, ?)",
                [meeting_uid, action, detail, time_text(at)],
            )
            return self.database.last_id()

    def finish_intent(self, intent_id: int, result: str, at: datetime) -> None:
        """Record what came of it; the first result stands."""
        self.database.write(
            "UPDATE intents SET result = ?, finished_at = ? WHERE id = ? AND finished_at IS NULL",
            [result, time_text(at), intent_id],
        )

    def unfinished_intents(self) -> tuple[Intent, ...]:
        """List, oldest first, what was begun and may or may not have happened."""
        rows = self.database.rows(
            "SELECT id, meeting, action, detail, began_at FROM intents"
            " WHERE finished_at IS NULL ORDER BY id"
        )
        return tuple(
            Intent(
                id=row["id"],
                meeting=row["meeting"],
                action=row["action"],
                detail=row["detail"],
                began_at=read_time(row["began_at"]),
            )
            for row in rows
        )

    def log(
        self, at: datetime, action: str, contact: str | None, meeting: str | None, because: str
    ) -> None:
        """Add a line to the journal; it is never changed, and stays for more than a year."""
        self.database.write(
            "INSERT INTO journal (at, action, contact, meeting, because) VALUES (?, ?, ?, ?, ?)",
            [time_text(at), action, contact, meeting, because],
        )

    def journal(self, limit: int = 100) -> tuple[Line, ...]:
        """Give the last lines, newest first."""
        rows = self.database.rows(
            "SELECT at, action, contact, meeting, because FROM journal ORDER BY id DESC LIMIT ?",
            [limit],
        )
        return tuple(
            Line(
                at=read_time(row["at"]),
                action=row["action"],
                contact=row["contact"],
                meeting=row["meeting"],
                because=row["because"],
            )
            for row in rows
        )

    def get_note(self, key: str) -> str | None:
        """Recall what ``set_note`` remembered; None when nothing was."""
        row = self.database.row("SELECT value FROM notes WHERE key = ?", [key])
        return None if row is None else str(row["value"])

    def set_note(self, key: str, value: str | None) -> None:
        """Remember ``value`` under ``key``; None forgets it. An unchanged note costs no write."""
        if self.get_note(key) == value:
            return
        if value is None:
            self.database.write("DELETE FROM notes WHERE key = ?", [key])
            return
        self.database.write(
            "INSERT INTO notes (key, value) VALUES (?, ?)"
            " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [key, value],
        )
