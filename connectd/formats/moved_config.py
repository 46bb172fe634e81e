"""The configuration as it moves to another machine: without what may be a secret, or is a place."""

import re
import tomllib
from collections.abc import MutableMapping
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

LEFT_OUT = "https://left-out.invalid/"
"""Stands for the address of a feed; nothing is ever found there (RFC 2606 section 2)."""

_ADDRESS = re.compile(r"\b(?:https?|webcals?)://[^\s\"'<>]+", re.IGNORECASE)


def without_secrets(text: str) -> tuple[str, tuple[str, ...]]:
    """The text without the addresses of feeds, and the names of the feeds they belong to.

    Whoever knows such an address can read the calendar behind it. It may stand in a comment too,
    that of a feed of former times even nowhere else: no address stays there. Raises ValueError
    where the text is no TOML.
    """
    document = _parsed(text)
    feeds = [feed for feed in document.get("feed", []) if feed.get("url") != LEFT_OUT]
    for feed in feeds:
        feed["url"] = LEFT_OUT
    told = _silent_comments(tomlkit.dumps(document))
    return told, tuple(str(feed["name"]) for feed in feeds)


def feeds_without_address(text: str) -> tuple[str, ...]:
    """The names of the feeds whose addresses were left out; ValueError for what is no TOML."""
    feeds = _parsed(text).get("feed", [])
    return tuple(str(feed.get("name")) for feed in feeds if feed.get("url") == LEFT_OUT)


def for_another_place(text: str) -> str:
    """The text without the path of the database, which is for each machine to choose.

    Raises ValueError where the text is no TOML.
    """
    document = _parsed(text)
    state = document.get("state")
    if not isinstance(state, MutableMapping) or "path" not in state:
        return text
    del state["path"]
    return tomlkit.dumps(document)


def _silent_comments(text: str) -> str:
    """The text with no address in its comments: what says the same to a program is a comment."""
    said = tomllib.loads(text)
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        for mark in re.finditer("#", line):
            silent = line[: mark.start()] + _ADDRESS.sub(LEFT_OUT, line[mark.start() :])
            told = [*lines[:number], silent, *lines[number + 1 :]]
            if silent != line and tomllib.loads("".join(told)) == said:
                lines = told
                break
    return "".join(lines)


def _parsed(text: str) -> Any:  # noqa: ANN401 - whatever TOML has
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, RecursionError) as error:
        raise ValueError(str(error)) from error
