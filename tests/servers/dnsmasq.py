"""dnsmasq: a name server on a loopback address, which knows what a test tells it and no more."""

import getpass
import socket
from collections.abc import Sequence
from pathlib import Path

from servers.ports import free_port
from servers.process import Process


class Dnsmasq:
    """Answers for everything below ``test``; ``records`` are options of dnsmasq."""

    packages = ("dnsmasq-base",)
    parts = ("/usr/sbin/dnsmasq",)

    def __init__(self, folder: Path, records: Sequence[str]) -> None:
        # the number is held on 127.0.0.1, so that nobody else's name server takes it here
        self.server = ("127.0.0.2", free_port())
        address, port = self.server
        self._process = Process(
            [
                self.parts[0],
                "--keep-in-foreground",
                "--conf-file=/dev/null",
                f"--user={getpass.getuser()}",
                "--pid-file=",
                "--no-resolv",
                "--no-hosts",
                "--local=/test/",
                "--bind-interfaces",
                "--except-interface=nosuch0",
                f"--listen-address={address}",
                f"--port={port}",
                *records,
            ],
            folder / "dnsmasq.log",
            self._answers,
        )

    def stop(self) -> None:
        self._process.stop()

    def _answers(self) -> bool:
        try:
            socket.create_connection(self.server, timeout=1).close()
        except OSError:
            return False
        return True
