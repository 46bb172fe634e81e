"""The keyring in alice's desktop session, which she locks and unlocks."""

from collections.abc import Mapping

import secretstorage
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from secretstorage.util import format_secret, open_session

_INTERNAL = DBusAddress(
    "/org/freedesktop/secrets",
    bus_name="org.freedesktop.secrets",
    interface="org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
)


class KeyringOfAlice:
    """GNOME Keyring on the bus of a session, whose master password is ``master``."""

    def __init__(self, session: Mapping[str, str], master: str) -> None:
        self._bus = open_dbus_connection(session["DBUS_SESSION_BUS_ADDRESS"])
        self._master = master
        self._collection = secretstorage.get_default_collection(self._bus)

    def keep(self, account: str, password: str) -> None:
        """Put a password where connectd looks for that of an account."""
        attributes = {
            "application": "Python keyring library",
            "service": "connectd",
            "username": account,
        }
        self._collection.create_item(account, attributes, password.encode())

    def lock(self) -> None:
        self._collection.lock()

    def unlock(self) -> None:
        """Open it with the master password, as a login does."""
        secret = format_secret(open_session(self._bus), self._master.encode(), "text/plain")
        opened = (self._collection.collection_path, secret)
        self._bus.send_and_get_reply(
            new_method_call(_INTERNAL, "UnlockWithMasterPassword", "o(oayays)", opened)
        )

    def close(self) -> None:
        self._bus.close()
