"""Whether the machine lives on its battery, by folders like those of Linux."""

from pathlib import Path

import pytest

from connectd.edges.power import on_battery

Supply = dict[str, str]
MAINS = {"type": "Mains", "online": "0"}
BATTERY = {"type": "Battery", "status": "Discharging"}


@pytest.mark.parametrize(
    ("supplies", "expected"),
    [
        ([], False),
        ([MAINS, BATTERY], True),
        ([MAINS, BATTERY | {"scope": "System"}], True),
        ([MAINS, BATTERY | {"status": "Charging"}], False),
        ([MAINS, BATTERY | {"status": "Full"}], False),
        ([MAINS, BATTERY | {"status": "Not charging"}], False),
        ([BATTERY | {"scope": "Device"}], False),
        ([BATTERY | {"status": "Full"}, BATTERY], True),
        ([{"type": "Battery"}, {"status": "Discharging"}], False),
    ],
)
def test_a_battery_that_is_used_up_counts(
    tmp_path: Path,
    supplies: list[Supply],
    expected: bool,  # noqa: FBT001 - of the table
) -> None:
    for number, supply in enumerate(supplies):
        folder = tmp_path / f"SUPPLY{number}"
        folder.mkdir()
        for name, said in supply.items():
            (folder / name).write_text(f"{said}\n")
    assert on_battery(tmp_path) is expected


def test_where_nothing_is_known_it_does_not() -> None:
    assert not on_battery(Path("/nowhere"))
