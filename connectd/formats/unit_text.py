"""Fits a shipped systemd unit to one installation: its paths, its environment, its liberties."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

_A_DAY = 24
_UNSAFE = frozenset("'\"\\")
_NEEDS_MEMORY = "MemoryDenyWriteExecute="
_MAKES_FOLDERS = "ExecStartPre=+mkdir -p -m 0700"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What differs between installations.

    ``command`` are the words of ExecStart=, the first one an absolute path. ``writable`` are the
    absolute paths of folders that are made and written to. ``home`` is the home directory where
    the unit runs commands of the user's own, which may write there and make code as they run
    (some are written in JavaScript); else None.
    """

    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    writable: Sequence[str] = ()
    home: str | None = None

    def words(self) -> list[str]:
        """All that comes from outside, of which each must be able to stand in a unit."""
        home = [self.home] if self.home else []
        values = self.environment.values()
        return [*self.command, *values, *self.writable, *home]


def can_stand_in_a_unit(word: str) -> bool:
    """Whether systemd takes a path or value like this; it refuses quotes in places, for one."""
    return bool(word) and word.isprintable() and _UNSAFE.isdisjoint(word)


def unit_text(shipped: str, particulars: Particulars) -> str:
    """The text of the shipped service unit, for this installation (systemd.service(5))."""
    return "".join(f"{line}\n" for line in _fitted(shipped, particulars))


def timer_text(shipped: str, every_minutes: int) -> str:
    """The text of the shipped timer, for a tick every so many minutes or a little more often."""
    return "".join(
        f"OnCalendar={_calendar_event(every_minutes)}\n" if line.startswith("OnCalendar=") else line
        for line in shipped.splitlines(keepends=True)
    )


def _fitted(shipped: str, particulars: Particulars) -> Iterator[str]:
    for line in shipped.splitlines():
        key = line.partition("=")[0]
        if line.startswith(_MAKES_FOLDERS):
            yield " ".join([_MAKES_FOLDERS, *map(_in_command, particulars.writable)])
        elif key == "ExecStart":
            yield from map(_environment_line, particulars.environment.items())
            yield f"{key}={_command(particulars.command)}"
        elif key == "ReadWritePaths":
            yield f"{key}={' '.join(_writable(particulars))}"
        elif particulars.home is None or not line.startswith(_NEEDS_MEMORY):
            yield line


def _command(words: Sequence[str]) -> str:
    # the first word is a path as it stands, in the others $ begins a variable
    return " ".join([_quoted(words[0]), *map(_in_command, words[1:])])


def _writable(particulars: Particulars) -> list[str]:
    # an agent that such a command starts has its socket in the runtime directory (%t)
    for_commands = [_quoted(particulars.home), "%t"] if particulars.home else []
    return [*map(_quoted, particulars.writable), *for_commands]


def _environment_line(variable: tuple[str, str]) -> str:
    name, value = variable
    return f"Environment={_quoted(f'{name}={value}')}"


def _in_command(word: str) -> str:
    return _quoted(word.replace("$", "$$"))


def _quoted(word: str) -> str:
    """One word for systemd.syntax(7), in which % begins a specifier."""
    return f'"{word.replace("%", "%%")}"' if " " in word else word.replace("%", "%%")


def _calendar_event(every_minutes: int) -> str:
    """A time specification of systemd.time(7): parts of an hour, or of a day."""
    hours = every_minutes // 60
    if not hours:
        return f"*:0/{every_minutes}"
    return f"0/{hours}:00" if hours < _A_DAY else "daily"
