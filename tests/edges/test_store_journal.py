"""Intents, the journal and the notes in the store."""

import sqlite3
from pathlib import Path

import pytest
from store_builders import HOUR, NOW

from connectd.edges.store import Intent, Line, Store


def test_an_intent_is_open_until_its_result_is_known(store: Store) -> None:
    first = store.begin_intent("m-1", "draft", "tea", NOW)
    second = store.begin_intent("m-2", "invite", "", NOW + HOUR)
    assert store.unfinished_intents() == (
        Intent(first, "m-1", "draft", "tea", NOW),
        Intent(second, "m-2", "invite", "", NOW + HOUR),
    )
    store.finish_intent(first, "written", NOW + HOUR)
    assert [intent.id for intent in store.unfinished_intents()] == [second]


def test_the_first_result_stands(store: Store) -> None:
    intent = store.begin_intent("m-1", "draft", "", NOW)
    store.finish_intent(intent, "written", NOW)
    store.finish_intent(intent, "failed", NOW + HOUR)
    row = store.database.row("SELECT result FROM intents")
    assert row is not None
    assert row["result"] == "written"


def test_intents_survive_the_process(store: Store) -> None:
    intent = store.begin_intent("m-1", "draft", "", NOW)
    store.close()
    with Store.open(Path(store.database.name)) as again:
        assert [one.id for one in again.unfinished_intents()] == [intent]
        assert again.begin_intent("m-2", "draft", "", NOW) > intent


def test_the_journal_gives_its_last_lines_first(store: Store) -> None:
    for number in range(5):
        store.log(NOW + number * HOUR, "draft", "bob", None, f"because {number}")
    assert store.journal(limit=2) == (
        Line(NOW + 4 * HOUR, "draft", "bob", None, "because 4"),
        Line(NOW + 3 * HOUR, "draft", "bob", None, "because 3"),
    )
    assert len(store.journal()) == 5


@pytest.mark.parametrize("deed", ["DELETE FROM journal", "UPDATE journal SET because = ''"])
def test_the_journal_is_append_only(store: Store, deed: str) -> None:
    store.log(NOW, "draft", "bob", "m-1", "he is due")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.database.write(deed)
    assert store.journal() == (Line(NOW, "draft", "bob", "m-1", "he is due"),)


def test_notes_are_remembered_replaced_and_forgotten(store: Store) -> None:
    assert store.get_note("last_error") is None
    store.set_note("last_error", "no answer")
    store.set_note("last_error", "no route")
    assert store.get_note("last_error") == "no route"
    store.set_note("last_error", None)
    assert store.get_note("last_error") is None
