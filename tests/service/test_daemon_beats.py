"""The daemon's rhythm, beat by beat, on a clock that the test sets before each of them."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from accounts import HOUR, event
from calendar_client import both, edit, move, set_status
from installation import FIRST_SLOT, CountedReader, Install, Installation
from kept_notices import KeptNotices
from proxy import Fault, Proxy, Reply
from rhythm import Rhythm, Step
from servers import Radicale, User

from connectd.domain.model import Span, State
from connectd.errors import ConfigError
from connectd.service.means import Means, Memory
from connectd.service.notes import health


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
    Rhythm(alice).run(steps)
    alice.restart()


class Counted:
    """How many requests had come to the server at each look."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self.counts: list[int] = []

    def look(self) -> None:
        self.counts.append(len(self._proxy.requests))

    @property
    def between(self) -> list[int]:
        return [after - before for before, after in pairwise(self.counts)]


@pytest.fixture
def counted(proxy: Proxy) -> Counted:
    return Counted(proxy)


@pytest.fixture
def nobody(user: User, proxy: Proxy, install: Install) -> Installation:
    """Return connectd with nobody on the list: there is no draft to say yes to."""
    return install(user, url=proxy.url, every_minutes=60)


def test_it_ticks_at_once_and_then_when_it_is_due(nobody: Installation, counted: Counted) -> None:
    look = counted.look
    run(nobody, [(0, look), (59, look), (1, look), (1, look)])
    first, early, due = counted.between
    assert first > 0
    assert (early, due) == (0, 1)


def test_while_a_yes_may_come_it_looks_each_minute(alice: Installation, counted: Counted) -> None:
    look = counted.look
    run(alice, [(0, look), (0.9, look), (0.1, look), (1, look), (1, look)])
    first, early, *minutes = counted.between
    assert first > 0
    assert (early, minutes) == (0, [1, 1])


def test_on_battery_it_looks_half_as_often(nobody: Installation, counted: Counted) -> None:
    look = counted.look
    Rhythm(nobody, on_battery=True).run([(0, look), (60, look), (59, look), (1, look), (0, look)])
    assert counted.between[1:] == [0, 0, 1]


def test_it_sleeps_until_it_is_due_but_not_so_long_that_a_clock_could_be_set_unnoticed(
    nobody: Installation,
) -> None:
    rhythm = Rhythm(nobody)
    rhythm.run([(0, nothing), (1, nothing), (58.95, nothing)])
    assert rhythm.slept == [10, 10, 3]


def test_a_yes_is_sent_when_its_grace_is_over_not_a_round_later(alice: Installation) -> None:
    def say_yes() -> None:
        edit(alice.user, alice.path(), set_status("CONFIRMED"))

    states: list[State] = []

    def look() -> None:
        states.append(alice.state())

    run(alice, [(0, nothing), (60, say_yes), (1, look), (1, look), (1, look)])
    assert states == [State.ACCEPTED, State.ACCEPTED, State.INVITED]


def test_it_looks_each_minute_for_the_second_yes_that_a_meeting_waits_for(
    alice: Installation, counted: Counted
) -> None:
    day = timedelta(days=1)
    taken = event("dentist", Span(FIRST_SLOT + day, FIRST_SLOT + day + timedelta(hours=1)))
    alice.user.dav.put(f"{alice.user.calendar}dentist.ics", taken, new=True).expect(201)

    def say_yes() -> None:
        edit(alice.user, alice.path(), both(move(day), set_status("CONFIRMED")))

    look = counted.look
    run(alice, [(0, nothing), (60, say_yes), (1, look), (1, look), (1, look)])
    assert alice.meeting().conflict == "“Something”"
    assert counted.between == [1, 1]


class TestAfterAJumpOfTheClocks:
    """Nothing that was read before is trusted: the calendar is listed anew at once."""

    LISTING = ("PROPFIND", "REPORT")

    @pytest.mark.parametrize("hours", [-5, 5], ids=["back", "ahead"])
    def test_a_clock_that_was_set_has_everything_read_again(
        self, nobody: Installation, proxy: Proxy, hours: int
    ) -> None:
        rhythm = Rhythm(nobody)

        def jump() -> None:
            proxy.clear()
            rhythm.set_clock(hours=hours)

        rhythm.run([(0, nothing), (60, nothing), (0, jump)])
        assert {seen.method for seen in proxy.requests} == set(self.LISTING)

    def test_so_has_a_machine_that_was_suspended(
        self, nobody: Installation, proxy: Proxy, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "connectd")
        rhythm = Rhythm(nobody)

        def sleep() -> None:
            proxy.clear()
            rhythm.suspend(minutes=10)

        rhythm.run([(0, nothing), (1, sleep)])
        assert {seen.method for seen in proxy.requests} == set(self.LISTING)
        assert "the machine was suspended for 10 min: everything is read again" in caplog.text

    def test_a_few_seconds_are_nothing(self, nobody: Installation, counted: Counted) -> None:
        rhythm = Rhythm(nobody)
        look = counted.look

        def nudge() -> None:
            look()
            rhythm.set_clock(seconds=20)

        rhythm.run([(0, nothing), (1, nudge), (1, look)])
        assert counted.between == [0]

    def test_what_was_decided_before_it_is_not_done_after_it(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        rhythm = Rhythm(alice)
        calendar = f"{alice.user.home}connections/"
        drafted: list[int] = []

        def sleep_while_it_reads(reply: Reply) -> Reply:
            rhythm.suspend(hours=20)
            return reply

        proxy.inject(Fault(change=sleep_while_it_reads), "REPORT")

        def look() -> None:
            drafted.append(len(alice.user.dav.hrefs(calendar)))

        rhythm.run([(0, nothing), (0, look), (0, look)])
        assert drafted == [0, 1]


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


def test_a_server_that_does_not_answer_is_asked_more_and_more_seldom(
    user: User, proxy: Proxy, install: Install, counted: Counted
) -> None:
    alice = install(user, url=proxy.url, every_minutes=5)
    proxy.inject(Fault(forward=False, reply=Reply(500)), times=1000)
    minutes = [(1.0, counted.look)] * 50
    run(alice, [(0, counted.look), *minutes])
    asked = [at for at, requests in enumerate(counted.between) if requests]
    assert asked == [0, 5, 15, 30, 45]


def test_a_server_that_asks_for_time_gets_it(
    user: User, proxy: Proxy, install: Install, counted: Counted
) -> None:
    alice = install(user, url=proxy.url, every_minutes=5)
    proxy.inject(Fault(forward=False, reply=Reply(503, headers={"Retry-After": "1200"})))
    run(alice, [(0, counted.look), *[(1.0, counted.look)] * 24])
    asked = [at for at, requests in enumerate(counted.between) if requests]
    assert asked == [0, 21]


@pytest.mark.parametrize("what", ["resume", "reload"])
def test_it_gets_it_in_spite_of_a_resume_or_a_reload(
    user: User, proxy: Proxy, install: Install, counted: Counted, what: str
) -> None:
    alice = install(user, url=proxy.url, every_minutes=5)
    rhythm = Rhythm(alice, configured=lambda means: replace(means, memory=Memory()))
    proxy.inject(Fault(forward=False, reply=Reply(503, headers={"Retry-After": "1200"})))
    meanwhile = rhythm.daemon.reload if what == "reload" else lambda: rhythm.suspend(minutes=5)
    minutes: list[Step] = [(1.0, counted.look)] * 24
    rhythm.run([(0, counted.look), (1, meanwhile), *minutes])
    asked = [at for at, requests in enumerate(counted.between) if requests]
    assert asked[:2] == [0, 15 if what == "resume" else 20]


def test_other_accounts_are_looked_at_at_once(
    user: User, proxy: Proxy, install: Install, counted: Counted
) -> None:
    alice = install(user, url=proxy.url, every_minutes=5)

    def configured(means: Means) -> Means:
        (main,) = means.config.accounts
        accounts = (main._replace(email="alice@other.test"),)
        return replace(means, config=means.config._replace(accounts=accounts))

    rhythm = Rhythm(alice, configured=configured)
    proxy.inject(Fault(forward=False, reply=Reply(503, headers={"Retry-After": "1200"})))
    rhythm.run([(0, counted.look), (0, counted.look), (1, rhythm.daemon.reload), (0, counted.look)])
    first, anew = counted.between
    assert first > 0
    assert anew > 0


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


class Broken(CountedReader):
    """A reader that shows a fault whatever it is asked."""

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError(f"a fault with {len(request)}")


class TestAFaultInEachTick:
    @pytest.fixture
    def faulty(self, user: User, install: Install) -> Iterator[Installation]:
        user.dav.put(f"{user.calendar}a.ics", event("a", HOUR), new=True).expect(201)
        alice = install(user, every_minutes=20, notices="desktop")
        with Broken() as broken:
            alice.means = replace(alice.means, reader=broken, desktop=KeptNotices())
            yield alice

    def test_is_in_the_log_once_an_hour(
        self, faulty: Installation, caplog: pytest.LogCaptureFixture
    ) -> None:
        Rhythm(faulty).run([(0, nothing)] + [(20, nothing)] * 5)
        assert caplog.text.count("RuntimeError: a fault") == 2

    def test_is_told_to_the_user_and_shown_by_status(self, faulty: Installation) -> None:
        desktop = faulty.means.desktop
        assert isinstance(desktop, KeptNotices)
        Rhythm(faulty).run([(0, nothing)] + [(20, nothing)] * 5)
        ((title, text),) = desktop.shown
        assert title == "connectd needs your help"
        assert "a fault in connectd" in text
        assert "a fault in connectd" in (health(faulty.store)[1] or "")


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


def test_a_long_tick_says_again_and_again_that_it_goes_on(alice: Installation) -> None:
    """So a watchdog does not take it for one that hangs."""
    for number in range(51):
        text = event(f"event-{number}", HOUR)
        alice.user.dav.put(f"{alice.user.calendar}{number}.ics", text, new=True).expect(201)
    seen: list[int] = []
    alice.means = replace(alice.means, progress=lambda: seen.append(alice.reader.calls))
    calls = alice.reader.calls
    alice.tick()
    read = [count - calls for count in seen]
    assert {50, 51} <= set(read)


class TestLoadingTheConfigurationAgain:
    """SIGHUP asks for it; ``configured`` is what the command line makes of the file then."""

    def test_the_tick_that_goes_on_is_finished_first(
        self, alice: Installation, proxy: Proxy, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "connectd")
        drafted: list[bool] = []

        def configured(means: Means) -> Means:
            drafted.append(alice.state() is State.DRAFTED)
            return replace(means, memory=Memory())

        rhythm = Rhythm(alice, configured=configured)

        def reload_meanwhile(reply: Reply) -> Reply:
            rhythm.daemon.reload()
            return reply

        proxy.inject(Fault(change=reload_meanwhile), "REPORT")
        before = rhythm.daemon.means
        rhythm.run([(0, nothing), (0, nothing)])
        assert drafted == [True]
        assert rhythm.daemon.means is not before
        assert "the configuration was loaded again" in caplog.text

    def test_one_that_cannot_be_used_changes_nothing(
        self, nobody: Installation, counted: Counted, caplog: pytest.LogCaptureFixture
    ) -> None:
        def configured(_: Means) -> Means:
            raise ConfigError(["me.name: is missing", "daemon.odd: is no key"], "config.toml")

        rhythm = Rhythm(nobody, configured=configured)
        before = rhythm.daemon.means
        rhythm.run([(0, counted.look), (1, rhythm.daemon.reload), (1, counted.look)])
        assert rhythm.daemon.means is before
        for problem in ("me.name: is missing", "daemon.odd: is no key"):
            assert f"  {problem}" in caplog.text


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_that_asks_for_time_when_it_is_written_to_gets_it(
    user: User, proxy: Proxy, install: Install, counted: Counted, status: int
) -> None:
    alice = install(user, url=proxy.url, every_minutes=5)
    alice.add()
    busy = Fault(forward=False, reply=Reply(status, headers={"Retry-After": "1200"}))
    proxy.inject(busy, "PUT")
    run(alice, [(0, counted.look), *[(1.0, counted.look)] * 22])
    asked = [at for at, requests in enumerate(counted.between) if requests]
    assert asked == [0, 21]
    assert alice.state() is State.DRAFTED
