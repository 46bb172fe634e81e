"""`connectd setup` that has connectd run by the user's own service manager, a real one."""

import shutil
from collections.abc import Iterator

import pytest
from servers import User
from setup_answers import WRITE, Answer, answers, give, traces
from shell import Shell
from stand_in_systemctl import stand_in_systemctl
from test_setup_command import options
from typist import typist
from user_manager import UserManager, require_user_manager

from connectd.edges.user_units import UserUnits
from connectd.service import background

SERVICE = "Write this, and run connectd in the background"


@pytest.fixture(scope="module")
def manager() -> Iterator[UserManager]:
    require_user_manager()
    with UserManager() as manager:
        manager.show_checkout("connectd.service")
        yield manager


@pytest.fixture
def at_home(manager: UserManager) -> Iterator[Shell]:
    """A home whose user has a service manager; what was installed is gone afterwards."""
    shell = Shell(manager.home)
    shell.environment |= manager.environment | {"XDG_CONFIG_HOME": str(manager.home / ".config")}
    shell.config = manager.home / ".config" / "connectd" / "config.toml"
    yield shell
    background.remove(UserUnits(shell.environment))
    for folder in (shell.config.parent, manager.home / "state"):
        shutil.rmtree(folder)


def test_the_talk_ends_with_a_service_that_runs(
    at_home: Shell, manager: UserManager, alice: User
) -> None:
    given = [one for one in answers(alice) if one.question != WRITE]
    before = traces(at_home, alice)
    with typist(at_home, "setup", now=None) as user:
        give(user, given)
        user.press(SERVICE, "c")
        user.ends_with(130)
    assert traces(at_home, alice) == before

    with typist(at_home, "setup", now=None) as user:
        give(user, [*given, Answer(SERVICE)])
        said = user.ends_with(0)

    assert "connectd runs now, as the service connectd.service" in said
    assert manager.systemctl("is-active", "connectd.service").strip() == "active"
    changed = at_home.ok("setup", "--yes", "--goal", "4", now=None).out
    assert "connectd.service takes it over now." in changed
    kept = at_home.config.read_bytes()
    assert "its units are gone" in at_home.ok("setup", "--no-service", now=None).out
    assert UserUnits(at_home.environment).state("connectd.service").active == "inactive"
    assert at_home.config.read_bytes() == kept


def test_a_service_that_does_not_start_is_taken_away_and_the_setup_holds(
    at_home: Shell, manager: UserManager, alice: User
) -> None:
    units = manager.home / ".config/systemd/user"
    (units / "connectd.service.d/refused.conf").write_text("[Service]\nExecStartPre=/bin/false\n")

    ran = at_home.run(*options(alice), "--service", now=None).ends_with(7)

    assert "The setup holds, but connectd does not run in the background yet" in ran.out
    assert "connectd setup --service" in ran.out
    assert not (units / "connectd.service").exists()
    assert at_home.json("plan")["complete"] is True


def test_without_a_manager_too_the_service_is_installed_and_goes_without_the_server(
    shell: Shell, alice: User
) -> None:
    stand_in_systemctl(shell.folder)
    shell.environment |= {"PATH": f"{shell.folder}:{shell.environment['PATH']}"}
    shell.environment["XDG_CONFIG_HOME"] = str(shell.folder / ".config")
    shell.config = shell.folder / ".config/connectd/config.toml"
    unit = shell.folder / ".config/systemd/user/connectd.service"

    said = shell.ok(*options(alice), "--service").out
    assert "connectd runs now, as the service" in said
    assert f"--config {shell.config} run\n" in unit.read_text()

    assert "connectd.service takes it over now." in shell.ok("setup", "--yes", "--goal", "4").out

    shell.config.unlink()
    assert "its units are gone" in shell.ok("setup", "--no-service").out
    assert not unit.exists()
    shell.config.touch()
    assert "was not running" in shell.ok("setup", "--no-service").out
