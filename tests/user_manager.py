"""A user manager of systemd for tests, with nobody's units in it but theirs.

It needs root, and a kernel that lets root mount: then it runs without any systemd as init, and
without the rights that root has, as it would for any user.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

import pytest
from missing import leave_out
from servers import wait_until

# What init would have prepared; all of it is gone with the mount namespace. Of the rights of root
# one stays, to be root in a user namespace (user_namespaces(7)): any other user needs none.
_PREPARE = """
set -e
mount --make-rprivate /
umount -R /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir -p /sys/fs/cgroup/$1 /run/systemd
echo $$ >/sys/fs/cgroup/$1/cgroup.procs
mount --rbind /run /run
mount -t tmpfs tmpfs /run/systemd
mkdir -p /run/systemd/system /run/systemd/unit-root /run/systemd/inaccessible/dir
touch /run/systemd/inaccessible/reg
exec setpriv --bounding-set=-all,+setfcap --inh-caps=-all /lib/systemd/systemd --user
"""
_ENDING_SECONDS = 20


def require_user_manager() -> None:
    """Skip the test where none can be started, saying why; a missing program fails it in CI."""
    for program in ("systemctl", "unshare", "setpriv"):
        if shutil.which(program) is None:
            leave_out(program, "systemd util-linux")
    if reason := refusal():
        pytest.skip(reason)


def refusal() -> str | None:
    """Say why this machine lets nobody start one, or None."""
    if os.geteuid() != 0:
        return "only root can prepare what a user manager needs"
    tried = subprocess.run(
        ["unshare", "--mount", "sh", "-c", "mount -t cgroup2 cgroup2 /mnt"],
        capture_output=True,
        text=True,
        check=False,
    )
    return f"root may not mount here: {tried.stderr.strip()}" if tried.returncode else None


class UserManager:
    """A running manager; ``environment`` is what a program of its user has.

    ``home`` is the home directory. It is not below /tmp, since units with PrivateTmp= see
    another one, nor below /run, which ProtectSystem= may leave writable; ``show_checkout`` shows
    them the files of this checkout, which may be below /tmp.
    """

    def __init__(self) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="connectd-", dir="/srv"))
        self._cgroup = self.home.name
        self._log = self.home / "manager.log"
        runtime = self.home / "runtime"
        runtime.mkdir(0o700)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(runtime),
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", _PREPARE, "sh", self._cgroup],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment | {"PATH": "/usr/bin:/bin"},
                umask=0o022,
                start_new_session=True,
            )
        try:
            wait_until(self._answers, "a user manager")
        except BaseException as error:
            self.stop()
            error.add_note(f"it said: {self._log.read_text(errors='replace')[-2000:]}")
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.home)

    def systemctl(self, *words: str) -> str:
        """Ask it something; raises CalledProcessError where that fails."""
        return subprocess.run(
            ["systemctl", "--user", "--no-pager", *words],
            capture_output=True,
            text=True,
            env=self.environment,
            timeout=60,
            check=True,
        ).stdout

    def show_checkout(self, unit: str) -> None:
        """Let a unit see Python and this checkout, also where they lie in /tmp."""
        folder = self.home / ".config/systemd/user" / f"{unit}.d"
        folder.mkdir(parents=True, exist_ok=True)
        seen = {Path(sys.prefix), Path(sys.base_prefix), Path(__file__).parents[1]}
        paths = " ".join(str(path) for path in sorted(seen) if "tmp" in path.parts[1:3])
        (folder / "checkout.conf").write_text(f"[Service]\nBindReadOnlyPaths={paths}\n")

    def stop(self) -> None:
        """End it and the units that it runs."""
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._remove_cgroups()

    def _remove_cgroups(self) -> None:
        for root in (Path("/sys/fs/cgroup"), Path("/sys/fs/cgroup/unified")):
            top = root / self._cgroup
            if top.exists():
                below = [path for path in top.rglob("*") if path.is_dir()]
                for folder in [*sorted(below, reverse=True), top]:
                    folder.rmdir()

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            raise RuntimeError(f"the manager ended with status {self._process.returncode}")
        asked = subprocess.run(
            ["systemctl", "--user", "show", "--property=SystemState", "--value"],
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        return asked.stdout.strip() in ("running", "degraded")
