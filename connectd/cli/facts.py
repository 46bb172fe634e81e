"""The options with which facts about a contact are told: one table for all commands."""

from collections.abc import Mapping
from typing import Any

import click

from connectd.cli.days import DAY
from connectd.domain.model import Fact
from connectd.service.facts import Noted

_KINDS = {
    "need": "What they need.",
    "offer": "What they can give others.",
    "helped_me": "How they helped you.",
    "ask": "What you hope for from them.",
    "helped": "How you helped them.",
    "kept": "What you promised before, and have done now.",
    "promised": "What you promised.",
    "note": "Anything else worth keeping.",
}
"""What ends something open stands before what opens it, and is recorded first: a promise made
in the same breath is not the one that was kept."""


def with_facts(command: click.Command) -> click.Command:
    """Give a command one repeatable option for each kind of fact, and ``--due``."""
    for kind, explained in _KINDS.items():
        option = f"--{kind.replace('_', '-')}"
        command.params.append(
            click.Option([option, kind], multiple=True, metavar="TEXT", help=explained)
        )
    due = click.Option(
        ["--due"], type=DAY, metavar="DATE", help="Until when, for what is --promised."
    )
    command.params.append(due)
    return command


def noted(given: Mapping[str, Any]) -> list[Noted]:
    """The facts that these options tell, in the order of the table.

    Raises UsageError for a ``--due`` without anything promised.
    """
    due = given["due"]
    if due and not given["promised"]:
        raise click.UsageError("--due says until when something is --promised; please give both.")
    return [
        Noted(kind, text, due if kind == "promised" else None)
        for kind in _KINDS
        for text in given[kind]
    ]


def fact_document(fact: Fact) -> dict[str, Any]:
    """One fact, for scripts."""
    return {
        "kind": fact.kind,
        "text": fact.text,
        "on": fact.on.isoformat(),
        "due": fact.due.isoformat() if fact.due else None,
        "meeting": fact.meeting,
    }
