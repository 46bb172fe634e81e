"""Plain letters that were to be mailed, each at most once, and how far each one came."""

import sqlite3
from datetime import datetime
from typing import NamedTuple

from connectd.edges.store.columns import read_time, time_text
from connectd.edges.store.database import Database
from connectd.edges.store.mails import QUEUED


class LetterRecord(NamedTuple):
    """One message to one reader that is about no meeting; ``stage`` as for a ``Mail``.

    ``key`` says what it is, so that there is no second one: ``digest/2026-W48``.
    """

    key: str
    message_id: str
    sender: str
    recipient: str
    message: bytes
    queued_at: datetime
    stage: str = QUEUED
    said: str = ""


class LetterTable:
    """Letters by key."""

    database: Database

    def queue_letter(self, letter: LetterRecord) -> bool:
        """Record a letter that is to be sent; gives False when this one is on record already."""
        added = self.database.write(
            "INSERT INTO letters (key, message_id, sender, recipient, message, queued_at, stage,"
            " said) VALUES (:key, :message_id, :sender, :recipient, :message, :queued_at, :stage,"
            " :said) ON CONFLICT DO NOTHING",
            {**letter._asdict(), "queued_at": time_text(letter.queued_at)},
        )
        return added == 1

    def queue_refused_letter(self, letter: LetterRecord) -> bool:
        """Record anew a letter that was refused; gives False where none of that key was."""
        changed = self.database.write(
            "UPDATE letters SET message_id = :message_id, sender = :sender, recipient = :recipient,"
            " message = :message, queued_at = :queued_at, stage = :stage, said = :said"
            " WHERE key = :key AND stage = 'refused'",
            {**letter._asdict(), "queued_at": time_text(letter.queued_at)},
        )
        return changed == 1

    def letter(self, key: str) -> LetterRecord | None:
        """Find one by its key."""
        row = self.database.row("SELECT * FROM letters WHERE key = ?", [key])
        return None if row is None else _letter(row)

    def waiting_letters(self) -> tuple[LetterRecord, ...]:
        """List, oldest first, those whose sending has not come to an end."""
        rows = self.database.rows(
            "SELECT * FROM letters WHERE stage NOT IN ('sent', 'refused', 'unknown', 'dropped')"
            " ORDER BY queued_at, rowid"
        )
        return tuple(_letter(row) for row in rows)

    def save_letter_stage(self, key: str, stage: str, said: str = "") -> bool:
        """Record how far a letter came; it is on disk before anything further is done.

        Gives False for one whose sending has come to an end: it goes no further.
        """
        saved = self.database.write(
            "UPDATE letters SET stage = ?, said = ? WHERE key = ?"
            " AND stage NOT IN ('sent', 'refused', 'unknown', 'dropped')",
            [stage, said, key],
        )
        return saved == 1

    def drop_letter(self, key: str, why: str) -> bool:
        """Let a letter go out no more; gives False for one that has left, or may have."""
        dropped = self.database.write(
            "UPDATE letters SET stage = 'dropped', said = ? WHERE key = ?"
            " AND stage NOT IN ('sent', 'unknown', 'dropped')",
            [why, key],
        )
        return dropped == 1


def _letter(row: sqlite3.Row) -> LetterRecord:
    return LetterRecord(**{**dict(row), "queued_at": read_time(row["queued_at"])})
