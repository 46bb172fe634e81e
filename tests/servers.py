"""Real CalDAV servers for tests: each starts on a free loopback port, under its own folder."""

import datetime as dt
import ipaddress
import itertools
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import bcrypt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from dav import Dav

START_LIMIT_SECONDS = 60.0
ADDRESSES = (
    '<propertyupdate xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop>'
    "<C:calendar-user-address-set><href>mailto:{email}</href></C:calendar-user-address-set>"
    "</prop></set></propertyupdate>"
)


@dataclass(frozen=True, slots=True)
class User:
    """Somebody with an account: ``url`` is what they would type into a calendar client."""

    name: str
    password: str = field(repr=False)
    email: str
    url: str
    home: str
    calendar: str
    ca_file: str | None
    schedules: bool

    @property
    def dav(self) -> Dav:
        """What a calendar client of this user can do, without connectd's own edge."""
        return Dav(self.url, self.name, self.password)


class Radicale:
    """Plain HTTP, Basic authentication, no scheduling."""

    def __init__(self, folder: Path) -> None:
        self._passwords = folder / "users"
        self._passwords.write_text("")
        self._numbers = itertools.count(1)
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}/"
        self._process = _Process(
            [
                *(sys.executable, "-m", "radicale", "--config", ""),
                *("--server-hosts", f"127.0.0.1:{port}", "--web-type", "none"),
                *("--auth-type", "htpasswd", "--auth-htpasswd-filename", str(self._passwords)),
                *("--auth-htpasswd-encryption", "plain", "--auth-delay", "0"),
                *("--rights-type", "owner_only"),
                *("--storage-filesystem-folder", str(folder / "data")),
            ],
            folder / "log",
            port,
        )

    def new_user(self, called: str = "alice") -> User:
        """Make a fresh user with one calendar."""
        name = f"{called}{next(self._numbers)}"
        user = User(
            name=name,
            password=f"{name}-secret",
            email=f"{name}@example.test",
            url=self.url,
            home=f"{self.url}{name}/",
            calendar=f"{self.url}{name}/cal/",
            ca_file=None,
            schedules=False,
        )
        _append(self._passwords, f"{user.name}:{user.password}\n")
        user.dav.mkcalendar(user.calendar, "Calendar").expect(201)
        return user

    def stop(self) -> None:
        self._process.stop()


class Xandikos:
    """HTTPS with a certificate of its own, Basic authentication, RFC 6638 scheduling, no mail."""

    def __init__(self, folder: Path) -> None:
        self._passwords = folder / "users"
        self._passwords.write_text("")
        self._numbers = itertools.count(1)
        port = _free_port()
        self.url = f"https://127.0.0.1:{port}/"
        self.ca_file = str(_make_certificate(folder / "state" / "certs"))
        self._process = _Process(
            [
                *(sys.executable, "-m", "xandikos", "multi-user", "--defaults"),
                *("-d", str(folder / "data"), "--state-dir", str(folder / "state")),
                *("--no-detect-systemd", "-l", "127.0.0.1", "-p", str(port)),
                *("--autocert", "--htpasswd", str(self._passwords), "--imip-send", "off"),
            ],
            folder / "log",
            port,
        )

    def new_user(self, called: str = "alice") -> User:
        """Make a fresh user with the default calendar, whom others on this server can invite."""
        name = f"{called}{next(self._numbers)}"
        user = User(
            name=name,
            password=f"{name}-secret",
            email=f"{name}@example.test",
            url=self.url,
            home=f"{self.url}{name}/calendars/",
            calendar=f"{self.url}{name}/calendars/calendar/",
            ca_file=self.ca_file,
            schedules=True,
        )
        # the lowest cost there is: this password protects nothing
        hashed = bcrypt.hashpw(user.password.encode(), bcrypt.gensalt(4)).decode()
        _append(self._passwords, f"{user.name}:{hashed}\n")
        principal = f"{self.url}{name}/"
        user.dav.request("OPTIONS", principal).expect(200)
        user.dav.proppatch(principal, ADDRESSES.format(email=user.email)).expect(207)
        return user

    def stop(self) -> None:
        self._process.stop()


class _Process:
    """One server process, waited for until it answers, ended by its own id."""

    def __init__(self, command: Sequence[str], log: Path, port: int) -> None:
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output
            )
        try:
            wait_until(lambda: self._answers(port), f"an answer on port {port}; see {log}")
        except BaseException:
            self.stop()
            raise

    def _answers(self, port: int) -> bool:
        if self._popen.poll() is not None:
            raise RuntimeError(f"the server ended with status {self._popen.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        self._popen.terminate()
        try:
            self._popen.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def wait_until(
    condition: Callable[[], bool], what: str, limit_seconds: float = START_LIMIT_SECONDS
) -> None:
    """Wait for a condition; raises TimeoutError with ``what`` when it does not come true."""
    end = time.monotonic() + limit_seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {limit_seconds:g} s for {what}")
        time.sleep(0.02)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _append(file: Path, line: str) -> None:
    # replaced whole, so that the server never reads half a file
    fresh = file.with_suffix(".new")
    fresh.write_text(file.read_text() + line)
    fresh.replace(file)


def _make_certificate(folder: Path) -> Path:
    """Write the key and certificate where Xandikos looks for its own; returns the certificate.

    The one that Xandikos would make names 127.0.0.1 as a DNS name, which no client accepts.
    """
    folder.mkdir(parents=True)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "selfsigned.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    path = folder / "selfsigned.crt"
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path
