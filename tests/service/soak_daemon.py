"""A daemon in a process of its own whose clocks the test lets run (``fast_daemon``)."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

_PROGRAM = Path(__file__).with_name("fast_daemon.py")
_LIMIT_SECONDS = 60.0


class SoakDaemon:
    """Started by ``start``; ``now`` is what its clock shows while it waits for the next word."""

    def __init__(
        self, config: Path, log: Path, now: datetime, environment: Mapping[str, str]
    ) -> None:
        self.now = now
        self._config = config
        self._log = log
        self._environment = {**os.environ, **environment}
        self._popen: subprocess.Popen[str] | None = None

    @property
    def said(self) -> list[str]:
        """The lines of the log, of all its processes."""
        return self._log.read_text().splitlines()

    @property
    def pid(self) -> int:
        return self._running.pid

    def launch(self) -> None:
        """Start it; whoever wants it to be at rest lets it ``come_to_rest``."""
        with self._log.open("ab") as log:
            self._popen = subprocess.Popen(
                [sys.executable, str(_PROGRAM), str(self._config), self.now.isoformat()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                bufsize=1,
                env=self._environment,
            )

    def start(self) -> None:
        self.launch()
        self.come_to_rest()

    def live(self, **time_of_it: float) -> None:
        """Let so much time pass."""
        self._say(f"until {(self.now + timedelta(**time_of_it)).isoformat()}")

    def suspend(self, **time_of_it: float) -> None:
        """Let the machine sleep so long."""
        self._say(f"suspend {timedelta(**time_of_it).total_seconds()}")

    def set_clock(self, **ahead: float) -> None:
        self._say(f"set {timedelta(**ahead).total_seconds()}")

    def reload(self, expected: str) -> None:
        """Let it load the configuration again, and wait for the words with which it tells."""
        before = self._times_said(expected)
        self._running.send_signal(signal.SIGHUP)
        end = time.monotonic() + _LIMIT_SECONDS
        while self._times_said(expected) == before:
            assert time.monotonic() < end, f"{expected!r} was not said: {self.said[-5:]}"
            time.sleep(0.01)

    def stop(self) -> None:
        """End it by a signal, in good order."""
        self._running.terminate()
        assert self._running.wait(_LIMIT_SECONDS) == 0, self.said[-5:]
        self._close()

    def kill(self) -> None:
        """End it as a power cut does; nothing happens when there is none."""
        if self._popen:
            self._popen.kill()
            self._popen.wait()
            self._close()

    def resident_kib(self) -> int:
        """How much memory it has."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:")))

    def come_to_rest(self) -> None:
        """Wait until its clocks stand still."""
        output = self._running.stdout
        assert output
        ready, _, _ = select.select([output], [], [], _LIMIT_SECONDS)
        assert ready, f"it does not come to rest: {self.said[-5:]}"
        line = output.readline().strip()
        assert line, f"it has ended: {self.said[-20:]}"
        self.now = datetime.fromisoformat(line)

    def _times_said(self, words: str) -> int:
        return sum(words in line for line in self.said)

    def _say(self, word: str) -> None:
        words = self._running.stdin
        assert words
        words.write(f"{word}\n")
        words.flush()
        self.come_to_rest()

    @property
    def _running(self) -> "subprocess.Popen[str]":
        assert self._popen, "it is not running"
        return self._popen

    def _close(self) -> None:
        running, self._popen = self._running, None
        for pipe in (running.stdin, running.stdout):
            if pipe:
                pipe.close()
