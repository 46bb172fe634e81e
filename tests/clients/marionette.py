"""Marionette, the remote control of Mozilla programs: commands as JSON over a loopback socket."""

import json
import socket
from typing import Any

LIMIT_SECONDS = 40


class MarionetteError(Exception):
    """The program said that a command failed; ``kind`` is a WebDriver error code."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Marionette:
    """A session that runs scripts with the rights of the program's own windows.

    A box with a question that is open when a script should begin is closed, as if the user
    pressed Escape, and is an error.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), LIMIT_SECONDS + 20)
        self._file = self._socket.makefile("rb")
        self._number = 0
        self._receive()  # a greeting
        self._command("WebDriver:NewSession", capabilities={})
        self._command("Marionette:SetContext", value="chrome")
        self._command("WebDriver:SetTimeouts", script=LIMIT_SECONDS * 1000)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - JSON
        """Return what a script returns or promises; it sees its arguments as ``arguments``."""
        answer = self._command(
            "WebDriver:ExecuteScript",
            script=script,
            args=list(arguments),
            newSandbox=True,
            sandbox="system",
        )
        return answer["value"]

    def question(self) -> str | None:
        """Return the text of an open box."""
        try:
            return str(self._command("WebDriver:GetAlertText")["value"])
        except MarionetteError as error:
            if error.kind == "no such alert":
                return None
            raise

    def press_first_button(self) -> None:
        """Say yes in an open box; returns when it has closed."""
        self._command("WebDriver:AcceptAlert")

    def close(self) -> None:
        self._file.close()
        self._socket.close()

    def _command(self, name: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._receive()
        assert number == self._number
        if error:
            message = f"{name}: {error['message']}\n{error['stacktrace']}"
            raise MarionetteError(error["error"], message)
        return dict(result)

    def _receive(self) -> Any:  # noqa: ANN401 - JSON
        length = b""
        while (byte := self._file.read(1)) != b":":
            if not byte:
                raise ConnectionError("the program closed the connection")
            length += byte
        return json.loads(self._file.read(int(length)))
