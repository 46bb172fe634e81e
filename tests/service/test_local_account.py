"""A calendar server of one's own on this machine, run by a real user manager or without any."""

import os
import shlex
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from servers import wait_until
from stand_in_systemctl import stand_in_systemctl
from user_manager import UserManager, require_user_manager

from connectd.edges.calendar_client import CalendarClient
from connectd.edges.local_server import KeptServer
from connectd.edges.user_units import UserUnits
from connectd.errors import ServerError
from connectd.service import local_account
from connectd.service.local_account import LocalAccount, making_local_account

EVENT = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//E//E//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nSUMMARY:Ä\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:2\r\nFN:Bob\r\nN:;Bob;;;\r\nEND:VCARD\r\n"


class Home:
    """Where it is to be made, and by whom it is run."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.state = folder / "my state" / "connectd"
        self.environment = environment
        self.units = UserUnits(environment)

    def making(self, password: str | None = None) -> AbstractContextManager[LocalAccount]:
        return making_local_account(
            self.state, "alice", password, self.units, sys.executable, self.environment
        )

    def modes(self) -> set[tuple[bool, int]]:
        """Return what may be done by whom, for folders (True) and for files."""
        paths = [self.state, *self.state.rglob("*")]
        return {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in paths}


@pytest.fixture(scope="module")
def manager() -> Iterator[UserManager]:
    require_user_manager()
    with UserManager() as manager:
        manager.show_checkout(local_account.UNIT)
        yield manager


@pytest.fixture
def managed(manager: UserManager) -> Iterator[Home]:
    home = Home(manager.home, manager.environment)
    yield home
    home.units.disable(local_account.UNIT)


@pytest.fixture
def unmanaged(tmp_path: Path) -> Home:
    return Home(tmp_path, {"HOME": str(tmp_path), "PATH": os.environ["PATH"]})


def client(account: LocalAccount, password: str | None = None) -> CalendarClient:
    home = f"{account.url}{account.username}/"
    return CalendarClient(home, account.username, password or account.password)


def listening_at(port: int) -> set[str]:
    """Return the local addresses (hexadecimal, as the kernel writes them) that listen there."""
    lines = [
        line.split()
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
    ]
    ended = f":{port:04X}"
    listening = "0A"
    return {
        words[1].removesuffix(ended)
        for words in lines
        if words[1].endswith(ended) and words[3] == listening
    }


def test_it_goes_on_as_a_service_for_its_user_on_this_machine_alone(managed: Home) -> None:
    with managed.making() as account:
        assert account.absence is None
    client(account).create(f"{account.calendar}1.ics", EVENT)
    client(account).create(f"{account.address_book}2.vcf", CARD)
    stored = client(account).get(f"{account.calendar}1.ics")
    assert stored is not None
    assert "SUMMARY:Ä" in stored.text
    with pytest.raises(ServerError, match="401"):
        client(account, "wrong").get(account.calendar)
    assert listening_at(urlsplit(account.url).port or 0) == {"0100007F"}
    assert managed.modes() == {(True, 0o700), (False, 0o600)}
    state = managed.units.state(local_account.UNIT)
    assert (state.active, state.enabled) == ("active", True)
    for path in managed.state.rglob("*"):
        assert path.is_dir() or account.password.encode() not in path.read_bytes()

    first = main_process(managed)
    with managed.making(account.password) as again:
        assert (again.url, again.password) == (account.url, account.password)
    assert main_process(managed) == first
    assert client(again).get(f"{account.calendar}1.ics") == stored
    with managed.making() as renewed:
        assert renewed.password != account.password
    assert client(renewed).get(f"{account.calendar}1.ics") == stored
    with pytest.raises(ServerError, match="401"):
        client(account).get(account.calendar)

    with pytest.raises(KeyError), managed.making("other"):
        raise KeyError
    wait_until(lambda: bool(listening_at(urlsplit(account.url).port or 0)), "the server")
    assert client(renewed).get(f"{account.calendar}1.ics") == stored

    managed.units.disable(local_account.UNIT)
    with socket.create_server(("127.0.0.1", urlsplit(account.url).port or 0)) as stranger:
        with pytest.raises(ServerError, match="Another program has port"):
            managed.making(renewed.password).__enter__()
        assert heard_by(stranger) == b""


def main_process(managed: Home) -> str:
    """The process of the server."""
    asked = ["systemctl", "--user", "show", "--property=MainPID", local_account.UNIT]
    return subprocess.run(
        asked, env=managed.environment, capture_output=True, text=True, check=True
    ).stdout


def heard_by(listener: socket.socket) -> bytes:
    """All that was said to it so far, by whoever connected."""
    listener.settimeout(0)
    heard = b""
    with suppress(BlockingIOError):
        while True:
            connection, _ = listener.accept()
            with connection:
                heard += connection.recv(10_000)
    return heard


def test_without_a_manager_it_runs_meanwhile_and_by_the_command_of_the_unit(
    unmanaged: Home,
) -> None:
    with unmanaged.making() as account:
        client(account).create(f"{account.calendar}1.ics", EVENT)
    assert account.absence is not None
    port = urlsplit(account.url).port or 0
    assert listening_at(port) == set()
    assert unmanaged.modes() == {(True, 0o700), (False, 0o600)}
    unit = local_account.unit_of(list(account.command), unmanaged.state, unmanaged.environment)
    (line,) = (line for line in unit.splitlines() if line.startswith("ExecStart="))
    with subprocess.Popen(shlex.split(line.partition("=")[2])) as process:
        wait_until(lambda: bool(listening_at(port)), "the server")
        stored = client(account).get(f"{account.calendar}1.ics")
        process.terminate()
    assert stored is not None


def test_a_stranger_at_its_port_hears_no_password_and_nothing_is_installed(
    unmanaged: Home, tmp_path: Path
) -> None:
    unmanaged.units = UserUnits(unmanaged.environment, systemctl=str(stand_in_systemctl(tmp_path)))
    server = KeptServer(unmanaged.state / local_account.FOLDER)
    with (
        server.preparing("alice", "secret"),
        socket.create_server(("127.0.0.1", server.port or 0)) as stranger,
    ):
        with pytest.raises(ServerError, match="Another program has port"):
            unmanaged.making("secret").__enter__()
        assert heard_by(stranger) == b""
    assert unmanaged.units.read(local_account.UNIT) is None


def test_a_setup_that_fails_leaves_nothing(unmanaged: Home) -> None:
    def fail() -> None:
        with unmanaged.making() as account:
            client(account).create(f"{account.calendar}1.ics", EVENT)
            client(account).create(f"{account.calendar}1.ics", EVENT)

    with pytest.raises(ServerError, match="412"):
        fail()
    assert not unmanaged.state.exists()
    assert not unmanaged.state.parent.exists()
