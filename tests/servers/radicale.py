"""Radicale: plain HTTP, Basic authentication, no scheduling, no mail."""

import itertools
import sys
from pathlib import Path

from servers.outgoing import SentMail
from servers.password_file import PasswordFile
from servers.ports import free_port
from servers.process import Process, listening
from servers.user import User


class Radicale:
    """Every user sees what is their own alone."""

    def __init__(self, folder: Path) -> None:
        self._passwords = PasswordFile(folder / "users")
        self._numbers = itertools.count(1)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        self._process = Process(
            [
                *(sys.executable, "-m", "radicale", "--config", ""),
                *("--server-hosts", f"127.0.0.1:{port}", "--web-type", "none"),
                *("--auth-type", "htpasswd", "--auth-htpasswd-filename", str(self._passwords.path)),
                *("--auth-htpasswd-encryption", "plain", "--auth-delay", "0"),
                *("--rights-type", "owner_only"),
                *("--storage-filesystem-folder", str(folder / "data")),
            ],
            folder / "log",
            listening(port),
        )

    def new_user(self, called: str = "alice") -> User:
        """Make a fresh user with one calendar."""
        name = f"{called}{next(self._numbers)}"
        user = User(
            name=name,
            url=self.url,
            home=f"{self.url}{name}/",
            calendar=f"{self.url}{name}/cal/",
            schedules=False,
        )
        self._passwords.add(user.name, user.password)
        user.dav.mkcalendar(user.calendar, "Calendar").expect(201)
        return user

    def mails(self) -> list[SentMail]:
        """Return what it mailed, which is never anything."""
        return []

    def stop(self) -> None:
        self._process.stop()
