"""What the service manager shows of the daemon: one line in the user's own time."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from connectd.formats.plain_text import clean
from connectd.service.tick import Report

READING = "reading the calendars"
_LONG = 200


def status_line(
    report: Report, next_tick: datetime, zone: ZoneInfo, paused: Sequence[str] = ()
) -> str:
    """How the last tick went and when the next one is; ``paused`` are names of accounts."""
    then = local_time(next_tick, zone)
    if report.waits_for_keyring:
        return f"waiting for the keyring to be unlocked; next look {then}"
    if paused:
        return f"paused {_accounts(paused)}: the credentials were refused; next tick {then}"
    return f"last tick {local_time(report.now, zone)}, {_read(report)}; next {then}"


def failed_line(tick: datetime, next_tick: datetime, zone: ZoneInfo) -> str:
    """What is shown after a tick that did not come to its end."""
    then, when = local_time(next_tick, zone), local_time(tick, zone)
    return f"the tick at {when} failed, the log says why; next {then}"


def resting_line(next_tick: datetime, zone: ZoneInfo) -> str:
    """What is shown while a server is left alone that asked for it."""
    return f"a server asked for time; next look {local_time(next_tick, zone)}"


def local_time(moment: datetime, zone: ZoneInfo) -> str:
    """A time of the next hours or the last ones as a clock on the wall shows it."""
    return f"{moment.astimezone(zone):%H:%M}"


def _accounts(names: Sequence[str]) -> str:
    return f"account{'' if len(names) == 1 else 's'} {clean(', '.join(names), _LONG)}"


def _read(report: Report) -> str:
    if not report.unread:
        return "all read"
    first, *others = dict.fromkeys(unread.calendar for unread in report.unread)
    more = f" and {len(others)} more" if others else ""
    return f"{clean(first, _LONG)}{more} not read"
