"""Tells the service manager how the daemon is (sd_notify(3)), and nobody where there is none."""

import os
import socket
import time
from collections.abc import MutableMapping
from typing import Self

_SOCKET, _WATCHDOG, _WATCHED = "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"
_SEND_SECONDS = 1.0
_MICROSECONDS = 1_000_000


class ServiceManager:
    """One datagram for each word; a manager that does not listen never stops the daemon.

    ``address`` is that of its socket: a path, or an abstract name that begins with ``@``.
    ``watchdog_seconds`` says within which time it wants to hear that the daemon goes on; None
    where it does not watch.
    """

    def __init__(self, address: str | None = None, watchdog_seconds: float | None = None) -> None:
        self._address = address
        self.watchdog_seconds = watchdog_seconds if address else None

    @classmethod
    def from_environment(cls, environment: MutableMapping[str, str]) -> Self:
        """Find the manager that started this process.

        What it told is taken out of ``environment``: no child is to speak in our name.
        """
        address = environment.pop(_SOCKET, None)
        watchdog = environment.pop(_WATCHDOG, "")
        watched = environment.pop(_WATCHED, None)
        if not watchdog.isdecimal() or watched not in (None, str(os.getpid())):
            return cls(address)
        return cls(address, int(watchdog) / _MICROSECONDS or None)

    def ready(self, status: str) -> None:
        """Say that the start, or the loading of another configuration, is over."""
        self._send("READY=1", _status(status))

    def status(self, status: str) -> None:
        """Say in one line how things stand."""
        self._send(_status(status))

    def alive(self) -> None:
        """Say that the daemon goes on; a watchdog that does not hear it for long ends it."""
        if self.watchdog_seconds is not None:
            self._send("WATCHDOG=1")

    def reloading(self) -> None:
        """Say that the configuration is being loaded again; ``ready`` ends it."""
        now = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
        self._send("RELOADING=1", f"MONOTONIC_USEC={now}")

    def stopping(self) -> None:
        """Say that the daemon ends."""
        self._send("STOPPING=1")

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        address = f"\0{self._address[1:]}" if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as outlet:
                outlet.settimeout(_SEND_SECONDS)
                outlet.sendto("\n".join(lines).encode(), address)
        except (OSError, ValueError):
            # it is gone, has no room for the word, or the path is too long
            return


def _status(status: str) -> str:
    return f"STATUS={' '.join(status.split())}"
