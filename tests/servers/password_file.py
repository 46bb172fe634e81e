"""The password file of a server that reads it while users are being added."""

from pathlib import Path


class PasswordFile:
    """A line ``name:password`` for each user, the password as the server wants it stored."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.path.write_text("")

    def add(self, name: str, password: str) -> None:
        # replaced whole, so that the server never reads half a file
        fresh = self.path.with_suffix(".new")
        fresh.write_text(f"{self.path.read_text()}{name}:{password}\n")
        fresh.replace(self.path)
