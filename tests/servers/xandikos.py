"""Xandikos: HTTPS with a certificate of its own, RFC 6638 scheduling, mail to the outside."""

import itertools
import sys
from contextlib import ExitStack
from pathlib import Path

import bcrypt

from servers.certificate import make_certificate
from servers.outgoing import SentMail, SmtpSink
from servers.password_file import PasswordFile
from servers.ports import free_port
from servers.process import Process, listening
from servers.user import User

ADDRESSES = (
    '<propertyupdate xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
    "<C:calendar-user-address-set><href>mailto:{email}</href></C:calendar-user-address-set>"
    "</prop></set></propertyupdate>"
)


class Xandikos:
    """Takes the addresses that its users have given to their principals for local."""

    def __init__(self, folder: Path) -> None:
        self._passwords = PasswordFile(folder / "users")
        self._numbers = itertools.count(1)
        port = free_port()
        self.url = f"https://127.0.0.1:{port}/"
        self.ca_file = str(make_certificate(folder / "state" / "certs"))
        with ExitStack() as stack:
            self._sink = SmtpSink()
            stack.callback(self._sink.stop)
            process = Process(self._command(folder, port), folder / "log", listening(port))
            stack.callback(process.stop)
            self._stack = stack.pop_all()

    def new_user(self, called: str = "alice") -> User:
        """Make a fresh user with the default calendar, whom others on this server can invite."""
        name = f"{called}{next(self._numbers)}"
        user = User(
            name=name,
            url=self.url,
            home=f"{self.url}{name}/calendars/",
            calendar=f"{self.url}{name}/calendars/calendar/",
            ca_file=self.ca_file,
            schedules=True,
        )
        # the lowest cost there is: this password protects nothing
        hashed = bcrypt.hashpw(user.password.encode(), bcrypt.gensalt(4)).decode()
        self._passwords.add(user.name, hashed)
        principal = f"{self.url}{name}/"
        user.dav.request("OPTIONS", principal).expect(200)
        user.dav.proppatch(principal, ADDRESSES.format(email=user.email)).expect(207)
        return user

    def mails(self) -> list[SentMail]:
        """What it mailed so far."""
        return list(self._sink.messages)

    def stop(self) -> None:
        self._stack.close()

    def _command(self, folder: Path, port: int) -> list[str]:
        return [
            *(sys.executable, "-m", "xandikos", "multi-user", "--defaults"),
            *("-d", str(folder / "data"), "--state-dir", str(folder / "state")),
            *("--no-detect-systemd", "-l", "127.0.0.1", "-p", str(port)),
            *("--autocert", "--htpasswd", str(self._passwords.path), "--imip-send", "smtp"),
            *("--smtp-from", "calendar@example.test", "--smtp-host", "127.0.0.1"),
            *("--smtp-port", str(self._sink.port)),
        ]
