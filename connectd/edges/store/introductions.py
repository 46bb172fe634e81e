"""Introductions of two contacts to each other, and who knows whom already."""

import sqlite3

from connectd.domain.introductions import Bringing, Introduction
from connectd.edges.store.columns import (
    read_time,
    read_time_or_none,
    read_words,
    time_or_none,
    time_text,
    words_text,
)
from connectd.edges.store.database import Database, Value


class IntroductionTables:
    """One introduction at most for each pair, whoever comes first in it; and acquaintances."""

    database: Database

    def introductions(self) -> tuple[Introduction, ...]:
        """List them all, the oldest first."""
        rows = self.database.rows("SELECT * FROM introductions ORDER BY began_at, pair")
        return tuple(_introduction(row) for row in rows)

    def introduction(self, one: str, other: str) -> Introduction | None:
        """Find that of two contacts, in whatever order."""
        row = self.database.row("SELECT * FROM introductions WHERE pair = ?", [_pair(one, other)])
        return None if row is None else _introduction(row)

    def save_introduction(self, introduction: Introduction) -> None:
        """Record a new one, or what is known now of one on record."""
        self.database.write(
            'INSERT INTO introductions (pair, first, second, began_at, because, "by", texts,'
            " asked, agreed, declined, meeting, introduced_at, dropped_at) VALUES (:pair, :first,"
            " :second, :began_at, :because, :by, :texts, :asked, :agreed, :declined, :meeting,"
            " :introduced_at, :dropped_at)"
            " ON CONFLICT (pair) DO UPDATE SET first = excluded.first, second = excluded.second,"
            " began_at = excluded.began_at, because = excluded.because,"
            ' "by" = excluded."by", texts = excluded.texts, asked = excluded.asked,'
            " agreed = excluded.agreed, declined = excluded.declined, meeting = excluded.meeting,"
            " introduced_at = excluded.introduced_at, dropped_at = excluded.dropped_at",
            _columns(introduction),
        )

    def acquaintances(self) -> frozenset[tuple[str, str]]:
        """Give every pair of contacts who know each other, each in the order of the alphabet."""
        rows = self.database.rows("SELECT one, other FROM acquaintances")
        return frozenset((row["one"], row["other"]) for row in rows)

    def add_acquaintance(self, one: str, other: str, how: str) -> None:
        """Record that two know each other, and how that is known: ``said`` or ``seen``."""
        self.database.write(
            "INSERT INTO acquaintances (one, other, how) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [*sorted((one, other)), how],
        )


def _pair(one: str, other: str) -> str:
    """The two ids as one key; no id has a blank in it."""
    return " ".join(sorted((one, other)))


def _columns(introduction: Introduction) -> dict[str, Value]:
    return {
        "pair": _pair(introduction.first, introduction.second),
        "first": introduction.first,
        "second": introduction.second,
        "began_at": time_text(introduction.began_at),
        "because": introduction.because,
        "by": introduction.by.value,
        "texts": words_text(introduction.texts),
        "asked": words_text(introduction.asked),
        "agreed": words_text(introduction.agreed),
        "declined": introduction.declined,
        "meeting": introduction.meeting,
        "introduced_at": time_or_none(introduction.introduced_at),
        "dropped_at": time_or_none(introduction.dropped_at),
    }


def _introduction(row: sqlite3.Row) -> Introduction:
    first, second = read_words(row["texts"])
    return Introduction(
        first=row["first"],
        second=row["second"],
        began_at=read_time(row["began_at"]),
        because=row["because"],
        by=Bringing(row["by"]),
        texts=(first, second),
        asked=read_words(row["asked"]),
        agreed=read_words(row["agreed"]),
        declined=row["declined"],
        meeting=row["meeting"],
        introduced_at=read_time_or_none(row["introduced_at"]),
        dropped_at=read_time_or_none(row["dropped_at"]),
    )
