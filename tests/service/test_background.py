"""connectd as a service or by a timer, in the hands of a real user manager."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from servers import wait_until
from shell import configuration
from user_manager import UserManager, require_user_manager

from connectd.config import Config, load
from connectd.edges.user_units import UserUnits
from connectd.errors import ServiceManagerError
from connectd.service import background
from connectd.service.background import Kind

STAND_IN = f"""#!{sys.executable} -IS
import os, signal, socket, sys
state = os.environ["XDG_STATE_HOME"] + "/connectd/"
open(state + "words", "w").write("\\n".join(sys.argv[1:]))
if os.path.exists(state + "refuse"):
    sys.exit(3)
if sys.argv[-1] == "run":
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.connect(os.environ["NOTIFY_SOCKET"])
        manager.send(b"READY=1")
    signal.pause()
"""
"""A program in the place of connectd, which notes how it was called, and says that it is ready."""


@pytest.fixture(scope="module")
def manager() -> Iterator[UserManager]:
    require_user_manager()
    with UserManager() as manager:
        manager.show_checkout("connectd.service")
        manager.show_checkout("connectd-tick.service")
        yield manager


class Home:
    """What an installation is made of, under a path with all that means something to systemd."""

    def __init__(self, manager: UserManager) -> None:
        folder = manager.home / "my 100% $HOME ü"
        self.state = folder / "state" / "connectd"
        self.state.mkdir(parents=True, exist_ok=True)
        (self.state / "refuse").unlink(missing_ok=True)
        self.executable = folder / "connectd"
        self.executable.write_text(STAND_IN)
        self.executable.chmod(0o755)
        self.environment = manager.environment | {"XDG_STATE_HOME": str(folder / "state")}
        self.units = UserUnits(self.environment)
        self.manager = manager
        file = folder / "config.toml"
        file.write_text(configuration() + "[daemon]\nevery_minutes = 7\n")
        self.config: Config = load(file, self.environment)

    @property
    def words(self) -> list[str]:
        return (self.state / "words").read_text().split("\n")

    def files(self) -> list[str]:
        folder = self.units.folder
        return sorted(path.name for path in folder.iterdir() if path.is_file())

    def installing(self, kind: Kind) -> AbstractContextManager[background.Installed]:
        return background.installing(
            kind, self.units, self.executable, self.config, self.environment
        )

    def standing(self) -> background.Standing:
        return background.standing(self.units, self.executable, self.config, self.environment)


@pytest.fixture
def home(manager: UserManager) -> Iterator[Home]:
    home = Home(manager)
    yield home
    background.remove(home.units)


def test_the_service_runs_the_very_program_with_its_configuration(home: Home) -> None:
    with home.installing(Kind.SERVICE) as installed:
        pass
    assert installed.unit == "connectd.service"
    assert home.words == ["--config", str(home.config.path), "run"]
    standing = home.standing()
    assert (standing.kind, standing.absence, standing.outdated) == (Kind.SERVICE, None, ())
    assert standing.state is not None
    assert (standing.state.active, standing.state.enabled) == ("active", True)


def test_the_calendar_server_of_ones_own_is_looked_at_where_there_is_one(home: Home) -> None:
    assert home.standing().server is None
    home.units.write("connectd-radicale.service", "[Service]\nExecStart=/bin/false\n")
    home.units.reload()
    server = home.standing().server
    home.units.remove("connectd-radicale.service")
    assert server is not None
    assert server.active == "inactive"


def test_the_timer_takes_the_place_of_the_service(home: Home) -> None:
    with home.installing(Kind.SERVICE):
        pass
    (home.state / "words").unlink()
    with home.installing(Kind.TIMER) as installed:
        pass
    assert home.files() == ["connectd-tick.service", "connectd.timer"]
    assert [path.name for path in installed.files] == ["connectd.timer", "connectd-tick.service"]
    assert home.units.state("connectd.service").active == "inactive"
    home.manager.systemctl("start", "connectd-tick.service")
    assert home.words == ["--config", str(home.config.path), "tick"]
    standing = home.standing()
    assert standing.kind is Kind.TIMER
    assert standing.state is not None
    assert standing.state.active == "active"
    assert standing.last is not None
    assert standing.last.result == "success"
    (line,) = (line for line in installed.files[0].read_text().splitlines() if "OnCal" in line)
    assert line == "OnCalendar=*:0/7"


def test_a_service_that_does_not_start_leaves_nothing_behind(home: Home) -> None:
    (home.state / "refuse").touch()
    with (
        pytest.raises(ServiceManagerError, match=r"does not start \(it ended with status 3\)"),
        home.installing(Kind.SERVICE),
    ):
        pytest.fail("it was taken for running")
    assert home.files() == []
    assert home.standing().kind is None
    assert home.units.state("connectd.service").loaded is False


def test_a_setup_that_fails_later_brings_back_what_was_there(home: Home) -> None:
    with home.installing(Kind.TIMER):
        pass
    before = {name: home.units.read(name) for name in home.files()}
    home.executable = home.executable.with_name("other")
    home.executable.symlink_to("connectd")
    with pytest.raises(KeyError), home.installing(Kind.SERVICE):
        raise KeyError
    home.executable.unlink()
    assert {name: home.units.read(name) for name in home.files()} == before
    assert home.units.state("connectd.timer").active == "active"
    assert home.units.state("connectd.timer").enabled
    assert home.units.state("connectd.service").active == "inactive"


def test_a_second_setup_starts_the_service_anew(home: Home) -> None:
    with home.installing(Kind.SERVICE):
        pass
    (home.state / "words").unlink()
    with home.installing(Kind.SERVICE):
        pass
    wait_until((home.state / "words").exists, "a new start")


def test_remove_leaves_nothing(home: Home) -> None:
    with home.installing(Kind.SERVICE):
        pass
    assert background.remove(home.units) == ("connectd.service",)
    assert home.files() == []
    assert home.units.state("connectd.service").active == "inactive"
    assert background.remove(home.units) == ()


def test_commands_of_the_user_find_what_they_found_in_the_shell(tmp_path: Path) -> None:
    environment = {"HOME": "/home/alice", "PATH": "/home/alice/bin:/bin", "GNUPGHOME": "/gpg"}
    file = tmp_path / "config.toml"

    def service() -> str:
        config = load(file, environment)
        return background.unit_texts(Kind.SERVICE, Path("/opt/connectd"), config, environment)[
            "connectd.service"
        ]

    file.write_text(configuration())
    with_command = service()
    assert "Environment=PATH=/home/alice/bin:/bin\nEnvironment=GNUPGHOME=/gpg\n" in with_command
    assert "connectd /home/alice %t\n" in with_command
    file.write_text(configuration().replace('password_command = ["echo", "hunter2"]', ""))
    without = service()
    assert "PATH=/" not in without
    assert "ReadWritePaths=/home/alice/.local/state/connectd\n" in without
