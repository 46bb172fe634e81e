"""The socket on which a service manager hears what a service says of itself."""

import contextlib
import socket
from typing import Self


class Heard:
    """Keeps what was said; ``address`` as in NOTIFY_SOCKET."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.socket_address = f"\0{address[1:]}" if address.startswith("@") else address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.socket_address)
        self._socket.settimeout(0)
        self._words: list[dict[str, str]] = []

    def words(self) -> list[dict[str, str]]:
        """Return every datagram so far as its assignments."""
        with contextlib.suppress(BlockingIOError):
            while True:
                lines = self._socket.recv(4096).decode().split("\n")
                self._words.append(dict(line.split("=", 1) for line in lines))
        return list(self._words)

    @property
    def statuses(self) -> list[str]:
        return [said["STATUS"] for said in self.words() if "STATUS" in said]

    def count(self, name: str) -> int:
        return sum(name in said for said in self.words())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()
