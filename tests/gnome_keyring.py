"""GNOME Keyring itself, on a session bus of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from missing import leave_out

SHELL = {"PATH": os.environ["PATH"]}


def require_gnome_keyring() -> None:
    """Leave the test out where the desktop's keyring is not installed."""
    missing = [name for name in ("dbus-daemon", "gnome-keyring-daemon") if which(name) is None]
    if missing:
        leave_out(", ".join(missing), "dbus gnome-keyring")


@contextmanager
def desktop(home: Path, *, unlock_with: str | None) -> Iterator[dict[str, str]]:
    """A real session bus with GNOME Keyring on it; whatever it asks its user stays unanswered."""
    services = home / "data/dbus-1/services"
    services.mkdir(parents=True, exist_ok=True)
    (services / "prompter.service").write_text(
        "[D-BUS Service]\nName=org.gnome.keyring.SystemPrompter\nExec=/bin/sleep 20\n"
    )
    with TemporaryDirectory(prefix="run-") as runtime:  # a socket's path has to be short
        session = {
            "HOME": str(home),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_RUNTIME_DIR": runtime,
        }
        bus = subprocess.Popen(
            ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
            env=SHELL | session,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with bus:
            assert bus.stdout
            try:
                session["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().strip()
                start_gnome_keyring(session, unlock_with)
                yield session
            finally:
                bus.terminate()


def start_gnome_keyring(session: dict[str, str], unlock_with: str | None) -> None:
    """Returns once the keyring is on the bus, and goes on until the bus ends."""
    subprocess.run(
        [
            "gnome-keyring-daemon",
            "--components=secrets",
            "--start" if unlock_with is None else "--unlock",
        ],
        env=SHELL | session,
        input=unlock_with or "",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
        timeout=20,
    )
