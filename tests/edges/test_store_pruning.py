"""What goes from the database when it is old, and what stays for ever."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from rows_of_versions import COMMON_ROWS, ROWS
from store_builders import (
    HOUR,
    NOW,
    contact,
    letter,
    mail,
    meeting,
    object_row,
    placement,
    their_busy,
)

from connectd.domain.model import OPEN, Encounter, Fact, Span, State
from connectd.edges.store import CalendarRecord, Store

DAY = timedelta(days=1)
BEFORE = NOW - 400 * DAY
OLD = BEFORE - DAY
TEXT = "BEGIN:VCALENDAR"
MANY_BYTES = 8 * 1024 * 1024


def ended(store: Store, state: State, *, removed: bool = False) -> str:
    """Put a meeting that was over long ago on record, with what was written and mailed of it."""
    uid = f"{state}-{removed}"
    span = Span(OLD - HOUR, OLD)
    store.save_meeting(meeting(uid, state)._replace(span=span), was=None)
    store.save_placement(placement(uid)._replace(written=TEXT, removed=removed))
    store.queue_mail(mail(uid)._replace(stage="sent"))
    return uid


def written(store: Store, uid: str) -> str:
    found = store.placement(uid)
    assert found
    return found.written


@pytest.mark.parametrize("state", list(State))
def test_the_words_of_what_is_over_go_and_the_facts_stay(store: Store, state: State) -> None:
    standing, gone = ended(store, state), ended(store, state, removed=True)
    store.prune(BEFORE)
    over = state not in OPEN
    assert (written(store, gone) == "") is over
    assert (written(store, standing) == "") is (state in (State.MET, State.MISSED))
    (sent,) = store.mails_of(standing)
    assert (sent.message == b"", sent.calendar == "") == (over, over)
    kept = mail(standing)._replace(stage="sent", message=sent.message, calendar=sent.calendar)
    assert sent == kept
    assert not store.queue_mail(mail(standing))
    assert {one.uid for one in store.meetings()} == {standing, gone}


def test_what_is_not_so_old_keeps_its_words(store: Store) -> None:
    uid = ended(store, State.MET)
    store.prune(OLD)
    assert written(store, uid) == TEXT
    assert store.mails_of(uid) == (mail(uid)._replace(stage="sent"),)


def test_a_mail_whose_fate_is_unknown_can_be_sent_again_for_ever(store: Store) -> None:
    uid = ended(store, State.CANCELLED)
    store.save_mail_stage(mail(uid).message_id, "unknown")
    store.prune(BEFORE)
    assert store.mails_of(uid) == (mail(uid)._replace(stage="unknown"),)


@pytest.mark.parametrize("stage", ["sent", "dropped", "refused", "queued", "unknown"])
def test_a_letter_that_has_left_is_not_kept_but_that_it_was_sent_is(
    store: Store, stage: str
) -> None:
    old = letter()._replace(queued_at=OLD, stage=stage)
    store.queue_letter(old)
    store.prune(BEFORE)
    gone = stage in ("sent", "dropped")
    assert store.letter(old.key) == (old._replace(message=b"") if gone else old)


def test_the_log_of_long_ago_goes(store: Store) -> None:
    for at in (OLD, BEFORE, NOW):
        store.log(at, "draft", "bob", None, "he is due")
        store.finish_intent(store.begin_intent("m-1", "draft", "", at), "written", at)
    unfinished = store.begin_intent("m-2", "draft", "", OLD)
    store.prune(BEFORE)
    assert [line.at for line in store.journal()] == [NOW, BEFORE]
    row = store.database.row("SELECT COUNT(*) FROM intents")
    assert row
    assert row[0] == 3
    assert [intent.id for intent in store.unfinished_intents()] == [unfinished]


def test_the_last_lines_stay_however_old_they_are(store: Store) -> None:
    for at in (OLD - 500 * DAY, OLD - DAY, OLD):
        store.log(at, "draft", "bob", None, "he is due")
    store.prune(BEFORE)
    assert [line.at for line in store.journal()] == [OLD, OLD - DAY]


def test_a_line_of_the_last_year_can_be_taken_away_by_nobody(store: Store) -> None:
    for at in (NOW - 399 * DAY, NOW):
        store.log(at, "draft", "bob", None, "he is due")
    with pytest.raises(sqlite3.IntegrityError, match="append-only"):
        store.database.write("DELETE FROM journal")
    assert len(store.journal()) == 2


def test_what_was_lived_and_said_is_never_pruned(store: Store) -> None:
    store.add_contact(contact())
    store.add_encounter(Encounter("bob", OLD.date(), "done"))
    store.add_fact(Fact("bob", "need", "a boat", OLD.date()), OLD)
    before = (store.contacts(), store.encounters(), store.all_facts())
    store.prune(NOW)
    assert (store.contacts(), store.encounters(), store.all_facts()) == before


WORDS: dict[str, set[str]] = {
    "placements": {"written"},
    "mails": {"message", "calendar"},
    "letters": {"message"},
    "journal": set(),
    "intents": set(),
}
"""The columns that may be emptied, and the tables that may lose rows: no decision asks for them."""


def kept(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, but for what may go."""
    tables: dict[str, list[tuple[object, ...]]] = {}
    with sqlite3.connect(store.database.name) as database:
        names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        for (table,) in names:
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
            told = ", ".join(one for one in columns if one not in WORDS.get(table, ()))
            if WORDS.get(table) != set():
                rows = database.execute(f"SELECT {told} FROM {table}")  # noqa: S608 - names of the schema
                tables[table] = sorted(rows.fetchall(), key=repr)
    return tables


def test_nothing_else_is_touched_in_any_table(store: Store) -> None:
    """Rests, attempts, UIDs, what was sent to whom: what later decisions rest on."""
    with sqlite3.connect(store.database.name) as database:
        database.execute("DELETE FROM meta")
        database.executescript(COMMON_ROWS + ROWS[5])
    for state in State:
        ended(store, state)
        ended(store, state, removed=True)
    before = kept(store)
    for table in ("meetings", "encounters", "mails", "letters", "introductions"):
        assert before[table]
    store.prune(NOW + 2000 * DAY)
    assert kept(store) == before


def test_accounts_that_are_gone_leave_no_calendars(store: Store) -> None:
    for account in ("main", "former", "[feed]"):
        store.save_objects(account, [object_row(number) for number in range(3)])
        window = Span(NOW, NOW + DAY)
        store.save_calendar(CalendarRecord(account, account, "Work", "1", window, NOW))
    store.forget_calendars_but_of({"main", "[feed]"})
    assert [len(list(store.object_rows(one))) for one in ("main", "former", "[feed]")] == [3, 0, 3]
    assert store.calendar("former") is None
    assert store.calendar("main")


def test_answers_about_their_time_go_when_they_are_old(store: Store) -> None:
    store.add_contact(contact())
    known = their_busy()
    store.save_their_busy(known)
    store.forget_their_busy_before(known.ask_again_at)
    assert store.all_their_busy(known.contact) == (known,)
    store.forget_their_busy_before(known.ask_again_at + HOUR)
    assert store.all_their_busy(known.contact) == ()


class TestGivingSpaceBack:
    @pytest.fixture
    def roomy(self, store: Store) -> Store:
        """Return a store of which most is free space."""
        for number in range(8):
            text = "x" * (MANY_BYTES // 8)
            store.save_objects("c", [object_row(number)._replace(text=text)])
        store.forget_calendar("c")
        return store

    @staticmethod
    def size(store: Store) -> int:
        path = Path(store.database.name)
        log = path.with_name(f"{path.name}-wal")
        return path.stat().st_size + (log.stat().st_size if log.exists() else 0)

    def test_a_small_or_full_file_is_left_alone(self, store: Store) -> None:
        assert not store.has_much_free_space()

    def test_the_file_gets_small_again(self, roomy: Store) -> None:
        assert roomy.has_much_free_space()
        assert self.size(roomy) > MANY_BYTES
        assert roomy.give_free_space_back()
        assert self.size(roomy) < 1024 * 1024
        assert not roomy.has_much_free_space()

    def test_another_command_is_neither_disturbed_nor_waited_for(self, roomy: Store) -> None:
        other = sqlite3.connect(roomy.database.name, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        assert not roomy.give_free_space_back()
        assert time.monotonic() - began < 5
        other.execute("INSERT INTO notes VALUES ('other', 'is at work')")
        other.execute("COMMIT")
        assert roomy.give_free_space_back()
        assert roomy.get_note("other") == "is at work"
        other.close()
        row = roomy.database.row("PRAGMA busy_timeout")
        assert row
        assert row[0] == 10_000
