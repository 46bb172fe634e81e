"""The talk of `connectd setup` where there is a keyring, a real one: the password stays in it."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from gnome_keyring import desktop, require_gnome_keyring
from proxy import Fault, Proxy
from servers import User, wait_until
from setup_answers import USERNAME, Answer, choices, give, traces, way_in
from shell import Shell
from typist import Typist, typist

PASSWORD = "Password for"
READ = "import keyring; print(keyring.get_password('connectd', 'main'))"


@pytest.fixture
def at_desk(shell: Shell) -> Iterator[Shell]:
    """A home on a desktop, with its keyring unlocked."""
    require_gnome_keyring()
    shell.environment.pop("PYTHON_KEYRING_BACKEND")
    with desktop(shell.folder.parent / "desk", unlock_with="login") as session:
        shell.environment |= {name: at for name, at in session.items() if name != "HOME"}
        yield shell


def kept(shell: Shell) -> str:
    """What the keyring has for the account."""
    asked = [sys.executable, "-c", READ]
    return subprocess.run(
        asked, env=shell.environment, stdout=subprocess.PIPE, text=True, check=True, timeout=60
    ).stdout.strip()


def come_in(user: Typist, alice: User, password: str) -> None:
    give(user, [*way_in(alice)[:3], Answer(PASSWORD, password)])


def test_a_password_is_typed_unseen_and_kept_in_the_keyring(at_desk: Shell, alice: User) -> None:
    with typist(at_desk, "setup") as user:
        come_in(user, alice, "hunter2")
        user.wait_for("does not accept the credentials")
        give(user, [Answer(USERNAME), Answer(PASSWORD, alice.password), *choices()])
        said = user.ends_with(0)

    assert kept(at_desk) == alice.password
    assert alice.password not in said
    assert "hunter2" not in said
    assert not [path for path, data in at_desk.files().items() if alice.password.encode() in data]


def test_a_password_that_was_kept_already_is_gone_after_ctrl_c(at_desk: Shell, alice: User) -> None:
    before = traces(at_desk, alice)

    with Proxy(alice.url) as proxy:
        proxy.inject(Fault(hang=True), method="PUT")
        with typist(at_desk, "setup", "--url", proxy.url) as user:
            address, _, name, _ = way_in(alice)
            give(user, [address, name, Answer(PASSWORD, alice.password), *choices()])
            wait_until(lambda: any(seen.method == "PUT" for seen in proxy.requests), "a PUT")
            assert kept(at_desk) == alice.password
            user.press("Trying it all out", "c")
            user.ends_with(130)

    assert kept(at_desk) == "None"
    assert traces(at_desk, alice) == before


def test_a_command_may_be_typed_instead_of_the_password(at_desk: Shell, alice: User) -> None:
    with typist(at_desk, "setup") as user:
        come_in(user, alice, f"!echo {alice.password}")
        give(user, choices())
        user.ends_with(0)

    assert kept(at_desk) == "None"
    assert f'password_command = ["echo", "{alice.password}"]' in at_desk.config.read_text()
