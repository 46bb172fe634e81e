"""Lets the user change a person in the editor of their choice."""

import shlex
import signal
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from connectd.cli import terminal
from connectd.domain.model import Contact
from connectd.edges.store import Store
from connectd.errors import SenselessError, WrongInputError
from connectd.formats.person_text import person_text
from connectd.formats.plain_text import clean
from connectd.service.person_edits import edit_by_text

_USUAL = "vi"
_LONGEST_MESSAGE = 20_000
_ENDING = (signal.SIGHUP, signal.SIGTERM)
_OF_A_SIGNAL = 128
"""What shells add to the number of a signal that ended a program."""


def edit_person(
    store: Store, contact: Contact, categories: Collection[str], environment: Mapping[str, str]
) -> None:
    """Open a text with what is known of a contact, check it, and save what was changed.

    What is wrong is shown all at once; the user then goes on with the same text, or gives up.
    """
    offered = text = person_text(contact, categories)
    while True:
        text = in_editor(text, environment)
        if text == offered or not text.strip():
            terminal.say("Nothing was changed.")
            return
        try:
            changed = edit_by_text(store, contact.id, offered, text, categories)
        except (SenselessError, WrongInputError) as error:
            click.echo(clean(str(error), _LONGEST_MESSAGE, keep_lines=True), err=True)
            if not click.confirm("Edit it again?", default=True):
                terminal.say("Nothing was changed.")
                return
        else:
            terminal.say(f"Changed {changed.name} ({changed.id}).")
            return


def in_editor(text: str, environment: Mapping[str, str], name: str = "person.toml") -> str:
    """The text after the user has edited it. Raises WrongInputError without a working editor.

    The file of this ``name`` lies in a directory that only the user may enter, so that copies
    which the editor leaves beside it are as private, and go away with it, even if the terminal
    is closed meanwhile.
    """
    editor = environment.get("VISUAL") or environment.get("EDITOR") or _USUAL
    with _ended_tidily(), TemporaryDirectory(prefix="connectd-") as folder:
        path = Path(folder) / name
        path.touch(mode=0o600)
        path.write_text(text, "utf-8", "surrogateescape")
        _run(editor, path, environment)
        try:
            return path.read_bytes().decode("utf-8", "surrogateescape")
        except OSError as error:
            raise WrongInputError(f"The text cannot be read: {error.strerror}.") from error


def _run(editor: str, path: Path, environment: Mapping[str, str]) -> None:
    try:
        command = [*shlex.split(editor), str(path)]
        with _interrupts_left_to_the_editor():
            status = subprocess.call(command, env=environment)  # noqa: S603 - the user's own editor
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise WrongInputError(
            f"The editor “{editor}” cannot be started: {reason}. Set EDITOR to another one."
        ) from error
    if status:
        raise WrongInputError(f"The editor “{editor}” failed (status {status}); nothing changed.")


@contextmanager
def _ended_tidily() -> Iterator[None]:
    """Let a signal that ends the program leave the block first, with the status of that signal.

    One that is left unheeded, as under ``nohup``, stays so.
    """
    heeded = [number for number in _ENDING if signal.getsignal(number) is signal.SIG_DFL]

    def end(number: int, _: object) -> None:
        for one in heeded:
            signal.signal(one, signal.SIG_IGN)
        raise SystemExit(_OF_A_SIGNAL + number)

    for number in heeded:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in heeded:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def _interrupts_left_to_the_editor() -> Iterator[None]:
    """Let keys that interrupt end nothing here: Emacs has such a key for its own use."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
