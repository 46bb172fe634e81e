"""The user's own units of systemd: their files, and what `systemctl --user` does with them."""

import os
import pwd
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from connectd.errors import ServiceManagerError

_QUICK_SECONDS = 30.0
_START_SECONDS = 120.0
_LINGERING = Path("/var/lib/systemd/linger")
_PROPERTIES = ("LoadState", "ActiveState", "UnitFileState", "Result", "ExecMainStatus")
_READABLE = 0o644
# no bus at all; and one, as in some containers, on which there is no systemd, or it does not start
_NO_MANAGER = (
    "Failed to connect to bus",
    "Process org.freedesktop.systemd1 exited",
    "The name org.freedesktop.systemd1 was not provided",
)


@dataclass(frozen=True, slots=True)
class UnitState:
    """How a unit stands, in the words of systemd (`systemctl --user show`).

    ``active`` is "active", "activating", "inactive", "failed" or the like; ``result`` says why it
    ended ("success", "exit-code", "watchdog", …), ``exit_status`` with what.
    """

    loaded: bool
    active: str
    enabled: bool
    result: str
    exit_status: int


class UserUnits:
    """Unit files of the user whose ``environment`` it is, and the manager that runs them.

    ``systemctl`` is the program to call, ``lingering`` where logind notes who lingers. Every call
    of it ends within ``start_seconds`` at the latest. Whatever does not work is a
    ServiceManagerError.
    """

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        systemctl: str = "systemctl",
        lingering: Path = _LINGERING,
        start_seconds: float = _START_SECONDS,
    ) -> None:
        self._environment = dict(environment)
        self._systemctl = systemctl
        self._lingering = lingering
        self._start_seconds = start_seconds
        config = Path(environment.get("XDG_CONFIG_HOME", ""))
        home = Path(environment.get("HOME") or Path.home())
        self.folder = (config if config.is_absolute() else home / ".config") / "systemd" / "user"

    def absence(self) -> str | None:
        """Why no manager answers, in one line; None where one does."""
        try:
            self._call("show", "--property=Version")
        except ServiceManagerError as error:
            return str(error)
        return None

    def read(self, name: str) -> str | None:
        """The text of a unit file of the user's, None where there is none."""
        try:
            return (self.folder / name).read_text("utf-8", "replace")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise self._unusable(name, "read", error) from error

    def write(self, name: str, text: str) -> Path:
        """Put a unit file there, whole, over one that is there; `reload` makes it known."""
        path = self.folder / name
        fresh = path.with_name(f".{name}.new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh.write_text(text, "utf-8")
            # no secret stands in it, and others may have a look, as at every unit
            fresh.chmod(_READABLE)
            fresh.replace(path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink()
            raise self._unusable(name, "written", error) from error
        return path

    def remove(self, name: str) -> None:
        """Take a unit file away; nothing happens where there is none."""
        try:
            (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise self._unusable(name, "removed", error) from error

    def reload(self) -> None:
        """Have the manager read the unit files anew."""
        self._call("daemon-reload")

    def enable(self, name: str) -> None:
        """Have the unit started with the user's session, or at boot for one who lingers."""
        self._call("enable", "--quiet", name)

    def restart(self, name: str) -> None:
        """Start the unit, anew if it runs; returns once it is ready."""
        self._call("reset-failed", name, complain=False)
        try:
            self._call("restart", name, seconds=self._start_seconds)
        except ServiceManagerError as error:
            state = self.state(name)
            raise ServiceManagerError(
                f"{name} does not start ({_ending(state)}); "
                f"`journalctl --user --unit={name}` shows why."
            ) from error

    def reload_unit(self, name: str) -> None:
        """Have the unit that runs load its own configuration anew."""
        self._call("reload", name)

    def disable(self, name: str) -> None:
        """Stop the unit, and have it started no more; nothing happens where there is none."""
        self._call("disable", "--now", "--quiet", name, complain=False)
        self._call("reset-failed", name, complain=False)

    def state(self, name: str) -> UnitState:
        """How the unit stands."""
        wanted = [f"--property={name}" for name in _PROPERTIES]
        told = dict(
            line.partition("=")[::2] for line in self._call("show", *wanted, name).splitlines()
        )
        status = told.get("ExecMainStatus", "")
        return UnitState(
            loaded=told.get("LoadState") == "loaded",
            active=told.get("ActiveState", "unknown"),
            enabled=told.get("UnitFileState") == "enabled",
            result=told.get("Result", "success"),
            exit_status=int(status) if status.isdecimal() else 0,
        )

    def lingers(self) -> bool:
        """Whether the user's units run without the user being logged in (loginctl(1))."""
        return (self._lingering / pwd.getpwuid(os.getuid()).pw_name).exists()

    def _call(self, *words: str, seconds: float = _QUICK_SECONDS, complain: bool = True) -> str:
        """What systemctl prints; with ``complain=False`` it may fail as well."""
        command = [self._systemctl, "--user", "--no-pager", "--no-ask-password", *words]
        try:
            ended = subprocess.run(  # noqa: S603 - a program of the system, with our own words
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                env=self._environment | {"LC_ALL": "C", "SYSTEMD_COLORS": "0"},
                timeout=min(seconds, self._start_seconds),
                check=False,
            )
        except FileNotFoundError as error:
            raise ServiceManagerError("there is no systemd on this machine.") from error
        except OSError as error:
            raise ServiceManagerError(f"systemctl cannot be run: {error.strerror}.") from error
        except subprocess.TimeoutExpired as error:
            raise ServiceManagerError(
                f"`systemctl --user {words[0]}` gave no answer in {error.timeout:g} seconds."
            ) from error
        if ended.returncode and complain:
            raise ServiceManagerError(_complaint(words[0], ended.stderr, ended.returncode))
        return ended.stdout

    def _unusable(self, name: str, done: str, error: OSError) -> ServiceManagerError:
        return ServiceManagerError(f"{self.folder / name} cannot be {done}: {error.strerror}.")


def _complaint(word: str, said: str, status: int) -> str:
    lines = said.strip().splitlines()
    why = lines[-1] if lines else f"it ended with status {status}"
    if any(sign in said for sign in _NO_MANAGER):
        return f"no service manager runs for this user ({why})."
    return f"`systemctl --user {word}` failed: {why}"


def _ending(state: UnitState) -> str:
    if not state.loaded:
        return "its file is not taken"
    if state.result == "exit-code":
        return f"it ended with status {state.exit_status}"
    return state.result if state.result != "success" else state.active
