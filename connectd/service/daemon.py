"""Runs ticks in the foreground until it is asked to stop."""

import logging
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from schedule import Scheduler

from connectd.domain.model import State
from connectd.domain.view import Unread
from connectd.edges.clocks import boot_seconds, suspended_seconds
from connectd.edges.heap import give_back
from connectd.edges.power import on_battery
from connectd.edges.service_manager import ServiceManager
from connectd.errors import ConfigError, ConnectdError
from connectd.formats.plain_text import clean
from connectd.service.clock_watch import ClockWatch
from connectd.service.daemon_log import DaemonLog
from connectd.service.doubt import doubt_what_was_read
from connectd.service.means import Means
from connectd.service.notes import leave_health
from connectd.service.notices import give_notices
from connectd.service.pace import Pace
from connectd.service.status_line import READING, failed_line, resting_line, status_line
from connectd.service.tick import Report, tick

_LONGEST_BEAT_SECONDS = 10.0
_SHORTEST_BEAT_SECONDS = 0.1
_BEATS_BEFORE_WATCHDOG = 3
_LAST_SECONDS = 3.0
_NEXT_TICK = "next_tick"
_LONG = 2_000
_FAULT = "a tick failed through a fault in connectd; the next one comes in time"

log = logging.getLogger("connectd")


class _Planned(NamedTuple):
    """The next tick: due at ``due``, as was reckoned at ``since``."""

    since: datetime
    due: datetime

    def is_ahead(self, now: datetime) -> bool:
        """Whether it is still to come; a time before the reckoning is the clock's mistake."""
        return self.since <= now < self.due


class Daemon:
    """One private scheduler whose short beat asks whether a tick is due.

    ``clock`` gives the time in UTC, ``boot_clock`` and ``suspended`` the seconds of
    ``edges.clocks``. ``sleep`` waits for so many seconds, or less; ``random`` gives a number
    from 0 up to 1. ``configured`` makes the means of the configuration as it is now, from the
    ones so far, and raises a ConnectdError where that cannot be used.
    """

    def __init__(  # noqa: PLR0913 - one for each thing outside that has a life of its own
        self,
        means: Means,
        clock: Callable[[], datetime],
        *,
        boot_clock: Callable[[], float] = boot_seconds,
        suspended: Callable[[], float] = suspended_seconds,
        manager: ServiceManager | None = None,
        random: Callable[[], float] = random.random,
        sleep: Callable[[float], None] = time.sleep,
        on_battery: Callable[[], bool] = on_battery,
        configured: Callable[[Means], Means] | None = None,
    ) -> None:
        self._manager = manager or ServiceManager()
        self._means = replace(means, progress=self._manager.alive)
        self._clock = clock
        self._watch = ClockWatch(clock, boot_clock, suspended)
        self._sleep = sleep
        self._pace = Pace(random, on_battery)
        self._configured = configured
        self._log = DaemonLog()
        self._planned: _Planned | None = None
        self._boot_clock = boot_clock
        self._rests_until = boot_clock()
        self._stopping = self._reload_asked = False
        self._scheduler = Scheduler()
        self._scheduler.every().second.do(self._beat)

    @property
    def means(self) -> Means:
        """What it works with now; another one after the configuration was loaded again."""
        return self._means

    def run(self) -> None:
        """Tick at once, then whenever it is due; returns after ``stop``."""
        log.info("connectd is running; a tick every %d minutes", self._every / timedelta(minutes=1))
        self._manager.ready(READING)
        while not self._stopping:
            # All of it, due or not: the scheduler reckons in local time, and would be silent for
            # as long as the clock is put back. What is due, our own clocks tell.
            self._scheduler.run_all()
            self._manager.alive()
            if not self._stopping:
                self._sleep(self._seconds_to_sleep())
        self._manager.stopping()
        log.info("connectd has stopped")

    def stop(self) -> None:
        """Ask it to end: no new deed is begun, and what goes on in the network ends soon.

        May be called from a signal handler: it takes no lock, which what it interrupts may hold.
        """
        self._stopping = True
        for server in self._means.servers.values():
            server.hurry(_LAST_SECONDS)
        self._means.web.hurry(_LAST_SECONDS)
        if self._means.mail:
            self._means.mail.hurry(_LAST_SECONDS)
        if self._means.people:
            self._means.people.hurry(_LAST_SECONDS)

    def reload(self) -> None:
        """Ask it to load the configuration again, once the tick going on is over.

        May be called from a signal handler.
        """
        self._reload_asked = True

    @property
    def _every(self) -> timedelta:
        return timedelta(minutes=self._means.config.daemon.every_minutes)

    def _seconds_to_sleep(self) -> float:
        """Until the next tick, but never so long that a clock that was set goes unnoticed."""
        watchdog = self._manager.watchdog_seconds
        longest = _LONGEST_BEAT_SECONDS
        if watchdog is not None:
            longest = min(longest, watchdog / _BEATS_BEFORE_WATCHDOG)
        if self._planned is None:
            return _SHORTEST_BEAT_SECONDS
        ahead = (self._planned.due - self._clock()).total_seconds()
        return min(max(ahead, _SHORTEST_BEAT_SECONDS), longest)

    def _beat(self) -> None:
        """Tick if it is time. Whatever goes wrong is logged, and the next tick comes in time."""
        if self._reload_asked:
            self._load_configuration()
        try:
            self._mind_the_clocks()
            now = self._clock()
            if self._planned and self._planned.is_ahead(now):
                return
            self._tick(now)
        except ConnectdError as error:
            self._fail(clean(str(error), _LONG))
        except Exception as fault:  # noqa: BLE001 - in the log with its traceback
            self._fail(_FAULT, fault)

    def _fail(self, words: str, fault: Exception | None = None) -> None:
        """Let the next tick come in time after one that did not come to its end, and tell of it."""
        now = self._clock()
        self._planned = _Planned(now, now + self._every)
        self._log.fail(words, now, fault)
        zone = self._means.config.me.timezone
        self._manager.status(failed_line(now, self._planned.due, zone))
        # what failed may be what this needs, too
        with suppress(Exception):
            leave_health(self._means.store, None, words)
            unread = Unread("the calendars", words)
            give_notices(self._means, now, Report(now, (unread,), (), (), (), refused=False))

    def _mind_the_clocks(self) -> None:
        """After a jump, trust nothing that was read before it, and tick as soon as one may."""
        if jump := self._watch.jump():
            log.info("%s: everything is read again", jump)
            self._means = doubt_what_was_read(self._means, self._clock())
            self._planned = self._after_the_rest()
        self._watch.go_on()

    def _after_the_rest(self) -> _Planned | None:
        """The next tick once a server has had the rest that it asked for; None for at once."""
        left = self._rests_until - self._boot_clock()
        if left <= 0:
            return None
        now = self._clock()
        return _Planned(now, now + timedelta(seconds=left))

    def _tick(self, now: datetime) -> None:
        report = tick(now, self._means, self._may_go_on)
        self._means.reader.rest()
        give_back()
        waiting = self._means.store.open_meetings()
        pause = self._pace.after(report, waiting, self._every)
        due = now + pause
        if report.retry_after is not None:
            self._rests_until = self._boot_clock() + pause.total_seconds()
        self._planned = _Planned(now, due)
        self._note(due)
        zone = self._means.config.me.timezone
        drafts = sum(meeting.state is State.DRAFTED for meeting in waiting)
        self._log.tell(report, drafts, due, zone)
        if not self._stopping:
            give_notices(self._means, now, report)
        self._manager.status(status_line(report, due, zone, self._paused()))

    def _may_go_on(self) -> bool:
        """Asked before each deed: none is done on what was seen before the clocks jumped."""
        self._manager.alive()
        return not self._stopping and not self._watch.jump()

    def _paused(self) -> list[str]:
        accounts = (account.name for account in self._means.config.accounts)
        records = (self._means.store.account(name) for name in accounts)
        return [record.name for record in records if record and record.paused_at]

    def _note(self, due: datetime) -> None:
        """Note when the next one is due, which changes no record that it rests on."""
        store, memory = self._means.store, self._means.memory
        current = memory.records if memory.records and memory.records.are_current(store) else None
        store.set_note(_NEXT_TICK, due.isoformat())
        memory.records = current.vouched_for(store) if current else None

    def _load_configuration(self) -> None:
        """Go over to the configuration as it is now; one that cannot be used changes nothing."""
        self._reload_asked = False
        if self._configured is None:
            return
        self._manager.reloading()
        try:
            fresh = self._configured(self._means)
        except ConnectdError as error:
            problems = error.problems if isinstance(error, ConfigError) else [str(error)]
            log.error("the configuration cannot be used, the one so far stays:")  # noqa: TRY400 - as above
            for problem in problems:
                log.error("  %s", clean(problem, _LONG))  # noqa: TRY400 - as above
            self._manager.ready("the new configuration cannot be used, the one so far stays")
            return
        same_servers = fresh.config.accounts == self._means.config.accounts
        self._means.disconnect()
        self._means = replace(fresh, progress=self._manager.alive)
        self._planned = self._after_the_rest() if same_servers else None
        log.info("the configuration was loaded again")
        self._manager.ready(self._shown())

    def _shown(self) -> str:
        """What the service manager shows before the next tick."""
        if self._planned is None:
            return READING
        return resting_line(self._planned.due, self._means.config.me.timezone)
