"""Writes people as CSV, with the columns that the import reads."""

import csv
import io
from collections.abc import Iterable

from connectd.domain.contacts import tags_of
from connectd.domain.model import Contact
from connectd.formats.formula_guard import with_guard
from connectd.formats.people import COLUMNS


def csv_text(contacts: Iterable[Contact]) -> str:
    """Return a line with the names of the columns, and one for each contact (RFC 4180).

    No value can be run as a formula by a spreadsheet program.
    """
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    for contact in contacts:
        writer.writerow({column: with_guard(value) for column, value in _row(contact).items()})
    return written.getvalue()


def _row(contact: Contact) -> dict[str, str]:
    return {
        "name": contact.name,
        "email": " ".join(contact.emails),
        "category": contact.category,
        "every_days": "" if contact.every_days is None else str(contact.every_days),
        "timezone": contact.timezone or "",
        "kind": contact.kind.value,
        "note": contact.note,
        "free_busy": contact.free_busy or "",
        "tags": " ".join(tags_of(contact.tags)),
        "birthday": contact.birthday or "",
        "archived": "yes" if contact.archived else "",
    }
