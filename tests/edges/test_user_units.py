"""What the manager of the user's units may answer when things go wrong."""

import os
import subprocess
from pathlib import Path

import pytest

from connectd.edges.user_units import UserUnits
from connectd.errors import ServiceManagerError


def units(folder: Path, program: str = "", **more: float) -> UserUnits:
    """Return units whose systemctl is a shell script; without any, one that is not there."""
    systemctl = folder / "systemctl"
    if program:
        systemctl.write_text(f"#!/bin/sh\n{program}\n")
        systemctl.chmod(0o755)
    environment = {"HOME": str(folder), "PATH": os.environ["PATH"]}
    return UserUnits(environment, systemctl=str(systemctl), lingering=folder, **more)


def test_without_systemd_it_says_so(tmp_path: Path) -> None:
    assert units(tmp_path).absence() == "there is no systemd on this machine."


@pytest.mark.parametrize(
    "said",
    [
        "Failed to connect to bus: No medium found",
        "Failed to get properties: Process org.freedesktop.systemd1 exited with status 1",
    ],
)
def test_without_a_manager_for_the_user_it_says_so(tmp_path: Path, said: str) -> None:
    absence = units(tmp_path, f"echo '{said}' >&2; exit 1").absence()
    assert absence is not None
    assert absence.startswith("no service manager runs for this user")
    assert said in absence


def test_a_manager_that_never_answers_is_given_up(tmp_path: Path) -> None:
    stuck = units(tmp_path, "exec sleep 60", start_seconds=0.2)
    with pytest.raises(ServiceManagerError, match=r"gave no answer in 0\.2 seconds"):
        stuck.reload()


def test_a_refusal_is_told_in_its_own_words(tmp_path: Path) -> None:
    refusing = units(tmp_path, "echo 'Failed to enable unit: it is masked' >&2; exit 1")
    with pytest.raises(ServiceManagerError, match=r"`systemctl --user enable` failed: .* masked"):
        refusing.enable("connectd.service")
    refusing.disable("connectd.service")


def test_units_lie_where_xdg_says_and_are_for_all_to_read(tmp_path: Path) -> None:
    usual = units(tmp_path)
    assert usual.folder == tmp_path / ".config/systemd/user"
    chosen = UserUnits({"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "c")})
    assert chosen.folder == tmp_path / "c/systemd/user"
    mask = os.umask(0o077)
    try:
        path = chosen.write("x.service", "[Service]\n")
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o644
    assert [other.name for other in chosen.folder.iterdir()] == ["x.service"]
    assert chosen.read("x.service") == "[Service]\n"
    chosen.remove("x.service")
    chosen.remove("x.service")
    assert chosen.read("x.service") is None


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file")
    with pytest.raises(ServiceManagerError, match=r"x\.service cannot be written: Not a directory"):
        units(tmp_path).write("x.service", "")


def test_who_lingers_has_a_file_with_logind(tmp_path: Path) -> None:
    assert units(tmp_path).lingers() is False
    name = subprocess.run(["id", "-un"], capture_output=True, text=True, check=True).stdout.strip()
    (tmp_path / name).touch()
    assert units(tmp_path).lingers() is True
