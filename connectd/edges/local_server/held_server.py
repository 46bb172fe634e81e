"""A server for as long as somebody holds it, as the demo does."""

import subprocess
import sys
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

from connectd.edges.local_server.running import (
    CHILD,
    HOST,
    answers,
    end,
    free_port,
    require_radicale,
)
from connectd.errors import ServerError

_PORTS_TRIED = 3
_PRIVATE = 0o600


class LocalServer:
    """A server whose data, password file and log lie in ``folder``; a context manager.

    The password file is plain text: use a password that is used nowhere else.
    """

    def __init__(self, folder: Path, username: str, password: str) -> None:
        self.username = username
        self.password = password
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self._port = 0

    @property
    def url(self) -> str:
        """What a calendar client is told."""
        return f"http://{HOST}:{self._port}/"

    @property
    def home(self) -> str:
        """The folder of the user's calendars."""
        return f"{self.url}{self.username}/"

    def start(self, stopping: Event) -> None:
        """Start it and wait until it answers, or until ``stopping`` is set.

        Raises SenselessError if Radicale is not installed, ServerError if it does not start.
        """
        require_radicale()
        passwords = self._folder / "users"
        passwords.touch(_PRIVATE)
        passwords.write_text(f"{self.username}:{self.password}\n", "utf-8")
        for _ in range(_PORTS_TRIED):
            self._launch(passwords)
            # it ends when its port was taken by somebody meanwhile
            if answers(self._port, stopping, self._lives):
                return
        last = (self._folder / "log").read_text("utf-8", "replace").strip().rpartition("\n")[2]
        raise ServerError(f"Radicale does not start: {last or 'it says nothing'}")

    def stop(self) -> None:
        """End it and wait until it is gone; nothing happens when it is."""
        process, self._process = self._process, None
        if process is not None:
            end(process)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _launch(self, passwords: Path) -> None:
        self.stop()
        self._port = free_port()
        options = {
            "server-hosts": f"{HOST}:{self._port}",
            "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(passwords),
            "auth-htpasswd-encryption": "plain",
            "auth-delay": "0",
            "rights-type": "owner_only",
            "storage-filesystem-folder": str(self._folder / "data"),
            "web-type": "none",
        }
        named = [word for name, value in options.items() for word in (f"--{name}", value)]
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 our own interpreter with our own file
                [sys.executable, "-P", str(CHILD), "--config", "", *named],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                # Ctrl-C is for whoever started it, who then stops it in good order
                start_new_session=True,
            )

    def _lives(self) -> bool:
        return self._process is not None and self._process.poll() is None
