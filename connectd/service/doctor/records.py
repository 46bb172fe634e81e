"""What is on record: whether the database is sound, and when connectd last looked."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from connectd.config import Config
from connectd.edges.store import Store
from connectd.edges.store.checkup import blank_in_memory, condition_of, copy_in_memory
from connectd.errors import ServerError, StoreError
from connectd.service.doctor.checks import Check, fine, in_time, warning, wrong
from connectd.service.doctor.here import is_missing
from connectd.service.notes import health

_CONFIG = 3
_CHECKING_SECONDS = 120.0
_PUT_BACK = "put back a copy of it (docs/backup.md), or move it away to begin anew"
_LATE_ROUNDS = 3
_LATE_AT_LEAST = timedelta(minutes=15)


def database(config: Config, now: datetime) -> tuple[Store, Check]:
    """Check the database; give a copy of it in memory, an empty one where that is of no use."""
    path = config.state
    store, check = blank_in_memory(), None
    try:
        if is_missing(path):
            detail = "there is none yet; the first command that needs one makes it"
            check = fine("database", detail, str(path))
        else:
            condition = in_time(_CHECKING_SECONDS, lambda: condition_of(path))
            size = _size(condition.size_bytes)
            if condition.damages:
                detail = f"it is damaged: {'; '.join(condition.damages)}"
                check = wrong("database", detail, str(path), advice=_PUT_BACK, status=_CONFIG)
            elif not condition.current:
                detail = f"version {condition.version} is from an older connectd ({size})"
                advice = "run `connectd status` once: it copies and then upgrades the database"
                check = warning("database", detail, advice, str(path))
            else:
                store = copy_in_memory(path)
                check = fine("database", f"sound, version {condition.version}, {size}", str(path))
    except (StoreError, ServerError) as error:
        check = wrong("database", str(error), str(path), status=_CONFIG)
    store.begin(now)
    return store, check


def _size(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:.1f} MiB"


def last_tick(config: Config, store: Store, now: datetime) -> Iterator[Check]:
    """Say how long ago all calendars were last read, and what the last tick complained of."""
    success, error = health(store)
    every = timedelta(minutes=config.daemon.every_minutes)
    if success is None:
        detail = "there has been none that read all calendars"
        advice = "start connectd: `connectd run`, or the service that `connectd setup` installs"
        yield warning("last tick", detail, advice)
    else:
        ago, late = now - success, max(_LATE_ROUNDS * every, _LATE_AT_LEAST)
        detail = f"all calendars were last read {_ago(ago)}; it should be every {_length(every)}"
        if ago <= late:
            yield fine("last tick", detail)
        else:
            yield warning("last tick", detail, "see that connectd runs, and what its log says")
    if error:
        advice = "the lines above say what is wrong, if it still is"
        yield warning("last tick", f"the last one complained: {error}", advice)


def _ago(length: timedelta) -> str:
    return "just now" if length < timedelta(minutes=1) else f"{_length(length)} ago"


def _length(length: timedelta) -> str:
    """A length of time in the largest unit of which there are at least two."""
    minutes = round(length.total_seconds() / 60)
    for unit, size in (("days", 24 * 60), ("hours", 60)):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
