"""The page about introductions: its commands run as they stand, its tables are the code's."""

import re
import shlex
from pathlib import Path

from shell import Shell

from connectd.domain.introductions import Opting
from connectd.domain.opting_in import TURNS, Turn

PAGE = (Path(__file__).parents[2] / "docs" / "introductions.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table that begins with these words."""
    lines = PAGE.partition(f"| {heading} |")[2].split("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_what_follows_is_that_of_the_code() -> None:
    turns = re.findall(r"\w+", PAGE.partition("| in state |")[2].splitlines()[0])
    assert turns == [turn.value for turn in Turn]
    shown = {
        Opting(state.strip("`")): {
            Turn(turn): frozenset(map(Opting, re.findall(r"`(\w+)`", cell)))
            for turn, cell in zip(turns, cells, strict=True)
            if cell != "–"  # noqa: RUF001 (a dash)
        }
        for state, *cells in rows("in state")
    }
    assert shown == TURNS


def test_every_state_is_explained_once() -> None:
    assert [state.strip("`") for state, _ in rows("state")] == [state.value for state in Opting]


def test_its_commands_tell_a_story_that_works(offline: Shell) -> None:
    for name in ("Ada Lovelace", "Bob Baker"):
        email = f"{name.split()[0].lower()}@example.test"
        offline.ok("contacts", "add", name, "--email", email, "--category", "business")
    commands = re.findall(r"^\$ connectd (.+)$", PAGE, re.MULTILINE)
    said = [offline.ok(*shlex.split(command)).out for command in commands]
    assert len(said) >= 8
    assert "Ada Lovelace may be able to help Bob Baker" in said[2]
    (introduction,) = offline.json("introductions")["introductions"]
    assert introduction["state"] == "introduced"


def test_the_other_commands_are_there_too(offline: Shell) -> None:
    for words in set(re.findall(r"`connectd (introductions \w+)", PAGE)):
        assert "Usage" in offline.ok(*words.split(), "--help").out
