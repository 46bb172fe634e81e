"""The people on the list, as the database keeps them."""

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

from connectd.domain.model import Contact, Kind, Step
from connectd.edges.store.columns import (
    day_or_none,
    read_day_or_none,
    read_words,
    words_text,
)
from connectd.edges.store.database import Database, Value
from connectd.errors import SenselessError

_IDS_ON_RECORD = (
    "SELECT id FROM contacts"
    " UNION SELECT contact FROM meetings UNION SELECT other FROM meetings"
    " UNION SELECT contact FROM encounters UNION SELECT contact FROM facts"
    " UNION SELECT first FROM introductions UNION SELECT second FROM introductions"
    " UNION SELECT one FROM acquaintances UNION SELECT other FROM acquaintances"
    " UNION SELECT contact FROM cards"
)


class FormerContact(NamedTuple):
    """Who was taken off the list: by what they would be known again."""

    id: str
    name: str
    emails: tuple[str, ...]


class ContactTables:
    """Contacts and their addresses; an address belongs to one contact, whatever its case."""

    database: Database

    def contacts(self, *, include_archived: bool = False) -> tuple[Contact, ...]:
        """List them by id."""
        rows = self.database.rows(
            "SELECT * FROM contacts WHERE archived <= :archived ORDER BY id",
            {"archived": int(include_archived)},
        )
        addresses: dict[str, list[str]] = {}
        for row in self.database.rows("SELECT * FROM contact_emails ORDER BY contact, position"):
            addresses.setdefault(row["contact"], []).append(row["address"])
        return tuple(_contact(row, addresses.get(row["id"], ())) for row in rows)

    def contact(self, contact_id: str) -> Contact | None:
        """Find one by id, archived or not."""
        row = self.database.row("SELECT * FROM contacts WHERE id = ?", [contact_id])
        if row is None:
            return None
        addresses = self.database.rows(
            "SELECT address FROM contact_emails WHERE contact = ? ORDER BY position", [contact_id]
        )
        return _contact(row, [address["address"] for address in addresses])

    def ids_on_record(self) -> frozenset[str]:
        """Give the id of everybody on the list, and of all about whom anything is on record."""
        rows = self.database.rows(_IDS_ON_RECORD)
        return frozenset(row[0] for row in rows if row[0] is not None)

    def former_contacts(self) -> tuple[FormerContact, ...]:
        """List those who were taken off the list and are not on it again, the latest last."""
        rows = self.database.rows("SELECT * FROM former_contacts ORDER BY rowid")
        return tuple(
            FormerContact(row["contact"], row["name"], read_words(row["addresses"])) for row in rows
        )

    def add_contact(self, contact: Contact) -> None:
        """Put a person on the list; an address given twice is kept once.

        Raises SenselessError, naming the other, when the id or an address is taken.
        """
        with self.database.transaction():
            other = self.contact(contact.id)
            if other is not None:
                raise SenselessError(f"The id {contact.id} belongs to {_named(other)} already.")
            self.database.write(
                "INSERT INTO contacts (id, name, category, every_days, timezone, kind, note,"
                " snoozed_until, archived, free_busy, step, tags, birthday) VALUES (:id, :name,"
                " :category, :every_days, :timezone, :kind, :note, :snoozed_until, :archived,"
                " :free_busy, :step, :tags, :birthday)",
                _columns(contact),
            )
            self._write_addresses(contact)
            self.database.write("DELETE FROM former_contacts WHERE contact = ?", [contact.id])

    def update_contact(self, contact: Contact) -> None:
        """Write what is now known of a person on the list.

        Raises SenselessError when nobody has that id, or somebody else has one of the addresses.
        """
        with self.database.transaction():
            changed = self.database.write(
                "UPDATE contacts SET name = :name, category = :category, every_days = :every_days,"
                " timezone = :timezone, kind = :kind, note = :note,"
                " snoozed_until = :snoozed_until, archived = :archived, free_busy = :free_busy,"
                " step = :step, tags = :tags, birthday = :birthday WHERE id = :id",
                _columns(contact),
            )
            if not changed:
                raise _nobody(contact.id)
            self.database.write(
                "DELETE FROM their_busy WHERE contact = ? AND way = 'url' AND asked IS NOT ?",
                [contact.id, contact.free_busy],
            )
            self.database.write("DELETE FROM contact_emails WHERE contact = ?", [contact.id])
            self._write_addresses(contact)

    def remove_contact(self, contact_id: str) -> None:
        """Take a person off the list; meetings, encounters and facts stay on record.

        So do the name and the addresses, by which they are known again. Raises SenselessError
        when nobody has that id.
        """
        with self.database.transaction():
            contact = self.contact(contact_id)
            if contact is None:
                raise _nobody(contact_id)
            self.database.write("DELETE FROM contacts WHERE id = ?", [contact_id])
            self.database.write(
                "INSERT OR REPLACE INTO former_contacts (contact, name, addresses)"
                " VALUES (?, ?, ?)",
                [contact_id, contact.name, words_text(contact.emails)],
            )

    def _write_addresses(self, contact: Contact) -> None:
        distinct: dict[str, str] = {}
        for address in contact.emails:
            distinct.setdefault(address.casefold(), address)
        for position, (folded, address) in enumerate(distinct.items()):
            self._refuse_taken(folded, address)
            self.database.write(
                "INSERT INTO contact_emails (folded, contact, position, address)"
                " VALUES (?, ?, ?, ?)",
                [folded, contact.id, position, address],
            )

    def _refuse_taken(self, folded: str, address: str) -> None:
        row = self.database.row(
            "SELECT c.* FROM contact_emails e JOIN contacts c ON c.id = e.contact"
            " WHERE e.folded = ?",
            [folded],
        )
        if row is not None:
            owner = _contact(row, ())
            back = f" `connectd contacts edit {owner.id} --no-archived` brings them back."
            raise SenselessError(
                f"{address} belongs to {_named(owner)} already.{back if owner.archived else ''}"
            )


def _columns(contact: Contact) -> dict[str, Value]:
    return {
        "id": contact.id,
        "name": contact.name,
        "category": contact.category,
        "every_days": contact.every_days,
        "timezone": contact.timezone,
        "kind": contact.kind.value,
        "note": contact.note,
        "snoozed_until": day_or_none(contact.snoozed_until),
        "archived": int(contact.archived),
        "free_busy": contact.free_busy,
        "step": None if contact.step is None else contact.step.value,
        "tags": words_text(contact.tags),
        "birthday": contact.birthday,
    }


def _contact(row: sqlite3.Row, addresses: Iterable[str]) -> Contact:
    return Contact(
        id=row["id"],
        name=row["name"],
        emails=tuple(addresses),
        category=row["category"],
        every_days=row["every_days"],
        timezone=row["timezone"],
        kind=Kind(row["kind"]),
        note=row["note"],
        snoozed_until=read_day_or_none(row["snoozed_until"]),
        archived=bool(row["archived"]),
        free_busy=row["free_busy"],
        step=None if row["step"] is None else Step(row["step"]),
        tags=read_words(row["tags"]),
        birthday=row["birthday"],
    )


def _named(contact: Contact) -> str:
    archived = ", archived" if contact.archived else ""
    return f"{contact.name} ({contact.id}{archived})"


def _nobody(contact_id: str) -> SenselessError:
    return SenselessError(f"Nobody on the list has the id {contact_id}.")
