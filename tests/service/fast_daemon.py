"""Runs the daemon as `connectd run` does, but for its clocks, on which a day takes a second.

They stand still until a line on standard input says how far they may run. What it says to each
line on standard output is the time, once the daemon has slept there:

- ``until ISO8601``: let time pass up to that moment.
- ``suspend SECONDS``: the machine sleeps so long.
- ``set SECONDS``: the clock is set so far ahead, or with a minus back.
"""

import os
import select
import sys
from datetime import datetime, timedelta
from pathlib import Path

from connectd.cli.invocation import Invocation
from connectd.cli.log_lines import log_to_stderr
from connectd.cli.running import Clocks, run_daemon

_STRIDE_SECONDS = 3600.0
"""What the shortest sleep takes at least, so that a month has some hundred ticks."""
_GLANCE_SECONDS = 0.01


class FastClocks:
    """A wall clock, seconds since the start of the machine, and those it was suspended for."""

    def __init__(self, start: datetime) -> None:
        self.wall = self._until = start
        self.boot = self.suspended = 0.0
        self._told = False

    def sleep(self, seconds: float) -> None:
        """Let the time pass that may, or wait for a word; a glance long, since signals may come."""
        left = (self._until - self.wall).total_seconds()
        if left > 0:
            self._pass(min(max(seconds, _STRIDE_SECONDS), left))
        elif not self._told:
            sys.stdout.write(f"{self.wall.isoformat()}\n")
            sys.stdout.flush()
            self._told = True
        elif select.select([sys.stdin], [], [], _GLANCE_SECONDS)[0]:
            self._obey(*sys.stdin.readline().split())

    def _pass(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.boot += seconds

    def _obey(self, word: str = "", value: str = "") -> None:
        match word:
            case "until":
                self._until = datetime.fromisoformat(value)
            case "suspend":
                self._pass(float(value))
                self.suspended += float(value)
                self._until = self.wall
            case "set":
                self.wall += timedelta(seconds=float(value))
                self._until = self.wall
            case _:
                # the test is gone
                os._exit(1)
        self._told = False


def main() -> None:
    """Arguments: the configuration file, and when it is."""
    config, start = sys.argv[1:]
    clocks = FastClocks(datetime.fromisoformat(start))
    call = Invocation(str(Path(config)), clocks.wall, os.environ)
    log_to_stderr(call.environment, verbose=False)
    run_daemon(
        call,
        Clocks(
            lambda: clocks.wall,
            lambda: clocks.boot,
            lambda: clocks.suspended,
            clocks.sleep,
        ),
    )


if __name__ == "__main__":
    main()
