"""Runs ticks in the foreground until it is asked to stop."""

import logging
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from schedule import Scheduler

from connectd.domain.model import State
from connectd.errors import ConnectdError
from connectd.formats.plain_text import clean
from connectd.service.means import Means
from connectd.service.notices import give_notices
from connectd.service.tick import Report, tick

_BEAT_SECONDS = 1
_LAST_SECONDS = 3.0
_MINUTE = timedelta(minutes=1)
_NEXT_TICK = "next_tick"
_LONG = 2_000
_QUOTED = re.compile("“.*”", re.DOTALL)

log = logging.getLogger("connectd")


class Daemon:
    """One private scheduler whose short beat asks whether a tick is due.

    The due time lies in the store as UTC, so that neither a change of the local clock nor a
    restart moves it. ``clock`` gives the time in UTC.
    """

    def __init__(self, means: Means, clock: Callable[[], datetime]) -> None:
        self._means = means
        self._clock = clock
        self._stopping = False
        self._resting_until: datetime | None = None
        self._complaints: frozenset[str] = frozenset()
        self._scheduler = Scheduler()
        self._scheduler.every(_BEAT_SECONDS).seconds.do(self._beat)

    def run(self) -> None:
        """Tick at once, then whenever it is due; returns after ``stop``."""
        self._means.store.set_note(_NEXT_TICK, None)
        log.info("connectd is running; a tick every %d minutes", self._every / _MINUTE)
        self._beat()
        while not self._stopping:
            time.sleep(_BEAT_SECONDS)
            self._scheduler.run_pending()
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

    @property
    def _every(self) -> timedelta:
        return timedelta(minutes=self._means.config.daemon.every_minutes)

    def _beat(self) -> None:
        """Tick if it is time. Whatever goes wrong is logged, and the next tick comes in time."""
        now = self._clock()
        if self._stopping or _too_early(now, self._resting_until, self._every):
            return
        try:
            self._tick_if_due(now)
        except ConnectdError as error:
            self._resting_until = now + self._every
            log.error("%s", clean(str(error), _LONG))  # noqa: TRY400 - the user can act on it without a traceback
        except Exception:
            self._resting_until = now + self._every
            log.exception("a tick failed through a fault in connectd; the next one comes in time")

    def _tick_if_due(self, now: datetime) -> None:
        due = self._means.store.get_note(_NEXT_TICK)
        if due and _too_early(now, datetime.fromisoformat(due), self._every):
            return
        self._expect_tick(now + self._every)
        report = tick(now, self._means, lambda: not self._stopping)
        self._log(report)
        if not self._stopping:
            give_notices(self._means, now, report)
        self._expect_tick(self._next_after(now))

    def _expect_tick(self, due: datetime) -> None:
        """Note when the next one is due, which changes no record that it rests on."""
        store, memory = self._means.store, self._means.memory
        current = memory.records if memory.records and memory.records.are_current(store) else None
        store.set_note(_NEXT_TICK, due.isoformat())
        memory.records = current.vouched_for(store) if current else None

    def _log(self, report: Report) -> None:
        """One line for each deed, and one for each complaint when it is new."""
        for deed in report.applied:
            told = f"{deed.action} {deed.contact}: {_without_titles(deed.detail)}"
            log.info("%s", clean(told, _LONG))
        complaints = [clean(complaint, _LONG) for complaint in _complaints(report)]
        for complaint in complaints:
            if complaint not in self._complaints:
                log.warning("%s", complaint)
        self._complaints = frozenset(complaints)

    def _next_after(self, now: datetime) -> datetime:
        """The usual time, or sooner where the grace after a yes ends before.

        A yes that waits for a second one is in no haste.
        """
        grace = timedelta(minutes=self._means.policy.rules.grace_minutes)
        ends = [
            meeting.accepted_at + grace
            for meeting in self._means.store.open_meetings()
            if meeting.state is State.ACCEPTED and meeting.accepted_at and not meeting.is_contested
        ]
        soonest = max(min(ends, default=now + self._every), now + _MINUTE)
        return min(soonest, now + self._every)


def _too_early(now: datetime, due: datetime | None, every: timedelta) -> bool:
    """Whether the tick is still ahead; one further ahead than a round is the clock's mistake."""
    return due is not None and now < due <= now + every


def _complaints(report: Report) -> Iterator[str]:
    for failure in report.failures:
        reason = _without_titles(failure.reason)
        yield f"{failure.action} {failure.contact} did not work: {reason}"
    for unread in report.unread:
        yield f"not read, so nothing is proposed: {unread.calendar}: {unread.reason}"


def _without_titles(text: str) -> str:
    """What the log may hold: what an event is called, which stands in quotation marks, may not.

    Others read logs too, and no mark within a title ends it.
    """
    return _QUOTED.sub("“…”", text)
