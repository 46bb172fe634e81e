"""The list of people: adding, changing, importing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from connectd.domain.contacts import check_person, tags_of
from connectd.domain.model import Contact, Kind, Step
from connectd.edges.store import Store
from connectd.errors import AlreadyListedError, SenselessError, WrongInputError
from connectd.formats.people import PersonRow
from connectd.service.contact_ids import ContactIds

_CHANGEABLE = (
    "name",
    "emails",
    "category",
    "every_days",
    "timezone",
    "kind",
    "note",
    "free_busy",
    "step",
    "tags",
    "birthday",
)


_EMPTY = {"tags": (), "archived": False}
"""What a field is when it is emptied, where that is not None."""


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
    step: Step | None = None
    tags: tuple[str, ...] | None = None
    birthday: str | None = None
    clear: frozenset[str] = frozenset()


def add(
    store: Store, row: PersonRow, categories: Collection[str], knows: Iterable[Contact] = ()
) -> Contact:
    """Put one person on the list, and record whom they know.

    Raises WrongInputError with all that is wrong with them, SenselessError if one of the
    addresses belongs to somebody on the list.
    """
    _check(_contact("new", row), categories)
    with store.transaction():
        added = _add(store, row, ContactIds(store))
        _acquaint(store, added, knows)
    return added


def add_all(store: Store, rows: Iterable[PersonRow]) -> tuple[Contact, ...]:
    """Put checked people on the list, all of them or none; raises AlreadyListedError."""
    added: list[Contact] = []
    problems: list[str] = []
    with store.transaction():
        ids = ContactIds(store)
        for row in rows:
            try:
                added.append(_add(store, row, ids))
            except SenselessError as error:
                problems.append(f"line {row.line}: {error}")
        if problems:
            raise AlreadyListedError(problems)
    return tuple(added)


def edit(
    store: Store,
    contact: Contact,
    changes: Changes,
    categories: Collection[str],
    knows: Iterable[Contact] = (),
) -> Contact:
    """Change a person, and record whom they know; the id stays. Raises as ``add`` does."""
    given: dict[str, Any] = {field: _EMPTY.get(field) for field in changes.clear} | {
        field: value for field in _CHANGEABLE if (value := getattr(changes, field)) is not None
    }
    changed = contact._replace(**given)
    changed = changed._replace(tags=tags_of(changed.tags))
    _check(changed, categories)
    with store.transaction():
        store.update_contact(changed)
        _acquaint(store, changed, knows)
    return changed


def _acquaint(store: Store, contact: Contact, knows: Iterable[Contact]) -> None:
    """Record that the user said who knows whom. Raises SenselessError for one and the same."""
    for other in knows:
        if other.id == contact.id:
            raise SenselessError("Everybody knows themselves; please name somebody else.")
        store.add_acquaintance(contact.id, other.id, "said")


def _add(store: Store, row: PersonRow, ids: ContactIds) -> Contact:
    contact = _contact(ids.give(row.name, row.emails), row)
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
        step=row.step,
        tags=tags_of(row.tags),
        birthday=row.birthday,
        archived=row.archived,
    )


def _check(contact: Contact, categories: Collection[str]) -> None:
    if problems := problems_of(contact, categories):
        raise WrongInputError("\n".join(problems))


def problems_of(contact: Contact, categories: Collection[str]) -> list[str]:
    """Everything that is wrong with a person, each problem one sentence."""
    return check_person(
        contact.name,
        contact.emails,
        contact.category,
        categories=categories,
        every_days=contact.every_days,
        timezone=contact.timezone,
        kind=contact.kind,
        free_busy=contact.free_busy,
        step=contact.step,
        tags=contact.tags,
        birthday=contact.birthday,
    )
