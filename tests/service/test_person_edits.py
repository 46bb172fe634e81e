"""A person who is changed as a text is kept as one who is changed by options."""

from datetime import UTC, datetime
from pathlib import Path

from connectd.edges.store import Store
from connectd.formats.people import PersonRow
from connectd.formats.person_text import person_text
from connectd.service import people
from connectd.service.person_edits import edit_by_text


def test_blanks_within_a_tag_become_hyphens(tmp_path: Path) -> None:
    with Store.open(tmp_path / "connectd.db") as store:
        store.begin(datetime(2026, 11, 2, tzinfo=UTC))
        row = PersonRow("Bob", ("bob@example.test",), "business", tags=("tea",))
        offered = person_text(people.add(store, row, ["business"]), ["business"])
        edited = offered.replace('"tea"', '"tea house", "tea-house", "walks"')
        changed = edit_by_text(store, "bob", offered, edited, ["business"])
        assert changed.tags == ("tea-house", "walks")
        assert store.contacts() == (changed,)
