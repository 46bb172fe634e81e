"""A desktop session's bus, and a notification service on it, for tests."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any, NamedTuple

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from missing import leave_out

NOTIFICATIONS = DBusAddress(
    "/org/freedesktop/Notifications",
    bus_name="org.freedesktop.Notifications",
    interface="org.freedesktop.Notifications",
)


@contextmanager
def session_bus() -> Iterator[str]:
    """Start a bus of its own and return its address."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    try:
        bus = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    except FileNotFoundError:
        leave_out("dbus-daemon", "dbus")
    with bus:
        assert bus.stdout
        try:
            yield bus.stdout.readline().strip()
        finally:
            bus.terminate()


class Shown(NamedTuple):
    """One call of Notify, in the order of its arguments."""

    application: str
    replaces: int
    icon: str
    title: str
    body: str
    actions: list[str]
    hints: dict[str, object]
    timeout: int


class Notifications:
    """What a desktop offers: it keeps what it is to show.

    ``refusing`` answers every call with an error, ``silent`` none at all.
    """

    def __init__(
        self,
        bus: str,
        *capabilities: str,
        refusing: bool = False,
        silent: bool = False,
    ) -> None:
        self.shown: list[Shown] = []
        self._capabilities = list(capabilities)
        self._refusing = refusing
        self._silent = silent
        self._connection: DBusConnection = open_dbus_connection(bus)
        Proxy(message_bus, self._connection).RequestName(NOTIFICATIONS.bus_name)
        self._thread = Thread(target=self._serve, name="notifications", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        """Answer until the bus is gone."""
        try:
            while True:
                message = self._connection.receive()
                if message.header.message_type is MessageType.method_call and not self._silent:
                    self._connection.send(self._answer(message))
        except OSError:
            self._connection.close()

    def _answer(self, message: Any) -> Any:  # noqa: ANN401 - the library declares no types
        if self._refusing:
            return new_error(message, "org.freedesktop.DBus.Error.LimitsExceeded")
        if message.header.fields[HeaderFields.member] == "GetCapabilities":
            return new_method_return(message, "as", (self._capabilities,))
        self.shown.append(Shown(*message.body))
        return new_method_return(message, "u", (len(self.shown),))
