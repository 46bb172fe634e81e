"""Housekeeping once a day, by the tick: neither the database nor the memory grows for ever."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from accounts import event
from installation import Install, Installation, second_account
from servers import Radicale, User

from connectd.domain.model import Span
from connectd.edges.store import Store
from connectd.service.housekeeping import keep_house

DAYS = 401


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


def journal(store: Store) -> list[str]:
    return [line.because for line in store.journal(1000)]


def test_a_tick_drops_the_log_of_long_ago_and_no_encounter(alice: Installation) -> None:
    alice.store.log(alice.now, "complete", "bob-baker", None, "long ago")
    alice.tick()
    assert "long ago" in journal(alice.store)
    alice.store.log(alice.now + timedelta(days=DAYS), "complete", "bob-baker", None, "today")
    alice.tick(days=DAYS)
    assert journal(alice.store) == ["today"]


def test_once_a_day_is_enough(alice: Installation) -> None:
    alice.tick()
    statements: list[str] = []
    alice.store.database.connection.set_trace_callback(statements.append)
    alice.tick(minutes=5)
    assert not [sql for sql in statements if "DELETE FROM intents" in sql]
    alice.tick(days=1)
    assert [sql for sql in statements if "DELETE FROM intents" in sql]


def test_an_account_that_left_the_configuration_leaves_nothing_that_was_read(
    user: User, radicale: Radicale, install: Install
) -> None:
    other = second_account(radicale.new_user("work"))
    alice = install(user, more=other)
    alice.tick()
    assert alice.store.calendars("work")
    alice.configure(other, "")
    alice.tick(days=1)
    assert alice.store.calendars("work") == ()
    assert alice.store.calendars("main")


def test_a_file_that_is_mostly_empty_is_made_smaller_once_a_week(alice: Installation) -> None:
    alice.tick()
    path = Path(alice.config.state)
    sizes: list[int] = []
    for _ in range(8):
        _fill_and_empty(alice.store)
        alice.now += timedelta(days=1)
        keep_house(alice.means, alice.now)
        sizes.append(path.stat().st_size)
    small = [day for day, size in enumerate(sizes) if size < 1_000_000]
    assert small == [0, 7]


def test_a_command_that_reads_meanwhile_is_not_disturbed(alice: Installation) -> None:
    alice.tick()
    _fill_and_empty(alice.store)
    other = sqlite3.connect(alice.config.state, isolation_level=None)
    other.execute("BEGIN")
    (before,) = other.execute("SELECT COUNT(*) FROM notes").fetchone()
    keep_house(alice.means, alice.now + timedelta(days=1))
    assert not alice.store.has_much_free_space()
    assert other.execute("SELECT COUNT(*) FROM notes").fetchone() == (before,)
    other.close()


def test_a_database_that_cannot_be_tidied_up_stops_nothing(
    alice: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    alice.store.database.connection.execute("PRAGMA user_version = 1000")
    keep_house(alice.means, alice.now)
    assert "the database could not be tidied up: The database" in caplog.text


def test_what_is_kept_at_hand_is_what_the_calendars_show(alice: Installation) -> None:
    alice.add()
    when = Span(alice.now - timedelta(hours=22), alice.now - timedelta(hours=21))
    people = (
        f"ORGANIZER:mailto:{alice.user.email}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{alice.user.email}",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.test",
    )
    text = event("lunch", when, "Lunch", *people)
    alice.user.dav.put(f"{alice.user.calendar}lunch.ics", text, new=True).expect(201)
    for day, counted in ((0, 1), (1, 1), (40, 0)):
        alice.tick(days=day)
        assert len(alice.means.memory.counted) == counted
    assert len(alice.store.encounters()) == 1


def _fill_and_empty(store: Store) -> None:
    with store.transaction():
        store.set_note("filler", "x" * 8_000_000)
    store.set_note("filler", None)
