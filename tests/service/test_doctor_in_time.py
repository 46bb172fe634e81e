"""Whatever hangs, the doctor goes on: every look at something outside has its end."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from threading import Event

import pytest
from installation import NOW, CountedReader, Install, Installation
from proxy import Fault, Proxy
from servers import Radicale, User

from connectd.config import Account
from connectd.edges.caldav_server import AddressBookServer, CalDavServer, Credential
from connectd.edges.smtp import MailServer
from connectd.edges.web import Web
from connectd.errors import ServerError
from connectd.service.background import Standing
from connectd.service.doctor.checks import Check, Level, carried_out, in_time, status_of
from connectd.service.doctor.examination import Examination
from connectd.service.doctor.instruments import Instruments

LIMIT_SECONDS = 5.0
"""Much less than usual, and still more than a busy machine takes for what does not hang."""


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


def instruments(user: User, reader: CountedReader) -> Instruments:
    """Edges with very little patience."""

    def books(account: Account, url: str, fetch: object) -> AddressBookServer:
        assert callable(fetch)
        return AddressBookServer(account.name, url, fetch)

    return Instruments(
        environment=os.environ,
        clock=lambda: datetime.now(UTC),
        credential_of=lambda _: Credential(user.name, user.password),
        connect=lambda account, fetch: CalDavServer(account.name, account.url, fetch),
        connect_books=books,
        login_of=lambda _: None,
        mail_server=lambda mail, login: MailServer(mail.host, mail.port, mail.security, login),
        reader=reader,
        web=Web(timeout_seconds=LIMIT_SECONDS),
        standing=lambda _: Standing(),
        systemd=lambda: None,
        limit_seconds=LIMIT_SECONDS,
    )


def looked_at(alice: Installation, reader: CountedReader) -> dict[str, Check]:
    """Examine an installation; the lines by their names, the last of each."""
    tools = instruments(alice.user, reader)
    with closing(Examination(alice.config_file, os.environ, NOW, tools)) as examination:
        return {check.name: check for check in examination.checks()}


@pytest.fixture
def hanging(user: User, install: Install) -> Iterator[tuple[Installation, Proxy]]:
    with Proxy(user.url) as proxy:
        yield install(user, url=proxy.url), proxy


@pytest.mark.parametrize(("method", "name"), [("PROPFIND", "server"), ("PUT", "drafts")])
def test_a_server_that_hangs_costs_one_line(
    hanging: tuple[Installation, Proxy], reader: CountedReader, method: str, name: str
) -> None:
    alice, proxy = hanging
    alice.tick()
    proxy.inject(Fault(forward=False, hang=True), method, times=1)
    found = looked_at(alice, reader)
    assert found[name].level is Level.ERROR
    assert found[name].took_seconds is not None
    assert found[name].took_seconds < 4 * LIMIT_SECONDS
    assert found["versions"].level is Level.OK
    assert status_of(found.values()) != 0
    assert found[name].detail == "It took longer than 5 seconds, and was given up."


def test_what_never_answers_is_given_up() -> None:
    never = Event()
    with pytest.raises(ServerError, match=r"no answer in 0\.05 seconds"):
        in_time(0.05, never.wait)
    never.set()
    assert in_time(5, lambda: 3) == 3


def test_a_fault_of_ours_is_one_line_too() -> None:
    (line,) = carried_out("server", "main", lambda: [1 / 0])  # type: ignore[list-item] # never made
    assert (line.level, line.exit_status) == (Level.ERROR, 1)
    assert "a fault in connectd (ZeroDivisionError)" in line.detail
