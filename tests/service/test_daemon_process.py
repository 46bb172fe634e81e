"""`connectd run` as a process of its own, in front of a real server."""

import signal
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from daemon_process import Process
from installation import Install, Installation
from proxy import Fault, Proxy
from servers import Radicale, User, wait_until

from connectd.domain.model import State

LONGEST_END = 5.0


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install) -> Installation:
    """Alice in the present, where a daemon lives."""
    now = datetime.now(UTC).replace(microsecond=0)
    alice = install(user, url=proxy.url, now=now, starts=None)
    alice.add()
    return alice


@pytest.fixture
def daemon(alice: Installation, tmp_path: Path) -> Iterator[Process]:
    daemon = Process(alice, tmp_path / "said")
    yield daemon
    daemon.kill()


class TestRunning:
    def test_drafts_appear_and_a_signal_ends_it(self, alice: Installation, daemon: Process) -> None:
        daemon.wait_for("draft bob-baker: you have not met yet")
        assert len(alice.drafted()) == 1
        assert daemon.end() < LONGEST_END
        assert "connectd has stopped" in daemon.said
        assert "Traceback" not in daemon.said

    def test_a_second_one_says_who_is_there_already(
        self, alice: Installation, daemon: Process
    ) -> None:
        daemon.wait_for("connectd is running")
        for words in ("run", "tick"):
            second = subprocess.run(
                alice.command(words), capture_output=True, text=True, timeout=60, check=False
            )
            assert second.returncode == 6
            assert f"process {daemon.pid}" in second.stderr
        assert not daemon.has_ended
        daemon.end(signal.SIGINT)
        alice.tick()
        assert len(alice.drafted()) == 1


class TestASignalWhile:
    @pytest.fixture
    def method(self) -> str:
        return "REPORT"

    @pytest.fixture
    def daemon(
        self, alice: Installation, proxy: Proxy, method: str, tmp_path: Path
    ) -> Iterator[Process]:
        """Return a daemon that waits for an answer which does not come."""
        proxy.inject(Fault(hang=True), method)
        daemon = Process(alice, tmp_path / "said")
        wait_until(
            lambda: daemon.has_ended or any(seen.method == method for seen in proxy.requests),
            f"a {method}",
            30,
        )
        yield daemon
        daemon.kill()

    @pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
    def test_a_question_hangs_ends_it(self, daemon: Process, method: str) -> None:
        del method  # it belongs to the daemon
        assert daemon.end() < LONGEST_END
        assert "Traceback" not in daemon.said

    @pytest.mark.parametrize("method", ["PUT"])
    def test_a_draft_is_being_written_leaves_one_that_is_found_again(
        self, alice: Installation, daemon: Process, proxy: Proxy, method: str
    ) -> None:
        wait_until(lambda: len(self._written(alice)) == 1, "the server to take it", 30)
        assert daemon.end() < LONGEST_END
        assert "look again" in daemon.said
        assert len(alice.store.unfinished_intents()) == 1

        report = alice.tick(minutes=5)
        assert [deed.detail for deed in report.applied] == ["found again after an interruption"]
        assert alice.state() is State.DRAFTED
        assert len(alice.drafted()) == 1
        assert len([seen for seen in proxy.requests if seen.method == method]) == 1

    def test_a_password_does_not_come_ends_it(self, alice: Installation, tmp_path: Path) -> None:
        mark = tmp_path / "asked"
        slow = f'["sh", "-c", "touch {mark}; exec sleep 20"]'
        alice.configure(f'["echo", "{alice.user.password}"]', slow)
        daemon = Process(alice, tmp_path / "said")
        try:
            wait_until(mark.exists, "the question for the password", 30)
            assert daemon.end() < LONGEST_END
        finally:
            daemon.kill()

    @staticmethod
    def _written(alice: Installation) -> list[str]:
        calendar = f"{alice.user.home}connections/"
        return alice.user.dav.hrefs(calendar)
