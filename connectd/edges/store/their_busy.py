"""When contacts are busy, as they or their servers last said: spans alone, and no words."""

import json
import sqlite3
from datetime import datetime
from typing import NamedTuple

from connectd.domain.model import Span
from connectd.edges.store.columns import read_time, read_time_or_none, time_or_none, time_text
from connectd.edges.store.database import Database

SERVER, URL = "server", "url"
"""The ways to ask: the account's own server, or the contact's free/busy URL."""


class TheirBusy(NamedTuple):
    """What came of asking when a contact is busy.

    ``asked`` says whom or what was asked, ``way`` how. Nothing is asked again before
    ``ask_again_at``. ``spans`` are the busy times up to ``reaches_to``, known since
    ``known_since``; both are None where nothing is known. ``refusal`` says why there was no
    answer, in the words of connectd or the status of the server.
    """

    contact: str
    way: str
    asked: str
    asked_at: datetime
    ask_again_at: datetime
    known_since: datetime | None = None
    reaches_to: datetime | None = None
    spans: tuple[Span, ...] = ()
    refusal: str = ""


class TheirBusyTable:
    """A cache: one row at most for each contact and way, gone with the contact."""

    database: Database

    def their_busy(self, contact: str, way: str) -> TheirBusy | None:
        """Find what came of asking about a contact in that way."""
        row = self.database.row(
            "SELECT * FROM their_busy WHERE contact = ? AND way = ?", [contact, way]
        )
        return None if row is None else _their_busy(row)

    def all_their_busy(self, contact: str) -> tuple[TheirBusy, ...]:
        """List what came of asking about a contact, by the way of asking."""
        rows = self.database.rows(
            "SELECT * FROM their_busy WHERE contact = ? ORDER BY way", [contact]
        )
        return tuple(map(_their_busy, rows))

    def forget_their_busy_after(self, now: datetime) -> None:
        """Forget answers to questions that, by the clock, have not been asked yet."""
        self.database.write("DELETE FROM their_busy WHERE asked_at > ?", [time_text(now)])

    def save_their_busy(self, known: TheirBusy) -> None:
        """Record it, unless the contact has been removed meanwhile."""
        self.database.write(
            "INSERT INTO their_busy (contact, way, asked, asked_at, ask_again_at, known_since,"
            " reaches_to, spans, refusal) SELECT :contact, :way, :asked, :asked_at,"
            " :ask_again_at, :known_since, :reaches_to, :spans, :refusal"
            " WHERE EXISTS (SELECT 1 FROM contacts WHERE id = :contact)"
            " ON CONFLICT (contact, way) DO UPDATE SET asked = excluded.asked,"
            " asked_at = excluded.asked_at, ask_again_at = excluded.ask_again_at,"
            " known_since = excluded.known_since, reaches_to = excluded.reaches_to,"
            " spans = excluded.spans, refusal = excluded.refusal",
            {
                **known._asdict(),
                "asked_at": time_text(known.asked_at),
                "ask_again_at": time_text(known.ask_again_at),
                "known_since": time_or_none(known.known_since),
                "reaches_to": time_or_none(known.reaches_to),
                "spans": json.dumps(
                    [[time_text(span.start), time_text(span.end)] for span in known.spans]
                ),
            },
        )


def _their_busy(row: sqlite3.Row) -> TheirBusy:
    return TheirBusy(
        contact=row["contact"],
        way=row["way"],
        asked=row["asked"],
        asked_at=read_time(row["asked_at"]),
        ask_again_at=read_time(row["ask_again_at"]),
        known_since=read_time_or_none(row["known_since"]),
        reaches_to=read_time_or_none(row["reaches_to"]),
        spans=tuple(
            Span(read_time(start), read_time(end)) for start, end in json.loads(row["spans"])
        ),
        refusal=row["refusal"],
    )
