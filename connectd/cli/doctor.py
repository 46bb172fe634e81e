"""The command `doctor`."""

import sys
from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime

import click

from connectd.cli.building import credential_of, login_of
from connectd.cli.documents import Document, time_text
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.terminal_doctor import show_check, show_outcome
from connectd.config import config_path
from connectd.edges.caldav_server import AddressBookServer, CalDavServer
from connectd.edges.confined import Confined
from connectd.edges.program_version import first_line_of_version
from connectd.edges.smtp import MailServer
from connectd.edges.user_units import UserUnits
from connectd.edges.web import Web
from connectd.service.background import own_executable, standing
from connectd.service.doctor.checks import Check, status_of
from connectd.service.doctor.examination import Examination
from connectd.service.doctor.instruments import LIMIT_SECONDS, Instruments


@click.command()
@as_json
@click.pass_obj
def doctor(call: Invocation, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Look whether everything is there and works, and say what to do where it does not.

    Nothing is drafted and nothing is sent. The exit status is 0 only if all is well.
    """
    path = config_path(call.config_option, call.environment)
    made: list[Check] = []
    with Confined("connectd.formats.confined_readers:read") as reader:
        instruments = _instruments(call, reader)
        with closing(Examination(path, call.environment, call.now(), instruments)) as examination:
            for check in examination.checks():
                made.append(check)
                if not as_json:
                    show_check(check, call.environment)
    if as_json:
        print_json(_document(call.now(), made))
    else:
        show_outcome(made)
    if status := status_of(made):
        raise click.exceptions.Exit(status)


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


def _instruments(call: Invocation, reader: Confined) -> Instruments:
    """The edges, which wait for less long than those of a tick."""
    environment = call.environment
    return Instruments(
        environment=environment,
        clock=lambda: datetime.now(UTC),
        credential_of=lambda account: credential_of(account, environment)(),
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
        login_of=lambda mail: (
            login_of(mail, mail.username, environment)() if mail.username else None
        ),
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
