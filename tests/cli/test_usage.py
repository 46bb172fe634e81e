"""The commands there are, as the help names them, and the global options."""

import re

import pytest
from shell import PROGRAM, Shell

from connectd import __version__

COMMANDS = [
    *("setup", "contacts", "plan", "why", "agenda", "tick", "run", "status", "digest"),
    *("done", "note", "missed", "accept", "decline", "resend", "snooze"),
    *("introduce", "introductions", "doctor", "export", "import", "demo", "completion", "man"),
]


def test_the_help_names_every_command(shell: Shell) -> None:
    said = shell.ok("--help", now=None).out

    assert re.findall(r"^  ([a-z]+)  ", said.partition("Commands:")[2], re.MULTILINE) == COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(shell: Shell, command: str) -> None:
    said = shell.ok(command, "--help", now=None).out

    assert said.startswith(f"Usage: connectd {command}")
    assert shell.files() == {}


def test_the_version(shell: Shell) -> None:
    assert shell.ok("--version", now=None).out == f"connectd, version {__version__}\n"


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("2026-11-02T07:00:00", "needs a zone"),
        ("2026-11-02", "needs a zone"),
        ("tomorrow", "is no time like"),
        ("0001-01-01T00:00:00+14:00", "too far away"),
        ("0001-01-01T00:00:00Z", "too far away"),
        ("9999-12-31T23:59:59Z", "too far away"),
    ],
)
def test_a_time_that_is_none(offline: Shell, now: str, said: str) -> None:
    assert said in offline.run("status", now=now).ends_with(2).err


@pytest.mark.parametrize(
    ("now", "told"),
    [
        ("2026-11-02T08:00:00+01:00", "2026-11-02T07:00:00Z"),
        ("1999-12-31T23:00:00.5-05:00", "2000-01-01T04:00:00Z"),
    ],
)
def test_a_time_is_told_in_utc(offline: Shell, now: str, told: str) -> None:
    assert offline.json("status", now=now)["now"] == told


def test_the_daemon_lives_in_the_present(offline: Shell) -> None:
    refused = offline.run("run").ends_with(2)

    assert "--now does not go with run" in refused.err
    assert not offline.database.exists()


@pytest.mark.parametrize("words", [("dance",), ("--nonsense", "status"), ("tick", "--fast"), ()])
def test_wrong_usage(offline: Shell, words: tuple[str, ...]) -> None:
    refused = offline.run(*words).ends_with(2)

    assert refused.out == ""
    assert "Usage: connectd " in refused.err
    assert not offline.database.exists()


def test_the_program_runs_as_a_process_of_its_own(offline: Shell) -> None:
    assert offline.spawn("contacts", "--json").ends_with(0).json == []
    assert offline.spawn("dance").ends_with(2).err.startswith("Usage: connectd ")
    assert PROGRAM[0]
