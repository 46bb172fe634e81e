"""What the operating system knows of its user: their name and their time zone."""

import os
import pwd
from collections.abc import Mapping
from pathlib import Path

_ZONES = "/zoneinfo/"
_LONGEST = 1000


def users_name() -> str:
    """The full name of whoever runs this (the first part of GECOS), empty if it is not known."""
    try:
        gecos = pwd.getpwuid(os.getuid()).pw_gecos
    except KeyError:
        return ""
    return gecos.partition(",")[0].strip()


def time_zone(environment: Mapping[str, str], root: Path = Path("/")) -> str:
    """The name of the time zone in the IANA database, as far as the files tell; else empty.

    TZ comes first, then what /etc/localtime links to, then /etc/timezone. ``root`` is where
    the file system begins.
    """
    if zone := _after_folder(environment.get("TZ", "").removeprefix(":")):
        return zone
    try:
        target = str((root / "etc/localtime").readlink())
    except OSError:
        target = ""
    if _ZONES in target:
        return _after_folder(target)
    try:
        with (root / "etc/timezone").open(encoding="utf-8") as file:
            return file.readline(_LONGEST).strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _after_folder(path: str) -> str:
    return path.partition(_ZONES)[2] if path.startswith(("/", ".")) else path
