"""The files of a setup: the configuration and the database, both whole or as they were before."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from connectd.edges.store import Store
from connectd.errors import StoreError

_BESIDE_DATABASE = ("", "-wal", "-shm")


def check_places(path: Path, state: Path) -> None:
    """Raise StoreError where the configuration or the database cannot be written.

    It looks only, so that nobody answers questions for nothing.
    """
    for file in (path.resolve(), state.resolve()):
        folder = next(folder for folder in file.parents if folder.exists())
        if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
            raise StoreError(f"{file} could not be written: {folder} does not let you.")


@contextmanager
def configuration_file(path: Path, text: str) -> Iterator[Callable[[], None]]:
    """The file beside its place, for its owner alone; what is yielded puts it there, whole.

    After a failure all is as it was, the folders too. Raises StoreError.
    """
    path = path.resolve()
    with ExitStack() as undoing:
        try:
            _make_folders(path.parent, undoing)
            written = _write_beside(path, text.encode(), undoing)
            before = _write_beside(path, path.read_bytes(), undoing) if path.exists() else None
        except OSError as error:
            raise StoreError(f"{path} could not be written: {error.strerror}.") from error

        def enter() -> None:
            # first the way back: an interruption can come in between
            undoing.callback(_put_back, path, written, before)
            try:
                written.replace(path)
            except OSError as error:
                raise StoreError(f"{path} could not be written: {error.strerror}.") from error

        yield enter
        undoing.pop_all()
        if before:
            before.unlink()


@contextmanager
def database(path: Path, now: datetime) -> Iterator[Store]:
    """The database within one transaction; one that is new is gone again after a failure."""
    with ExitStack() as undoing:
        if not path.exists():
            _remove_folders_made_for(path, undoing)
            for suffix in _BESIDE_DATABASE:
                file = path.with_name(path.name + suffix)
                undoing.callback(file.unlink, missing_ok=True)
        with Store.open(path) as store:
            store.begin(now)
            with store.transaction():
                yield store
        undoing.pop_all()


def _write_beside(path: Path, content: bytes, undoing: ExitStack) -> Path:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    undoing.callback(Path(name).unlink, missing_ok=True)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _put_back(path: Path, written: Path, before: Path | None) -> None:
    if written.exists():
        return
    if before:
        before.replace(path)
    else:
        path.unlink(missing_ok=True)


def _make_folders(folder: Path, undoing: ExitStack) -> None:
    for missing in _missing(folder):
        missing.mkdir(mode=0o700)
        undoing.callback(missing.rmdir)


def _remove_folders_made_for(path: Path, undoing: ExitStack) -> None:
    """Whoever opens the database makes them."""
    for missing in _missing(path.parent):
        undoing.callback(_remove_if_empty, missing)


def _remove_if_empty(folder: Path) -> None:
    if folder.exists() and not any(folder.iterdir()):
        folder.rmdir()


def _missing(folder: Path) -> list[Path]:
    return list(reversed([one for one in (folder, *folder.parents) if not one.exists()]))
