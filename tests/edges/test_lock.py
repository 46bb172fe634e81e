"""One instance per state directory."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from store_builders import NOW

from connectd.edges.lock import InstanceLock
from connectd.errors import AlreadyRunningError, StoreError

HOLDING = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from connectd.edges.lock import InstanceLock
lock = InstanceLock.acquire(Path(sys.argv[1]), datetime(2026, 12, 1, 9, tzinfo=UTC))
print("held", flush=True)
sys.stdin.readline()
"""


def holder(directory: Path, script: str = HOLDING) -> "subprocess.Popen[str]":
    """Another process that has the lock until a line is written to it."""
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_the_second_is_told_who_holds_it_and_since_when(tmp_path: Path) -> None:
    process = holder(tmp_path)
    said = rf"process {process.pid}, since 2026-12-01 09:00:00 UTC"
    with pytest.raises(AlreadyRunningError, match=said):
        InstanceLock.acquire(tmp_path, NOW)
    process.communicate("\n")
    InstanceLock.acquire(tmp_path, NOW).release()


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    process = holder(tmp_path)
    process.kill()
    process.communicate()
    InstanceLock.acquire(tmp_path, NOW).release()


def test_a_subprocess_that_outlives_its_parent_does_not_hold_it(tmp_path: Path) -> None:
    script = HOLDING.replace(
        'print("held"',
        "import subprocess\n"
        "quiet = {'stdin': subprocess.DEVNULL, 'stdout': subprocess.DEVNULL}\n"
        "sleeper = subprocess.Popen(['sleep', '60'], **quiet)\n"
        "Path(sys.argv[1], 'sleeper').write_text(str(sleeper.pid))\n"
        'print("held"',
    )
    process = holder(tmp_path, script)
    process.kill()
    process.communicate()
    sleeper = int((tmp_path / "sleeper").read_text())
    os.kill(sleeper, 0)
    try:
        InstanceLock.acquire(tmp_path, NOW).release()
    finally:
        os.kill(sleeper, 9)


def test_it_is_released_at_the_end_of_its_block(tmp_path: Path) -> None:
    with InstanceLock.acquire(tmp_path, NOW), pytest.raises(AlreadyRunningError, match="process"):
        InstanceLock.acquire(tmp_path, NOW)
    with InstanceLock.acquire(tmp_path, NOW) as lock:
        lock.release()
        lock.release()
        InstanceLock.acquire(tmp_path, NOW).release()


def test_each_directory_has_its_own(tmp_path: Path) -> None:
    with (
        InstanceLock.acquire(tmp_path / "one", NOW),
        InstanceLock.acquire(tmp_path / "other", NOW),
    ):
        assert (tmp_path / "one" / "connectd.lock").exists()


@pytest.mark.parametrize("words", ["", "{}", "[1]", '{"pid": null, "since": 1}', "x" * 5000])
def test_a_holder_that_left_no_name_is_still_respected(tmp_path: Path, words: str) -> None:
    with InstanceLock.acquire(tmp_path, NOW):
        (tmp_path / "connectd.lock").write_text(words)
        with pytest.raises(AlreadyRunningError, match="another process"):
            InstanceLock.acquire(tmp_path, NOW)


def test_the_lock_is_for_the_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with InstanceLock.acquire(tmp_path / "state", NOW):
            modes = [
                stat.S_IMODE(path.stat().st_mode)
                for path in (tmp_path / "state", tmp_path / "state" / "connectd.lock")
            ]
    finally:
        os.umask(before)
    assert modes == [0o700, 0o600]


def test_a_directory_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=str(tmp_path / "file" / "state")):
        InstanceLock.acquire(tmp_path / "file" / "state", NOW)
