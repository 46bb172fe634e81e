import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import urlsplit

import pytest
from servers import wait_until

from connectd.edges.calendar_client import CalendarClient
from connectd.edges.local_server import KeptServer, LocalServer
from connectd.errors import SenselessError, ServerError

STARTER = """
import sys, time
from pathlib import Path
from threading import Event
from connectd.edges.local_server import LocalServer
server = LocalServer(Path(sys.argv[1]), "alice", "secret")
server.start(Event())
print(server.url, flush=True)
time.sleep(60)
"""
WITHOUT_RADICALE = """
import sys
from pathlib import Path
from threading import Event
sys.modules["radicale"] = None
from connectd.edges.local_server import LocalServer
from connectd.errors import SenselessError
try:
    LocalServer(Path(sys.argv[1]), "alice", "secret").start(Event())
except SenselessError as error:
    print(error)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalServer]:
    with LocalServer(tmp_path, "alice", "secret") as server:
        server.start(Event())
        yield server


def is_listening(url: str) -> bool:
    target = urlsplit(url)
    try:
        socket.create_connection((target.hostname or "", target.port or 0), timeout=5).close()
    except OSError:
        return False
    return True


def test_what_is_put_there_is_there(server: LocalServer) -> None:
    client = CalendarClient(server.home, "alice", "secret")
    url = client.make_calendar("Work")
    assert url == f"{server.home}work/"
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//E//E//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTAMP:20260101T000000Z\r\nDTSTART:20260101T000000Z\r\nSUMMARY:Ä\r\nEND:VEVENT\r\n"
        "END:VCALENDAR\r\n"
    )
    client.create(f"{url}1.ics", text)
    first = client.get(f"{url}1.ics")
    assert first is not None
    assert "SUMMARY:Ä" in first.text
    client.replace(f"{url}1.ics", text.replace("Ä", "Ö"), first.etag)
    second = client.get(f"{url}1.ics")
    assert second is not None
    assert "SUMMARY:Ö" in second.text
    with pytest.raises(ServerError, match="412"):
        client.replace(f"{url}1.ics", text, first.etag)
    with pytest.raises(ServerError, match="412"):
        client.create(f"{url}1.ics", text)
    assert client.get(f"{url}2.ics") is None


def test_it_is_for_its_user_alone(server: LocalServer) -> None:
    for username, password in (("alice", "wrong"), ("bob", "secret")):
        with pytest.raises(ServerError, match="401"):
            CalendarClient(server.home, username, password).make_calendar("Work")


def test_it_listens_on_loopback_and_is_gone_after_stop(server: LocalServer) -> None:
    assert urlsplit(server.url).hostname == "127.0.0.1"
    assert is_listening(server.url)
    server.stop()
    assert not is_listening(server.url)
    server.stop()
    client = CalendarClient(server.home, "alice", "secret")
    with pytest.raises(ServerError, match="no answer"):
        client.get(server.home)


def test_the_password_is_for_its_owner_to_read(server: LocalServer, tmp_path: Path) -> None:
    del server
    assert (tmp_path / "users").stat().st_mode & 0o077 == 0


def test_it_ends_with_whoever_started_it_however_that_ends(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        url = starter.stdout.readline().strip()
        assert is_listening(url)
        os.kill(starter.pid, signal.SIGKILL)
    wait_until(lambda: not is_listening(url), "the end of the server", 20)


def test_without_radicale_it_says_how_to_get_it(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_RADICALE, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "Radicale" in said
    assert f"{sys.executable} -m pip install radicale" in said
    assert SenselessError.exit_status == 6


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with (
        LocalServer(tmp_path, "alice", "secret") as server,
        pytest.raises(ServerError, match=r"does not start: .*data"),
    ):
        server.start(Event())


def test_a_kept_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with (
        pytest.raises(ServerError, match=r"does not start with .*config: .*data"),
        KeptServer(tmp_path).preparing("alice", "secret"),
        KeptServer(tmp_path).running_meanwhile(),
    ):
        pytest.fail("it was taken for running")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_starting_ends_early_when_asked_to_stop(tmp_path: Path) -> None:
    stopping = Event()
    stopping.set()
    with LocalServer(tmp_path, "alice", "secret") as server:
        server.start(stopping)
        url = server.url
    assert not is_listening(url)


def test_a_kept_server_waits_for_no_stranger_at_its_port(tmp_path: Path) -> None:
    with (
        KeptServer(tmp_path).preparing("alice", "secret"),
        socket.create_server(("127.0.0.1", KeptServer(tmp_path).port or 0)),
    ):
        others = [os.getuid() + 1]
        with (
            pytest.raises(ServerError, match="Another program has port"),
            KeptServer(tmp_path, trusted=others).running_meanwhile(),
        ):
            pytest.fail("it would have got the password")
        with pytest.raises(ServerError, match="Another program has port"):
            KeptServer(tmp_path, trusted=others).wait(lambda: True, str)
        with KeptServer(tmp_path).running_meanwhile():
            KeptServer(tmp_path).wait(lambda: True, str)
