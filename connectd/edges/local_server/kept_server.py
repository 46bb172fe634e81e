"""A server that stays: its configuration, its one user and all data lie in one folder."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from configparser import Error, RawConfigParser
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import IO

from connectd.edges.local_server.running import (
    CHILD,
    HOST,
    answers,
    end,
    is_listening,
    lasting_port,
    require_radicale,
    strangers_listen,
)
from connectd.errors import ServerError, StoreError

# The password is made by a machine, so that nobody guesses it; and each request has it checked.
_ROUNDS = 1000
_ROOT = 0


class KeptServer:
    """Radicale for one user, in ``folder``, which and whose files are for their owner alone.

    Radicale reads the password file anew when it changes, and the configuration at its start.
    Its port may be another's while it does not run: whoever listens there gets the password only
    if the user is one of the ``trusted`` ones, by default the own one and root.
    """

    def __init__(self, folder: Path, trusted: Collection[int] = (os.getuid(), _ROOT)) -> None:
        require_radicale()
        self._folder = folder
        self._trusted = trusted
        self._config = folder / "config"
        self._users = folder / "users"
        self._data = folder / "data"

    @property
    def port(self) -> int | None:
        """The port that its configuration names, None where there is no configuration."""
        parser = RawConfigParser()
        try:
            parser.read(self._config, "utf-8")
            return int(parser["server"]["hosts"].rpartition(":")[2])
        except (KeyError, ValueError, Error):
            return None
        except OSError as error:
            raise _unusable(self._config, error) from error

    @property
    def url(self) -> str:
        """What a calendar client is told; raises StoreError before it was prepared."""
        if self.port is None:
            raise StoreError(f"{self._config} says no port: run `connectd setup --local` again.")
        return f"http://{HOST}:{self.port}/"

    def listens(self) -> bool:
        """Whether something takes connections at its port, be it this server or another."""
        return self.port is not None and is_listening(self.port)

    def command(self, interpreter: str) -> list[str]:
        """What runs it in the foreground, for whoever supervises it."""
        return [interpreter, "-P", "-m", "radicale", "--config", str(self._config)]

    def knows(self, username: str, password: str) -> bool:
        """Whether it lets this user in with this password."""
        from passlib.hash import sha512_crypt  # noqa: PLC0415 - it comes with Radicale, if at all

        try:
            name, _, kept = self._users.read_text("utf-8").strip().partition(":")
            return name == username and bool(sha512_crypt.verify(password, kept))
        except (FileNotFoundError, ValueError):
            return False
        except OSError as error:
            raise _unusable(self._users, error) from error

    @contextmanager
    def preparing(self, username: str, password: str) -> Iterator[None]:
        """Write what it needs, keeping the port it has; leaving by an exception undoes that.

        Raises StoreError where that cannot be written, ServerError where no port is free.
        """
        port = self.port or lasting_port()
        with ExitStack() as undoing:
            try:
                _make_folder(self._folder, undoing)
                if not self._data.exists():
                    _make_folder(self._data, undoing)
                    # with what a setup that came to nothing has put there
                    undoing.callback(shutil.rmtree, self._data, ignore_errors=True)
                _write(self._config, _configuration(self._folder, port), undoing)
                if not self.knows(username, password):
                    _write(self._users, f"{username}:{_hashed(password)}\n", undoing)
            except OSError as error:
                raise _unusable(self._folder, error) from error
            yield
            undoing.pop_all()

    @contextmanager
    def running_meanwhile(self) -> Iterator[None]:
        """Have it run inside, unless it runs already; raises ServerError if it does not start."""
        if self.listens():
            if strangers_listen(self.port or 0, self._trusted):
                raise self._taken()
            yield
            return
        with tempfile.TemporaryFile() as log:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own file
                [sys.executable, "-P", str(CHILD), "--config", str(self._config)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,
                umask=0o077,
            )
            try:
                self.wait(lambda: process.poll() is None, lambda: _last_line(log))
                yield
            finally:
                end(process)

    def wait(self, lives: Callable[[], bool], reason: Callable[[], str]) -> None:
        """Wait until it takes connections; raises ServerError if it does not, or lives no more.

        The ``reason`` is what to say then of why.
        """
        if not answers(self.port or 0, Event(), lives):
            raise ServerError(f"Radicale does not start with {self._config}: {reason()}")
        if strangers_listen(self.port or 0, self._trusted):
            raise self._taken()

    def refuse_strangers(self) -> None:
        """Raise ServerError if another program has the port, while this server does not run."""
        if self.listens():
            raise self._taken()

    def _taken(self) -> ServerError:
        return ServerError(
            f"Another program has port {self.port}, which is that of your calendar server. End "
            f"that one, or write another port into {self._config} and into the URL in the "
            "configuration of connectd."
        )


def _configuration(folder: Path, port: int) -> str:
    """Radicale's configuration: one user, who sees their own alone, and no web page."""
    return (
        "# Written by `connectd setup --local`; the port may be changed, with the URL in the\n"
        "# configuration of connectd.\n"
        f"[server]\nhosts = {HOST}:{port}\n"
        "[auth]\ntype = htpasswd\n"
        f"htpasswd_filename = {folder / 'users'}\nhtpasswd_encryption = sha512\n"
        "[rights]\ntype = owner_only\n"
        f"[storage]\nfilesystem_folder = {folder / 'data'}\n"
        "[web]\ntype = none\n"
        "[logging]\nlevel = warning\n"
    )


def _last_line(log: IO[bytes]) -> str:
    log.seek(0)
    said = log.read().decode("utf-8", "replace").strip()
    return said.rpartition("\n")[2] or "it says nothing"


def _hashed(password: str) -> str:
    from passlib.hash import sha512_crypt  # noqa: PLC0415 - as above

    return str(sha512_crypt.using(rounds=_ROUNDS).hash(password))


def _make_folder(folder: Path, undoing: ExitStack) -> None:
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700)
        undoing.callback(_remove_if_empty, missing)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        # somebody has put something there meanwhile
        return


def _write(path: Path, text: str, undoing: ExitStack) -> None:
    """Write the file for its owner alone, whole; undone, it is as it was before."""
    before = path.read_bytes() if path.exists() else None
    if before == text.encode():
        return
    if before is None:
        undoing.callback(path.unlink, missing_ok=True)
    else:
        undoing.callback(_replace, path, before)
    _replace(path, text.encode())


def _replace(path: Path, data: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(name).replace(path)


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path} cannot be used: {error.strerror}.")
