"""What `connectd doctor --json` found, as tests ask about it."""

from dataclasses import dataclass
from typing import Any

from shell import NOW, Shell


@dataclass(frozen=True, slots=True)
class Line:
    """One check of the document."""

    name: str
    subject: str
    level: str
    detail: str
    advice: str
    took_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The document, and the exit status that came with it."""

    status: int
    ok: bool
    lines: tuple[Line, ...]

    @property
    def names(self) -> set[str]:
        return {line.name for line in self.lines}

    @property
    def not_fine(self) -> list[Line]:
        return [line for line in self.lines if line.level != "ok"]

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def one(self, name: str) -> Line:
        """Return the only line with this name."""
        (line,) = self.all(name)
        return line


def examined(shell: Shell, *, now: str | None = NOW) -> Diagnosis:
    """Run the doctor, which never fails itself."""
    ran = shell.run("doctor", "--json", now=now)
    assert "Traceback" not in ran.err
    document: dict[str, Any] = ran.json
    lines = tuple(Line(**check) for check in document["checks"])
    return Diagnosis(ran.status, document["ok"], lines)
