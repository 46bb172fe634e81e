import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import which

import keyring
import pytest
from gnome_keyring import SHELL, desktop, require_gnome_keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from missing import leave_out

from connectd.edges import secrets
from connectd.errors import CredentialsError


class PlainBackend(KeyringBackend):
    """A keyring as some packages bring it: it works, and keeps passwords in the open."""

    priority = 1.0

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {("connectd", "main"): "hunter2"}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


class PlainChain(ChainerBackend):
    backends = (PlainBackend(),)


@pytest.fixture
def chosen_keyring() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.mark.usefixtures("chosen_keyring")
@pytest.mark.parametrize("backend", [PlainBackend(), PlainChain()])
def test_a_keyring_that_is_not_the_desktops_own_is_refused(backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)

    with pytest.raises(CredentialsError, match=r"Plain.* not keep passwords safe.*password_comm"):
        secrets.fetch("main", password_command=None, token_command=None, environment={})


@pytest.mark.usefixtures("chosen_keyring")
def test_an_account_without_a_credential_file_is_looked_up_in_the_keyring(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("hunter2")
    keyring.set_keyring(PlainBackend())

    with pytest.raises(CredentialsError, match=r"the keyring .*PlainBackend"):
        secrets.fetch(
            "main",
            password_command=None,
            token_command=None,
            environment={"CREDENTIALS_DIRECTORY": str(tmp_path)},
        )


@pytest.mark.usefixtures("chosen_keyring")
def test_nothing_is_written_into_a_keyring_that_is_refused() -> None:
    backend = PlainBackend()
    keyring.set_keyring(backend)

    with pytest.raises(CredentialsError):
        secrets.store_in_keyring("new", "hunter3")

    assert list(backend.kept.values()) == ["hunter2"]


PROGRAM = """
import sys
from connectd.edges import secrets
from connectd.errors import CredentialsError

try:
    match sys.argv[1:]:
        case ["remove"]:
            secrets.remove_from_keyring("main", limit_seconds=30)
        case ["store", password]:
            print("instead of", secrets.store_in_keyring("main", password, limit_seconds=30))
    none = {"password_command": None, "token_command": None, "environment": {}}
    if sys.argv[1:] == ["mail"]:
        print(secrets.fetch("mail", **none, limit_seconds=30, whose="[mail]").value)
    print(secrets.fetch("main", **none, limit_seconds=30).value)
except CredentialsError as error:
    print(error)
"""


def in_session(environment: dict[str, str], *arguments: str) -> str:
    """What the program prints in a process of its own: keyring chooses once per process."""
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=SHELL | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    return finished.stdout.strip()


def test_without_a_desktop_there_is_no_keyring(tmp_path: Path) -> None:
    session = {"HOME": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/none"}

    assert in_session(session) == ("no keyring is running here; set a password_command instead.")


def test_the_null_keyring_is_refused(tmp_path: Path) -> None:
    session = {"HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}

    assert "keyring.backends.null.Keyring does not keep passwords safe" in in_session(session)


def test_a_keyring_that_is_misconfigured_is_an_error_of_its_own(tmp_path: Path) -> None:
    session = {"HOME": str(tmp_path), "PYTHON_KEYRING_BACKEND": "no_such_module.Keyring"}

    assert in_session(session).startswith("the keyring failed (ModuleNotFoundError)")


@pytest.fixture
def gnome_keyring() -> None:
    require_gnome_keyring()


@pytest.mark.usefixtures("gnome_keyring")
def test_the_desktops_keyring_keeps_a_password_and_gives_it_back(tmp_path: Path) -> None:
    with desktop(tmp_path, unlock_with="login") as session:
        assert "no password for account" in in_session(session)
        assert in_session(session, "mail") == (
            "there is no password for [mail] in the keyring: put it there for the service "
            '"connectd" and the user "mail", or set a password_command.'
        )
        assert in_session(session, "store", "grün 3") == "instead of None\ngrün 3"
        assert in_session(session, "store", "blau 4") == "instead of grün 3\nblau 4"
        assert in_session(session) == "blau 4"
        assert "no password for account" in in_session(session, "remove")
        assert "no password for account" in in_session(session, "remove")


@pytest.mark.usefixtures("gnome_keyring")
def test_the_commands_of_the_pages_reach_the_same_entry(tmp_path: Path) -> None:
    if which("secret-tool") is None:
        leave_out("secret-tool", "libsecret-tools")
    with desktop(tmp_path, unlock_with="login") as session:
        secret_tool(session, "credentials.md", "store", "grün 3")
        assert in_session(session) == "grün 3"
        assert secret_tool(session, "local.md", "lookup") == "grün 3"


def secret_tool(session: dict[str, str], page: str, does: str, typed: str = "") -> str:
    """Run the command of a page of the documentation; what it prints."""
    text = (Path(__file__).parents[2] / "docs" / page).read_text()
    (command,) = re.findall(rf"^secret-tool {does} .*$", text, re.MULTILINE)
    return subprocess.run(
        shlex.split(command),
        env=SHELL | session,
        input=typed,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=20,
    ).stdout.strip()


@pytest.mark.usefixtures("gnome_keyring")
def test_the_desktops_keyring_is_found_inside_a_chain(tmp_path: Path) -> None:
    chain = {"PYTHON_KEYRING_BACKEND": "keyring.backends.chainer.ChainerBackend"}
    with desktop(tmp_path, unlock_with="login") as session:
        assert in_session(session | chain, "store", "hunter2").endswith("\nhunter2")
