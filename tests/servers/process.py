"""Server processes of tests: waited for until they answer, ended by their own ids."""

import contextlib
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

START_LIMIT_SECONDS = 60.0
STOP_LIMIT_SECONDS = 10.0


class Process:
    """One server, in a session of its own so that what it starts can be ended with it.

    It is waited for until ``ready``, and ended if that does not come about. ``account`` is the
    (user, group) it runs as, None for whoever runs the tests. It is killed in the end, since
    nothing it keeps is needed then; one with a ``stop_signal`` may put things in order before.
    """

    def __init__(
        self,
        command: Sequence[str],
        log: Path,
        ready: Callable[[], bool],
        *,
        account: tuple[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals | None = None,
    ) -> None:
        self._stop_signal = stop_signal
        user, group = account or (None, None)
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=log.parent,
                env={**os.environ, **(environment or {})},
                user=user,
                group=group,
                extra_groups=[] if account else None,
                start_new_session=True,
            )
        try:
            wait_until(lambda: self._lives() and ready(), f"{command[0]} to be ready")
        except BaseException as error:
            self.stop()
            error.add_note(f"it said: {log.read_text(errors='replace')[-2000:]}")
            raise

    def stop(self) -> None:
        """End it, and whatever is left of what it started."""
        if self._stop_signal and self._popen.poll() is None:
            self._popen.send_signal(self._stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._popen.wait(timeout=STOP_LIMIT_SECONDS)
        # its id stays that of its group for as long as one of them lives
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait()

    def _lives(self) -> bool:
        if self._popen.poll() is not None:
            raise RuntimeError(f"the server ended with status {self._popen.returncode}")
        return True


def listening(*ports: int) -> Callable[[], bool]:
    """Return whether all these loopback ports take connections, as a question to ask again."""
    return lambda: all(_takes_connections(port) for port in ports)


def wait_until(
    condition: Callable[[], bool], what: str, limit_seconds: float = START_LIMIT_SECONDS
) -> None:
    """Wait for a condition; raises TimeoutError with ``what`` when it does not come true."""
    end = time.monotonic() + limit_seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit_seconds:g} s for {what}")
        time.sleep(0.02)


def _takes_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
