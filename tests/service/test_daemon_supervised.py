"""`connectd run` under a service manager: what it tells, and what it does when told to reload."""

import os
import pty
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from daemon_process import Process
from heard import Heard
from installation import Install, Installation
from proxy import Fault, Proxy
from servers import Radicale, User, wait_until

Start = Callable[..., Process]


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install) -> Installation:
    """Alice in the present, where a daemon lives; with nobody on the list."""
    now = datetime.now(UTC).replace(microsecond=0)
    return install(user, url=proxy.url, now=now, starts=None, every_minutes=30)


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Heard]:
    with Heard(str(tmp_path / "notify")) as manager:
        yield manager


@pytest.fixture
def start(alice: Installation, manager: Heard, tmp_path: Path) -> Iterator[Start]:
    running: list[Process] = []

    def start(**environment: str) -> Process:
        told = {"NOTIFY_SOCKET": manager.address} | environment
        running.append(Process(alice, tmp_path / "said", **told))
        return running[-1]

    yield start
    for process in running:
        process.kill()


def wait_for_status(manager: Heard, daemon: Process, words: str) -> None:
    wait_until(
        lambda: any(words in status for status in manager.statuses) or daemon.has_ended, words, 30
    )
    assert any(words in status for status in manager.statuses), daemon.said


def test_from_the_start_to_the_end(alice: Installation, manager: Heard, start: Start) -> None:
    daemon = start(WATCHDOG_USEC="600000")
    wait_for_status(manager, daemon, "all read; next ")
    first, *_ = manager.words()
    assert first == {"READY": "1", "STATUS": "reading the calendars"}
    fed = manager.count("WATCHDOG")
    wait_until(lambda: manager.count("WATCHDOG") > fed + 2, "the watchdog to be fed", 10)

    good = alice.config_file.read_text()
    alice.config_file.write_text(good.replace("every_minutes = 30", "every_minutes = 0\nodd = 1"))
    daemon.send(signal.SIGHUP)
    wait_for_status(manager, daemon, "the one so far stays")
    assert "<3>the configuration cannot be used, the one so far stays:" in daemon.said
    for problem in ("every_minutes", "odd"):
        assert f"<3>  daemon.{problem}: " in daemon.said
    other = alice.config.state.with_name("other.db")
    alice.config_file.write_text(good.replace(str(alice.config.state), str(other)))
    daemon.send(signal.SIGHUP)
    daemon.wait_for("<3>  state.path: cannot change while connectd runs")
    assert not other.exists()

    alice.config_file.write_text(good.replace("every_minutes = 30", "every_minutes = 45"))
    daemon.send(signal.SIGHUP)
    daemon.wait_for("<6>the configuration was loaded again")
    wait_until(lambda: manager.statuses[-1].startswith("last tick"), "another tick", 30)
    assert [manager.count(name) for name in ("RELOADING", "READY")] == [3, 4]

    daemon.end()
    assert manager.words()[-1] == {"STOPPING": "1"}
    assert "Traceback" not in daemon.said


def test_a_request_that_hangs_feeds_no_watchdog(manager: Heard, start: Start, proxy: Proxy) -> None:
    proxy.inject(Fault(hang=True), "PROPFIND")
    start(WATCHDOG_USEC="300000")
    wait_until(lambda: bool(proxy.requests), "a request", 30)
    before = manager.count("WATCHDOG")
    time.sleep(1)
    assert manager.count("WATCHDOG") == before


def test_a_wrong_configuration_is_never_ready(
    alice: Installation, manager: Heard, start: Start
) -> None:
    alice.config_file.write_text("[me]\n")
    assert start().status() == 3
    assert manager.words() == []


def test_nor_is_a_database_that_cannot_be_used(
    alice: Installation, manager: Heard, start: Start
) -> None:
    alice.close()
    alice.config.state.write_bytes(b"this is no database, however long one looks at it")
    assert start().status() == 3
    assert manager.words() == []


def test_a_terminal_that_hangs_up_ends_it(alice: Installation) -> None:
    controller, terminal = pty.openpty()
    process = subprocess.Popen(
        alice.command("run"), stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal
    )
    try:
        os.close(terminal)
        said = b""
        while b"is running" not in said:
            said += os.read(controller, 1000)
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        os.close(controller)
