"""`connectd export` and `connectd import`: everything moves in one file, and nothing by itself."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from busy_life import NOW, live
from shell import Ran, Shell
from typist import typist

from connectd.edges.lock import InstanceLock
from connectd.edges.store import Placement, Store

SECRET = "https://x.test/"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """The home of somebody who has used connectd for months; tests leave it as it is."""
    shell = Shell(tmp_path_factory.mktemp("old"))
    live(shell)
    return shell


@pytest.fixture
def new(tmp_path: Path) -> Shell:
    """The home on another machine, with nothing in it."""
    folder = tmp_path / "new"
    folder.mkdir()
    return Shell(folder)


@pytest.fixture
def file(old: Shell, tmp_path: Path) -> Path:
    path = tmp_path / "connectd.json"
    old.run("export", str(path), now=NOW).ends_with(0)
    return path


def exported(shell: Shell, *, force: bool = False) -> dict[str, Any]:
    """What is on record in a home, as it would move from there."""
    ran = shell.run("export", "-", *(["--force"] if force else []), now=NOW).ends_with(0)
    document: dict[str, Any] = ran.json
    return document


def imported(shell: Shell, file: Path, *words: str) -> Ran:
    return shell.run("import", str(file), *words, now=NOW)


def status(shell: Shell) -> dict[str, Any]:
    """What `status` says of people and meetings; feeds and calendars are read again."""
    document: dict[str, Any] = shell.run("status", "--json", now=NOW).json
    read_again = ("daemon", "feeds", "unreadable")
    return {key: value for key, value in document.items() if key not in read_again}


def test_the_file_is_for_its_owner_alone_and_over_no_other(old: Shell, file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    refused = old.run("export", str(file), now=NOW).ends_with(2)
    assert "--force" in refused.err
    assert file.read_bytes() == before
    old.run("export", str(file), "--force", now=NOW).ends_with(0)
    assert file.read_bytes() == before, "the same is always written in the same way"


def test_it_says_what_it_wrote(old: Shell, tmp_path: Path) -> None:
    ran = old.run("export", str(tmp_path / "one.json"), now=NOW).ends_with(0)
    assert ran.out.startswith("Wrote 30 people and 13 meetings (9 open) to ")
    told = old.run("export", str(tmp_path / "two.json"), "--json", now=NOW).ends_with(0).json
    assert (told["people"], told["meetings"]) == (30, 13)


def test_addresses_of_feeds_stay_behind_and_are_named(old: Shell, file: Path) -> None:
    assert SECRET not in file.read_text()
    ran = old.run("export", "-", now=NOW).ends_with(0)
    assert "“work”" in ran.err
    assert ran.out == file.read_text()


def test_without_a_yes_nothing_changes(new: Shell, file: Path) -> None:
    ran = imported(new, file).ends_with(0)
    assert "30 people, 3 open drafts, 6 meetings that you said yes to" in ran.out
    assert "It runs: echo hunter2" in ran.out
    assert "Nothing has been changed." in ran.out
    assert new.files() == {}


def test_on_a_new_machine_everything_is_as_it_was(old: Shell, new: Shell, file: Path) -> None:
    ran = imported(new, file, "--yes").ends_with(0)
    assert f"To write: {new.config}" in ran.out
    assert "“work”" in ran.out
    assert new.config.stat().st_mode & 0o777 == 0o600
    assert status(new) == status(old)
    before, after = exported(old), exported(new)
    assert after == before


def test_to_import_twice_changes_nothing(new: Shell, file: Path) -> None:
    imported(new, file, "--yes").ends_with(0)
    before = exported(new)
    again = imported(new, file, "--yes", "--json").ends_with(0).json
    assert not any(again["new"].values())
    assert again["copy"] is None
    assert "on record here already" in imported(new, file).out
    assert exported(new) == before


def test_the_configuration_here_stays_and_so_does_a_person(
    new: Shell, old: Shell, file: Path
) -> None:
    new.configure(old.config.read_text().replace("https://x.test/", "https://y.test/"))
    new.ok("contacts", "add", "Ada", "--email", "ada@home.test", "--category", "business", now=NOW)
    configured = new.config.read_text()
    told = imported(new, file, "--yes", "--json").ends_with(0).json
    assert (told["done"], told["files"], told["new"]["people"]) == (True, [], 29)
    assert told["stays_as_here"] == ["ada stays as on this machine in: name, category"]
    assert new.config.read_text() == configured
    ada = new.json("contacts", "show", "ada", now=NOW)
    assert ada["emails"] == ["ada@home.test", "ada@example.test"]
    assert Path(told["copy"]).stat().st_mode & 0o777 == 0o600
    with Store.open(Path(told["copy"])) as copy:
        assert [contact.id for contact in copy.contacts()] == ["ada"]


def test_a_running_daemon_is_not_worked_against(new: Shell, old: Shell, file: Path) -> None:
    new.configure(old.config.read_text())
    new.ok("contacts", now=NOW)
    with InstanceLock.acquire(new.database.parent, datetime.now(UTC)):
        assert "already running" in imported(new, file, "--yes").ends_with(6).err
        assert "30 people" in imported(new, file).ends_with(0).out
    assert new.json("contacts", now=NOW) == []


def test_without_any_configuration_it_says_what_to_do(new: Shell, file: Path) -> None:
    document = json.loads(file.read_text())
    document["files"] = {}
    file.write_text(json.dumps(document))
    assert "connectd setup" in imported(new, file, "--yes").ends_with(3).err
    assert new.files() == {}


def test_a_configuration_that_is_none_is_told_with_all_else(new: Shell, file: Path) -> None:
    document = json.loads(file.read_text())
    document["files"] = {"config.toml": "[me", "questions.toml": "help = 3"}
    file.write_text(json.dumps(document))
    told = imported(new, file, "--yes").ends_with(2).err
    assert "config.toml: is no TOML" in told
    assert "questions.toml:" in told
    assert new.files() == {}


def test_an_account_of_another_name_is_asked_for(new: Shell, old: Shell, file: Path) -> None:
    document = json.loads(file.read_text())
    uid = next(m["uid"] for m in document["records"]["meetings"] if m["state"] == "drafted")
    placement = Placement(uid, "main", "https://c/", "https://c/1.ics", '"1"', "")
    document["records"]["placements"] = [{**placement._asdict(), "removed": 0}]
    file.write_text(json.dumps(document))
    new.configure(old.config.read_text().replace('name = "main"', 'name = "other"'))
    ran = imported(new, file, "--yes").ends_with(6)
    assert "“main”" in ran.err
    assert "other" in ran.err
    new.reconfigure('name = "other"', 'name = "main"')
    imported(new, file, "--yes").ends_with(0)


def test_on_a_terminal_it_asks(new: Shell, file: Path) -> None:
    with typist(new, "import", str(file), now=NOW) as terminal:
        terminal.answer("Take this over? [y/N]", "n")
        assert "Nothing has been changed." in terminal.ends_with(0)
    assert new.files() == {}
    with typist(new, "import", str(file), now=NOW) as terminal:
        terminal.answer("Take this over? [y/N]", "y")
        assert "Done." in terminal.ends_with(0)
    assert len(new.json("contacts", now=NOW)) == 30
