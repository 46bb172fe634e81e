"""What can be looked at on this machine alone: the configuration, who may read it, the zone."""

import os
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectd.config import Config, load
from connectd.edges.public_holidays import PublicHolidays
from connectd.edges.store import Store
from connectd.errors import ConfigError
from connectd.service.doctor.checks import Check, fine, warning, wrong
from connectd.service.doctor.usable import usable_part
from connectd.service.question_files import FILE, read_catalogue

_CONFIG = 3
_OTHERS_READ = stat.S_IRGRP | stat.S_IROTH
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def configuration(
    path: Path, environment: Mapping[str, str], now: datetime
) -> tuple[Config, list[Check]]:
    """Read the configuration and say everything that is wrong with it.

    What is returned of a wrong one is what can still be used of it.
    """
    try:
        config = load(path, environment)
    except ConfigError as error:
        advice = "run `connectd setup` to write one" if is_missing(path) else ""
        found = [
            wrong("configuration", problem, str(path), advice=advice, status=_CONFIG)
            for problem in error.problems
        ]
        return usable_part(text_of(path), path, environment), found
    return config, [
        fine("configuration", f"it can be used, with {_what_it_names(config)}", str(path)),
        *_beside_it(config, now),
    ]


def _what_it_names(config: Config) -> str:
    """What the configuration names."""
    number = len(config.accounts)
    accounts = "1 account" if number == 1 else f"{number} accounts"
    feeds = len(config.feeds)
    named = [accounts, *([f"{feeds} feeds" if feeds > 1 else "1 feed"] if feeds else [])]
    return " and ".join(named)


def _beside_it(config: Config, now: datetime) -> Iterator[Check]:
    """What a tick would stumble over: the user's own questions, and the public holidays."""
    try:
        read_catalogue(config.path)
    except ConfigError as error:
        yield from (
            wrong("configuration", problem, FILE, status=_CONFIG) for problem in error.problems
        )
    try:
        PublicHolidays(config.me.country, config.me.subdivision).between(now.date(), now.date())
    except ConfigError as error:
        yield from (
            wrong("configuration", problem, str(config.path), status=_CONFIG)
            for problem in error.problems
        )


def is_missing(path: Path) -> bool:
    """Whether nothing is there; where nobody may look, something may be."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def text_of(path: Path) -> str | None:
    """Give the text of a configuration, None where none can be read."""
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


def permissions(config: Config) -> list[Check]:
    """Say which files others may read, or even write."""
    state = config.state
    found = [
        *_configuration_file(config.path),
        *_private(state.parent, 0o700),
        *(
            check
            for suffix in ("", "-wal", "-shm")
            for check in _private(state.with_name(state.name + suffix), 0o600)
        ),
    ]
    return found or [fine("permissions", "nobody else may read the database or change anything")]


def _configuration_file(path: Path) -> Iterator[Check]:
    folder, mode = _mode(path.parent), _mode(path)
    if folder and folder & _OTHERS_WRITE and not folder & stat.S_ISVTX:
        detail = f"others may put another configuration there (mode {folder:04o})"
        advice = f"chmod go-w {path.parent}"
        yield wrong("permissions", detail, str(path.parent), advice=advice, status=_CONFIG)
    if mode is None:
        return
    if mode & _OTHERS_WRITE:
        detail = f"others may change it (mode {mode:04o}), and so what connectd runs and sends"
        yield wrong("permissions", detail, str(path), advice=f"chmod 600 {path}", status=_CONFIG)
    elif mode & _OTHERS_READ:
        detail = f"others may read it (mode {mode:04o}): your addresses and calendars stand in it"
        yield warning("permissions", detail, f"chmod 600 {path}", str(path))


def _private(path: Path, wanted: int) -> Iterator[Check]:
    mode = _mode(path)
    if mode is None:
        return
    if path.stat().st_uid != os.geteuid():
        advice = f"run connectd as its owner, or give it to yourself: chown {os.geteuid()} {path}"
        yield wrong("permissions", "it belongs to somebody else", str(path), advice=advice)
    elif mode & _OTHERS:
        detail = f"it is open to others (mode {mode:04o})"
        yield warning("permissions", detail, f"chmod {wanted:o} {path}", str(path))


def _mode(path: Path) -> int | None:
    """The permission bits of what is there; None where nothing is."""
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return None


def time_zones(config: Config, store: Store, now: datetime) -> Iterator[Check]:
    """Say whether the zones of the user and of everybody on the list are known."""
    mine = config.me.timezone
    people = {one.timezone for one in store.contacts() if one.timezone}
    unknown = sorted(zone for zone in people if not _is_known(zone))
    if unknown:
        detail = f"this machine does not know {', '.join(unknown)}, where people on the list live"
        yield warning("time zone", detail, "correct it with `connectd contacts edit`", mine.key)
    else:
        local = now.astimezone(mine)
        yield fine("time zone", f"it is {local:%H:%M} on {local:%Y-%m-%d} there", mine.key)


def _is_known(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
