"""Writes a file for its owner alone: whole or not at all, and over no other unless told to."""

import os
import tempfile
from contextlib import ExitStack
from pathlib import Path

from connectd.errors import WrongInputError


def write_private(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """Write ``data`` to ``path`` with mode 0600, by way of a file beside it.

    Raises WrongInputError where there is a file already, unless it may be overwritten, or
    something else, and where it cannot be written.
    """
    try:
        _write(path.resolve() if overwrite else path, data, overwrite=overwrite)
    except FileExistsError as error:
        raise WrongInputError(
            f"{path} exists already: choose another name, or --force to write over it."
        ) from error
    except OSError as error:
        raise WrongInputError(f"{path} could not be written: {error.strerror}.") from error


def _write(path: Path, data: bytes, *, overwrite: bool) -> None:
    if path.exists() and not path.is_file():
        raise OSError(0, "it is no file")
    if not overwrite and (path.exists() or path.is_symlink()):
        raise FileExistsError
    with ExitStack() as undoing:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        undoing.callback(Path(name).unlink, missing_ok=True)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            Path(name).replace(path)
        else:
            _place(path, name)


def _place(path: Path, name: str) -> None:
    """Give a file its name; unlike a rename it fails where somebody has made one meanwhile."""
    try:
        path.hardlink_to(name)
    except FileExistsError:
        raise
    except OSError:
        # FAT, as on most USB sticks, knows no second name for a file
        path.touch(0o600, exist_ok=False)
        Path(name).replace(path)
