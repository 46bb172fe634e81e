"""Runs a function of ours on foreign data in a child process that may not cost too much.

The child is started when it is first needed and stays, so that its imports are paid for once.
Requests and answers are JSON over two pipes, each after its length. Limits on CPU time and
memory are set in the child; one that breaks them is gone, and the next call starts another.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from connectd.errors import TooCostlyError

REQUEST_LIMIT = 16 * 1024 * 1024
"""Bytes of a request; a larger one is refused before anything is started."""
ANSWER_LIMIT = 16 * 1024 * 1024
"""Bytes of an answer."""

_CHILD = Path(__file__).with_name("confined_child.py")
_OUT_OF_MEMORY = 3
_LENGTH_BYTES = 8
_CHUNK = 64 * 1024
_SECONDS_TO_END = 1.0
_PASSED_ON = ("LD_LIBRARY_PATH", "PYTHONTZPATH", "TZDIR")


class Confined:
    """A child process that answers requests by calling ``target``, ``"module:function"``.

    The function takes and returns what JSON can hold. ``cpu_seconds`` and ``memory_mb`` hold
    for each request, the memory on top of what the child needs before the first one (where
    ``/proc`` tells how much that is); ``wall_seconds`` is how long a call waits in any case.
    To be used by one thread.
    """

    def __init__(
        self,
        target: str,
        cpu_seconds: float = 2.0,
        memory_mb: int = 256,
        wall_seconds: float = 30.0,
    ) -> None:
        self._target = target
        self._cpu_seconds = cpu_seconds
        self._memory_mb = memory_mb
        self._wall_seconds = wall_seconds
        self._child: _Child | None = None
        self._asked = False

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to one request.

        Raises TooCostlyError if it took too much of anything, and RuntimeError with the
        child's traceback if the function raised, which is a fault in connectd. A child that
        something else ended is not held against the request: it is tried once more.
        """
        self._asked = True
        message = json.dumps(request).encode()
        if len(message) > REQUEST_LIMIT:
            raise TooCostlyError("it is too large")
        try:
            return self._ask(message)
        except _EndedByOthersError:
            pass
        try:
            return self._ask(message)
        except _EndedByOthersError as problem:
            raise TooCostlyError("reading it ended the process that did it") from problem

    def rest(self) -> None:
        """End the child if nothing was asked since the last rest: it holds 20 MB and more."""
        if not self._asked:
            self.close()
        self._asked = False

    def close(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ask(self, message: bytes) -> dict[str, Any]:
        """Ask a child that is given up unless it answers: only then it is free for another."""
        deadline = time.monotonic() + self._wall_seconds
        child, self._child = self._child or _Child(), None
        try:
            if child.is_new:
                _opened(child.exchange(self._settings(), deadline))
            answer = child.exchange(message, deadline)
            self._child = child
        except TimeoutError as problem:
            raise TooCostlyError(f"it took longer than {self._wall_seconds:g} s") from problem
        except OverflowError as problem:
            raise TooCostlyError("what it says is too much") from problem
        except (EOFError, BrokenPipeError) as problem:
            raise self._why_it_ended(child.end()) from problem
        finally:
            if self._child is None:
                child.end()
        return _opened(answer)

    def _settings(self) -> bytes:
        settings = {
            "target": self._target,
            "path": [str(Path(entry).absolute()) for entry in sys.path],
            "cpu_seconds": self._cpu_seconds,
            "wall_seconds": self._wall_seconds,
            "memory_bytes": self._memory_mb * 1024 * 1024,
        }
        return json.dumps(settings).encode()

    def _why_it_ended(self, status: int) -> Exception:
        if status == -signal.SIGPROF:
            return TooCostlyError(f"it took more than {self._cpu_seconds:g} s of computing time")
        if status == _OUT_OF_MEMORY:
            return TooCostlyError(f"it took more than {self._memory_mb} MB of memory")
        return _EndedByOthersError(f"the process ended with status {status}")


class _EndedByOthersError(Exception):
    """The child is gone, and not because of one of its limits."""


class _Child:
    """The process and its two pipes, which are never waited for beyond a deadline."""

    def __init__(self) -> None:
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self._process = subprocess.Popen(  # noqa: S603 our own interpreter with our own file
            [sys.executable, "-I", "-W", "ignore", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            cwd="/",
            env=environment,
            start_new_session=True,
        )
        assert self._process.stdin is not None  # noqa: S101 asked for above
        assert self._process.stdout is not None  # noqa: S101 asked for above
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        os.set_blocking(self._from, False)
        self.is_new = True

    def exchange(self, message: bytes, deadline: float) -> bytes:
        """Send a message and return the answer.

        Raises TimeoutError, OverflowError for an answer beyond ANSWER_LIMIT, and EOFError or
        BrokenPipeError if the process is gone.
        """
        self._write(len(message).to_bytes(_LENGTH_BYTES, "big") + message, deadline)
        size = int.from_bytes(self._read(_LENGTH_BYTES, deadline), "big")
        if size > ANSWER_LIMIT:
            raise OverflowError(f"an answer of {size} bytes")
        answer = self._read(size, deadline)
        self.is_new = False
        return answer

    def end(self) -> int:
        """Make sure that the process is gone, and return its exit status."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            return self._process.wait(_SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _write(self, message: bytes, deadline: float) -> None:
        rest = memoryview(message)
        while rest:
            _wait(self._to, select.POLLOUT, deadline)
            rest = rest[os.write(self._to, rest[:_CHUNK]) :]

    def _read(self, size: int, deadline: float) -> bytes:
        received = bytearray()
        while len(received) < size:
            _wait(self._from, select.POLLIN, deadline)
            chunk = os.read(self._from, min(size - len(received), _CHUNK))
            if not chunk:
                raise EOFError("the process has closed its pipe")
            received += chunk
        return bytes(received)


def _wait(descriptor: int, event: int, deadline: float) -> None:
    ready = select.poll()
    ready.register(descriptor, event)
    if not ready.poll(max(deadline - time.monotonic(), 0) * 1000):
        raise TimeoutError("the process does not answer")


def _opened(answer: bytes) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(answer)
    if "failed" in content:
        raise RuntimeError(f"in the confined process:\n{content['failed']}")
    result: dict[str, Any] = content["answer"]
    return result
