"""What runs connectd in the background comes whole or not at all, goes whole, and is known."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from shell import configuration
from stand_in_systemctl import stand_in_systemctl

from connectd.config import Config, load
from connectd.edges.user_units import UserUnits
from connectd.errors import SenselessError, ServiceManagerError
from connectd.service import background
from connectd.service.background import STARTED, Kind


@dataclass
class Home:
    units: UserUnits
    config: Config
    environment: Mapping[str, str]

    def install(
        self,
        kind: Kind,
        executable: str = "/opt/connectd",
        then: Callable[[], object] = lambda: None,
    ) -> None:
        with background.installing(
            kind, self.units, Path(executable), self.config, self.environment
        ):
            then()

    def stands(self) -> dict[str, tuple[str | None, str, bool]]:
        """The text of each unit, how it is, and whether it is enabled."""
        states = {name: self.units.state(name) for name in STARTED.values()}
        return {
            name: (self.units.read(name), state.active, state.enabled)
            for name, state in states.items()
        }


@pytest.fixture
def home(tmp_path: Path) -> Home:
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    file = tmp_path / "config.toml"
    file.write_text(configuration())
    units = UserUnits(environment, systemctl=str(stand_in_systemctl(tmp_path)))
    return Home(units, load(file, environment), environment)


def test_what_does_not_start_leaves_nothing(home: Home) -> None:
    before = home.stands()
    with pytest.raises(ServiceManagerError, match=r"does not start \(it ended with status 3\)"):
        home.install(Kind.SERVICE, "/opt/REFUSED/connectd")
    assert home.stands() == before
    assert list(home.units.folder.iterdir()) == []


@pytest.mark.parametrize("error", [KeyError, KeyboardInterrupt])
def test_a_setup_that_ends_early_brings_back_what_ran(
    home: Home, error: type[BaseException]
) -> None:
    home.install(Kind.TIMER)
    before = home.stands()

    def fail() -> None:
        assert home.stands() != before
        raise error

    with pytest.raises(error):
        home.install(Kind.SERVICE, then=fail)
    assert home.stands() == before
    assert home.stands()["connectd.timer"][1:] == ("active", True)


def test_the_one_takes_the_place_of_the_other(home: Home) -> None:
    for kind, other in ((Kind.SERVICE, Kind.TIMER), (Kind.TIMER, Kind.SERVICE)) * 2:
        home.install(kind)
        assert home.stands()[STARTED[kind]][1:] == ("active", True)
        assert home.stands()[STARTED[other]] == (None, "inactive", False)


@pytest.mark.parametrize("kind", Kind)
def test_what_is_taken_away_is_gone(home: Home, kind: Kind) -> None:
    before = home.stands()
    home.install(kind)
    assert STARTED[kind] in background.remove(home.units)
    assert home.stands() == before
    assert list(home.units.folder.iterdir()) == []
    assert background.remove(home.units) == ()


def test_nothing_is_taken_away_where_nobody_could_stop_it(home: Home, tmp_path: Path) -> None:
    home.install(Kind.SERVICE)
    alone = UserUnits(home.environment, systemctl=str(tmp_path / "none"))
    with pytest.raises(ServiceManagerError, match="no systemd"):
        background.remove(alone)
    assert home.stands()["connectd.service"][1:] == ("active", True)


def test_a_unit_of_an_earlier_version_is_outdated(home: Home) -> None:
    def outdated(executable: str = "/opt/connectd") -> tuple[str, ...]:
        return background.standing(
            home.units, Path(executable), home.config, home.environment
        ).outdated

    home.install(Kind.SERVICE)
    assert outdated() == ()
    assert outdated("/opt/elsewhere/connectd") == ("connectd.service",)
    home.units.write("connectd.service", f"{home.units.read('connectd.service')}# old\n")
    assert outdated() == ("connectd.service",)


@pytest.mark.parametrize("name", ["a\nExecStartPre=b", 'a" b', "a'b", "a\\b"])
def test_a_path_that_systemd_would_misread_is_refused(home: Home, name: str) -> None:
    with pytest.raises(SenselessError, match="cannot stand in a systemd unit"):
        home.install(Kind.SERVICE, f"/opt/{name}/connectd")
    assert not home.units.folder.exists()
