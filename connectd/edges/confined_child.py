"""The other side of a Confined: a script that answers requests until its input ends.

Started as a file, so that it needs nothing but the standard library until it is told where
to find the rest. It never prints; nothing it does by mistake can reach the pipes.
"""

import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

OUT_OF_MEMORY = 3
"""The exit status that says so."""

_LENGTH_BYTES = 8
_AFTER_THE_PARENT = 1.0
_STOPPED_BY_THE_PARENT_ALONE = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """Take the settings, then answer one request after the other."""
    for number in _STOPPED_BY_THE_PARENT_ALONE:
        signal.signal(number, signal.SIG_IGN)
    requests, answers = _private_pipes()
    settings = json.loads(_receive(requests))
    sys.path[:] = settings["path"]
    try:
        function = _function(settings["target"])
    except Exception:  # noqa: BLE001 the parent raises it
        _send(answers, {"failed": traceback.format_exc()})
        return
    _confine(settings["memory_bytes"])
    _send(answers, {"answer": {}})
    while True:
        message = _receive(requests)
        _set_timers(settings["cpu_seconds"], settings["wall_seconds"] + _AFTER_THE_PARENT)
        _send(answers, _answer(function, message))
        _set_timers(0, 0)


def _set_timers(cpu_seconds: float, wall_seconds: float) -> None:
    """Let the system end this process after so much time; no code of ours is asked then.

    The parent watches the wall clock itself: the second timer is for when it is gone.
    """
    signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
    signal.setitimer(signal.ITIMER_REAL, wall_seconds)


def _answer(function: Callable[[Any], Any], message: bytes) -> dict[str, Any]:
    try:
        return {"answer": function(json.loads(message))}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 the parent raises it
        return {"failed": traceback.format_exc()}


def _private_pipes() -> tuple[int, int]:
    """Move the pipes away from where a stray print or input would find them."""
    requests, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, answers


def _function(target: str) -> Callable[[Any], Any]:
    module, _, name = target.partition(":")
    function: Callable[[Any], Any] = getattr(importlib.import_module(module), name)
    return function


def _confine(memory_bytes: int) -> None:
    """Limit memory to what is in use and so much more, and forbid dumps and files."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        in_use = int(statistics.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (in_use + memory_bytes,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _receive(pipe: int) -> bytes:
    size = int.from_bytes(_read(pipe, _LENGTH_BYTES), "big")
    return _read(pipe, size)


def _read(pipe: int, size: int) -> bytes:
    received = bytearray()
    while len(received) < size:
        chunk = os.read(pipe, size - len(received))
        if not chunk:
            raise SystemExit(0)
        received += chunk
    return bytes(received)


def _send(pipe: int, answer: dict[str, Any]) -> None:
    message = json.dumps(answer).encode()
    rest = memoryview(len(message).to_bytes(_LENGTH_BYTES, "big") + message)
    while rest:
        rest = rest[os.write(pipe, rest) :]


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
