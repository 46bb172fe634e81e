"""How the service manager's words are told: well, not quite, or failed, with what to do."""

import pytest

from connectd.edges.user_units import UnitState
from connectd.service.background import Kind, Standing
from connectd.service.doctor.service_state import service_state

RUNS = UnitState(loaded=True, active="active", enabled=True, result="success", exit_status=0)
FAILED = UnitState(loaded=True, active="failed", enabled=True, result="exit-code", exit_status=3)
STOPPED = UnitState(loaded=True, active="inactive", enabled=True, result="success", exit_status=0)
PASSING = UnitState(loaded=True, active="active", enabled=False, result="success", exit_status=0)
SERVICE, TIMER = Kind.SERVICE, Kind.TIMER


@pytest.mark.parametrize(
    ("standing", "told"),
    [
        (Standing("there is no systemd."), [("ok", "no service manager can be asked")]),
        (Standing(), [("ok", "none is installed")]),
        (Standing(None, SERVICE, RUNS, lingers=True), [("ok", "it runs")]),
        (Standing(None, SERVICE, RUNS), [("ok", "it runs"), ("ok", "while you are logged in")]),
        (Standing(None, TIMER, RUNS, RUNS, lingers=True), [("ok", "it waits for its time")]),
        (
            Standing(None, SERVICE, RUNS, lingers=True, server=STOPPED),
            [("warning", "does not run (inactive)"), ("ok", "it runs")],
        ),
        (
            Standing(server=FAILED),
            [("error", "exit-code, status 3"), ("ok", "none is installed")],
        ),
        (Standing(None, SERVICE, FAILED), [("error", "exit-code, status 3")]),
        (
            Standing(None, TIMER, RUNS, FAILED, lingers=True),
            [("ok", "waits"), ("error", "failed")],
        ),
        (Standing(None, SERVICE, STOPPED), [("warning", "does not run (inactive)")]),
        (
            Standing(None, SERVICE, PASSING, lingers=True),
            [("warning", "will not be started by itself")],
        ),
        (
            Standing(None, SERVICE, RUNS, outdated=("connectd.service",), lingers=True),
            [("ok", "it runs"), ("warning", "connectd.service would be written otherwise now")],
        ),
    ],
)
def test_a_standing_is_told(standing: Standing, told: list[tuple[str, str]]) -> None:
    found = list(service_state(standing))
    assert [check.level for check in found] == [level for level, _ in told]
    for check, (_, words) in zip(found, told, strict=True):
        assert words in check.detail
        assert bool(check.advice) == (check.level != "ok")
