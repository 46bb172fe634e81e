"""The command line as a script sees it: words in; status, standard output and messages out."""

import io
import json
import os
import subprocess
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from servers import User

from connectd.cli.main import main

NOW = "2026-11-02T07:00:00Z"
"""A Monday morning, 08:00 in Berlin, at the beginning of the month that the goal starts with."""

PROGRAM = (sys.executable, "-c", "from connectd.cli.main import main; main()")


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - whatever the document is
        """The one document on standard output."""
        return json.loads(self.out)

    def ends_with(self, status: int) -> "Ran":
        """Return itself; raises AssertionError for another status, or a traceback."""
        assert self.status == status, f"{self.status}, not {status}: {self.out}\n{self.err}"
        assert "Traceback" not in self.err
        return self


class Shell:
    """A home of its own, with a configuration and a state that no other test sees."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config" / "connectd" / "config.toml"
        self.database = folder / "state" / "connectd" / "connectd.db"
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_STATE_HOME": str(folder / "state"),
            "PYTHONUTF8": "1",
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def run(self, *words: str | bytes, now: str | None = NOW) -> Ran:
        """Run connectd in this process, which saves its start; ``now`` as for ``spawn``."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        argv, environment, mask = sys.argv, dict(os.environ), os.umask(0o022)
        given = self.command(*words, now=now)[len(PROGRAM) :]
        try:
            sys.argv = ["connectd", *map(os.fsdecode, given)]
            os.environ.clear()
            os.environ.update(self.environment)
            with redirect_stdout(out), redirect_stderr(err), chdir(self.folder):
                status = _status_of_main()
        finally:
            os.environ.clear()
            os.environ.update(environment)
            sys.argv = argv
            os.umask(mask)
        said = []
        for stream in (out, err):
            stream.flush()
            stream.seek(0)
            said.append(stream.read())
        return Ran(status, *said)

    def spawn(self, *words: str | bytes, now: str | None = NOW, stdin: str = "") -> Ran:
        """Run connectd as a shell does; ``now`` is the time it believes, None the real one."""
        ran = subprocess.run(
            self.command(*words, now=now),
            input=stdin.encode(),
            capture_output=True,
            env=self.environment,
            cwd=self.folder,
            timeout=60,
            check=False,
        )
        return Ran(ran.returncode, ran.stdout.decode(), ran.stderr.decode())

    def ok(self, *words: str | bytes, now: str | None = NOW) -> Ran:
        """Run connectd, which must succeed and have nothing to complain of."""
        ran = self.run(*words, now=now).ends_with(0)
        assert not ran.err
        return ran

    def json(self, *words: str, now: str | None = NOW) -> Any:  # noqa: ANN401 - as above
        """Run connectd with --json, which must succeed; return the document."""
        return self.ok(*words, "--json", now=now).json

    def command(self, *words: str | bytes, now: str | None = None) -> list[str | bytes]:
        """Return the whole command line, the program included."""
        return [*PROGRAM, *(("--now", now) if now else ()), *words]

    def configure(self, text: str) -> None:
        self.config.parent.mkdir(parents=True, exist_ok=True)
        self.config.write_text(text)

    def reconfigure(self, old: str, new: str) -> None:
        """Change the configuration as the user would in an editor."""
        text = self.config.read_text()
        assert old in text
        self.configure(text.replace(old, new))

    def files(self) -> dict[str, bytes]:
        """Return every file of this home by its path in it."""
        return {
            str(path.relative_to(self.folder)): path.read_bytes()
            for path in self.folder.rglob("*")
            if path.is_file()
        }


def configuration(user: User | None = None, *more: str, account: tuple[str, ...] = ()) -> str:
    """Return a configuration; without a user, for a server that is never asked.

    ``account`` are further lines of the account's table, ``more`` stand after it. No task with
    an agenda stands beside an invitation, so that tests can count objects.
    """
    lines = [
        *("[me]", 'name = "Alice Example"'),
        f'emails = ["{user.email if user else "alice@example.test"}"]',
        'timezone = "Europe/Berlin"',
        *("[goal]", "people_per_month = 3", "months = 6", 'starts = "2026-11"'),
        *("[agenda]", 'where = "none"'),
        *("[[account]]", 'name = "main"', 'drafts = "Connections"'),
        f'url = "{user.url if user else "https://dav.example.test/"}"',
        f'username = "{user.name if user else "alice"}"',
        f'password_command = ["echo", "{user.password if user else "hunter2"}"]',
    ]
    if user and user.ca_file:
        lines.append(f'ca_file = "{user.ca_file}"')
    return "\n".join([*lines, *account, *more, ""])


def _status_of_main() -> int:
    try:
        main()
    except SystemExit as ending:
        return int(ending.code or 0)
    return 0
