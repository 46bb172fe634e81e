"""Colours for drawn days, where there is a terminal that wants them."""

import re
import sys
from collections.abc import Mapping
from typing import Any

import click

_SIGNS = re.compile(
    r"(?P<draft>\[[^\]]*\])|(?P<meeting>\([^)]*\))|(?P<busy>█+)|(?P<unknown>▒+)|(?P<free>·+)"
)
_LOOKS: dict[str, dict[str, Any]] = {
    "draft": {"fg": "yellow", "bold": True},
    "meeting": {"fg": "green", "bold": True},
    "busy": {"fg": "blue"},
    "unknown": {"fg": "red"},
    "free": {"dim": True},
}


def wants_colours(environment: Mapping[str, str]) -> bool:
    """Whether standard output is a terminal, and NO_COLOR and TERM do not object."""
    plain = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    return not plain and sys.stdout is not None and sys.stdout.isatty()


def coloured(drawn: str) -> str:
    """A line of ``formats.week`` with its signs in colour."""
    return _SIGNS.sub(_look, drawn)


def _look(sign: re.Match[str]) -> str:
    return click.style(sign[0], **_LOOKS[sign.lastgroup or ""])
