"""The files of a setup: whole where all went well, and as they were where anything did not."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectd.edges.store import AccountRecord, Store
from connectd.errors import StoreError
from connectd.service.setup.writing import configuration_file, database

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
WORK = AccountRecord("work", home="")


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder with what is in it."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@contextmanager
def stopped() -> Iterator[None]:
    """A user who presses Ctrl-C in here."""
    with pytest.raises(KeyboardInterrupt):
        yield


@pytest.mark.parametrize("entered", [True, False])
@pytest.mark.parametrize("before", [None, "[me]\n# as before\n"])
def test_a_failure_brings_back_what_was_there(
    tmp_path: Path, before: str | None, *, entered: bool
) -> None:
    path = tmp_path / "config" / "connectd" / "config.toml"
    if before:
        path.parent.mkdir(parents=True)
        path.write_text(before)
    there = everything(tmp_path)

    with stopped(), configuration_file(path, "new") as enter:
        if entered:
            enter()
            assert path.read_text() == "new"
        raise KeyboardInterrupt

    assert everything(tmp_path) == there


def test_what_is_entered_stays_alone_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "connectd" / "config.toml"
    for text in ("first", "second"):
        with configuration_file(path, text) as enter:
            enter()
        assert path.read_text() == text

    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("no folder")

    with (
        pytest.raises(StoreError, match="could not be written"),
        configuration_file(tmp_path / "config" / "connectd" / "config.toml", "new"),
    ):
        pytest.fail("there is no such folder")


def test_a_new_database_is_gone_after_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "state" / "connectd" / "connectd.db"

    with stopped(), database(path, NOW) as store:
        store.save_account(WORK)
        raise KeyboardInterrupt

    assert everything(tmp_path) == {}


def test_a_database_that_was_there_keeps_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "connectd.db"
    with database(path, NOW) as store:
        store.save_account(WORK)

    with stopped(), database(path, NOW) as store:
        store.save_account(WORK._replace(name="home"))
        raise KeyboardInterrupt

    with Store.open(path) as store:
        assert store.account("work") == WORK
        assert store.account("home") is None
