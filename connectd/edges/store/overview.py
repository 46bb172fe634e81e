"""What a database holds, for a report about it: how much of what, and which texts are private."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from connectd.edges.store.store import Store

PRIVATE_COLUMNS = {
    "accounts.name": "account",
    "calendar_objects.uid": "id",
    "calendars.name": "calendar",
    "cards.said": "card",
    "cards.uid": "id",
    "contacts.birthday": "birthday",
    "contacts.category": "category",
    "contacts.note": "note",
    "contacts.tags": "tag",
    "contact_emails.address": "address",
    "facts.text": "fact",
    "feeds.name": "feed",
    "former_contacts.addresses": "address",
    "introductions.because": "note",
    "introductions.texts": "note",
    "meetings.conflict": "title",
    "meetings.questions": "question",
    "meetings.uid": "id",
}
"""Columns of private texts, or of JSON with such texts in it, and what the texts are."""

PRIVATE_IN_READINGS = {"title": "title", "calendar": "calendar", "people": "address", "uid": "id"}
"""The same for what was read of calendar objects, by the names in it."""

_READINGS = ("calendar_objects.reading", "calendar_objects.unreadable")
_GROUPS = {
    "contacts": "archived",
    "encounters": "how",
    "facts": "kind",
    "letters": "stage",
    "mails": "stage",
    "meetings": "state",
}


class PrivateText(NamedTuple):
    """A text that is nobody's business, and what it is."""

    kind: str
    text: str


class Note(NamedTuple):
    """A note that connectd keeps for itself."""

    key: str
    value: str


def private_texts(store: Store) -> Iterator[PrivateText]:
    """Give every private text but people's names, which a Store has methods for."""
    for column, kind in PRIVATE_COLUMNS.items():
        for value in _values(store, column):
            yield from (PrivateText(kind, text) for text in _texts(value))
    for column in _READINGS:
        for value in _values(store, column):
            yield from _of_reading(_json(value), "")


def counts(store: Store) -> dict[str, int]:
    """Say how many rows each table has, and of some how many of each sort."""
    tables = store.database.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " ORDER BY name"
    )
    found: dict[str, int] = {}
    for (table,) in tables:
        (row,) = store.database.rows(f"SELECT count(*) FROM {table}")  # noqa: S608 - our own name
        found[table] = row[0]
        if group := _GROUPS.get(table):
            rows = store.database.rows(
                f"SELECT {group}, count(*) FROM {table} GROUP BY 1 ORDER BY 1"  # noqa: S608 - as above
            )
            found |= {f"{table}, {group} {value}": number for value, number in rows}
    return found


def notes(store: Store) -> tuple[Note, ...]:
    """Give every note, by key."""
    rows = store.database.rows("SELECT key, value FROM notes ORDER BY key")
    return tuple(Note(row["key"], row["value"]) for row in rows)


def _values(store: Store, column: str) -> Iterator[str]:
    table, _, name = column.partition(".")
    sql = f"SELECT DISTINCT {name} FROM {table} WHERE {name} IS NOT NULL"  # noqa: S608 - as above
    return (row[0] for row in store.database.stream(sql))


def _texts(value: str) -> Iterator[str]:
    """The text itself, or those in a list or table of JSON."""
    if not value.startswith(("[", "{")):
        yield value
        return
    yield from _leaves(_json(value))


def _leaves(value: Any) -> Iterator[str]:  # noqa: ANN401 - whatever JSON holds
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _leaves(item)
        case dict():
            for item in value.values():
                yield from _leaves(item)


def _of_reading(value: Any, name: str) -> Iterator[PrivateText]:  # noqa: ANN401 - as above
    match value:
        case str() if name in PRIVATE_IN_READINGS:
            yield PrivateText(PRIVATE_IN_READINGS[name], value)
        case list():
            for item in value:
                yield from _of_reading(item, name)
        case dict():
            for key, item in value.items():
                yield from _of_reading(item, key)


def _json(value: str) -> Any:  # noqa: ANN401 - as above
    """What is JSON, else the text itself: somebody's note may begin with a bracket."""
    try:
        return json.loads(value)
    except ValueError:
        return value
