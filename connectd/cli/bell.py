"""A bell that a signal handler may ring, for whoever waits for it."""

import contextlib
import os
import select

_MANY = 4096


class Bell:
    """A pipe to oneself: writing to it takes no lock, which what was interrupted may hold."""

    def __init__(self) -> None:
        self._heard, self._rung = os.pipe()
        os.set_blocking(self._heard, False)
        os.set_blocking(self._rung, False)

    def ring(self) -> None:
        """End the waiting that goes on, or the next one."""
        # a full pipe says that it was rung often enough
        with contextlib.suppress(BlockingIOError):
            os.write(self._rung, b".")

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it rings, or for so many seconds."""
        select.select([self._heard], [], [], seconds)
        with contextlib.suppress(BlockingIOError):
            os.read(self._heard, _MANY)
