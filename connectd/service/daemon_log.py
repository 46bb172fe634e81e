"""What the daemon says in its log: each deed, each trouble once, and once an hour that it is there.

Others read logs too: what an event is called is not said.
"""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.formats.plain_text import clean
from connectd.service.outcomes import Applied
from connectd.service.status_line import local_time
from connectd.service.tick import Report

_SILENT_AT_MOST = timedelta(hours=1)
_LONG = 2_000
_QUOTED = re.compile("“.*”", re.DOTALL)

log = logging.getLogger("connectd")


class _Trouble(NamedTuple):
    """A complaint; ``passing`` ones are no news before they have lasted for two ticks."""

    words: str
    passing: bool
    warned: bool = False


class _Failed(NamedTuple):
    """Why ticks do not come to their end, and when the log said so last."""

    why: str
    told_at: datetime


class DaemonLog:
    """Remembers what was said, so that nothing is said again with each tick."""

    def __init__(self) -> None:
        self._troubles: dict[str, _Trouble] = {}
        self._spoke_at: datetime | None = None
        self._ticks = 0
        self._failed: _Failed | None = None

    def fail(self, words: str, now: datetime, fault: Exception | None = None) -> None:
        """Say that a tick did not come to its end; for the same reason once an hour."""
        why = f"{words} {fault!r}"
        before = self._failed
        if (
            before
            and before.why == why
            and before.told_at <= now < before.told_at + _SILENT_AT_MOST
        ):
            return
        self._failed = _Failed(why, now)
        log.error("%s", words, exc_info=fault)

    def tell(self, report: Report, drafts: int, next_tick: datetime, zone: ZoneInfo) -> None:
        """Say what is new in a report; ``drafts`` wait for an answer."""
        self._failed = None
        self._ticks += 1
        spoke = self._tell_deeds(report.applied) + self._tell_troubles(report)
        since = self._spoke_at
        silent = since is not None and since <= report.now < since + _SILENT_AT_MOST
        if not spoke and not silent and since is not None:
            log.info("%s", self._quiet(drafts, local_time(next_tick, zone)))
            spoke = 1
        if spoke or since is None:
            self._spoke_at = report.now
            self._ticks = 0

    def _tell_deeds(self, deeds: tuple[Applied, ...]) -> int:
        for deed in deeds:
            told = f"{deed.action} {deed.contact}: {_without_titles(deed.detail)}"
            log.info("%s", clean(told, _LONG))
        return len(deeds)

    def _tell_troubles(self, report: Report) -> int:
        """Say what troubles are new, have lasted or are over; return how many lines that took."""
        spoke = 0
        now = dict(_troubles(report))
        for key, trouble in now.items():
            before = self._troubles.get(key)
            warned = before is not None and before.warned
            if not trouble.passing and (before is None or before.words != trouble.words):
                log.warning("%s", trouble.words)
            elif trouble.passing and before is None:
                log.info("%s", trouble.words)
            elif trouble.passing and not warned:
                log.warning("still %s", trouble.words)
            else:
                now[key] = trouble._replace(warned=warned)
                continue
            spoke += 1
            now[key] = trouble._replace(warned=not trouble.passing or before is not None)
        over = [key for key, was in self._troubles.items() if was.warned and key not in now]
        for key in over:
            log.info("over: %s", self._troubles[key].words)
        self._troubles = now
        return spoke + len(over)

    def _quiet(self, drafts: int, next_tick: str) -> str:
        lasting = "; ".join(trouble.words for trouble in self._troubles.values())
        waiting = f"{drafts} draft{'' if drafts == 1 else 's'} {'waits' if drafts == 1 else 'wait'}"
        ticks = f"{self._ticks} tick{'' if self._ticks == 1 else 's'}"
        told = f"{ticks}, {waiting} for your yes, next {next_tick}"
        return clean(f"{told}; still {lasting}", _LONG) if lasting else f"all quiet: {told}"


def _troubles(report: Report) -> Iterator[tuple[str, _Trouble]]:
    """Each trouble by what tells it from the others, its changing words aside."""
    for failure in report.failures:
        reason = _without_titles(failure.reason)
        words = clean(f"{failure.action} {failure.contact} did not work: {reason}", _LONG)
        yield words, _Trouble(words, passing=False)
    for unread in report.unread:
        told = f"not read, so nothing is proposed: {unread.calendar}: {unread.reason}"
        yield f"unread {unread.calendar}", _Trouble(clean(told, _LONG), unread.passing)


def _without_titles(text: str) -> str:
    """The text without what stands in quotation marks; no mark within a title ends it."""
    return _QUOTED.sub("“…”", text)
