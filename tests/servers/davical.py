"""DAViCal: plain HTTP, Basic authentication, RFC 6638 scheduling, mail given to a program."""

import itertools
import shutil
from contextlib import ExitStack
from email.parser import HeaderParser
from email.utils import getaddresses
from pathlib import Path

from servers.daemon_home import DaemonHome
from servers.mail_folder import MailFolder
from servers.outgoing import SentMail
from servers.ports import free_port
from servers.postgres import Postgres
from servers.process import listening
from servers.user import User

PROGRAM = Path("/usr/share/davical")
LIBRARY = Path("/usr/share/awl/inc")
SYSTEM_CONFIG = "/etc/davical/config.php"
CONFIG = """\
<?php
$c->pg_connect[] = "dbname=davical host={socket} port={port} user=davical_app";
$c->domain_name = "127.0.0.1";
$c->system_name = "DAViCal";
$c->admin_email = "admin@example.test";
$c->default_locale = "en";
$c->enable_auto_schedule = true;
$c->iMIP = (object) array('send_email' => true, 'template' => array());
"""
ROUTER = """\
<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if ($path === '/.well-known/caldav') {
  header('Location: /caldav.php/', true, 301);
} elseif (preg_match('#^/caldav\\.php(/.*)?$#', $path, $found)) {
  $_SERVER['SCRIPT_NAME'] = '/caldav.php';
  $_SERVER['PATH_INFO'] = urldecode($found[1] ?? '/');
  chdir($_SERVER['DOCUMENT_ROOT']);
  require 'caldav.php';
} else {
  http_response_code(404);
}
"""
NEW_USER = """\
INSERT INTO dav_principal (type_id, user_active, username, password, fullname, displayname,
  email, email_ok, default_privileges)
VALUES (1, true, '{name}', '**{password}', '{name}', '{name}', '{email}', now(),
  privilege_to_bits(ARRAY['read-free-busy', 'schedule-deliver', 'schedule-send']));
"""


class Davical:
    """Runs under the web server of PHP, on a PostgreSQL of its own."""

    packages = ("davical", "php-cli", "php-pgsql", "postgresql")
    parts = (
        "/usr/share/davical/htdocs",
        "/usr/bin/php",
        "/usr/lib/php/*/pdo_pgsql.so",
        "/usr/lib/postgresql/*/bin/initdb",
    )

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/caldav.php/"
        with ExitStack() as stack:
            self._home = DaemonHome("postgres", "postgres")
            stack.callback(self._home.remove)
            self._mail = MailFolder(self._home)
            self._database = Postgres(self._home)
            self._home.run(
                ["sh", "./create-database.sh", "davical", "admin-secret"],
                cwd=PROGRAM / "dba",
                environment=self._database.environment,
            )
            self._home.start(self._configured(port), listening(port))
            self._stack = stack.pop_all()

    def new_user(self, called: str = "alice") -> User:
        """Make a fresh user with the default calendar, whom others on this server can invite."""
        name = f"{called}{next(self._numbers)}"
        user = User(
            name=name,
            url=self.url,
            home=f"{self.url}{name}/",
            calendar=f"{self.url}{name}/calendar/",
            schedules=True,
        )
        statement = NEW_USER.format(name=name, password=user.password, email=user.email)
        self._database.query(statement, "davical")
        user.dav.mkcalendar(user.calendar, "Calendar").expect(201)
        return user

    def mails(self) -> list[SentMail]:
        """What it mailed so far."""
        return [_read(text) for text in self._mail.texts()]

    def stop(self) -> None:
        self._stack.close()

    def _configured(self, port: int) -> list[str]:
        """Copy what names its configuration, so that the machine's own is not touched."""
        config = self._home.write(
            "config.php",
            CONFIG.format(socket=self._database.folder, port=self._database.port),
        )
        pages = self._home.path / "htdocs"
        shutil.copytree(PROGRAM / "htdocs", pages)
        always = (pages / "always.php").read_text()
        assert SYSTEM_CONFIG in always
        (pages / "always.php").write_text(always.replace(SYSTEM_CONFIG, str(config)))
        router = self._home.write("router.php", ROUTER)
        settings = {
            "include_path": f"{PROGRAM / 'inc'}:{LIBRARY}",
            "error_reporting": "E_ALL & ~E_DEPRECATED & ~E_NOTICE & ~E_WARNING",
            "display_errors": "0",
            "log_errors": "1",
            "sendmail_path": str(self._mail.program),
        }
        options = [word for key, value in settings.items() for word in ("-d", f"{key}={value}")]
        return ["php", *options, "-S", f"127.0.0.1:{port}", "-t", str(pages), str(router)]


def _read(text: str) -> SentMail:
    """Read a mail, with the line break that DAViCal forgets behind a boundary."""
    headers = HeaderParser().parsestr(text)
    boundary = f"--{headers.get_boundary()}"
    whole = text.replace(f"{boundary}Content-Type", f"{boundary}\nContent-Type")
    recipients = tuple(address.lower() for _, address in getaddresses(headers.get_all("To", [])))
    return SentMail(headers.get("From", "").lower(), recipients, whole)
