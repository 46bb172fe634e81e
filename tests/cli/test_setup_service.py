"""`connectd setup` that has connectd run by the user's own service manager, a real one."""

import shutil
from collections.abc import Iterator

import pytest
from servers import User
from setup_answers import WRITE, Answer, answers, give, traces
from shell import Shell
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
