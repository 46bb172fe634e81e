"""The manual page: whole, readable by man, and part of what is installed."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import click
import pytest
from shell import Shell

from connectd.cli.main import cli

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(shell: Shell, tmp_path: Path) -> Path:
    path = tmp_path / "connectd.1"
    path.write_text(shell.ok("man", now=None).out)
    return path


def read(page: Path) -> str:
    """The page as man shows it, on lines that are never broken; it must complain of nothing."""
    shown = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "--local-file", str(page)],
        env={
            "MANWIDTH": "10000",
            "MAN_KEEP_FORMATTING": "",
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
        },
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stderr == ""
    return shown.stdout


def commands(context: click.Context) -> list[click.Context]:
    """Every command that can be called, below a group."""
    group = context.command
    if not isinstance(group, click.Group):
        return []
    below = [
        click.Context(command, info_name=name, parent=context)
        for name in group.list_commands(context)
        if (command := group.get_command(context, name))
    ]
    return [one for found in below for one in (found, *commands(found))]


def test_every_command_and_option_is_explained(page: Path) -> None:
    shown = " ".join(read(page).split())

    for command in commands(click.Context(cli, info_name="connectd")):
        assert f" {command.command_path} " in shown
        for parameter in command.command.params:
            if record := parameter.get_help_record(command):
                assert " ".join(f"{record[0]} {record[1]}".split()) in shown


def test_it_has_what_a_page_has(page: Path) -> None:
    headings = re.findall(r"^[A-Z][A-Z ]+$", read(page), re.MULTILINE)

    assert headings == [
        *("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS"),
        *("EXIT STATUS", "FILES", "ENVIRONMENT"),
    ]


def test_lines_to_be_typed_stand_as_they_are(page: Path) -> None:
    shown = [line.strip() for line in read(page).splitlines()]

    assert 'zsh:  put this into ~/.zshrc:     eval "$(connectd completion zsh)"' in shown
    assert "\\b" not in " ".join(shown)


def test_quotes_and_tildes_are_those_of_a_shell_whoever_sets_the_page(page: Path) -> None:
    assert set("'~^").isdisjoint(page.read_text())


def test_the_hidden_option_stays_hidden(page: Path) -> None:
    assert "--now" not in read(page)


def test_it_is_in_the_wheel(tmp_path: Path, page: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )

    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as files:
        (name,) = (name for name in files.namelist() if name.endswith("share/man/man1/connectd.1"))
        assert files.read(name).decode() == page.read_text()
