# ruff: noqa: INP001 - programs of their own, no package
"""Prints how much memory the idle daemon takes beside a calendar of 10,000 events.

It is `connectd run` in front of a Radicale of its own, measured after the first tick and after
five more in which nothing changed; its clock runs fast. Exits with 1 above the target.
"""

import base64
import os
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

from connectd.cli.invocation import Invocation
from connectd.cli.running import Clocks, run_daemon
from connectd.edges.local_server import LocalServer

TARGET_MIB = 70.0
EVENTS = 10_000
QUIET_TICKS = 5
EVERY = timedelta(minutes=5)
_LONGEST_LOOK_SECONDS = 300
_USER, _PASSWORD = "alice", "secret"
_CONFIGURATION = """
[me]
name = "Alice Example"
emails = ["alice@example.test"]
timezone = "Europe/Berlin"
[goal]
people_per_month = 3
months = 6
[daemon]
notices = "none"
[state]
path = "{folder}/state/connectd.db"
[[account]]
name = "main"
url = "{url}"
username = "alice"
password_command = ["echo", "secret"]
drafts = "Connections"
"""


class FastClock:
    """Jumps from tick to tick; after each of them it says how much memory there is."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).replace(microsecond=0)
        self.began = self.now
        self._left = QUIET_TICKS

    def seconds(self) -> float:
        """Since the start, as no clock that is set tells it."""
        return (self.now - self.began).total_seconds()

    def sleep(self, _seconds: float) -> None:
        """Pass the time to the next tick, or end the process after the last one."""
        if self._left in (0, QUIET_TICKS):
            sys.stdout.write(f"{resident_mib(os.getpid()):.1f} {children_mib(os.getpid()):.1f}\n")
            sys.stdout.flush()
        if self._left == 0:
            os._exit(0)
        self._left -= 1
        self.now += 2 * EVERY


def resident_mib(process: int) -> float:
    """The memory that a process holds (VmRSS in proc(5))."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def children_mib(process: int) -> float:
    """The memory that its children hold."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return sum(resident_mib(int(child)) for child in children)


@contextmanager
def full_calendar(folder: Path) -> Iterator[LocalServer]:
    """A server with the events of two months, each of which the daemon has to read."""
    calendar = folder / "data" / "collection-root" / _USER / "work"
    calendar.mkdir(parents=True)
    (calendar / ".Radicale.props").write_text('{"tag": "VCALENDAR", "D:displayname": "Work"}')
    first = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=30)
    for number in range(EVENTS):
        start = first + number * timedelta(days=58) / EVENTS
        (calendar / f"event-{number}.ics").write_text(_event(number, start))
    with LocalServer(folder, _USER, _PASSWORD) as server:
        server.start(Event())
        _look_once(server)
        yield server


def _event(number: int, start: datetime) -> str:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//connectd//bench//EN", "BEGIN:VEVENT"),
        *(f"UID:event-{number}@example.test", "DTSTAMP:20260101T000000Z"),
        f"DTSTART:{start:%Y%m%dT%H%M00Z}",
        f"DTEND:{start + timedelta(minutes=30):%Y%m%dT%H%M00Z}",
        f"SUMMARY:Talk about project number {number}",
        f"DESCRIPTION:{'Something to read. ' * 10}",
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines)


def _look_once(server: LocalServer) -> None:
    """Let Radicale read its files, which takes longer than a daemon waits."""
    login = base64.b64encode(f"{_USER}:{_PASSWORD}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Depth": "1"}
    look = urllib.request.Request(f"{server.home}work/", headers=headers, method="PROPFIND")  # noqa: S310 - on loopback
    urllib.request.urlopen(look, timeout=_LONGEST_LOOK_SECONDS).close()  # noqa: S310 - as above


def run(config: str) -> None:
    """Be the daemon."""
    clock = FastClock()
    call = Invocation(config, None, os.environ)
    run_daemon(call, Clocks(lambda: clock.now, clock.seconds, lambda: 0.0, clock.sleep))


def measured(config: Path) -> list[list[float]]:
    """The memory of a daemon and of its children, after its first tick and in the end."""
    command = [sys.executable, __file__, str(config)]
    ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - itself
    return [[float(figure) for figure in line.split()] for line in ran.stdout.splitlines()]


def main() -> None:
    """Measure a daemon that reads everything, and one that starts when all was read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with full_calendar(folder) as server:
            config = folder / "config.toml"
            config.write_text(_CONFIGURATION.format(folder=folder, url=server.url))
            runs = {"reads all": measured(config), "has read all": measured(config)}
    for what, ((first, _), (idle, children)) in runs.items():
        verdict = "ok" if idle < TARGET_MIB else "TOO MUCH"
        sys.stdout.write(
            f"a daemon that {what} of {EVENTS} events: {first:.1f} MiB after its first tick, "
            f"{idle:.1f} MiB idle (target below {TARGET_MIB:.0f}: {verdict}), "
            f"its reader {children:.1f} MiB\n"
        )
    sys.exit(int(any(figures[-1][0] >= TARGET_MIB for figures in runs.values())))


if __name__ == "__main__":
    run(sys.argv[1]) if len(sys.argv) > 1 else main()
