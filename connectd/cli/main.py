"""The command `connectd`: global options, the table of commands, and the one catch for errors."""

import importlib
import io
import os
import sys
from datetime import UTC, datetime

import click

from connectd import __version__
from connectd.cli.invocation import Invocation
from connectd.errors import ConnectdError
from connectd.formats.plain_text import clean

_COMMANDS = {
    "setup": ("connectd.cli.setting_up", "setup"),
    "contacts": ("connectd.cli.contacts", "contacts"),
    "plan": ("connectd.cli.ticking", "plan"),
    "why": ("connectd.cli.why", "why"),
    "agenda": ("connectd.cli.agenda", "agenda"),
    "tick": ("connectd.cli.ticking", "tick"),
    "run": ("connectd.cli.ticking", "run"),
    "status": ("connectd.cli.standing", "status"),
    "digest": ("connectd.cli.digest", "digest"),
    "done": ("connectd.cli.answers", "done"),
    "note": ("connectd.cli.noting", "note"),
    "missed": ("connectd.cli.answers", "missed"),
    "accept": ("connectd.cli.answers", "accept"),
    "decline": ("connectd.cli.answers", "decline"),
    "resend": ("connectd.cli.answers", "resend"),
    "snooze": ("connectd.cli.answers", "snooze"),
    "introduce": ("connectd.cli.introduce", "introduce"),
    "introductions": ("connectd.cli.introductions", "introductions"),
    "doctor": ("connectd.cli.doctor", "doctor"),
    "export": ("connectd.cli.moving", "export"),
    "import": ("connectd.cli.moving", "import_"),
    "demo": ("connectd.cli.demo", "demo"),
    "completion": ("connectd.cli.completion", "completion"),
    "man": ("connectd.cli.manual", "man"),
}
_INTERRUPTED = 130
_OWNER_ONLY = 0o077
_LONGEST_MESSAGE, _LONGEST_LINE = 20_000, 500
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


class _Commands(click.Group):
    """Imports a command's module only when that command is called: `status` starts quickly."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


class _Instant(click.ParamType[datetime]):
    """An aware ISO 8601 time, turned into UTC."""

    name = "ISO8601"

    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no time like 2026-12-01T09:00:00Z.", param, ctx)
        if moment.tzinfo is None:
            self.fail(f"{value!r} needs a zone, as in 2026-12-01T09:00:00+01:00.", param, ctx)
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            self.fail(f"{value!r} is too far away to reckon with.", param, ctx)
        return moment.astimezone(UTC).replace(microsecond=0)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", help="The configuration file.")
@click.option("--verbose", "-v", is_flag=True, help="Say more on standard error.")
@click.option("--now", type=_Instant(), hidden=True)
@click.version_option(__version__, prog_name="connectd")
@click.pass_context
def cli(ctx: click.Context, config: str | None, verbose: bool, now: datetime | None) -> None:  # noqa: FBT001 - click passes flags by name
    """You meet the people you said you would meet."""
    ctx.obj = Invocation(config, now, os.environ, verbose=verbose)


def main() -> None:
    """Run one command; connectd's own errors become a sentence and an exit status."""
    os.umask(_OWNER_ONLY)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # a terminal that has no “ or ● shows something else there, which is no reason to stop
        sys.stdout.reconfigure(errors="replace")
    try:
        status = cli.main(prog_name="connectd", standalone_mode=False)
    except ConnectdError as error:
        _complain(f"connectd: {error}")
        status = error.exit_status
    except click.ClickException as error:
        shown = io.StringIO()
        error.show(file=shown)
        _complain(shown.getvalue())
        status = error.exit_code
    except click.Abort:
        if sys.stderr.isatty():
            # after the ^C that the terminal shows
            click.echo(err=True)
        click.echo("connectd: stopped.", err=True)
        status = _INTERRUPTED
    sys.exit(status)


def _complain(message: str) -> None:
    """Say on standard error what is wrong, with no more of what was typed than can be read."""
    lines = clean(message, _LONGEST_MESSAGE, keep_lines=True).splitlines()
    for line in lines:
        shown = line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
        click.echo(shown, err=True)
