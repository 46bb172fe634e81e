"""The rows that move: every table is decided on, older databases too, and all come back."""

import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import pytest
from rows_of_versions import COMMON_ROWS, ROWS
from store_builders import NOW, contact

from connectd.domain.merging import merge
from connectd.domain.moving import Change, Record
from connectd.edges.store import Store
from connectd.edges.store.migrations import MIGRATIONS
from connectd.edges.store.moving import (
    LEFT_BEHIND,
    MOVED,
    adopt,
    read_record,
    shape,
    store_of,
    take_over,
)

NEWEST = len(MIGRATIONS)
PAGE = Path(__file__).parents[2] / "docs" / "backup.md"
EMPTY = Record("", "", dict.fromkeys(shape(NEWEST), ()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database of the fixture ``store`` is."""
    return tmp_path / "state" / "connectd.db"


def filled(path: Path, version: int) -> Store:
    """Return a database as a program of that version left it."""
    Store.open(path, migrations=MIGRATIONS[:version]).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(COMMON_ROWS.format() + ROWS[version])
    return Store.open(path, migrations=MIGRATIONS[:version])


def counts(record: Record) -> Mapping[str, int]:
    return {table: len(rows) for table, rows in record.rows.items() if rows}


def test_each_table_moves_or_is_left_behind(store: Store) -> None:
    tables = {
        row["name"]
        for row in store.database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    }
    moved = {table.name for table in MOVED}
    assert moved | LEFT_BEHIND == tables - {"sqlite_sequence"}
    assert moved.isdisjoint(LEFT_BEHIND)


def test_the_page_names_the_tables_that_move_in_their_order() -> None:
    told = PAGE.read_text().partition("| table in `records` |")[2]
    rows, left = told.split("\nLeft behind are ")
    assert re.findall(r"^\| `(\w+)`", rows, re.MULTILINE) == [table.name for table in MOVED]
    assert set(re.findall(r"`(\w+)`", left)) - {"installation"} == LEFT_BEHIND


def test_only_what_was_not_finished_is_begun(store: Store) -> None:
    store.begin_intent("m-1", "draft", "", NOW)
    store.finish_intent(store.begin_intent("m-2", "draft", "", NOW), "done", NOW)
    store.set_note("next_tick", "2026-12-01T09:00:00Z")
    store.set_note("digests", "{}")
    rows = read_record(store).rows
    assert [row["meeting"] for row in rows["intents"]] == ["m-1"]
    assert [row["key"] for row in rows["notes"]] == ["digests"]


def test_all_of_it_is_as_of_one_moment_whoever_writes_meanwhile(store: Store, path: Path) -> None:
    with Store.open(path) as daemon, store.database.one_view():
        before = store.former_contacts()
        daemon.add_contact(contact())
        daemon.remove_contact("bob")
        assert store.former_contacts() == before == ()
    assert len(store.former_contacts()) == 1


@pytest.mark.parametrize("version", ROWS)
def test_a_database_of_any_version_comes_to_a_new_machine(
    version: int, store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "old" / "connectd.db"
    with filled(path, version) as old:
        exported = read_record(old)
    moved, problems = store_of(exported, version)
    assert problems == []
    there = read_record(moved)
    moved.close()
    take_over(store, merge(EMPTY, there).changes)
    store.begin(NOW)
    adopt(store, there)
    with Store.open(path) as migrated:
        assert read_record(store) == read_record(migrated) == there
    assert counts(there).keys() >= counts(exported).keys()


def test_what_contradicts_itself_is_named_by_table_and_row() -> None:
    contact = {
        **dict.fromkeys(shape(NEWEST)["contacts"]),
        "id": "bob",
        "name": "Bob",
        "category": "business",
        "kind": "coffee",
        "note": "",
        "archived": 0,
        "tags": "[]",
    }
    address = {"folded": "b@x.test", "contact": "nobody", "position": 0, "address": "b@x.test"}
    rows = {"contacts": [contact, contact], "contact_emails": [address]}
    moved, problems = store_of(EMPTY._replace(rows=rows), NEWEST)
    moved.close()
    assert problems == [
        "contacts, row 2: UNIQUE constraint failed: contacts.id",
        "contact_emails, row 1: there is nothing in contacts that it belongs to",
    ]


def test_changes_are_made_together_or_not_at_all(store: Store) -> None:
    known = {"contact": "bob", "name": "Bob", "addresses": "[]"}
    with pytest.raises(sqlite3.IntegrityError):
        take_over(store, [Change("former_contacts", known), Change("former_contacts", known)])
    assert store.former_contacts() == ()
