"""A PostgreSQL of a test server's own, whose data need not survive anything."""

import signal
import subprocess
from pathlib import Path

from servers.daemon_home import DaemonHome
from servers.ports import free_port

PROGRAMS = Path("/usr/lib/postgresql")


class Postgres:
    """Takes connections of anybody: at a socket in ``folder``, and on loopback if ``tcp``."""

    def __init__(self, home: DaemonHome, *, tcp: bool = False) -> None:
        self._home = home
        self.folder = home.folder("database")
        self.port = free_port()
        self.environment = {
            "PGHOST": str(self.folder),
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
        }
        programs = max(PROGRAMS.glob("*/bin"))
        data = self.folder / "data"
        how = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        home.run([str(programs / "initdb"), "-D", str(data), *how])
        home.start(
            [
                *(str(programs / "postgres"), "-D", str(data), "-k", str(self.folder)),
                *("-p", str(self.port), "-c", f"listen_addresses={'127.0.0.1' if tcp else ''}"),
                *("-c", "fsync=off", "-c", "full_page_writes=off"),
                *("-c", "synchronous_commit=off", "-c", "max_wal_size=64MB"),
            ],
            self._answers,
            # gives its shared memory back, and waits for no client
            stop_signal=signal.SIGINT,
        )

    def query(self, statement: str, database: str) -> str:
        """Run SQL as the superuser; raises RuntimeError if it fails."""
        command = ["psql", "-qXAt", "-v", "ON_ERROR_STOP=1", "-d", database]
        return self._home.run(command, statement, environment=self.environment)

    def _answers(self) -> bool:
        command = ["pg_isready", "-q", "-h", str(self.folder), "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 0
