"""What was read of the address books: their versions, and what became of each card."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from connectd.edges.store.columns import read_time_or_none, time_or_none
from connectd.edges.store.database import Database


class AddressBookRecord(NamedTuple):
    """An address book; ``version`` is the one in which it was last read whole and well."""

    url: str
    account: str
    version: str | None = None
    read_at: datetime | None = None


class CardRecord(NamedTuple):
    """A card; an empty ``etag`` says that it is to be read again whenever it is there.

    ``contact`` is the id of the person it stands for, also of one who has left the list or was
    taken off it. ``said`` is what it said when it put somebody on the list, or of a group whose
    members are; None where it does neither.
    """

    book: str
    href: str
    etag: str
    uid: str
    contact: str | None = None
    said: str | None = None


class AddressBookTables:
    """Address books by URL, their cards by href."""

    database: Database

    def address_books(self) -> tuple[AddressBookRecord, ...]:
        """List them by URL."""
        return tuple(map(_book, self.database.rows("SELECT * FROM address_books ORDER BY url")))

    def save_address_book(self, book: AddressBookRecord) -> None:
        """Write all that is now known of an address book."""
        self.database.write(
            "INSERT INTO address_books (url, account, version, read_at)"
            " VALUES (:url, :account, :version, :read_at) ON CONFLICT (url) DO UPDATE SET"
            " account = excluded.account, version = excluded.version,"
            " read_at = excluded.read_at",
            {**book._asdict(), "read_at": time_or_none(book.read_at)},
        )

    def forget_address_book(self, url: str) -> None:
        """Drop an address book with its cards; the people from it stay."""
        self.database.write("DELETE FROM address_books WHERE url = ?", [url])

    def cards(self) -> tuple[CardRecord, ...]:
        """List the cards of all address books."""
        return tuple(map(_card, self.database.rows("SELECT * FROM cards ORDER BY book, href")))

    def save_cards(self, cards: Iterable[CardRecord]) -> None:
        """Write what is now known of these cards, whose address books are on record."""
        with self.database.transaction():
            for card in cards:
                self.database.write(
                    "INSERT INTO cards (book, href, etag, uid, contact, said)"
                    " VALUES (:book, :href, :etag, :uid, :contact, :said)"
                    " ON CONFLICT (book, href) DO UPDATE SET etag = excluded.etag,"
                    " uid = excluded.uid, contact = excluded.contact, said = excluded.said",
                    card._asdict(),
                )

    def drop_cards(self, cards: Iterable[CardRecord]) -> None:
        """Forget these cards."""
        with self.database.transaction():
            for card in cards:
                self.database.write(
                    "DELETE FROM cards WHERE book = ? AND href = ?", [card.book, card.href]
                )

    def card_uids(self) -> dict[str, str]:
        """Give the UID of the card that each contact has, by id; others have none."""
        rows = self.database.rows(
            "SELECT contact, uid FROM cards WHERE contact IS NOT NULL AND uid <> href"
            " ORDER BY said IS NULL DESC, book DESC, href DESC"
        )
        return {row["contact"]: row["uid"] for row in rows}


def _book(row: sqlite3.Row) -> AddressBookRecord:
    return AddressBookRecord(**{**dict(row), "read_at": read_time_or_none(row["read_at"])})


def _card(row: sqlite3.Row) -> CardRecord:
    return CardRecord(**dict(row))
