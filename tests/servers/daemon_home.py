"""A place for daemons that are packaged for a system account of their own."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from servers.process import Process


class DaemonHome:
    """A folder where that account can go, under a path short enough for the sockets in it.

    All runs as the given user and group where the tests run as root, else as whoever runs
    them; ``user`` is who that comes to be.
    """

    def __init__(self, user: str, group: str) -> None:
        self._account = (user, group) if os.geteuid() == 0 else None
        self.user = user if self._account else pwd.getpwuid(os.geteuid()).pw_name
        # not pytest's folder, which is root's alone, nor a long TMPDIR
        self.path = Path(tempfile.mkdtemp(prefix="dav-", dir="/tmp"))
        self._stack = ExitStack()
        self._stack.callback(shutil.rmtree, self.path)
        self._hand_over(self.path, 0o755)

    def folder(self, name: str) -> Path:
        path = self.path / name
        path.mkdir()
        self._hand_over(path, 0o755)
        return path

    def write(self, name: str, text: str, *, program: bool = False) -> Path:
        path = self.path / name
        path.write_text(text)
        self._hand_over(path, 0o755 if program else 0o644)
        return path

    def run(
        self,
        command: Sequence[str],
        text: str = "",
        *,
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> str:
        """Run a program as the account, ``text`` its input; raises RuntimeError if it fails."""
        user, group = self._account or (None, None)
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=cwd or self.path,
            env={**os.environ, **(environment or {})},
            user=user,
            group=group,
            extra_groups=[] if self._account else None,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def start(
        self,
        command: Sequence[str],
        ready: Callable[[], bool],
        *,
        environment: Mapping[str, str] | None = None,
        stop_signal: signal.Signals | None = None,
    ) -> None:
        """Run a server as the account, until the home is removed; returns once it is ready."""
        process = Process(
            command,
            self.path / f"{Path(command[0]).name}.log",
            ready,
            account=self._account,
            environment=environment,
            stop_signal=stop_signal,
        )
        self._stack.callback(process.stop)

    def remove(self) -> None:
        """End what was started here, the last one first, and leave nothing behind."""
        self._stack.close()

    def _hand_over(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        if self._account:
            shutil.chown(path, *self._account)
