"""Keeps connectd running in the background: as a service, or by a timer, of the user's own."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from connectd.config import Config
from connectd.edges.user_units import UnitState, UserUnits
from connectd.errors import SenselessError, ServiceManagerError
from connectd.formats.unit_text import Particulars, timer_text, unit_text
from connectd.service.local_account import UNIT as LOCAL_SERVER
from connectd.service.unit_files import check, enter, passed_on, put_back_later, shipped

PROGRAM = "connectd"


class Kind(StrEnum):
    """How connectd comes to make its ticks."""

    SERVICE = "service"
    TIMER = "timer"


STARTED = {Kind.SERVICE: "connectd.service", Kind.TIMER: "connectd.timer"}
"""The unit that is enabled and started."""

_BY_KIND = {
    Kind.SERVICE: ("connectd.service",),
    Kind.TIMER: ("connectd.timer", "connectd-tick.service"),
}
_COMMAND = {"connectd.service": "run", "connectd-tick.service": "tick"}


@dataclass(frozen=True, slots=True)
class Installed:
    """What was installed: the unit that runs now, and the files written."""

    kind: Kind
    unit: str
    files: tuple[Path, ...]
    lingers: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How connectd stands with the service manager.

    ``absence`` is why there is no manager to ask, else None. ``kind`` is what is installed, None
    where nothing is, and ``state`` how its unit stands. ``last`` is the state of the service
    that the timer starts. ``outdated`` names the unit files that would be written otherwise now.
    ``server`` is the state of the calendar server of one's own, None where there is none.
    """

    absence: str | None = None
    kind: Kind | None = None
    state: UnitState | None = None
    last: UnitState | None = None
    outdated: tuple[str, ...] = ()
    lingers: bool = False
    server: UnitState | None = None


def own_executable(called: str, interpreter: str) -> Path:
    """The program that is running, as an absolute path.

    ``called`` is how it was called (``sys.argv[0]``), ``interpreter`` the Python that runs it: if
    the former is no file called connectd, it is the one beside the latter. Links are kept, since
    pipx lets them show to each new version. Raises SenselessError where there is none.
    """
    beside = Path(interpreter).absolute().with_name(PROGRAM)
    for path in (Path(called).absolute(), beside):
        if path.name == PROGRAM and path.is_file():
            return path
    raise SenselessError(f"The program connectd is not at {beside}: install it with pipx or pip.")


@contextmanager
def installing(
    kind: Kind,
    units: UserUnits,
    executable: Path,
    config: Config,
    environment: Mapping[str, str],
) -> Iterator[Installed]:
    """Install, enable and start connectd as a service or by a timer, instead of the other one.

    Leaving it by an exception undoes all of that, to what was there before. Raises
    ServiceManagerError where there is no manager or it does not start, SenselessError where the
    paths cannot stand in a unit.
    """
    texts = unit_texts(kind, executable, config, environment)
    with ExitStack() as undoing:
        put_back_later(units, _all_files(), list(STARTED.values()), undoing)
        for other in Kind:
            if other is not kind and _is_there(units, other):
                _take_away(units, other)
        written = enter(units, texts, STARTED[kind])
        yield Installed(kind, STARTED[kind], written, units.lingers())
        undoing.pop_all()


def installed_files(units: UserUnits) -> tuple[str, ...]:
    """The unit files of connectd that are there, by name."""
    return tuple(name for name in _all_files() if units.read(name) is not None)


def remove(units: UserUnits) -> tuple[str, ...]:
    """Stop connectd and take its units away; the names of the files that are gone.

    Raises ServiceManagerError where that does not work, as where there is no manager to stop it.
    """
    there = installed_files(units)
    if there and (absence := units.absence()):
        raise ServiceManagerError(absence)
    for kind in Kind:
        if _is_there(units, kind):
            _take_away(units, kind)
    return there


def standing(
    units: UserUnits, executable: Path, config: Config, environment: Mapping[str, str]
) -> Standing:
    """How connectd stands with the service manager, asked now; raises ServiceManagerError."""
    if absence := units.absence():
        return Standing(absence)
    kind = next((kind for kind in Kind if _is_there(units, kind)), None)
    server = None if units.read(LOCAL_SERVER) is None else units.state(LOCAL_SERVER)
    if kind is None:
        return Standing(lingers=units.lingers(), server=server)
    texts = unit_texts(kind, executable, config, environment)
    return Standing(
        kind=kind,
        state=units.state(STARTED[kind]),
        last=units.state("connectd-tick.service") if kind is Kind.TIMER else None,
        outdated=tuple(name for name, text in texts.items() if units.read(name) != text),
        lingers=units.lingers(),
        server=server,
    )


def unit_texts(
    kind: Kind, executable: Path, config: Config, environment: Mapping[str, str]
) -> dict[str, str]:
    """The unit files for this installation, by name; raises SenselessError for unusable paths."""
    home = _home_for_commands(config, environment)
    particulars = Particulars(
        command=[str(executable), "--config", str(config.path.absolute())],
        environment=passed_on(environment, for_commands=home is not None),
        writable=[str(config.state.absolute().parent)],
        home=home,
    )
    check(particulars)
    return {
        name: unit_text(shipped(name), replace(particulars, command=[*particulars.command, word]))
        if (word := _COMMAND.get(name))
        else timer_text(shipped(name), config.daemon.every_minutes)
        for name in _BY_KIND[kind]
    }


def _home_for_commands(config: Config, environment: Mapping[str, str]) -> str | None:
    """The home directory, if the configuration runs the user's own programs there."""
    commands = [one for a in config.accounts for one in (a.password_command, a.token_command)]
    if config.mail:
        commands += [config.mail.password_command, config.mail.token_command]
    if any(commands):
        return environment.get("HOME") or str(Path.home())
    return None


def _is_there(units: UserUnits, kind: Kind) -> bool:
    return any(units.read(name) is not None for name in _BY_KIND[kind])


def _take_away(units: UserUnits, kind: Kind) -> None:
    units.disable(STARTED[kind])
    for name in _BY_KIND[kind]:
        units.remove(name)
    units.reload()


def _all_files() -> list[str]:
    return [name for names in _BY_KIND.values() for name in names]
