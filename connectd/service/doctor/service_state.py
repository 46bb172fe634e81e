"""Whether connectd runs in the background, as the service manager sees it."""

from collections.abc import Iterator

from connectd.edges.user_units import UnitState
from connectd.service.background import STARTED, Kind, Standing
from connectd.service.doctor.checks import Check, fine, warning, wrong
from connectd.service.local_account import UNIT as LOCAL_SERVER

_RUNS = frozenset({"active", "activating", "reloading"})


def service_state(standing: Standing) -> Iterator[Check]:
    """Say how the service, or the timer, stands; whether there is one is the user's choice.

    Where connectd is kept running in another way, `last tick` tells whether it is.
    """
    if standing.absence:
        detail = f"no service manager can be asked: {standing.absence.rstrip('.')}"
        yield fine("service", f"{detail}; whatever keeps `connectd run` going is as good")
        return
    if standing.server:
        yield _state(LOCAL_SERVER, standing.server)
    if standing.kind is None or standing.state is None:
        yield fine("service", "none is installed; `connectd setup` offers one")
        return
    unit = STARTED[standing.kind]
    yield _state(unit, standing.state)
    if standing.last and standing.last.active == "failed":
        yield _failed("connectd-tick.service", standing.last)
    if standing.outdated:
        detail = f"{', '.join(standing.outdated)} would be written otherwise now"
        yield warning("service", detail, "run `connectd setup` again", unit)
    if standing.state.active in _RUNS and not standing.lingers:
        detail = (
            "it runs while you are logged in; on a server, `loginctl enable-linger` keeps it on"
        )
        yield fine("service", detail, unit)


def _state(unit: str, state: UnitState) -> Check:
    if state.active == "failed":
        return _failed(unit, state)
    if state.active not in _RUNS:
        advice = f"systemctl --user enable --now {unit}"
        return warning(
            "service", f"it is installed and does not run ({state.active})", advice, unit
        )
    if not state.enabled:
        advice = f"systemctl --user enable {unit}"
        return warning("service", "it runs, but will not be started by itself", advice, unit)
    return fine(
        "service", "it waits for its time" if unit == STARTED[Kind.TIMER] else "it runs", unit
    )


def _failed(unit: str, state: UnitState) -> Check:
    why = f"{state.result}, status {state.exit_status}"
    advice = f"`journalctl --user --unit={unit}` shows why; then systemctl --user restart {unit}"
    return wrong("service", f"it has failed ({why})", unit, advice=advice)
