"""The units of systemd that are shipped: systemd takes them, and what they forbid is much."""

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from missing import leave_out

from connectd.formats.unit_text import Particulars, unit_text
from connectd.service.background import shipped

ROOT = Path(__file__).parents[1]
USER_UNITS = ("connectd.service", "connectd-tick.service", "connectd-radicale.service")
SYSTEM_UNIT = "connectd@.service"
TIMER = "connectd.timer"
HIGHEST_EXPOSURE = 2.0


def analyze(*words: str) -> str:
    if shutil.which("systemd-analyze") is None:
        leave_out("systemd-analyze", "systemd")
    done = subprocess.run(
        ["systemd-analyze", "--no-pager", *words],
        capture_output=True,
        text=True,
        check=False,
        env={"XDG_RUNTIME_DIR": "/run", "HOME": "/root", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def exposure(path: Path) -> float:
    told = analyze("security", "--offline=true", str(path))
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
    assert found
    return float(found[1])


@pytest.mark.parametrize("name", [*USER_UNITS, SYSTEM_UNIT])
def test_what_a_unit_exposes_is_little(name: str) -> None:
    assert exposure(ROOT / "connectd" / "systemd" / name) <= HIGHEST_EXPOSURE


@pytest.mark.parametrize("name", USER_UNITS)
def test_also_where_it_runs_commands_of_the_user(name: str, tmp_path: Path) -> None:
    fitted = tmp_path / name
    particulars = Particulars([sys.executable], writable=["/srv/state"], home="/home/alice")
    fitted.write_text(unit_text(shipped(name), particulars))
    assert exposure(fitted) <= HIGHEST_EXPOSURE


def test_systemd_has_nothing_to_say_against_any_of_them(tmp_path: Path) -> None:
    particulars = Particulars([sys.executable], writable=[str(tmp_path)])
    for name in USER_UNITS:
        (tmp_path / name).write_text(unit_text(shipped(name), particulars))
    (tmp_path / TIMER).write_text(shipped(TIMER))
    paths = [str(tmp_path / name) for name in (*USER_UNITS, TIMER)]
    assert not analyze("--user", "--man=no", "verify", *paths)
    of_alice = tmp_path / "connectd@alice.service"
    of_alice.write_text(shipped(SYSTEM_UNIT).replace("/usr/local/bin/connectd", sys.executable))
    assert not analyze("--man=no", "verify", str(of_alice))


def test_the_notify_protocol_and_the_limits_are_asked_for() -> None:
    for name in ("connectd.service", SYSTEM_UNIT):
        lines = shipped(name).splitlines()
        for line in ("Type=notify", "NotifyAccess=main", "RestartPreventExitStatus=2 3"):
            assert line in lines
        assert any(line.startswith("WatchdogSec=") for line in lines)


def test_the_tick_of_the_timer_is_as_confined_as_the_service() -> None:
    def confined(name: str) -> str:
        return shipped(name).partition("PrivateUsers=")[2].partition("[Install]")[0].strip()

    assert confined("connectd-tick.service") == confined("connectd.service") != ""


def test_a_wheel_holds_the_units(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        for name in (*USER_UNITS, SYSTEM_UNIT, TIMER):
            assert packed.read(f"connectd/systemd/{name}").decode() == shipped(name)
