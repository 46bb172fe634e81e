"""What both kinds of server need: Radicale, a port, and patience until it answers."""

import importlib.util
import random
import shlex
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from connectd.errors import SenselessError, ServerError

HOST = "127.0.0.1"
SECONDS_TO_START = 60.0
_WITH_IT = "connectd[local]"
_GLANCE_SECONDS = 0.02
# below the range that systems give to outgoing connections, so that it stays free
_LASTING_PORTS = range(15_000, 32_000)


def require_radicale() -> None:
    """Raise SenselessError, which tells how to install it, where Radicale is not installed."""
    if importlib.util.find_spec("radicale") is None:
        by_pipx = ["pipx", "install", "--force", _WITH_IT]
        by_pip = [sys.executable, "-m", "pip", "install", _WITH_IT]
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


def _bound(port: int) -> int | None:
    with socket.socket() as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return None
        return int(probe.getsockname()[1])
