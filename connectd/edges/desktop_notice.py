"""Shows a notice on the user's desktop, over the session bus (Desktop Notifications 1.2)."""

from collections.abc import Mapping
from html import escape
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from connectd.errors import ServerError

_NAME, _PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
_LIMIT_SECONDS = 5.0
_AS_THE_DESKTOP_LIKES = -1
_NEW = 0


class DesktopNotice:
    """The notifications of the desktop whose session bus ``environment`` names."""

    def __init__(
        self, environment: Mapping[str, str], *, limit_seconds: float = _LIMIT_SECONDS
    ) -> None:
        self._bus = _session_bus(environment)
        self._limit_seconds = limit_seconds
        self._asked: Thread | None = None

    def show(self, title: str, text: str) -> None:
        """Show plain text, which the caller has cleaned; raises ServerError where that fails."""
        if self._bus is None:
            raise ServerError("there is no desktop session here")
        if self._asked and self._asked.is_alive():
            raise ServerError("the desktop has not answered the last time yet")
        outcomes: SimpleQueue[Exception | None] = SimpleQueue()

        def tell(bus: str) -> None:
            try:
                _notify(bus, title, text, self._limit_seconds)
                outcomes.put(None)
            except Exception as error:  # noqa: BLE001 - raised below, in the caller's thread
                outcomes.put(error)

        # a thread, since nothing else bounds the first word of the bus
        self._asked = Thread(target=tell, args=(self._bus,), name="notice", daemon=True)
        self._asked.start()
        try:
            problem = outcomes.get(timeout=self._limit_seconds)
        except Empty:
            raise ServerError(
                f"the desktop gave no answer in {self._limit_seconds:g} seconds"
            ) from None
        if problem is not None:
            raise ServerError(f"the desktop shows no notices ({_kind(problem)})") from problem


def _session_bus(environment: Mapping[str, str]) -> str | None:
    """The address of the bus, as login managers leave it, or where systemd puts it."""
    if address := environment.get("DBUS_SESSION_BUS_ADDRESS"):
        return address
    folder = environment.get("XDG_RUNTIME_DIR")
    return f"unix:path={folder}/bus" if folder else None


def _notify(bus: str, title: str, text: str, limit_seconds: float) -> None:
    """Raises whatever the library lets through."""
    from jeepney import DBusAddress, new_method_call  # noqa: PLC0415 - only when there is news
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415 - as above
    from jeepney.wrappers import unwrap_msg  # noqa: PLC0415 - as above

    desktop = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
    with open_dbus_connection(bus) as connection:

        def call(method: str, signature: str = "", values: tuple[object, ...] = ()) -> Any:  # noqa: ANN401 - whatever D-Bus brings
            question = new_method_call(desktop, method, signature, values)
            return unwrap_msg(connection.send_and_get_reply(question, timeout=limit_seconds))

        (capabilities,) = call("GetCapabilities")
        body = escape(text, quote=False) if "body-markup" in capabilities else text
        no_buttons: list[str] = []
        no_hints: dict[str, object] = {}
        shown = ("connectd", _NEW, "", title, body, no_buttons, no_hints, _AS_THE_DESKTOP_LIKES)
        call("Notify", "susssasa{sv}i", shown)


def _kind(problem: Exception) -> str:
    name = getattr(problem, "name", None)
    return name if isinstance(name, str) else type(problem).__name__
