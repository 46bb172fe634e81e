"""The command `doctor`."""

import os
import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from socket import gethostname

import click

from connectd.cli.building import credential_of, login_of
from connectd.cli.documents import Document, time_text
from connectd.cli.invocation import Invocation, as_json, at_a_terminal, print_json
from connectd.cli.terminal_doctor import show_check, show_outcome
from connectd.config import Account, Mail, config_path
from connectd.edges.caldav_server import AddressBookServer, CalDavServer, Credential
from connectd.edges.confined import Confined
from connectd.edges.private_file import write_private
from connectd.edges.program_version import first_line_of_version
from connectd.edges.smtp import Login, MailServer
from connectd.edges.user_units import UserUnits
from connectd.edges.web import Web
from connectd.errors import WrongInputError
from connectd.service.background import own_executable, standing
from connectd.service.doctor.bundle import bundle as report
from connectd.service.doctor.checks import Check, status_of
from connectd.service.doctor.examination import Examination
from connectd.service.doctor.instruments import LIMIT_SECONDS, Instruments


@click.command()
@click.option(
    "--bundle",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a report for a bug tracker, with everything private replaced.",
)
@click.option("--force", is_flag=True, help="Write over a FILE that exists.")
@as_json
@click.pass_obj
def doctor(call: Invocation, /, *, bundle: Path | None, force: bool, as_json: bool) -> None:
    """Look whether everything is there and works, and say what to do where it does not.

    Nothing is drafted and nothing is sent. The exit status is 0 only if all is well.
    """
    overwrite = bundle is not None and _may_write_over(bundle, force=force)
    path = config_path(call.config_option, call.environment)
    made: list[Check] = []
    secrets: set[str] = set()
    with Confined("connectd.formats.confined_readers:read") as reader:
        instruments = _instruments(call, reader, secrets)
        with closing(Examination(path, call.environment, call.now(), instruments)) as examination:
            for check in examination.checks():
                made.append(check)
                if not as_json:
                    show_check(check, call.environment)
            if bundle:
                about = examination.as_found(made)
                text = report(about, call.now(), call.environment, gethostname(), secrets)
                write_private(bundle, text.encode(errors="replace"), overwrite=overwrite)
    if bundle:
        click.echo(f"The report is in {bundle}: read it before you give it to anybody.", err=True)
    if as_json:
        print_json(_document(call.now(), made))
    else:
        show_outcome(made)
    if status := status_of(made):
        raise click.exceptions.Exit(status)


def _may_write_over(file: Path, *, force: bool) -> bool:
    """Ask whether a file that is there may go.

    Raises WrongInputError where nobody can be asked, and where no file can be made at all: the
    report is written only after everything was looked at, which may take minutes.
    """
    if not os.access(file.parent, os.W_OK | os.X_OK):
        raise WrongInputError(f"{file.parent} is no directory that you can write to.")
    if force or not file.exists():
        return force
    if at_a_terminal():
        click.confirm(f"{file} exists. Write over it?", abort=True)
        return True
    raise WrongInputError(f"{file} exists already: choose another name, or --force to replace it.")


def _document(now: datetime, checks: Iterable[Check]) -> Document:
    listed = list(checks)
    return {
        "now": time_text(now),
        "ok": not status_of(listed),
        "checks": [_check_document(check) for check in listed],
    }


def _check_document(check: Check) -> Document:
    document: Document = {
        "name": check.name,
        "subject": check.subject,
        "level": check.level,
        "detail": check.detail,
        "advice": check.advice,
    }
    took = check.took_seconds
    return document if took is None else document | {"took_seconds": took}


def _instruments(call: Invocation, reader: Confined, secrets: set[str]) -> Instruments:
    """The edges, which wait for less long than those of a tick; ``secrets`` gets what is fetched.

    A report is searched for them.
    """
    environment = call.environment

    def credential(account: Account) -> Credential:
        found = credential_of(account, environment)()
        secrets.add(found.secret)
        return found

    def login(mail: Mail) -> Login | None:
        if not mail.username:
            return None
        found = login_of(mail, mail.username, environment)()
        secrets.add(found.secret)
        return found

    return Instruments(
        environment=environment,
        clock=lambda: datetime.now(UTC),
        credential_of=credential,
        connect=lambda account, fetch: CalDavServer(
            account.name,
            account.url,
            fetch,
            ca_file=str(account.ca_file) if account.ca_file else None,
            timeout_seconds=LIMIT_SECONDS,
        ),
        connect_books=lambda account, url, fetch: AddressBookServer(
            account.name,
            url,
            fetch,
            ca_file=str(account.ca_file) if account.ca_file else None,
            timeout_seconds=LIMIT_SECONDS,
        ),
        login_of=login,
        mail_server=lambda mail, fetch: MailServer(
            mail.host,
            mail.port,
            mail.security,
            fetch,
            ca_file=str(mail.ca_file) if mail.ca_file else None,
            timeout_seconds=LIMIT_SECONDS,
        ),
        reader=reader,
        web=Web(timeout_seconds=LIMIT_SECONDS),
        standing=lambda config: standing(
            UserUnits(environment, start_seconds=LIMIT_SECONDS),
            own_executable(sys.argv[0], sys.executable),
            config,
            environment,
        ),
        systemd=lambda: first_line_of_version("systemctl"),
    )
