"""Copies beside the database: when they are made, what they hold, and how many are kept."""

import resource
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from store_builders import NOW, contact

from connectd.edges.store import Store
from connectd.edges.store.copying import copy_before_import, copy_weekly
from connectd.errors import StoreError

DAY = timedelta(days=1)
MONDAY = date(2026, 11, 30)
LONG_AGO = date(2026, 1, 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "connectd.db"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with Store.open(path) as opened:
        opened.add_contact(contact())
        yield opened


def copies(path: Path) -> list[str]:
    """Return the endings of all other files that stay beside the database, sorted."""
    mine = {path.name, f"{path.name}-wal", f"{path.name}-shm"}
    others = {file.name for file in path.parent.iterdir()} - mine
    return sorted(name.removeprefix("connectd.db.") for name in others)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow further, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_copy_holds_everything_and_is_for_its_owner_alone(store: Store, path: Path) -> None:
    assert copy_weekly(store.database, path, MONDAY, LONG_AGO)
    copy = path.with_name("connectd.db.2026-11-30")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert copies(path) == ["2026-11-30"]
    with Store.open(copy) as copied:
        assert copied.contacts() == (contact(),)


def test_there_is_one_a_week_however_often_it_is_looked(store: Store, path: Path) -> None:
    made = [n for n in range(30) if copy_weekly(store.database, path, MONDAY + n * DAY, LONG_AGO)]
    assert made == [0, 7, 14, 21, 28]


def test_a_new_installation_has_its_first_copy_after_a_week(store: Store, path: Path) -> None:
    made = [n for n in range(9) if copy_weekly(store.database, path, MONDAY + n * DAY, MONDAY)]
    assert made == [7]


def test_the_last_seven_are_kept_and_other_files_left_alone(store: Store, path: Path) -> None:
    others = ["2026-W48", "20261130", "before-3", "mine"]
    for name in others:
        path.with_name(f"connectd.db.{name}").write_text("not a copy of the week")
    for week in range(10):
        assert copy_weekly(store.database, path, MONDAY + 7 * week * DAY, LONG_AGO)
    last = [(MONDAY + 7 * week * DAY).isoformat() for week in range(3, 10)]
    assert copies(path) == sorted([*others, *last])


def test_a_clock_that_jumps_costs_no_more_than_the_copy_farthest_away(
    store: Store, path: Path
) -> None:
    for week in range(7):
        copy_weekly(store.database, path, MONDAY + 7 * week * DAY, LONG_AGO)
    real = copies(path)
    wrong = [date(2099, 1, 1), date(2061, 5, 5)]
    for day in wrong:
        assert copy_weekly(store.database, path, day, LONG_AGO)
        assert not copy_weekly(store.database, path, day, LONG_AGO)
        assert not copy_weekly(store.database, path, MONDAY + 45 * DAY, LONG_AGO)
    assert len(copies(path)) == 7
    for week in range(7, 9):
        assert copy_weekly(store.database, path, MONDAY + 7 * week * DAY, LONG_AGO)
    assert copies(path)[:5] == real[2:], "once the clock is right, the wrong ones go first"
    assert copies(path) == [(MONDAY + 7 * n * DAY).isoformat() for n in range(2, 9)]


def test_a_clock_behind_the_installation_copies_nothing(store: Store, path: Path) -> None:
    assert not copy_weekly(store.database, path, date(1970, 1, 1), MONDAY)
    assert copies(path) == []


def test_on_a_full_disk_it_fails_and_leaves_no_half_copy(store: Store, path: Path) -> None:
    with files_of_at_most(8192), pytest.raises(StoreError, match="could not be copied"):
        copy_weekly(store.database, path, MONDAY, LONG_AGO)
    assert copies(path) == []
    assert copy_weekly(store.database, path, MONDAY, LONG_AGO)


def test_seven_copies_before_imports_are_kept_too(store: Store, path: Path) -> None:
    moments = [NOW + n * DAY for n in range(9)]
    made = [copy_before_import(store.database, path, moment) for moment in moments]
    assert copies(path) == [copy.name.removeprefix("connectd.db.") for copy in made[2:]]
    assert made[-1].name == "connectd.db.before-import-20261209T090000Z"


def test_without_a_copy_nothing_is_imported(store: Store, path: Path) -> None:
    with files_of_at_most(8192), pytest.raises(StoreError, match="before anything is imported"):
        copy_before_import(store.database, path, NOW)
    assert copies(path) == []
