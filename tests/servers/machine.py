"""Whether this machine has what a server needs."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from missing import leave_out


class Packaged(Protocol):
    """A server that is no Python package, but some of Debian: ``parts`` are files of those."""

    packages: Sequence[str]
    parts: Sequence[str]


def require(kind: Packaged) -> None:
    """Skip the test where the server is not installed, saying what installs it; fail it in CI."""
    lacking = [
        part for part in kind.parts if not any(map(_can_read, Path("/").glob(part.lstrip("/"))))
    ]
    if lacking:
        leave_out(f"{lacking[0]}, to be read,", " ".join(kind.packages))


def _can_read(path: Path) -> bool:
    return os.access(path, os.R_OK)
