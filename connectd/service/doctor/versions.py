"""Which versions are at work here."""

import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from connectd import __version__
from connectd.service.doctor.checks import Check, fine, wrong

LIBRARIES = (
    "caldav",
    "click",
    "holidays",
    "icalendar",
    "keyring",
    "niquests",
    "recurring-ical-events",
    "schedule",
    "tomlkit",
    "vobject",
)


class Versions(NamedTuple):
    """The versions by name, and which libraries are not there."""

    here: dict[str, str]
    missing: tuple[str, ...]


def versions(systemd: str | None) -> Versions:
    """Every version that may matter; ``systemd`` is what that says of itself, if it is there."""
    here = {
        "connectd": __version__,
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.release()}",
        "systemd": (systemd or "none").removeprefix("systemd "),
    }
    missing = []
    for library in LIBRARIES:
        try:
            here[library] = version(library)
        except PackageNotFoundError:
            missing.append(library)
    return Versions(here, tuple(missing))


def look_at_versions(systemd: str | None) -> Check:
    """List them in one line; a library that is missing is an error."""
    found = versions(systemd)
    if found.missing:
        return wrong("versions", f"missing: {', '.join(found.missing)}")
    return fine("versions", ", ".join(f"{name} {number}" for name, number in found.here.items()))
