"""What the tests of the command line share: homes to run it in."""

from pathlib import Path

import pytest
from servers import Radicale, User
from shell import Shell, configuration


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Somebody's home without any configuration."""
    folder = tmp_path / "home"
    folder.mkdir()
    return Shell(folder)


@pytest.fixture
def offline(shell: Shell) -> Shell:
    """A home with a configuration, for commands that ask no server."""
    shell.configure(configuration())
    return shell


@pytest.fixture
def alice(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def online(shell: Shell, alice: User) -> Shell:
    """A home with a configuration for alice's account, and bob on the list."""
    shell.configure(configuration(alice))
    shell.ok(
        "contacts", "add", "Bob Baker", "--email", "bob@example.test", *("--category", "business")
    )
    return shell
