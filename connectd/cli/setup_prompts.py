"""How `connectd setup` asks: one question at a time, again where an answer cannot be used."""

from collections.abc import Callable
from typing import TypeVar

import click

from connectd.config_checks import Check, WrongValueError
from connectd.errors import ConnectdError, WrongInputError
from connectd.formats.plain_text import clean

_LONGEST = 2000
Answer = TypeVar("Answer")


def say(text: str) -> None:
    """Say something, which may be of several lines and may hold foreign text."""
    _say(text, aside=False)


def say_aside(text: str) -> None:
    """The same on standard error, where standard output belongs to a document."""
    _say(text, aside=True)


def ask(
    question: str, read: Callable[[str], Answer], default: str = "", *, unseen: bool = False
) -> Answer:
    """Ask until ``read`` can use the answer; Enter stands for ``default``, if there is one.

    ``read`` raises ConnectdError for what it cannot use. With ``unseen`` nothing is shown of
    what is typed. Raises click.Abort for Ctrl-C and for the end of the input.
    """
    shown = f" [{clean(default)}]" if default else ""
    while True:
        try:
            typed = click.prompt(
                f"{clean(question, _LONGEST)}{shown}",
                default=default,
                show_default=False,
                hide_input=unseen,
            )
            return read(str(typed) if unseen else str(typed).strip())
        except UnicodeError:
            say("  Your terminal does not send UTF-8; please type it without special letters.")
        except ConnectdError as error:
            say("\n".join(f"  {line}" for line in str(error).splitlines()))


def checked(check: Check, what: str) -> Callable[[str], str]:
    """Read an answer by the check that the configuration has for it."""

    def read(typed: str) -> str:
        if not typed:
            raise WrongInputError(f"Please type {what}.")
        try:
            check(typed)
        except WrongValueError as error:
            raise WrongInputError(f"Please type {what}: {error}.") from error
        return typed

    return read


def is_yes(question: str) -> bool:
    """Ask for a yes; Enter is none."""
    return ask(f"{question} (yes or no)", yes_or_no, "no")


def yes_or_no(typed: str) -> bool:
    """Whether the answer is yes; raises WrongInputError where it is no either."""
    word = typed.casefold()
    if word not in ("y", "yes", "n", "no"):
        raise WrongInputError("Please answer yes or no.")
    return word.startswith("y")


def _say(text: str, *, aside: bool) -> None:
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip())]
        click.echo(indent + clean(line, _LONGEST, keep_lines=True), err=aside)
