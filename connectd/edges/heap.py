"""Gives memory that is not needed any more back to the system."""

import ctypes
from contextlib import suppress


def give_back() -> None:
    """Return what a large answer took for a while, which the C library would keep for the next.

    Does nothing where the C library knows no ``malloc_trim``: it is glibc's own.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
