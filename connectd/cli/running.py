"""Runs the daemon as a process: its signals, its service manager, and its end."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from connectd.cli.bell import Bell
from connectd.cli.building import build_means
from connectd.cli.invocation import Invocation
from connectd.edges import secrets
from connectd.edges.clocks import boot_seconds, suspended_seconds
from connectd.edges.lock import InstanceLock
from connectd.edges.service_manager import ServiceManager
from connectd.errors import ConfigError
from connectd.service.daemon import Daemon
from connectd.service.means import Means

_LONGEST_END_SECONDS = 4.5


class Clocks(NamedTuple):
    """What tells the daemon the time, and lets it pass: all as ``Daemon`` takes it.

    Without ``sleep`` it sleeps until a signal wakes it.
    """

    wall: Callable[[], datetime] = lambda: datetime.now(UTC).replace(microsecond=0)
    boot: Callable[[], float] = boot_seconds
    suspended: Callable[[], float] = suspended_seconds
    sleep: Callable[[float], None] | None = None


def run_daemon(call: Invocation, clocks: Clocks = Clocks()) -> None:  # noqa: B008 - it never changes
    """Run until a signal ends it; raises a ConnectdError where it cannot begin."""
    secrets.forbid_core_dumps()
    manager = ServiceManager.from_environment(os.environ)
    with (
        call.store() as (config, store),
        InstanceLock.acquire(config.state.parent, call.now()),
        closing(build_means(config, store, call.environment)) as means,
    ):
        waker = Bell()
        daemon = Daemon(
            means,
            clocks.wall,
            boot_clock=clocks.boot,
            suspended=clocks.suspended,
            manager=manager,
            sleep=clocks.sleep or waker.wait,
            configured=lambda so_far: _configured_anew(call, so_far),
        )
        _listen_to_signals(daemon, waker)
        try:
            daemon.run()
        finally:
            daemon.means.disconnect()


def _configured_anew(call: Invocation, so_far: Means) -> Means:
    """The means of the configuration as it is now; what costs time to start goes over to them."""
    config = call.config()
    if config.state != so_far.config.state:
        moved = "state.path: cannot change while connectd runs; restart it to take this up"
        raise ConfigError([moved], str(config.path))
    return replace(build_means(config, so_far.store, call.environment), reader=so_far.reader)


def _listen_to_signals(daemon: Daemon, waker: Bell) -> None:
    end = Bell()

    def stop(_number: int, _frame: object) -> None:
        daemon.stop()
        waker.ring()
        end.ring()

    def reload(_number: int, _frame: object) -> None:
        daemon.reload()
        waker.ring()

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, stop)
    # a terminal hangs up when it is closed: nobody asked for another configuration then
    signal.signal(signal.SIGHUP, stop if sys.stderr.isatty() else reload)
    threading.Thread(target=_see_it_end, args=(end,), name="end", daemon=True).start()


def _see_it_end(end: Bell) -> None:
    """After a signal, end what knows no hurry: a name server, a password command, a keyring.

    Nothing is lost by it: what was begun is on record as unfinished.
    """
    end.wait()
    time.sleep(_LONGEST_END_SECONDS)
    os._exit(0)
