# ruff: noqa: INP001 - programs of their own, no package
"""Prints what `connectd status` costs: its CPU time against that of its bare imports.

The runs alternate, so that a busy machine slows down both; the least of each counts.
"""

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 15
CONFIGURATION = """
[me]
name = "Alice Example"
emails = ["alice@example.test"]
timezone = "Europe/Berlin"
[goal]
people_per_month = 3
months = 6
[[account]]
name = "main"
url = "https://dav.example.test/"
username = "alice"
drafts = "Connections"
"""
STATUS = [sys.executable, "-c", "from connectd.cli.main import main; main()", "status"]
IMPORTS = [sys.executable, "-c", "import click, sqlite3, json, tomllib"]


def cpu_seconds(command: list[str], environment: dict[str, str]) -> float:
    """User and system time of one run; raises CalledProcessError."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - itself
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure in a home of its own, with an empty list of people."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "config.toml").write_text(CONFIGURATION)
        environment = os.environ | {
            "CONNECTD_CONFIG": str(home / "config.toml"),
            "XDG_STATE_HOME": str(home / "state"),
        }
        cpu_seconds(STATUS, environment)
        pairs = [
            (cpu_seconds(STATUS, environment), cpu_seconds(IMPORTS, environment))
            for _ in range(RUNS)
        ]
    status, imports = (min(times) for times in zip(*pairs, strict=True))
    print(  # noqa: T201 - what it is for
        f"connectd status {status * 1000:.0f} ms CPU, its imports {imports * 1000:.0f} ms, "
        f"ratio {status / imports:.2f} (least of {RUNS} runs each)"
    )


if __name__ == "__main__":
    main()
