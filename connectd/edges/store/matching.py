"""Finds the needs and offers that have words in common, with SQLite's full-text search (FTS5).

The index lies in memory and lives for one question: needs and offers are few, and an index on
disk would have to follow every change to them.
"""

import sqlite3
import unicodedata
from collections.abc import Sequence
from contextlib import closing
from itertools import count
from typing import NamedTuple

from connectd.domain.matching import Hit
from connectd.errors import StoreError

_LONGEST_TEXT = 2_000
_MOST_WORDS = 40
_MOST_HITS = 50
"""For one need; those of the same pair, and of people who know each other, are among them."""
_FURTHER_TEXTS = 200
"""Among a handful of texts every word is a common one, and every score next to nothing (bm25
weighs a word by how few texts have it). So many further ones are counted in, which have none."""
_LENGTH_OF_FURTHER_TEXTS = 6

_TOO_COMMON = frozenset(
    """
    a about after again all also always am an and another any anybody anyone anything are around as
    ask at be because been before being best better between both but by can cannot could did do does
    doing done down each even ever every everybody everyone everything few find first for found from
    get give gives giving go going good got great had has have he help helped helpful helping helps
    her here him his how if in into is it its just keep know knows last let like likes little look
    looking looks lot made make makes making many may maybe me meet might more most much must my
    need needed needing needs never new next nice no nobody not nothing now of off offer offered
    offering offers often old on once one only or other others our out over own people perhaps
    person please put really right same see she should since so some somebody someone something
    somewhere soon still such sure take takes than that the their them then there these they thing
    things think this those through time to together too two under until up us use used very want
    wanted wants was way we well were what when where which while who whom whose why will with
    within without work working works would year years yes yet you your
    aber als am an auch auf aus bei bin bis braucht brauche das dass dem den der des die doch du ein
    eine einem einen einer eines er es etwas für gern gerne gut hat habe haben hilfe ich ihr im in
    ist ja jemand jemanden kann können man mehr mein meine mit nach neue neuen neuer nicht noch nur
    oder ohne schon sehr sein seine sich sie sind so sucht suche über um und uns unter vom von vor
    war was wenn wer wie wir wird zu zum zur
    """.split()  # noqa: SIM905 - some three hundred words, one a line or with quotes, read worse
)


class Said(NamedTuple):
    """What a contact needs or offers, in whatever words."""

    contact: str
    text: str


def matches(needs: Sequence[Said], offers: Sequence[Said]) -> tuple[Hit, ...]:
    """Every need with the offers of other people that share telling words with it.

    English words count as the same in all their forms (``designer``, ``designing``). Nothing in
    the texts has a meaning to the search but their words, and only their first 2,000 characters
    are looked at. Raises StoreError where this Python's SQLite has no full-text search.
    """
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            _fill(connection, offers)
        except sqlite3.OperationalError as error:
            raise StoreError(
                f"Needs and offers cannot be compared: SQLite lacks FTS5 ({error})."
            ) from error
        return tuple(
            Hit(place, offer, score)
            for place, need in enumerate(needs)
            for offer, score in _hits(connection, need)
        )


def _fill(connection: sqlite3.Connection, offers: Sequence[Said]) -> None:
    connection.execute(
        "CREATE VIRTUAL TABLE offers USING fts5"
        " (text, contact UNINDEXED, tokenize = 'porter unicode61')"
    )
    connection.executemany(
        "INSERT INTO offers (rowid, contact, text) VALUES (?, ?, ?)",
        [
            (place, _plain(offer.contact), " ".join(_words(offer.text)))
            for place, offer in enumerate(offers)
        ],
    )
    empty = " ".join(["the"] * _LENGTH_OF_FURTHER_TEXTS)
    connection.executemany(
        "INSERT INTO offers (rowid, contact, text) VALUES (?, '', ?)",
        zip(count(len(offers)), [empty] * _FURTHER_TEXTS, strict=False),
    )


def _hits(connection: sqlite3.Connection, need: Said) -> list[tuple[int, float]]:
    telling = [word for word in dict.fromkeys(_words(need.text)) if _tells(word)]
    if not telling:
        return []
    # Quoted, a word is nothing but a word: no operator, no column, no wildcard.
    wanted = " OR ".join(f'"{word}"' for word in telling[:_MOST_WORDS])
    found = connection.execute(
        "SELECT rowid, -rank FROM offers WHERE offers MATCH ? AND contact <> ? AND rank < 0"
        " ORDER BY rank, rowid LIMIT ?",
        [wanted, _plain(need.contact), _MOST_HITS],
    )
    return [(int(place), float(score)) for place, score in found]


def _tells(word: str) -> bool:
    """Whether it says what is meant: short words in capitals (AI, UX) do, single letters do not."""
    return len(word) > 1 and word.lower() not in _TOO_COMMON


def _words(text: str) -> list[str]:
    """The words of a text, made of letters, digits and the marks on them, as FTS5 has them."""
    return "".join(map(_letter, text[:_LONGEST_TEXT])).split()


def _letter(character: str) -> str:
    if character.isalnum() or unicodedata.category(character).startswith("M"):
        return character
    return " "


def _plain(contact: str) -> str:
    """An id; a lone surrogate, which SQLite cannot keep, is replaced."""
    return contact.encode("utf-8", "replace").decode()
