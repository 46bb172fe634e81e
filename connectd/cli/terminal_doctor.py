"""Prints the lines of a diagnosis as they come."""

from collections import Counter
from collections.abc import Iterable, Mapping

import click

from connectd.cli.colours import wants_colours
from connectd.formats.plain_text import clean
from connectd.service.doctor.checks import Check, Level

_LONG = 1_000
_WIDTH = max(map(len, Level))
_COLOURS = {Level.OK: "green", Level.WARNING: "yellow", Level.ERROR: "red"}


def show_check(check: Check, environment: Mapping[str, str]) -> None:
    """One line, and below it what to do."""
    level = f"{check.level:<{_WIDTH}}"
    if wants_colours(environment):
        level = click.style(level, fg=_COLOURS[check.level], bold=check.level is not Level.OK)
    about = f"{check.name} ({check.subject})" if check.subject else check.name
    click.echo(f"{level}  {clean(f'{about}: {check.detail}', _LONG)}")
    if check.advice:
        click.echo(f"{' ' * _WIDTH}  → {clean(check.advice, _LONG)}")


def show_outcome(checks: Iterable[Check]) -> None:
    """All of it in a sentence."""
    levels = Counter(check.level for check in checks)
    errors, warnings = levels[Level.ERROR], levels[Level.WARNING]
    if not errors and not warnings:
        click.echo("All is well.")
        return
    found = [
        *([_number(errors, "error")] if errors else []),
        *([_number(warnings, "warning")] if warnings else []),
    ]
    click.echo(f"{' and '.join(found)}: the arrows say what to do.")


def _number(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
