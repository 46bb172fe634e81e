"""What both kinds of server need: Radicale, a port, and patience until it answers."""

import importlib.util
import random
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection
from pathlib import Path
from threading import Event

from connectd.errors import SenselessError, ServerError

HOST = "127.0.0.1"
SECONDS_TO_START = 60.0
CHILD = Path(__file__).with_name("child.py")
"""Runs Radicale until whoever holds its standard input lets go of it."""
_RADICALE = "radicale"
_GLANCE_SECONDS = 0.02
_SECONDS_TO_END = 5.0
# the connections of the system, and in its rows the columns and the word for one that listens
_CONNECTIONS = Path("/proc/net/tcp")
_LOCAL, _STATE, _USER, _LISTENS = 1, 3, 7, "0A"
# below the range that systems give to outgoing connections, so that it stays free
_LASTING_PORTS = range(15_000, 32_000)


def require_radicale() -> None:
    """Raise SenselessError, which tells how to install it, where Radicale is not installed."""
    if importlib.util.find_spec(_RADICALE) is None:
        # by itself: connectd may have been installed from anywhere
        by_pipx = ["pipx", "inject", "connectd", _RADICALE]
        by_pip = [sys.executable, "-m", "pip", "install", _RADICALE]
        command = shlex.join(by_pipx if "pipx" in Path(sys.prefix).parts else by_pip)
        raise SenselessError(
            f"This needs Radicale, a small calendar server. Install it with\n  {command}"
        )


def free_port() -> int:
    """A port that nobody listens on now."""
    return _bound(0) or 0


def lasting_port() -> int:
    """A port that nobody listens on, and that no outgoing connection takes later."""
    tried = random.sample(_LASTING_PORTS, k=100)
    port = next(filter(None, map(_bound, tried)), None)
    if port is None:
        raise ServerError("There is no free port for a calendar server on this machine.")
    return port


def answers(
    port: int,
    stopping: Event,
    lives: Callable[[], bool] = lambda: True,
    seconds: float = SECONDS_TO_START,
) -> bool:
    """Wait until something listens there, or ``stopping`` is set; False if it never does."""
    end = time.monotonic() + seconds
    while lives() and time.monotonic() < end:
        if is_listening(port) or stopping.wait(_GLANCE_SECONDS):
            return True
    return False


def is_listening(port: int) -> bool:
    """Whether something takes connections there."""
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def strangers_listen(port: int, trusted: Collection[int]) -> bool:
    """Whether a program of a user not among the ``trusted`` ones listens there.

    The system tells whose it is on Linux (proc_net_tcp(5)); elsewhere the answer is no.
    """
    try:
        rows = [line.split() for line in _CONNECTIONS.read_text("ascii").splitlines()[1:]]
    except OSError:
        return False
    return any(
        row[_STATE] == _LISTENS
        and int(row[_LOCAL].partition(":")[2], 16) == port
        and int(row[_USER]) not in trusted
        for row in rows
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """End it, and wait until it is gone."""
    process.terminate()
    try:
        process.wait(_SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _bound(port: int) -> int | None:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return None
        return int(probe.getsockname()[1])
