"""The list of people: adding, changing, importing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from connectd.domain.contacts import check_person, slug
from connectd.domain.model import Contact, Kind
from connectd.edges.store import Store
from connectd.errors import WrongInputError
from connectd.formats.people import PersonRow

_CHANGEABLE = (
    "name",
    "emails",
    "category",
    "every_days",
    "timezone",
    "kind",
    "note",
    "free_busy",
)


@dataclass(frozen=True, slots=True)
class Changes:
    """What an edit changes; None leaves a thing as it is, ``clear`` names what is emptied."""

    name: str | None = None
    emails: tuple[str, ...] | None = None
    category: str | None = None
    every_days: int | None = None
    timezone: str | None = None
    kind: Kind | None = None
    note: str | None = None
    free_busy: str | None = None
    clear: frozenset[str] = frozenset()


def add(store: Store, row: PersonRow, categories: Collection[str]) -> Contact:
    """Put one person on the list.

    Raises WrongInputError with all that is wrong with them, SenselessError if one of the
    addresses belongs to somebody on the list.
    """
    _check(_contact("new", row), categories)
    with store.transaction():
        return _add(store, row)


def add_all(store: Store, rows: Iterable[PersonRow]) -> tuple[Contact, ...]:
    """Put checked people on the list, all of them or none; raises SenselessError."""
    with store.transaction():
        return tuple(_add(store, row) for row in rows)


def edit(store: Store, contact: Contact, changes: Changes, categories: Collection[str]) -> Contact:
    """Change a person; the id stays. Raises as ``add`` does."""
    given: dict[str, Any] = dict.fromkeys(changes.clear) | {
        field: value for field in _CHANGEABLE if (value := getattr(changes, field)) is not None
    }
    changed = contact._replace(**given)
    _check(changed, categories)
    store.update_contact(changed)
    return changed


def _add(store: Store, row: PersonRow) -> Contact:
    taken = {contact.id for contact in store.contacts(include_archived=True)}
    contact = _contact(slug(row.name, taken), row)
    store.add_contact(contact)
    return contact


def _contact(contact_id: str, row: PersonRow) -> Contact:
    return Contact(
        id=contact_id,
        name=row.name.strip(),
        emails=row.emails,
        category=row.category,
        every_days=row.every_days,
        timezone=row.timezone,
        kind=row.kind,
        note=row.note,
        free_busy=row.free_busy,
    )


def _check(contact: Contact, categories: Collection[str]) -> None:
    problems = check_person(
        contact.name,
        contact.emails,
        contact.category,
        categories=categories,
        every_days=contact.every_days,
        timezone=contact.timezone,
        kind=contact.kind,
        free_busy=contact.free_busy,
    )
    if problems:
        raise WrongInputError("\n".join(problems))
