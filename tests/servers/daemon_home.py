"""A folder for a daemon that is packaged for a system account of its own."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path


class DaemonHome:
    """Lies where that account can go, under a path short enough for the sockets in it.

    ``account`` is the (user, group) to run as where the tests run as root, else None; ``user``
    is who that comes to be.
    """

    def __init__(self, user: str, group: str) -> None:
        self.account = (user, group) if os.geteuid() == 0 else None
        self.user = user if self.account else pwd.getpwuid(os.geteuid()).pw_name
        # not pytest's folder, which is root's alone, nor a long TMPDIR
        self.path = Path(tempfile.mkdtemp(prefix="dav-", dir="/tmp"))
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
        user, group = self.account or (None, None)
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
            extra_groups=[] if self.account else None,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def remove(self) -> None:
        shutil.rmtree(self.path)

    def _hand_over(self, path: Path, mode: int) -> None:
        path.chmod(mode)
        if self.account:
            shutil.chown(path, *self.account)
