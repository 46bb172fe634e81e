"""The command `setup`."""

import shlex
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import click

from connectd.cli.building import build_server
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.config import Account, config_path
from connectd.domain.model import Form
from connectd.edges import secrets
from connectd.edges.caldav_server import CalDavServer, Credential
from connectd.errors import WrongInputError
from connectd.formats.plain_text import clean
from connectd.service.setup import SetUp, Wishes, set_up


@click.command()
@click.option("--url", help="Where your CalDAV server is.")
@click.option("--username", help="Your name there; your address if left out.")
@click.option("--email", help="Your address, as others should see it.")
@click.option("--name", help="Your name, as others should see it.")
@click.option("--timezone", help="Where you live, as in Europe/Berlin.")
@click.option("--password-command", metavar="'CMD ARG…'", help="Prints the password.")
@click.option("--password-stdin", is_flag=True, help="Read it and put it into the keyring.")
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, resolve_path=True),
    help="Whom to trust, where the server's certificate is a private one.",
)
@click.option("--drafts", metavar="NAME", help="The calendar for drafts; created if missing.")
@click.option("--busy", multiple=True, metavar="NAME", help="A calendar that blocks time.")
@click.option("--people-per-month", type=click.IntRange(1), help="Your goal.")
@click.option("--months", type=click.IntRange(1), help="For how many months.")
@click.option("--no-service", is_flag=True, help="Say nothing about running in the background.")
@click.option("--yes", is_flag=True, help="Ask nothing.")
@as_json
@click.pass_obj
def setup(
    call: Invocation,
    /,
    *,
    password_command: str | None,
    password_stdin: bool,
    no_service: bool,
    yes: bool,
    as_json: bool,
    **wishes: str | int | tuple[str, ...] | None,
) -> None:
    """Check your account and write the configuration. May be run again to change things."""
    if password_command and password_stdin:
        raise click.UsageError("--password-command and --password-stdin exclude each other.")
    path = config_path(call.config_option, call.environment)
    wished = Wishes(
        password_command=_split(password_command) if password_command else None,
        **wishes | {"busy": wishes["busy"] or None},  # type: ignore[arg-type] # the fields are named after the options
    )
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    if not path.exists() and not yes and sys.stdin.isatty():
        wished = _ask(wished)
        if not wished.password_command and password is None:
            password = click.prompt("Password (kept in your keyring)", hide_input=True)
    done = set_up(
        wished,
        path,
        call.environment,
        _connector(call, password),
        call.now(),
        _kept(password),
    )
    if as_json:
        print_json(_document(done))
    else:
        _tell(done, with_service=not no_service)


def _ask(wished: Wishes) -> Wishes:
    """Ask for what cannot be left out and was not given."""
    questions = {
        "url": "Where is your CalDAV server (URL)",
        "email": "Your address, as others should see it",
        "name": "Your name, as others should see it",
        "timezone": "Your time zone, as in Europe/Berlin",
    }
    answers: dict[str, Any] = {
        field: click.prompt(question)
        for field, question in questions.items()
        if not getattr(wished, field)
    }
    return replace(wished, **answers)


def _split(command: str) -> tuple[str, ...]:
    try:
        words = tuple(shlex.split(command))
    except ValueError as error:
        raise WrongInputError(f"--password-command cannot be split: {error}.") from error
    if not words:
        raise WrongInputError("--password-command is empty.")
    return words


def _connector(call: Invocation, password: str | None) -> Callable[[Account], CalDavServer]:
    """The server of an account, asked with the typed password where there is one."""

    def connect(account: Account) -> CalDavServer:
        if password is None:
            return build_server(account, call.environment)
        ca_file = str(account.ca_file) if account.ca_file else None
        credential = Credential(account.username, password)
        return CalDavServer(account.name, account.url, lambda: credential, ca_file=ca_file)

    return connect


def _kept(password: str | None) -> Callable[[Account], AbstractContextManager[None]]:
    """Where a typed password stays; a failure inside leaves the keyring as it was."""

    def keep(account: Account) -> AbstractContextManager[None]:
        return nullcontext() if password is None else _in_keyring(account, password)

    return keep


@contextmanager
def _in_keyring(account: Account, password: str) -> Iterator[None]:
    if account.password_command or account.token_command:
        raise WrongInputError(
            f"The account “{account.name}” has a command for its password, which comes first. "
            "Take it out of the configuration to use the keyring."
        )
    with ExitStack() as undoing:
        before = secrets.store_in_keyring(account.name, password)
        if before is None:
            undoing.callback(secrets.remove_from_keyring, account.name)
        else:
            undoing.callback(secrets.store_in_keyring, account.name, before)
        yield
        undoing.pop_all()


def _document(done: SetUp) -> dict[str, object]:
    return {
        "config": str(done.path),
        "calendars": [{"name": info.name, "url": info.url} for info in done.calendars],
        "drafts": {"name": done.drafts.name, "url": done.drafts.url, "created": done.created},
        "server_schedules": done.home.schedules,
        "draft_form": done.form,
    }


def _tell(done: SetUp, *, with_service: bool) -> None:
    made = "made for it" if done.created else "which was there"
    click.echo(f"All checked. The configuration is {done.path}.")
    click.echo(f"Drafts go to the calendar “{clean(done.drafts.name)}”, {made}.")
    if done.form is Form.INVITATION:
        click.echo("Say yes to a draft with Accept in your calendar program, no with Decline.")
    else:
        click.echo("Say yes to a draft by setting its status to Confirmed, no by deleting it.")
    click.echo("Next: connectd contacts add NAME --email ADDRESS --category CATEGORY")
    if with_service:
        click.echo("Then keep it running: connectd run, or the systemd unit from the README.")
