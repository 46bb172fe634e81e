"""The page about credentials: what it tells to write into the configuration can be read."""

import re
from pathlib import Path

import pytest
from config_texts import GOAL, ME, SMALLEST, parse

PAGE = (Path(__file__).parents[1] / "docs" / "credentials.md").read_text()
SNIPPETS = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = re.findall(r'`(\["[^`…]*"\])`', PAGE)


def whole(snippet: str) -> str:
    """The configuration that a piece of one belongs to."""
    if snippet.startswith("[[account]]"):
        return ME + GOAL + snippet
    return SMALLEST + snippet


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_piece_of_the_configuration_is_one(snippet: str) -> None:
    config = parse(whole(snippet))

    told = (*config.accounts, config.mail)
    assert any(one and (one.password_command or one.token_command) for one in told)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_password_command_is_one(command: str) -> None:
    (account,) = parse(f"{SMALLEST}password_command = {command}\n").accounts

    assert account.password_command


def test_there_are_some_of_each() -> None:
    assert len(SNIPPETS) >= 5
    assert len(COMMANDS) >= 7
