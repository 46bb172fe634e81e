"""SOGo: plain HTTP, Basic authentication, RFC 6638 scheduling, mail to a sink."""

import itertools
from contextlib import ExitStack

from servers.daemon_home import DaemonHome
from servers.outgoing import SentMail, SmtpSink
from servers.ports import free_port
from servers.postgres import Postgres
from servers.process import listening
from servers.user import User

USERS = """\
CREATE TABLE users (c_uid varchar(64) PRIMARY KEY, c_name varchar(64), c_password varchar(64),
  c_cn varchar(128), mail varchar(128))
"""
NEW_USER = "INSERT INTO users VALUES ('{name}', '{name}', '{password}', '{name}', '{email}')"


class Sogo:
    """Runs on a PostgreSQL and a memcached of its own; every setting is on its command line."""

    packages = ("sogo", "memcached", "postgresql")
    parts = (
        "/usr/sbin/sogod",
        "/usr/bin/memcached",
        "/usr/lib/postgresql/*/bin/initdb",
        # read in any case, and by default for the eyes of root and sogo alone
        "/etc/sogo/sogo.conf",
    )

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        with ExitStack() as stack:
            self._sink = SmtpSink()
            stack.callback(self._sink.stop)
            databases = DaemonHome("postgres", "postgres")
            stack.callback(databases.remove)
            self._database = Postgres(databases, tcp=True)
            self._database.query("CREATE DATABASE sogo", "postgres")
            self._database.query(USERS, "sogo")
            home = DaemonHome("sogo", "sogo")
            stack.callback(home.remove)
            cache_port, port = free_port(), free_port()
            cache = ["memcached", "-l", "127.0.0.1", "-p", str(cache_port)]
            home.start(cache, listening(cache_port))
            home.start(
                self._command(home, port, cache_port),
                listening(port),
                environment={"HOME": str(home.path)},
            )
            self._stack = stack.pop_all()
        self.url = f"http://127.0.0.1:{port}/SOGo/dav/"

    def new_user(self, called: str = "alice") -> User:
        """Make a fresh user with the default calendar, whom others on this server can invite."""
        name = f"{called}{next(self._numbers)}"
        home = f"{self.url}{name}/Calendar/"
        user = User(
            name=name,
            url=self.url,
            home=home,
            calendar=f"{home}personal/",
            schedules=True,
        )
        statement = NEW_USER.format(name=name, password=user.password, email=user.email)
        self._database.query(statement, "sogo")
        # makes the calendar
        user.dav.propfind(user.home, depth=1).expect(207)
        return user

    def mails(self) -> list[SentMail]:
        """What it mailed so far."""
        return list(self._sink.messages)

    def stop(self) -> None:
        self._stack.close()

    def _command(self, home: DaemonHome, port: int, cache_port: int) -> list[str]:
        database = f"postgresql://postgres:x@127.0.0.1:{self._database.port}/sogo"
        users = {
            "type": "sql",
            "id": "users",
            "viewURL": f"{database}/users",
            "canAuthenticate": "YES",
            "isAddressBook": "YES",
            "userPasswordAlgorithm": "plain",
            "displayName": "Users",
        }
        source = "".join(f'{key} = "{value}"; ' for key, value in users.items())
        settings = {
            "WONoDetach": "YES",
            "WOPort": f"127.0.0.1:{port}",
            "WOWorkersCount": "2",
            "WOLogFile": "-",
            "WOPidFile": home.path / "pid",
            "SOGoMemcachedHost": f"127.0.0.1:{cache_port}",
            "SOGoProfileURL": f"{database}/sogo_user_profile",
            "OCSFolderInfoURL": f"{database}/sogo_folder_info",
            "OCSSessionsFolderURL": f"{database}/sogo_sessions_folder",
            "OCSEMailAlarmsFolderURL": f"{database}/sogo_alarms",
            "SOGoUserSources": f"({{ {source}}})",
            "SOGoMailDomain": "example.test",
            "SOGoAppointmentSendEMailNotifications": "YES",
            "SOGoMailingMechanism": "smtp",
            "SOGoSMTPServer": f"smtp://127.0.0.1:{self._sink.port}",
            "SOGoTimeZone": "UTC",
            "SOGoMailSpoolPath": home.folder("spool"),
            "SOGoEnableEMailAlarms": "NO",
        }
        options = (word for key, value in settings.items() for word in (f"-{key}", str(value)))
        return ["/usr/sbin/sogod", *options]
