"""The clocks of this machine that nobody can set."""

import time

_BOOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def boot_seconds() -> float:
    """So many seconds since the machine was started, those it was suspended included.

    Where no clock counts those (not Linux), they are missing.
    """
    return time.clock_gettime(_BOOT)


def suspended_seconds() -> float:
    """So many seconds the machine has been suspended since it was started, as far as is known."""
    return time.clock_gettime(_BOOT) - time.clock_gettime(time.CLOCK_MONOTONIC)
