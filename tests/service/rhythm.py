"""The daemon, beat by beat, on clocks that the test sets before each of them."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from installation import Installation

from connectd.service.daemon import Daemon
from connectd.service.means import Means

Step = tuple[float, Callable[[], object]]
"""So many minutes after the last beat; and what happens just before it."""


class Rhythm:
    """A daemon whose every beat is a step of the test; time passes only between them.

    ``booted`` are the seconds since the machine was started, ``suspended`` those it was not
    awake in. Its random source gives the middle, so that no round is longer or shorter.
    """

    def __init__(
        self,
        alice: Installation,
        *,
        on_battery: bool = False,
        configured: Callable[[Means], Means] | None = None,
    ) -> None:
        self.alice = alice
        self.booted = self.suspended = 0.0
        self.slept: list[float] = []
        self._waiting: list[Step] = []
        self.daemon = Daemon(
            alice.means,
            lambda: alice.now,
            boot_clock=lambda: self.booted,
            suspended=lambda: self.suspended,
            random=lambda: 0.5,
            sleep=self._sleep,
            on_battery=lambda: on_battery,
            configured=configured,
        )

    def run(self, steps: Sequence[Step]) -> None:
        """Run the daemon for so many beats; the first one is when it starts."""
        self._waiting = list(steps)
        self._sleep(0)
        self.slept.clear()
        self.daemon.run()
        assert self._waiting == []

    def set_clock(self, **ahead: float) -> None:
        """Set the clock, which no other clock follows."""
        self.alice.now += timedelta(**ahead)

    def suspend(self, **time: float) -> None:
        """Let the machine sleep so long."""
        seconds = timedelta(**time).total_seconds()
        self.alice.now += timedelta(**time)
        self.booted += seconds
        self.suspended += seconds

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if not self._waiting:
            self.daemon.stop()
            return
        minutes, act = self._waiting.pop(0)
        self.alice.now += timedelta(minutes=minutes)
        self.booted += minutes * 60
        act()
