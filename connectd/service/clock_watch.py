"""Notices that the clock was set, or that the machine was suspended."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

_UNNOTICED_SECONDS = 30.0


class _Seen(NamedTuple):
    wall: datetime
    boot: float
    suspended: float


class ClockWatch:
    """Compares the clock that can be set with those that cannot.

    ``boot_clock`` counts the seconds since the machine was started, suspended ones included,
    and ``suspended`` those alone. A few seconds are nothing: every clock is put right by little.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        boot_clock: Callable[[], float],
        suspended: Callable[[], float],
    ) -> None:
        self._clock = clock
        self._boot_clock = boot_clock
        self._suspended = suspended
        self._last = self._look()

    def jump(self) -> str:
        """What happened since ``go_on``, in words for the log; empty for nothing special."""
        seen = self._look()
        slept = seen.suspended - self._last.suspended
        if slept > _UNNOTICED_SECONDS:
            return f"the machine was suspended for {_duration(slept)}"
        passed = seen.boot - self._last.boot
        ahead = (seen.wall - self._last.wall).total_seconds() - passed
        if abs(ahead) > _UNNOTICED_SECONDS:
            return (
                f"the clock was set {'ahead' if ahead > 0 else 'back'} by {_duration(abs(ahead))}"
            )
        return ""

    def go_on(self) -> None:
        """Take the clocks as they are now for right."""
        self._last = self._look()

    def _look(self) -> _Seen:
        return _Seen(self._clock(), self._boot_clock(), self._suspended())


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes == 0:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
