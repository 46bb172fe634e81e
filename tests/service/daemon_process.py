"""`connectd run` as a process of its own."""

import os
import signal
import subprocess
import time
from pathlib import Path

from installation import Installation
from servers import wait_until


class Process:
    """A running connectd; what it says goes into a file, which it is told to be the journal."""

    def __init__(self, alice: Installation, said: Path, **environment: str) -> None:
        self._said = said
        with said.open("wb") as output:
            status = os.fstat(output.fileno())
            journal = {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
            self._popen = subprocess.Popen(
                alice.command("run"),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | journal | environment,
            )
        self.pid = self._popen.pid

    @property
    def said(self) -> str:
        return self._said.read_text()

    def wait_for(self, words: str) -> None:
        wait_until(lambda: words in self.said or self.has_ended, f"{words!r}", 30)
        assert words in self.said

    def send(self, number: int) -> None:
        self._popen.send_signal(number)

    def status(self) -> int:
        """Wait for its end, and return its exit status."""
        return self._popen.wait(timeout=30)

    @property
    def has_ended(self) -> bool:
        return self._popen.poll() is not None

    def end(self, by: int = signal.SIGTERM) -> float:
        """Ask it to end, and return how many seconds that took; its status must be 0."""
        began = time.monotonic()
        self._popen.send_signal(by)
        assert self._popen.wait(timeout=30) == 0, self.said
        return time.monotonic() - began

    def kill(self) -> None:
        self._popen.kill()
        self._popen.wait()
