"""One connectd at a time in a state directory."""

import contextlib
import fcntl
import json
import os
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from connectd.errors import AlreadyRunningError, StoreError

_NAME = "connectd.lock"
_LONGEST = 1000


class InstanceLock:
    """Held from ``acquire`` to ``release``, or to the death of the process, however it dies.

    A process that is forked without exec would hold it too; subprocesses do not.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, directory: Path, now: datetime) -> Self:
        """Take the lock of ``directory`` (created when missing), without waiting.

        ``now`` (aware) is what others are told. Raises AlreadyRunningError, which says who holds
        it and since when, and StoreError when the directory cannot be written.
        """
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(directory / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(f"The state directory {directory} cannot be used: {error}.") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = _read_holder(descriptor)
            os.close(descriptor)
            raise AlreadyRunningError(
                f"connectd is already running here ({holder}). "
                "Stop it first, or leave the work to it."
            ) from error
        _write_holder(descriptor, now)
        return cls(descriptor)

    def release(self) -> None:
        """Let the next one in; nothing happens when it was released before."""
        if self._descriptor is None:
            return
        # The file stays: were it removed, two could hold locks on two files of one name.
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)
        self._descriptor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()


def _write_holder(descriptor: int, now: datetime) -> None:
    holder = json.dumps({"pid": os.getpid(), "since": f"{now:%Y-%m-%d %H:%M:%S %Z}"})
    # The lock counts, not the words: a full disk must not keep connectd from running.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, holder.encode(), 0)


def _read_holder(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, _LONGEST, 0))
        return f"process {int(holder['pid'])}, since {holder['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process that has just started"
