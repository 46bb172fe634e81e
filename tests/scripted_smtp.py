"""A mail server that says and does what a test tells it to, wrong things above all."""

import socket
from collections.abc import Callable
from threading import Event, Thread
from typing import Self

Deed = Callable[[socket.socket, Event], None]


def hang(_connection: socket.socket, stopped: Event) -> None:
    """Say nothing more."""
    stopped.wait()


def drop(connection: socket.socket, _stopped: Event) -> None:
    """Close the connection."""
    connection.shutdown(socket.SHUT_RDWR)


def flood(piece: bytes) -> Deed:
    """Say this without an end, as fast as it goes."""

    def deed(connection: socket.socket, stopped: Event) -> None:
        while not stopped.is_set():
            connection.sendall(piece * 1000)

    return deed


def drip(piece: bytes) -> Deed:
    """Say this without an end, again and again before a reader gets impatient."""

    def deed(connection: socket.socket, stopped: Event) -> None:
        while not stopped.wait(0.05):
            connection.sendall(piece)

    return deed


USUAL = {
    "BANNER": b"220 scripted.test ready\r\n",
    "EHLO": b"250-scripted.test\r\n250 AUTH PLAIN LOGIN\r\n",
    "AUTH": b"235 come in\r\n",
    "MAIL": b"250 fine\r\n",
    "RCPT": b"250 fine\r\n",
    "DATA": b"354 go ahead\r\n",
    "END": b"250 taken\r\n",
    "QUIT": b"221 bye\r\n",
}


class ScriptedServer:
    """One connection after the other; ``script`` replaces what is usually done at a command.

    BANNER is the beginning of a connection, END that of the answer to a whole mail.
    """

    def __init__(self, **script: bytes | Deed) -> None:
        self._script = USUAL | script
        self._stopped = Event()
        self.commands: list[str] = []
        self.mails: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = Thread(target=self._serve, name="scripted", daemon=True)
        self._thread.start()

    @property
    def verbs(self) -> list[str]:
        """The first word of every command."""
        return [command.partition(" ")[0] for command in self.commands]

    def stop(self) -> None:
        self._stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(10)
        self._listener.close()

    def _serve(self) -> None:
        while not self._stopped.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                try:
                    self._talk(connection)
                except OSError:
                    continue

    def _talk(self, connection: socket.socket) -> None:
        lines = connection.makefile("rb")
        self._do("BANNER", connection)
        for line in lines:
            command = line.decode().strip()
            self.commands.append(command)
            verb = command.partition(" ")[0].upper()
            self._do(verb, connection)
            if verb == "DATA" and self._script["DATA"] == USUAL["DATA"]:
                message = b""
                for part in lines:
                    if part == b".\r\n":
                        self.mails.append(message)
                        self._do("END", connection)
                        break
                    message += part

    def _do(self, verb: str, connection: socket.socket) -> None:
        said = self._script.get(verb, b"500 what?\r\n")
        if isinstance(said, bytes):
            connection.sendall(said)
        else:
            said(connection, self._stopped)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
