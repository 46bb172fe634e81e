"""docs/backup.md: a copy of the database is put back with the commands that stand there."""

import re
import subprocess
from pathlib import Path

from shell import Shell

PAGE = Path(__file__).parents[2] / "docs" / "backup.md"
BOB = ("Bob Baker", "--email", "bob@example.test", "--category", "business")


def commands_of_the_page() -> str:
    """Return the shell commands for putting a copy back."""
    found = re.search(r"## Putting a copy back.*?```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert found
    return found[1]


def test_the_commands_of_the_page_bring_back_what_was_copied(offline: Shell) -> None:
    offline.ok("contacts", "add", *BOB)
    folder = offline.folder / ".local" / "state" / "connectd"
    folder.mkdir(parents=True)
    offline.database.replace(folder / "connectd.db.2026-11-30")
    offline.environment["XDG_STATE_HOME"] = str(folder.parent)
    offline.ok("contacts", "add", "Carol", "--email", "c@example.test", "--category", "results")
    told = offline.folder / "told"
    systemctl = offline.folder / "bin" / "systemctl"
    systemctl.parent.mkdir()
    systemctl.write_text(f'#!/bin/sh\necho "$*" >> "{told}"\n')
    systemctl.chmod(0o700)
    path = f"{systemctl.parent}:{offline.environment['PATH']}"
    environment = offline.environment | {"PATH": path}
    subprocess.run(["sh", "-ec", commands_of_the_page()], env=environment, check=True)
    assert told.read_text().splitlines() == ["--user stop connectd", "--user start connectd"]
    assert [one["id"] for one in offline.json("contacts")] == ["bob-baker"]
