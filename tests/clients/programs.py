"""The programs that these tests drive: whether they are here, and the world they run in."""

import subprocess
from pathlib import Path
from shutil import which

from missing import leave_out

SYSTEM_PATH = "/usr/bin:/bin:/usr/local/bin"
"""The system's own Python comes first, since its packages depend on it."""


def require(packages: str, *commands: str, module: str | None = None) -> None:
    """Skip the test where a command, or a module of the system's Python, is missing.

    Where ``CI=true`` nothing may be missing, and the test fails instead.
    """
    missing = [command for command in commands if which(command, path=SYSTEM_PATH) is None]
    if module and not _importable(module):
        missing.append(f"the Python module {module}")
    if missing:
        leave_out(", ".join(missing), packages)


def environment(home: Path, **more: str) -> dict[str, str]:
    """Return variables under which a program knows nothing of whoever runs the tests."""
    return {"PATH": SYSTEM_PATH, "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", **more}


def run(command: list[str], home: Path, **variables: str) -> None:
    """Run a program that asks nothing; its words are in the error when it fails."""
    done = subprocess.run(
        command,
        env=environment(home, **variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]} said {done.returncode}: {done.stdout}"


def _importable(module: str) -> bool:
    python = which("python3", path=SYSTEM_PATH)
    if python is None:
        return False
    return subprocess.run([python, "-c", f"import {module}"], check=False).returncode == 0
