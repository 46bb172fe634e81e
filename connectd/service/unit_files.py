"""Puts units that come with connectd into the hands of the user's manager, and takes that back."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path

from connectd.edges.user_units import UserUnits
from connectd.errors import SenselessError
from connectd.formats.plain_text import clean
from connectd.formats.unit_text import Particulars, can_stand_in_a_unit

_PLACES = ("XDG_CONFIG_HOME", "XDG_STATE_HOME")
# what password commands go by in the shell in which they were tried out
_OF_COMMANDS = ("PATH", "GNUPGHOME", "PASSWORD_STORE_DIR")


def shipped(name: str) -> str:
    """The text of a unit that comes with connectd."""
    return files("connectd").joinpath("systemd", name).read_text("utf-8")


def passed_on(environment: Mapping[str, str], *, for_commands: bool = False) -> dict[str, str]:
    """What the user's own environment says of places, which a service would not know.

    ``for_commands`` adds what commands of the user's own need to be found, and to find.
    """
    names = (*_PLACES, *(_OF_COMMANDS if for_commands else ()))
    return {name: environment[name] for name in names if environment.get(name)}


def check(particulars: Particulars) -> None:
    """Raise SenselessError for a path that cannot stand in a unit file."""
    for word in particulars.words():
        if not can_stand_in_a_unit(word):
            raise SenselessError(
                f"{clean(word)} cannot stand in a systemd unit: choose a path without quotation "
                "marks and backslashes."
            )


def enter(units: UserUnits, texts: Mapping[str, str], started: str) -> tuple[Path, ...]:
    """Write these unit files, by name, and have one of them run, now and from now on.

    Returns where they are; raises ServiceManagerError.
    """
    written = tuple(units.write(name, text) for name, text in texts.items())
    units.reload()
    units.enable(started)
    units.restart(started)
    return written


def put_back_later(
    units: UserUnits, names: Sequence[str], started: Sequence[str], undoing: ExitStack
) -> None:
    """Have ``undoing`` restore these unit files, and what of ``started`` was enabled and ran."""
    before = {name: units.read(name) for name in names}
    were = {unit: units.state(unit) for unit in started}

    def put_back() -> None:
        for unit in started:
            units.disable(unit)
        for name, text in before.items():
            if text is None:
                units.remove(name)
            else:
                units.write(name, text)
        units.reload()
        for unit, state in were.items():
            if state.enabled:
                units.enable(unit)
            if state.active in ("active", "activating"):
                units.restart(unit)

    undoing.callback(put_back)
