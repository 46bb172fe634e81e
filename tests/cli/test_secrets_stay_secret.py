"""No password and no token, in no spelling, in anything that a connectd leaves or shows."""

import contextlib
import hashlib
import re
import signal
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from door import Door
from mail_sink import MailSink
from proxy import Fault, Listener, Reply
from servers import Radicale, User, wait_until
from shell import Shell, configuration

CORES = ("Zebra7Quagga", "Okapi4Gnu9Yak", "Tapir3Numbat")
PASSWORD, TOKEN, MAIL_PASSWORD = f'pä=ss {CORES[0]}"%&<', f"ya29.{CORES[1]}-_~+/==", CORES[2]

DRIVER = """
import logging
import signal
import sys
import traceback

logging.basicConfig(level=logging.DEBUG, filename=sys.argv[1])
from connectd.cli.main import main


def provoke(*_):
    raise RuntimeError("provoked")


signal.signal(signal.SIGUSR1, provoke)
for line in sys.stdin:
    sys.argv = ["connectd", "--verbose", *line.split()]
    try:
        main()
    except SystemExit as ending:
        status = ending.code or 0
    except Exception:
        traceback.print_exc()
        status = "a fault"
    print("ended with", status, flush=True)
"""
"""Runs one command for each line, with the loggers of all libraries wide open."""


WITH_CORE_DUMPS = ("sh", "-c", 'ulimit -S -c "$(ulimit -H -c)"; exec "$@"', "sh")
"""Runs a command as on a machine where crashed programs leave their memory behind."""


def spellings(secret: str, core: str) -> list[bytes]:
    """Every form in which it, or the letters in its middle, could lie about."""
    plain = core.encode()
    forms = [plain, plain.hex().encode(), core.encode("utf-16-le"), core.encode("utf-16-be")]
    for shift in range(3):
        # what does not depend on the letters before and after
        encoded = b64encode(b"x" * shift + plain + b"yyy")
        forms.append(encoded[4 if shift else 0 : -8])
    digests = (hashlib.new(name, secret.encode()) for name in ("md5", "sha1", "sha256", "sha512"))
    return [form.lower() for form in forms] + [d.hexdigest().encode() for d in digests]


SPELLINGS = [
    form
    for secret, core in zip((PASSWORD, TOKEN, MAIL_PASSWORD), CORES, strict=True)
    for form in spellings(secret, core)
]


def found_in(artefact: bytes) -> list[bytes]:
    return [form for form in SPELLINGS if form in artefact.lower()]


class Processes:
    """What all the world can see of a process and of those that it starts, as they come and go."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.seen: dict[str, set[bytes]] = {"cmdline": set(), "environ": set()}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.01):
            for pid in [self._pid, *self._below(self._pid)]:
                for name, contents in self.seen.items():
                    with contextlib.suppress(OSError):
                        contents.add(Path(f"/proc/{pid}/{name}").read_bytes())

    def _below(self, pid: int) -> Iterator[int]:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{pid}/task").iterdir():
                for child in (task / "children").read_text().split():
                    yield int(child)
                    yield from self._below(int(child))


class Driver:
    """A connectd in a process of its own, told line by line what to do."""

    def __init__(self, shell: Shell) -> None:
        self.log = shell.folder / "log"
        self._said = shell.folder / "said"
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [*WITH_CORE_DUMPS, sys.executable, "-c", DRIVER, str(self.log)],
                env=shell.environment,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
            )
        self.pid = self._process.pid
        self._commands = 0

    @property
    def said(self) -> str:
        return self._said.read_text()

    def begin(self, *words: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(" ".join(words).encode() + b"\n")
        self._process.stdin.flush()
        self._commands += 1

    def status(self) -> str:
        """Wait until the command that was begun last has ended, and say how."""
        wait_until(lambda: self.said.count("ended with") == self._commands, "its end", 30)
        return re.findall("ended with (.*)", self.said)[-1]

    def run(self, *words: str) -> str:
        self.begin(*words)
        return self.status()

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.kill()
        self._process.wait()


def dumps_no_core(pid: int) -> bool:
    limits = Path(f"/proc/{pid}/limits").read_text()
    return bool(re.search("^Max core file size +0 ", limits, re.MULTILINE))


@pytest.fixture
def main_door(alice: User) -> Iterator[Door]:
    basic = "Basic " + b64encode(f"alice:{PASSWORD}".encode()).decode()
    with Door(alice, 'Basic realm="x"', lambda _, shown: shown == basic) as door:
        yield door


@pytest.fixture
def work_door(radicale: Radicale) -> Iterator[Door]:
    work = radicale.new_user()
    with Door(work, "Bearer", lambda _, shown: shown == f"Bearer {TOKEN}") as door:
        yield door


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink(users={"alice": MAIL_PASSWORD}) as sink:
        yield sink


@pytest.fixture
def home(
    shell: Shell, alice: User, main_door: Door, work_door: Door, sink: MailSink, tmp_path: Path
) -> Shell:
    """A home with two accounts and a mail server; the secrets lie outside it."""

    def command(name: str, secret: str) -> str:
        note = tmp_path / name
        note.write_text(f"{secret}\n")
        # slow enough to be seen
        return f'["sh", "-c", "sleep 0.1; exec cat {note}"]'

    text = configuration(
        alice,
        *("[[account]]", 'name = "work"', f'url = "{work_door.url}"', 'username = "alice"'),
        f"token_command = {command('token', TOKEN)}",
        *("[mail]", 'host = "127.0.0.1"', f"port = {sink.port}", 'security = "none"'),
        *('username = "alice"', 'from = "alice@example.test"'),
        f"password_command = {command('mail', MAIL_PASSWORD)}",
        *("[digest]", 'day = "monday"', "hour = 8", 'by = "mail"'),
    )
    text = text.replace(f'["echo", "{alice.password}"]', command("password", PASSWORD))
    text = text.replace(f'"{alice.name}"', '"alice"').replace(alice.url, main_door.url)
    shell.configure(text)
    (shell.folder / "tmp").mkdir()
    shell.environment["TMPDIR"] = str(shell.folder / "tmp")
    shell.ok("contacts", "add", "Bob Baker", "--email", "b@example.test", "--category", "business")
    return shell


@pytest.fixture
def driver(home: Shell) -> Iterator[Driver]:
    driver = Driver(home)
    yield driver
    driver.close()


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_nothing_shows_a_secret(
    home: Shell, driver: Driver, main_door: Door, work_door: Door, sink: MailSink
) -> None:
    with Processes(driver.pid) as processes, Listener() as elsewhere:
        assert driver.run("--now", "2026-11-02T06:55:00Z", "plan") == "0"
        assert driver.run("--now", "2026-11-02T07:00:00Z", "tick") == "0"
        assert sink.logins == ["PLAIN"]
        driver.run("doctor", "--bundle", str(home.folder / "bundle"))
        assert sink.logins == ["PLAIN", "PLAIN"]
        assert driver.run("export", str(home.folder / "export.json")) == "0"

        main_door.inject(Fault(drop=True, forward=False), times=9)
        work_door.inject(Fault(forward=False, reply=Reply(302, {"Location": elsewhere.url})))
        assert driver.run("tick") == "5"
        main_door.clear()

        main_door.inject(Fault(hang=True))
        driver.begin("tick")
        wait_until(lambda: len(main_door.requests) == 1, "a request")
        driver.send(signal.SIGUSR1)
        assert driver.status() == "a fault"

        main_door.inject(Fault(forward=False, reply=Reply(401)))
        assert driver.run("tick") == "4"
        assert driver.run("tick") == "4"

        driver.begin("run")
        wait_until(lambda: "paused since" in driver.log.read_text(), "the daemon's first tick", 30)
        assert dumps_no_core(driver.pid)
        while_it_runs = home.files()
        driver.send(signal.SIGTERM)
        assert driver.status() == "0"

    assert elsewhere.heard == []
    assert {"bundle", "export.json"} <= while_it_runs.keys()
    assert "RuntimeError: provoked" in driver.said
    assert any(name.endswith(".db-wal") for name in while_it_runs)
    assert re.search("DEBUG:(niquests|urllib3|caldav)", driver.log.read_text())
    assert any(b"cat" in line for line in processes.seen["cmdline"])
    assert processes.seen["environ"]
    artefacts = while_it_runs | {f"{name}, at the end": b for name, b in home.files().items()}
    artefacts |= {name: b"\n".join(contents) for name, contents in processes.seen.items()}
    assert {name: found for name, b in artefacts.items() if (found := found_in(b))} == {}


def test_a_setup_that_is_to_be_told_a_password_dumps_no_core(shell: Shell) -> None:
    program = "print('begun', flush=True); from connectd.cli.main import main; main()"
    command = [sys.executable, "-c", program, "setup", "--password-stdin"]
    setup = subprocess.Popen(
        [*WITH_CORE_DUMPS, *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=shell.environment,
    )
    with setup:
        try:
            assert setup.stdout
            assert setup.stdout.readline() == b"begun\n"
            wait_until(lambda: dumps_no_core(setup.pid), "the limit", 20)
            assert setup.poll() is None
        finally:
            setup.kill()


@pytest.mark.parametrize(
    "leak",
    [
        PASSWORD.encode(),
        b"Authorization: Basic " + b64encode(f"alice:{PASSWORD}".encode()),
        b64encode(f"\0alice\0{PASSWORD}".encode()),
        b64encode(f"al:{PASSWORD}".encode()),
        f"Bearer {TOKEN}".encode(),
        hashlib.sha256(PASSWORD.encode()).hexdigest().encode(),
        repr(PASSWORD).encode(),
    ],
)
def test_a_leak_would_be_found(leak: bytes) -> None:
    assert found_in(b"before " + leak + b" after")
