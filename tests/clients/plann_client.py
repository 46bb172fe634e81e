"""plann, a CalDAV client on the command line."""

import sysconfig
from pathlib import Path

from programs import run
from servers import User


class Plann:
    """One calendar of a user."""

    def __init__(self, home: Path, user: User, calendar: str) -> None:
        self._home = home
        program = Path(sysconfig.get_path("scripts")) / "plann"
        login = ["--caldav-user", user.name, "--caldav-pass", user.password]
        where = ["--caldav-url", user.url, "--calendar-url", calendar]
        self._command = [str(program), "--skip-config", *login, *where]

    def set_status(self, uid: str, status: str) -> None:
        run([*self._command, "select", "--uid", uid, "edit", "--set-status", status], self._home)

    def delete(self, uid: str) -> None:
        run([*self._command, "select", "--uid", uid, "delete"], self._home)
