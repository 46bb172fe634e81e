"""The daemon's rhythm, beat by beat, on a clock that the test sets before each of them."""

import logging
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from accounts import HOUR, event
from calendar_client import both, edit, move, set_status
from installation import FIRST_SLOT, CountedReader, Install, Installation
from proxy import Fault, Proxy, Reply
from servers import Radicale, User

from connectd.domain.model import Span, State
from connectd.service.daemon import Daemon

Step = tuple[float, Callable[[], object]]
"""So many minutes after the last beat; and what happens just before it."""


class FailsOnce(CountedReader):
    """A reader with a fault in it, which shows at the first thing to read."""

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        if self.calls == 0:
            self.calls += 1
            raise RuntimeError("a fault")
        return super().call(request)


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install) -> Installation:
    alice = install(user, url=proxy.url, every_minutes=60)
    alice.add()
    return alice


def nothing() -> None:
    """Let a beat come by."""


def run(alice: Installation, steps: Sequence[Step]) -> None:
    """Run a daemon for so many beats."""
    waiting = list(steps)

    def clock() -> datetime:
        if not waiting:
            daemon.stop()
            return alice.now
        minutes, act = waiting.pop(0)
        alice.now += timedelta(minutes=minutes)
        act()
        return alice.now

    daemon = Daemon(alice.means, clock)
    daemon.run()
    assert waiting == []
    alice.restart()


def test_it_ticks_at_once_and_then_when_it_is_due(alice: Installation, proxy: Proxy) -> None:
    counts: list[int] = []

    def count() -> None:
        counts.append(len(proxy.requests))

    run(alice, [(0, count), (59, count), (1, count), (1, count)])
    begin, after_first, still, after_second = counts
    assert begin == 0
    assert after_first == still > 0
    assert after_second == after_first + 1


def test_a_yes_is_sent_when_its_grace_is_over_not_a_round_later(alice: Installation) -> None:
    def say_yes() -> None:
        edit(alice.user, alice.path(), set_status("CONFIRMED"))

    states: list[State] = []

    def look() -> None:
        states.append(alice.state())

    run(alice, [(0, nothing), (60, say_yes), (1, look), (1, look), (1, look)])
    assert states == [State.ACCEPTED, State.ACCEPTED, State.INVITED]


def test_a_yes_that_waits_for_a_second_one_makes_no_haste(
    alice: Installation, proxy: Proxy
) -> None:
    day = timedelta(days=1)
    taken = event("dentist", Span(FIRST_SLOT + day, FIRST_SLOT + day + timedelta(hours=1)))
    alice.user.dav.put(f"{alice.user.calendar}dentist.ics", taken, new=True).expect(201)
    counts: list[int] = []

    def say_yes() -> None:
        edit(alice.user, alice.path(), both(move(day), set_status("CONFIRMED")))

    def count() -> None:
        counts.append(len(proxy.requests))

    run(alice, [(0, nothing), (60, say_yes), (1, count), (2, count), (1, count), (56, count)])
    assert alice.meeting().conflict == "“Something”"
    assert counts == [counts[0]] * 4


def test_a_clock_that_is_put_back_does_not_stop_it(alice: Installation, proxy: Proxy) -> None:
    run(alice, [(0, nothing), (-300, proxy.clear)])
    assert len(proxy.requests) == 1


def test_a_server_that_is_down_for_a_while_does_not_end_it(
    alice: Installation, proxy: Proxy, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "connectd")
    for fault in (Fault(forward=False, drop=True), Fault(forward=False, reply=Reply(500))):
        proxy.inject(fault, times=3)
    run(alice, [(0, nothing), (60, nothing), (60, proxy.clear)])
    assert "not read, so nothing is proposed: main: all calendars" in caplog.text
    assert "draft bob-baker: you have not met yet" in caplog.text
    assert alice.state() is State.DRAFTED


def test_a_fault_in_one_tick_does_not_end_it(
    alice: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    alice.user.dav.put(f"{alice.user.calendar}a.ics", event("a", HOUR), new=True).expect(201)
    with FailsOnce() as failing:
        alice.means = replace(alice.means, reader=failing)
        run(alice, [(0, nothing), (1, nothing), (59, nothing)])
    assert caplog.text.count("a tick failed through a fault in connectd") == 1
    assert "RuntimeError: a fault" in caplog.text
    assert alice.state() is State.DRAFTED


def test_a_database_that_cannot_be_written_for_a_while_does_not_end_it(
    alice: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    other = sqlite3.connect(alice.config.state, isolation_level=None)
    (version,) = other.execute("PRAGMA user_version").fetchone()
    steps: list[Step] = [
        (0, nothing),
        (60, lambda: other.execute("PRAGMA user_version = 1000")),
        (1, nothing),
        (59, lambda: other.execute(f"PRAGMA user_version = {version}")),
        (0, lambda: alice.user.dav.delete(alice.path()).expect(200)),
        (60, nothing),
    ]
    run(alice, steps)
    other.close()
    assert caplog.text.count("was upgraded by a newer connectd") == 1
    assert "Traceback" not in caplog.text
    assert alice.meeting().missing_since is not None
