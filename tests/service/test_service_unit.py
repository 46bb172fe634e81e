"""The unit that is shipped, with all it forbids, run by a real user manager: connectd works."""

import os
import signal
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CalledProcessError

import pytest
from servers import Radicale, User, wait_until
from user_manager import UserManager, require_user_manager

from connectd.config import Config, load
from connectd.edges.store import Store
from connectd.edges.user_units import UserUnits
from connectd.formats.people import PersonRow
from connectd.service import background, people
from connectd.service.background import Kind

CONFIGURATION = """
[me]
name = "Alice Example"
emails = ["alice@example.test"]
timezone = "America/New_York"
[goal]
people_per_month = 3
months = 6
[meeting]
notice_hours = 0
[[account]]
name = "main"
url = "{user.url}"
username = "{user.name}"
drafts = "Connections"
"""


@pytest.fixture(scope="module")
def manager() -> Iterator[UserManager]:
    require_user_manager()
    with UserManager() as manager:
        manager.show_checkout("connectd.service")
        yield manager


@pytest.fixture
def alice(radicale: Radicale) -> User:
    return radicale.new_user()


def give(manager: UserManager, password: str) -> None:
    """Hand the password over as the credential of the account."""
    secret = manager.home / "secret"
    secret.write_text(password)
    drop_in = manager.home / ".config/systemd/user/connectd.service.d/credential.conf"
    drop_in.write_text(f"[Service]\nLoadCredential=main:{secret}\n")


def test_it_drafts_says_how_it_stands_reloads_and_ends(manager: UserManager, alice: User) -> None:
    config = install(manager, alice)
    units = UserUnits(manager.environment)
    with Store.open(config.state) as store:
        store.begin(datetime.now(UTC).replace(microsecond=0))
        row = PersonRow("Bob Baker", ("bob@example.test",), "business")
        people.add(store, row, config.policy.categories)
    manager.systemctl("restart", "connectd.service")

    wait_until(lambda: len(alice.dav.hrefs(alice.home)) > 1, "the calendar for drafts", 30)
    drafts = next(href for href in alice.dav.hrefs(alice.home) if "connections" in href.lower())
    wait_until(lambda: len(alice.dav.objects(drafts)) == 1, "a draft", 30)
    wait_until(lambda: "last tick" in status(manager), "a tick that is told of", 30)
    file = config.path
    file.write_text(f"{file.read_text()}nonsense = 1\n")
    manager.systemctl("reload", "connectd.service")
    wait_until(lambda: "cannot be used" in status(manager), "a configuration that is refused", 30)
    assert units.state("connectd.service").active == "active"
    manager.systemctl("stop", "connectd.service")
    state = units.state("connectd.service")
    assert (state.active, state.result, state.exit_status) == ("inactive", "success", 0)


def test_a_wrong_configuration_is_not_tried_again(manager: UserManager, alice: User) -> None:
    install(manager, alice)
    manager.systemctl("stop", "connectd.service")
    file = manager.home / "config.toml"
    file.write_text(file.read_text() + "nonsense = 1\n")
    with pytest.raises(CalledProcessError):
        manager.systemctl("start", "connectd.service")
    state = UserUnits(manager.environment).state("connectd.service")
    assert (state.active, state.result, state.exit_status) == ("failed", "exit-code", 3)


def test_one_that_hangs_is_started_anew(manager: UserManager, alice: User) -> None:
    drop_in = manager.home / ".config/systemd/user/connectd.service.d/haste.conf"
    drop_in.write_text("[Service]\nWatchdogSec=5\nRestartSec=0\n")
    install(manager, alice)
    first = shown(manager, "MainPID")
    os.kill(int(first), signal.SIGSTOP)
    wait_until(lambda: int(shown(manager, "NRestarts")) > 0, "a new start", 30)
    wait_until(lambda: shown(manager, "ActiveState") == "active", "that start", 30)
    assert shown(manager, "MainPID") not in (first, "0")
    drop_in.unlink()


def install(manager: UserManager, alice: User) -> Config:
    """Have the service run for alice."""
    give(manager, alice.password)
    file = manager.home / "config.toml"
    file.write_text(CONFIGURATION.format(user=alice))
    config = load(file, manager.environment)
    executable = Path(sys.prefix, "bin", "connectd")
    units = UserUnits(manager.environment)
    with background.installing(Kind.SERVICE, units, executable, config, manager.environment):
        return config


def status(manager: UserManager) -> str:
    return shown(manager, "StatusText")


def shown(manager: UserManager, name: str) -> str:
    return manager.systemctl("show", f"--property={name}", "--value", "connectd.service").strip()
