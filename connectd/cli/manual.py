"""The command `man`: the manual page, made of the commands themselves (man(7), in roff)."""

import inspect
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import click

from connectd import __version__

_FILES = {
    "~/.config/connectd/config.toml": "The configuration. Another one: --config FILE, or the "
    "variable CONNECTD_CONFIG. $XDG_CONFIG_HOME is honoured.",
    "~/.local/state/connectd/connectd.db": "The database: people, meetings, what was said. Only "
    "you can read it. Another place: [state] path. $XDG_STATE_HOME is honoured.",
}
_VARIABLES = {
    "CONNECTD_CONFIG": "The configuration file.",
    "CREDENTIALS_DIRECTORY": "A directory with one file for each account, named after it, that "
    "holds its password; systemd sets it.",
    "NO_COLOR": "If set, nothing is coloured.",
}
_STATUSES = {
    "0": "Done.",
    "1": "A fault in connectd.",
    "2": "Wrong usage.",
    "3": "The configuration is missing or wrong.",
    "4": "Credentials are missing or refused.",
    "5": "A server could not be reached, or calendars could not be read whole.",
    "6": "The request makes no sense now.",
    "7": "Part of the work failed.",
}
_DESCRIPTION = """
connectd reads your CalDAV calendars in the background, finds who is due against your goal
("three different people a month, for six months"), finds a time that is really free, and writes
a draft into your own calendar. You say yes or no there, in the calendar program you already use.
Only after your yes does anything reach the other person.

The first step is `connectd setup`, and `connectd doctor` says what is wrong when something is.
CONTACT is always an id, or an unambiguous part of a name. Every command with a result takes
--json and then prints one document, times in UTC.
"""
_LITERAL = str.maketrans(
    {"\\": "\\e", "-": "\\-", "`": "\\(ga", "'": "\\(aq", "~": "\\(ti", "^": "\\(ha"}
)
_PURPOSE = "connectd \\- you meet the people you said you would meet"


@click.command()
@click.pass_context
def man(ctx: click.Context) -> None:
    """Show the manual page, or print it where the output is no terminal.

    `connectd man > ~/.local/share/man/man1/connectd.1` puts it where `man connectd` finds it.
    """
    page = manual(ctx.find_root())
    viewer = shutil.which("man")
    if viewer and sys.stdout.isatty():
        shown = subprocess.run([viewer, "-l", "-"], input=page, text=True, check=False)  # noqa: S603 - the system's own viewer, with no argument from outside
        if shown.returncode == 0:
            return
    # some viewers read only what is installed
    click.echo(page, nl=False)


def manual(root: click.Context) -> str:
    """Return the whole page for the command of ``root`` and all below it, as roff."""
    return "".join(f"{line}\n" for line in _page(root))


def _page(root: click.Context) -> Iterator[str]:
    yield f'.TH CONNECTD 1 "" "connectd {__version__}" "User Commands"'
    yield from (".SH NAME", _PURPOSE, ".SH SYNOPSIS")
    yield "\\fBconnectd\\fR [\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]"
    yield from (".SH DESCRIPTION", *_text(_DESCRIPTION))
    yield from (".SH OPTIONS", *_options(root), ".SH COMMANDS")
    for command in _below(root):
        yield from _command(command)
    yield from (".SH EXIT STATUS", *_listed(_STATUSES))
    yield from (".SH FILES", *_listed(_FILES))
    yield from (".SH ENVIRONMENT", *_listed(_VARIABLES))


def _below(context: click.Context) -> Iterator[click.Context]:
    """Every command that can be called, each before those under it."""
    group = context.command
    if not isinstance(group, click.Group):
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            below = click.Context(command, info_name=name, parent=context)
            yield below
            yield from _below(below)


def _command(context: click.Context) -> Iterator[str]:
    usage = " ".join(context.command.collect_usage_pieces(context))
    yield f".SS {_escaped(context.command_path)} {_escaped(usage)}"
    yield from _text(context.command.help or "")
    yield from _options(context)


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and not _is_help(parameter, context):
            words, explained = record
            yield from (".TP", f"\\fB{_escaped(words)}\\fR", _escaped(explained) or "\\&")


def _is_help(parameter: click.Parameter, context: click.Context) -> bool:
    """What every command has is told once, for all of them."""
    return context.parent is not None and parameter.name == "help"


def _listed(entries: dict[str, str]) -> Iterator[str]:
    for name, explained in entries.items():
        yield from (".TP", f"\\fB{_escaped(name)}\\fR", _escaped(explained))


def _text(help_text: str) -> Iterator[str]:
    """Paragraphs; one that begins with click's mark for lines as they are stays as it is."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", inspect.cleandoc(help_text))):
        if number:
            yield ".PP"
        if paragraph.startswith("\b"):
            lines = paragraph.strip("\b\n").splitlines()
            yield from (".nf", *map(_escaped, lines), ".fi")
        else:
            yield _escaped(" ".join(paragraph.split()))


def _escaped(text: str) -> str:
    """Keep roff from reading orders in the text, and from setting what is typed as it is in print.

    See groff_char(7), "Fundamental character set".
    """
    escaped = text.translate(_LITERAL)
    return f"\\&{escaped}" if escaped.startswith(".") else escaped
