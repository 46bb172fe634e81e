"""A connectd that has loaded its modules already, and has a child of it run each command.

Loading them takes a second of CPU time, which tests that type on a terminal would spend each.
"""

import atexit
import fcntl
import json
import os
import signal
import socket
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from subprocess import DEVNULL, Popen
from typing import Any, NoReturn

LONGEST_REQUEST = 100_000


class Running:
    """A command that runs with a terminal of its own."""

    def __init__(self, answers: socket.socket) -> None:
        self._answers = answers
        self.pid = int(answers.recv(20))
        # its number may be that of another process later on
        self._handle = os.pidfd_open(self.pid)

    def status(self) -> int:
        """Wait for its end; the exit status, or the number of the signal, made negative."""
        return int(self._answers.recv(20))

    def signal(self, number: int) -> None:
        """Send it a signal, which nobody gets if it has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, number)

    def close(self) -> None:
        """End it, if it has not ended by itself."""
        self.signal(signal.SIGKILL)
        os.close(self._handle)
        self._answers.close()


def run(words: Sequence[str], environment: Mapping[str, str], folder: Path, tty: int) -> Running:
    """Have connectd run with these words, on the terminal that is open as ``tty``."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    request = {"words": list(words), "environment": dict(environment), "folder": str(folder)}
    with theirs:
        socket.send_fds(_program(), [json.dumps(request).encode()], [theirs.fileno(), tty])
    return Running(ours)


@cache
def _program() -> socket.socket:
    """The way to the program, which ends once that is closed."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        program = Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1"},
            stdin=DEVNULL,
            pass_fds=[theirs.fileno()],
            start_new_session=True,
        )

    def end() -> None:
        ours.close()
        program.wait()

    atexit.register(end)
    return ours


def serve(requests: socket.socket) -> None:
    """Run what is asked for until nobody is left who could ask."""
    import_module("connectd.cli.setting_up")
    main = import_module("connectd.cli.main").main
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, descriptors, *_ = socket.recv_fds(requests, LONGEST_REQUEST, 2)
        if not request:
            return
        if os.fork() == 0:
            requests.close()
            _watch(json.loads(request), *descriptors, main)
        for descriptor in descriptors:
            os.close(descriptor)


def _watch(
    request: Mapping[str, Any], answers: int, tty: int, main: Callable[[], None]
) -> NoReturn:
    """Run the command in a child, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with socket.socket(fileno=answers) as telling:
        if (child := os.fork()) == 0:
            telling.close()
            _become(request, tty, main)
        os.close(tty)
        telling.send(str(child).encode())
        ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        # a test that failed does not wait for it
        with suppress(BrokenPipeError):
            telling.send(str(ended).encode())
    os._exit(0)


def _become(request: Mapping[str, Any], tty: int, main: Callable[[], None]) -> NoReturn:
    """Be the command, at the head of a session with this terminal."""
    os.setsid()
    fcntl.ioctl(tty, termios.TIOCSCTTY, 0)
    for standard in range(3):
        os.dup2(tty, standard)
    os.close(tty)
    sys.stdin = os.fdopen(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", buffering=1, closefd=False)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["connectd", *request["words"]]
    main()
    sys.exit()


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        serve(asked)
