"""What happened with a person: the days we met, and what was said."""

import sqlite3
from datetime import date, datetime

from connectd.domain.model import Encounter, Fact
from connectd.edges.store.columns import day_or_none, read_day_or_none, time_text
from connectd.edges.store.database import Database


class HistoryTables:
    """Encounters, at most one for each contact and day, and facts."""

    database: Database

    def encounters(self) -> tuple[Encounter, ...]:
        """List those that count, by day."""
        rows = self.database.rows(
            "SELECT * FROM encounters WHERE denied = 0 ORDER BY on_day, contact"
        )
        return tuple(_encounter(row) for row in rows)

    def add_encounter(self, encounter: Encounter, source: str = "") -> bool:
        """Record that two people met; gives False when that counts already or was denied.

        ``source`` names the occurrence in a calendar that shows it (UID and start), if any. What
        was found or assumed is known by its day, its source or its meeting, and stays away once
        denied. What the user says (``done``) always counts, outranks what was found, and moves
        a meeting that counted on another day.
        """
        if encounter.how == "done":
            return self._say(encounter, source)
        # First without a lock: each tick offers again what it found before.
        if self._knows(encounter, source):
            return False
        with self.database.transaction():
            if self._knows(encounter, source):
                return False
            self._write(encounter, source, denied=False)
        return True

    def deny_encounter(self, contact: str, on: date) -> bool:
        """Record that the two did not meet that day, whatever is found or assumed later.

        Gives True when a recorded encounter counts no longer because of it.
        """
        with self.database.transaction():
            known = self._on_day(contact, on)
            if known is None:
                self._write(Encounter(contact, on, how="denied"), "", denied=True)
                return False
            self.database.write(
                "UPDATE encounters SET denied = 1 WHERE contact = ? AND on_day = ?",
                [contact, on.isoformat()],
            )
        return not known["denied"]

    def add_fact(self, fact: Fact, at: datetime) -> None:
        """Record what was said; ``at`` is when it was recorded."""
        self.database.write(
            "INSERT INTO facts (contact, kind, text, on_day, meeting, due, created_at)"
            " VALUES (:contact, :kind, :text, :on, :meeting, :due, :at)",
            {
                **fact._asdict(),
                "on": fact.on.isoformat(),
                "due": day_or_none(fact.due),
                "at": time_text(at),
            },
        )

    def all_facts(self) -> tuple[Fact, ...]:
        """List what is recorded of everybody, in the order it was recorded."""
        return tuple(_fact(row) for row in self.database.rows("SELECT * FROM facts ORDER BY id"))

    def facts(self, contact: str) -> tuple[Fact, ...]:
        """List what is recorded of one contact, in the order it was recorded."""
        rows = self.database.rows("SELECT * FROM facts WHERE contact = ? ORDER BY id", [contact])
        return tuple(_fact(row) for row in rows)

    def recorded_kinds(self) -> dict[str, frozenset[str]]:
        """Give, by contact, the kinds of facts that are on record."""
        kinds: dict[str, set[str]] = {}
        for row in self.database.rows("SELECT DISTINCT contact, kind FROM facts"):
            kinds.setdefault(row["contact"], set()).add(row["kind"])
        return {contact: frozenset(theirs) for contact, theirs in kinds.items()}

    def _say(self, encounter: Encounter, source: str) -> bool:
        with self.database.transaction():
            known = self._on_day(encounter.contact, encounter.on)
            self.database.write(
                "DELETE FROM encounters WHERE contact = ? AND meeting = ? AND on_day <> ?"
                " AND denied = 0",
                [encounter.contact, encounter.meeting, encounter.on.isoformat()],
            )
            self._write(encounter, source, denied=False)
        return known is None or bool(known["denied"])

    def _on_day(self, contact: str, on: date) -> sqlite3.Row | None:
        return self.database.row(
            "SELECT * FROM encounters WHERE contact = ? AND on_day = ?", [contact, on.isoformat()]
        )

    def _knows(self, encounter: Encounter, source: str) -> bool:
        row = self.database.row(
            "SELECT 1 FROM encounters WHERE contact = :contact AND (on_day = :on_day"
            " OR meeting = :meeting OR source <> '' AND source = :source)",
            {
                "contact": encounter.contact,
                "on_day": encounter.on.isoformat(),
                "meeting": encounter.meeting,
                "source": source,
            },
        )
        return row is not None

    def _write(self, encounter: Encounter, source: str, *, denied: bool) -> None:
        """Write it over what stands for that day, keeping a source and a meeting known before."""
        self.database.write(
            "INSERT INTO encounters (contact, on_day, how, meeting, source, denied)"
            " VALUES (:contact, :on_day, :how, :meeting, :source, :denied)"
            " ON CONFLICT (contact, on_day) DO UPDATE SET how = excluded.how,"
            " meeting = COALESCE(excluded.meeting, meeting),"
            " source = CASE excluded.source WHEN '' THEN source ELSE excluded.source END,"
            " denied = excluded.denied",
            {
                "contact": encounter.contact,
                "on_day": encounter.on.isoformat(),
                "how": encounter.how,
                "meeting": encounter.meeting,
                "source": source,
                "denied": int(denied),
            },
        )


def _encounter(row: sqlite3.Row) -> Encounter:
    return Encounter(
        contact=row["contact"],
        on=date.fromisoformat(row["on_day"]),
        how=row["how"],
        meeting=row["meeting"],
    )


def _fact(row: sqlite3.Row) -> Fact:
    return Fact(
        contact=row["contact"],
        kind=row["kind"],
        text=row["text"],
        on=date.fromisoformat(row["on_day"]),
        meeting=row["meeting"],
        due=read_day_or_none(row["due"]),
    )
