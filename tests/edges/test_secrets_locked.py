"""The desktop's keyring while it is locked, is not there yet, or comes to be unlocked later."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from gnome_keyring import SHELL, desktop, require_gnome_keyring

STEPS = """
import os
import sys
import time

import keyring.backends.kwallet  # what takes long on a slow machine is not to be measured
import keyring.backends.SecretService
import secretstorage
from jeepney import DBusAddress, new_method_call
from secretstorage.util import format_secret, open_session

from connectd.edges import secrets
from connectd.errors import CredentialsError


def fetch():
    began = time.monotonic()
    try:
        found = secrets.fetch(
            "main", password_command=None, token_command=None, environment={}, limit_seconds=2
        ).value
    except CredentialsError as error:
        found = f"{type(error).__name__}: {error}"
    print("at once" if time.monotonic() - began < 1.5 else "late", found, sep=": ", flush=True)


def lock():
    secretstorage.get_default_collection(secretstorage.dbus_init()).lock()


def unlock():
    # as the login does it
    bus = secretstorage.dbus_init()
    collection = secretstorage.get_default_collection(bus)
    secret = format_secret(open_session(bus), b"login", "text/plain")
    keyring = DBusAddress(
        "/org/freedesktop/secrets",
        bus_name="org.freedesktop.secrets",
        interface="org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
    )
    arguments = (collection.collection_path, secret)
    bus.send_and_get_reply(
        new_method_call(keyring, "UnlockWithMasterPassword", "o(oayays)", arguments)
    )


def store():
    secrets.store_in_keyring("main", "hunter2", limit_seconds=30)


def arrive():
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = os.environ["LATER"]


for step in sys.argv[1:]:
    globals()[step]()
"""


@pytest.fixture(autouse=True)
def gnome_keyring() -> None:
    require_gnome_keyring()


def said(session: dict[str, str], *steps: str) -> list[str]:
    """What one process hears when it fetches the password, between other steps."""
    finished = subprocess.run(
        [sys.executable, "-c", STEPS, *steps],
        env=SHELL | session,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=60,
    )
    return finished.stdout.splitlines()


def test_a_locked_keyring_asks_its_user_once_and_is_noticed_when_it_opens(tmp_path: Path) -> None:
    with desktop(tmp_path, unlock_with="login") as session:
        steps = ("store", "lock", "fetch", "fetch", "unlock", "fetch", "lock", "fetch", "fetch")
        first, second, third, fourth, fifth = said(session, *steps)

    assert first.startswith(
        "late: KeyringLockedError: the keyring gave no answer in 2 seconds; unlock it, or set a"
    )
    assert second == (
        "at once: KeyringLockedError: the keyring is locked; unlock it, or set a password_command "
        "instead."
    )
    assert third == "at once: hunter2"
    assert (fourth, fifth) == (first, second)


def test_a_keyring_that_is_locked_from_the_start_holds_nobody_up(tmp_path: Path) -> None:
    with desktop(tmp_path, unlock_with="login") as session:
        said(session, "store")

    with desktop(tmp_path, unlock_with=None) as session:
        started = time.monotonic()
        (heard,) = said(session, "fetch")

    assert "KeyringLockedError: the keyring gave no answer in 2 seconds" in heard
    assert time.monotonic() - started < 30


def test_a_keyring_that_comes_later_is_found(tmp_path: Path) -> None:
    with desktop(tmp_path, unlock_with="login") as session:
        said(session, "store")
        nowhere = {
            "LATER": session["DBUS_SESSION_BUS_ADDRESS"],
            "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/none",
        }
        before, after = said(session | nowhere, "fetch", "arrive", "fetch")

    assert before.endswith(
        "CredentialsError: no keyring is running here; set a password_command instead."
    )
    assert after == "at once: hunter2"


def test_one_that_was_switched_off_is_not_looked_for(tmp_path: Path) -> None:
    off = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"}
    with desktop(tmp_path, unlock_with="login") as session:
        said(session, "store")
        (heard,) = said(session | off, "fetch")

    assert "no keyring is running here" in heard
