"""What the service manager is told (sd_notify(3)), heard on a real socket."""

import contextlib
import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from heard import Heard

from connectd.edges.service_manager import ServiceManager

WATCHED = {"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": str(os.getpid())}


@pytest.fixture(params=["a path", "an abstract name"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Heard]:
    path = str(tmp_path / "notify")
    with Heard(path if request.param == "a path" else f"@connectd-test-{os.getpid()}") as heard:
        yield heard


def test_each_word_is_a_datagram(heard: Heard) -> None:
    manager = ServiceManager.from_environment({"NOTIFY_SOCKET": heard.address} | WATCHED)
    before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    manager.ready("reading the calendars")
    manager.status("last tick 09:05, all read")
    manager.alive()
    manager.reloading()
    manager.stopping()
    ready, status, alive, reloading, stopping = heard.words()
    assert ready == {"READY": "1", "STATUS": "reading the calendars"}
    assert status == {"STATUS": "last tick 09:05, all read"}
    assert alive == {"WATCHDOG": "1"}
    assert stopping == {"STOPPING": "1"}
    now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
    assert before <= int(reloading.pop("MONOTONIC_USEC")) <= now
    assert reloading == {"RELOADING": "1"}


def test_a_status_is_one_line_and_can_say_nothing_else(heard: Heard) -> None:
    ServiceManager(heard.address).status("paused\nREADY=1")
    assert heard.words() == [{"STATUS": "paused READY=1"}]


def test_what_it_told_is_not_passed_on_to_children() -> None:
    environment = {"NOTIFY_SOCKET": "/run/notify", "PATH": "/bin"} | WATCHED
    assert ServiceManager.from_environment(environment).watchdog_seconds == 3
    assert environment == {"PATH": "/bin"}


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"WATCHDOG_USEC": "0"},
        {"WATCHDOG_USEC": "soon"},
        {"WATCHDOG_USEC": "3000000", "WATCHDOG_PID": "1"},
    ],
    ids=["not asked", "zero", "no number", "another process"],
)
def test_who_is_not_watched_says_nothing_of_it(heard: Heard, told: dict[str, str]) -> None:
    manager = ServiceManager.from_environment({"NOTIFY_SOCKET": heard.address} | told)
    manager.alive()
    assert manager.watchdog_seconds is None
    assert heard.words() == []


@pytest.mark.parametrize("address", [None, "", "/nowhere/notify", "x" * 300, "vsock:2:1234"])
def test_nobody_there_is_no_trouble(address: str | None) -> None:
    ServiceManager(address, 1.0).ready("all is well")


def fill(heard: Heard) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.settimeout(0)
        with contextlib.suppress(BlockingIOError):
            while True:
                other.sendto(b"X=1", heard.socket_address)


def test_a_manager_that_does_not_read_is_not_waited_for(heard: Heard) -> None:
    manager = ServiceManager(heard.address)
    fill(heard)
    began = time.monotonic()
    manager.alive()
    manager.status("all is well")
    assert time.monotonic() - began < 5
