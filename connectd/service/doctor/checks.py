"""What one look at one thing comes to, and how a look is kept from stopping the others."""

import logging
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import NamedTuple, TypeVar

from connectd.errors import ConnectdError, CredentialsError, KeyringLockedError, ServerError

NAMES = {
    "configuration": "correct the configuration file; config.example.toml explains each key",
    "permissions": "see that you alone may read and write it",
    "database": "do what the line says; docs/backup.md tells how a copy is put back",
    "time zone": "install the package tzdata, with which the system's zones come",
    "dns": "check the host name in the configuration, and the network",
    "certificate": "see whether the host is right; a private authority needs ca_file",
    "clock": "see whether the host is right and the network is up",
    "credentials": "store the password again, or correct the command that prints it",
    "server": "check url and username in the configuration; then try again",
    "features": "try again; if it stays so, tell the authors",
    "address book": "check [people] in the configuration",
    "calendar": "try again; if it stays so, look at the server",
    "events": "correct or delete them in your calendar program",
    "drafts": "let this account write to that calendar, or name another one under drafts",
    "feed": "check the address of the feed in the configuration",
    "mail": "check [mail] in the configuration",
    "service": "see `systemctl --user status connectd`",
    "last tick": "see that connectd runs",
    "versions": "install connectd again",
}
"""Every check, in the order in which they are made, and what to do if nothing better is known."""

_PART_OF_THE_WORK = 7
_DIGITS = 3

log = logging.getLogger("connectd")

Found = TypeVar("Found")


class Level(StrEnum):
    """How it is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class Check(NamedTuple):
    """One line of the diagnosis.

    ``name`` is one of NAMES, ``subject`` what was looked at: an account, a host, a calendar.
    ``advice`` says what to do, ``took_seconds`` how long the look took where that tells
    anything. ``exit_status`` is that of an error.
    """

    name: str
    level: Level
    detail: str
    advice: str = ""
    subject: str = ""
    took_seconds: float | None = None
    exit_status: int = 0


def fine(name: str, detail: str, subject: str = "") -> Check:
    """All is well with it."""
    return Check(name, Level.OK, detail, subject=subject)


def warning(name: str, detail: str, advice: str, subject: str = "") -> Check:
    """It works, but will not always, or is not as it should be."""
    return Check(name, Level.WARNING, detail, advice, subject)


def wrong(
    name: str, detail: str, subject: str = "", *, advice: str = "", status: int = _PART_OF_THE_WORK
) -> Check:
    """It does not work. ``status`` is the exit status that fits."""
    return Check(
        name, Level.ERROR, detail, advice or NAMES[name], subject=subject, exit_status=status
    )


def carried_out(
    name: str, subject: str, look: Callable[[], Iterable[Check]], *, timed: bool = False
) -> Iterator[Check]:
    """Make a look; whatever goes wrong in it becomes a line, and the next look is made."""
    began = monotonic()
    try:
        for check in look():
            seconds = round(monotonic() - began, _DIGITS) if timed else None
            yield check._replace(took_seconds=seconds)
            began = monotonic()
    except ConnectdError as error:
        failed = wrong(name, str(error), subject, advice=_advice(error), status=error.exit_status)
        yield failed._replace(took_seconds=round(monotonic() - began, _DIGITS) if timed else None)
    except Exception as fault:
        log.debug("the look at %s failed", name, exc_info=True)
        yield wrong(
            name,
            f"it could not be looked at, through a fault in connectd ({type(fault).__name__})",
            subject,
            advice="tell the authors, with `connectd doctor --bundle FILE`",
            status=1,
        )


def _advice(error: ConnectdError) -> str:
    if isinstance(error, KeyringLockedError):
        return "unlock the keyring, then look again"
    return NAMES["credentials"] if isinstance(error, CredentialsError) else ""


def in_time(seconds: float, ask: Callable[[], Found]) -> Found:
    """Ask something outside that may never answer; raises what it raises, or ServerError.

    In a thread of its own, which is left to itself when the time is up.
    """
    answers: SimpleQueue[tuple[Found] | Exception] = SimpleQueue()

    def answer() -> None:
        try:
            answers.put((ask(),))
        except Exception as error:  # noqa: BLE001 - raised again below, in the caller's thread
            answers.put(error)

    Thread(target=answer, name="look", daemon=True).start()
    try:
        given = answers.get(timeout=seconds)
    except Empty:
        raise ServerError(f"There was no answer in {seconds:g} seconds.") from None
    if isinstance(given, Exception):
        raise given
    return given[0]


def status_of(checks: Iterable[Check]) -> int:
    """The exit status of a diagnosis: that of the first error, 7 for warnings alone, else 0."""
    levels = set()
    for check in checks:
        levels.add(check.level)
        if check.level is Level.ERROR:
            return check.exit_status
    return _PART_OF_THE_WORK if Level.WARNING in levels else 0
