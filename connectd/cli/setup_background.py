"""The end of `connectd setup`: connectd as a service, by a timer, or left to the user."""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import StrEnum

import click

from connectd.cli.setup_prompts import ask, yes_or_no
from connectd.config import Config
from connectd.edges.user_units import UserUnits
from connectd.errors import SenselessError, ServiceManagerError, WrongInputError
from connectd.service.background import (
    STARTED,
    Kind,
    installed_files,
    installing,
    own_executable,
    remove,
)


class Background(StrEnum):
    """How connectd is to run: kept going by systemd, called by it, neither, or as it does."""

    SERVICE = "service"
    TIMER = "timer"
    NONE = "none"
    AS_IT_IS = "as it is"


_QUESTION = (
    "Write this, and run connectd in the background by systemd? (service, timer, none; "
    "no leaves all as it is)"
)
HOW_TO_RUN_IT = (
    "To keep connectd running: connectd setup --service, or have connectd run started by whatever "
    "starts programs on this machine."
)
_LINGER = "It runs while you are logged in; on a server, `loginctl enable-linger` keeps it on."
_STARTED = {
    Kind.SERVICE: "connectd runs now, as the service connectd.service of your own.",
    Kind.TIMER: "connectd is called from time to time now, by connectd.timer of your own.",
}
_STOPPED = "connectd runs in the background no longer; its units are gone."
_NEVER_RAN = "connectd was not running in the background."
_PARTLY = 7


def agree(wanted: Background | None, units: UserUnits, *, is_new: bool) -> Background | None:
    """Ask whether all is to be written, and how connectd is to run; None leaves it all.

    What is ``wanted`` by an option is not asked for, nor what cannot be.
    """
    if wanted or units.absence():
        agreed = ask("Write this? (yes or no)", yes_or_no, "yes")
        return (wanted or Background.AS_IT_IS) if agreed else None
    installed = next((kind for kind in Kind if units.read(f"connectd.{kind}") is not None), None)
    usual = Background.SERVICE if is_new else Background.NONE
    return ask(_QUESTION, _read, Background(installed) if installed else usual)


def start(
    wanted: Background,
    units: UserUnits,
    config: Config,
    environment: Mapping[str, str],
    tell: Callable[[str], None],
) -> None:
    """Have connectd run as wanted, and tell so.

    Where that does not work, its units are as they were before, and the rest of the setup holds:
    then it ends with the status for work that was done in part.
    """
    if wanted is Background.AS_IT_IS:
        return
    if wanted is Background.NONE:
        _stop(units, tell)
        return
    try:
        executable = own_executable(sys.argv[0], sys.executable)
        with installing(Kind(wanted), units, executable, config, environment) as installed:
            tell(_STARTED[installed.kind])
    except (ServiceManagerError, SenselessError) as error:
        tell(f"The setup holds, but connectd does not run in the background yet: {error}")
        tell(HOW_TO_RUN_IT)
        raise click.exceptions.Exit(_PARTLY) from error
    if not installed.lingers:
        tell(_LINGER)


def take_over(units: UserUnits, tell: Callable[[str], None]) -> None:
    """Have a service that runs load the changed configuration, and tell so; ends as `start` does.

    Where no service runs, or nobody can be asked, the next start loads it.
    """
    service = STARTED[Kind.SERVICE]
    with suppress(ServiceManagerError):
        if units.state(service).active == "active":
            _reload(service, units, tell)


def _reload(service: str, units: UserUnits, tell: Callable[[str], None]) -> None:
    try:
        units.reload_unit(service)
    except ServiceManagerError as error:
        tell(f"The setup holds, but {service} has not taken it over: {error}")
        raise click.exceptions.Exit(_PARTLY) from error
    tell(f"{service} takes it over now.")


def take_away(units: UserUnits, tell: Callable[[str], None]) -> None:
    """Have connectd run in the background no longer, and tell so; ends as `start` does."""
    if not _stop(units, tell):
        tell(_NEVER_RAN)


def is_installed(units: UserUnits) -> bool:
    """Whether a service or a timer of connectd is there."""
    return bool(installed_files(units))


def _stop(units: UserUnits, tell: Callable[[str], None]) -> bool:
    try:
        gone = remove(units)
    except ServiceManagerError as error:
        tell(f"connectd is still to run in the background: {error}")
        raise click.exceptions.Exit(_PARTLY) from error
    if gone:
        tell(_STOPPED)
    return bool(gone)


def _read(typed: str) -> Background | None:
    word = typed.casefold()
    if word in ("n", "no"):
        return None
    try:
        return Background(word)
    except ValueError:
        raise WrongInputError("Please type service, timer, none, or no.") from None
