"""A configuration or a database that cannot be used: all that is wrong, and nothing written."""

import sqlite3

import pytest
from shell import Shell, configuration

COMMANDS = [("status",), ("contacts",), ("plan",), ("tick",), ("done", "bob")]


def refuse(shell: Shell, *words: str) -> str:
    before = shell.files()

    refused = shell.run(*words, "--json").ends_with(3)

    assert refused.out == ""
    assert shell.files() == before
    return refused.err


@pytest.mark.parametrize("words", COMMANDS)
def test_no_configuration_at_all(shell: Shell, words: tuple[str, ...]) -> None:
    said = refuse(shell, *words)

    assert f"there is no configuration at {shell.config}" in said
    assert "connectd setup" in said


def test_the_daemon_does_not_start_without_a_configuration(shell: Shell) -> None:
    assert "there is no configuration" in shell.run("run", now=None).ends_with(3).err


@pytest.mark.parametrize("words", COMMANDS)
def test_three_mistakes_are_named_together(shell: Shell, words: tuple[str, ...]) -> None:
    text = configuration(None, "[meeting]", "minuts = 30", "[hours]", "monday = '9-12'")
    shell.configure(text.replace("Europe/Berlin", "Europe/Berlim"))

    said = refuse(shell, *words)

    assert str(shell.config) in said
    lines = [line.strip() for line in said.splitlines()[1:]]
    assert len(lines) == 3
    for start, meant in [
        ("me.timezone", '"Europe/Berlin"'),
        ("meeting.minuts", "minutes"),
        ("hours.monday", "09:00-12:00"),
    ]:
        assert any(line.startswith(start) and meant in line for line in lines), lines


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("months = 6", "months = 6\nyears = 1", "goal.years"),
        ("Europe/Berlin", "Mars/Base", '"Mars/Base" is no known time zone'),
        ("[goal]", "[hours]\nmonday = ['09:00-12:00', '11:00-13:00']\n[goal]", "overlap"),
        ("[me]", "[me", "not valid TOML"),
        ("https:", "http:", "must start with https://"),
    ],
)
def test_one_mistake(offline: Shell, old: str, new: str, said: str) -> None:
    offline.reconfigure(old, new)

    assert said in refuse(offline, "status")
    assert said in refuse(offline, "tick")


def test_a_configuration_named_in_other_ways(offline: Shell) -> None:
    other = offline.folder / "other.toml"
    offline.config.rename(other)

    assert offline.json("--config", str(other), "contacts") == []
    offline.environment["CONNECTD_CONFIG"] = str(other)
    assert offline.json("contacts") == []
    assert "none.toml" in offline.run("--config", "none.toml", "contacts").ends_with(3).err


@pytest.mark.parametrize("words", [*COMMANDS, ("contacts", "import", "/dev/null")])
def test_a_database_of_a_newer_program(offline: Shell, words: tuple[str, ...]) -> None:
    offline.ok("contacts")
    with sqlite3.connect(offline.database) as database:
        database.execute("PRAGMA user_version = 9999")
    database.close()
    before = offline.database.read_bytes()

    refused = offline.run(*words).ends_with(3)

    assert "newer" in refused.err
    assert refused.out == ""
    assert offline.database.read_bytes() == before


@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize(
    "data", [b"not a database, certainly not\n" * 300, b"SQLite format 3\0oops"]
)
def test_a_damaged_database(offline: Shell, words: tuple[str, ...], data: bytes) -> None:
    offline.ok("contacts")
    for file in offline.database.parent.iterdir():
        file.unlink()
    offline.database.write_bytes(data)

    refused = offline.run(*words).ends_with(3)

    assert str(offline.database) in refused.err
    assert refused.out == ""
    assert offline.database.read_bytes() == data


def test_a_state_folder_that_cannot_be_made(offline: Shell) -> None:
    (offline.folder / "state").write_text("no folder")

    assert str(offline.database) in refuse(offline, "status")
