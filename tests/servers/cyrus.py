"""Cyrus: plain HTTP, Basic authentication, RFC 6638 scheduling, mail given to a program."""

import imaplib
import itertools
import json
import socket
from contextlib import ExitStack
from pathlib import Path

from servers.daemon_home import DaemonHome
from servers.mail_folder import MailFolder
from servers.outgoing import SentMail
from servers.ports import free_port
from servers.process import listening, wait_until
from servers.user import User

PROGRAMS = Path("/usr/lib/cyrus/bin")
MASTER = Path("/usr/sbin/cyrmaster")
SASLPASSWD = Path("/usr/sbin/saslpasswd2")
ADMIN = "cyrus"
ADMIN_PASSWORD = "cyrus-secret"
MARK = "mark"
IMAPD_CONF = """\
configdirectory: {home}/conf
proc_path: {home}/proc
mboxname_lockpath: {home}/lock
defaultpartition: default
partition-default: {home}/spool
sievedir: {home}/sieve
lmtpsocket: {home}/socket/lmtp
idlesocket: {home}/socket/idle
notifysocket: {home}/socket/notify
cyrus_user: {account}
servername: localhost
admins: {admin}
allowplaintext: yes
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: {home}/sasldb2
sasl_mech_list: PLAIN
virtdomains: off
defaultdomain: example.test
unixhierarchysep: yes
httpmodules: caldav
calendar_user_address_set: example.test
caldav_historical_age: -1
imipnotifier: external
notify_external: {mailer}
"""
CYRUS_CONF = """\
START {{ recover cmd="{programs}/ctl_cyrusdb -C {conf} -r" }}
SERVICES {{
  http cmd="{programs}/httpd -C {conf}" listen="127.0.0.1:{port}" proto="tcp4" prefork=1
  imap cmd="{programs}/imapd -C {conf}" listen="127.0.0.1:{imap_port}" proto="tcp4"
  notify cmd="{programs}/notifyd -C {conf} -m external" listen="{home}/socket/notify" \
    proto="udp" prefork=1 maxchild=1
}}
EVENTS {{ }}
"""


class Cyrus:
    """Takes every address at example.test that has an account for local."""

    packages = ("cyrus-caldav", "cyrus-imapd", "sasl2-bin")
    parts = (str(MASTER), str(SASLPASSWD), str(PROGRAMS / "httpd"))

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._imap_port = free_port()
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        with ExitStack() as stack:
            self._home = DaemonHome("cyrus", "mail")
            stack.callback(self._home.remove)
            self.folder = self._home.path
            self._mail = MailFolder(self._home)
            self._add_password(ADMIN, ADMIN_PASSWORD)
            self._home.start(self._configured(port), listening(port, self._imap_port))
            self._stack = stack.pop_all()

    def new_user(self, called: str = "alice") -> User:
        """Make a fresh user with the default calendar, whom others on this server can invite."""
        name = f"{called}{next(self._numbers)}"
        home = f"{self.url}dav/calendars/user/{name}/"
        user = User(
            name=name,
            url=self.url,
            home=home,
            calendar=f"{home}Default/",
            schedules=True,
        )
        self._add_password(user.name, user.password)
        with imaplib.IMAP4("127.0.0.1", self._imap_port) as imap:
            imap.login(ADMIN, ADMIN_PASSWORD)
            assert imap.create(f"user/{name}")[0] == "OK"
        # makes the calendars; before that an invitation to this user would go out as mail
        user.dav.propfind(user.home).expect(207)
        return user

    def mails(self) -> list[SentMail]:
        """What it mailed so far."""
        self._wait_for_the_mailer()
        return [_read(text) for text in self._mail.texts() if text != MARK]

    def _wait_for_the_mailer(self) -> None:
        """Let a mark go the way of the mails: what was sent before it has arrived then."""
        seen = self._mail.texts().count(MARK)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notifyd:
            notifyd.connect(str(self._home.path / "socket" / "notify"))
            # method, class, priority, user, mailbox, number of options, text, file
            fields = ("", "MARK", "", "", "", "0", MARK, "")
            notifyd.send("".join(f"{field}\0" for field in fields).encode())
        wait_until(lambda: self._mail.texts().count(MARK) > seen, "the mailer")

    def stop(self) -> None:
        self._stack.close()

    def _configured(self, port: int) -> list[str]:
        home = self._home.path
        for name in ("conf", "spool", "lock", "proc", "socket", "sieve"):
            self._home.folder(name)
        conf = self._home.write(
            "imapd.conf",
            IMAPD_CONF.format(
                home=home, account=self._home.user, admin=ADMIN, mailer=self._mail.program
            ),
        )
        services = self._home.write(
            "cyrus.conf",
            CYRUS_CONF.format(
                programs=PROGRAMS, conf=conf, home=home, port=port, imap_port=self._imap_port
            ),
        )
        files = ("-C", conf, "-M", services, "-p", home / "pid", "-L", home / "master.log")
        return [str(MASTER), *map(str, files), "-D"]

    def _add_password(self, name: str, password: str) -> None:
        database = self._home.path / "sasldb2"
        command = [str(SASLPASSWD), "-p", "-c", "-f", str(database), "-u", "localhost", name]
        self._home.run(command, password)


def _read(text: str) -> SentMail:
    given = json.loads(text)
    return SentMail(given["sender"].lower(), (given["recipient"].lower(),), given["ical"])
