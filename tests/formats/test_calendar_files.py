"""Each file in tests/calendars shows one rule; the .txt beside it says what time it takes.

After the explanation, each line of it is ``busy``, ``free`` or ``unknown`` and a time in UTC.
"""

import re
from pathlib import Path

import pytest
from readers import perspective, span

from connectd.domain.model import Span
from connectd.formats.calendar_reader import read

CALENDARS = Path(__file__).parents[1] / "calendars"
LINE = re.compile(r"(busy|free|unknown) (\d{4}-\d\d-\d\d [\d:]+) - ([\d: -]+)")


def expected(path: Path) -> dict[str, list[Span]]:
    times: dict[str, list[Span]] = {"busy": [], "free": [], "unknown": []}
    for line in path.read_text().partition("\n\n")[2].splitlines():
        found = LINE.fullmatch(line)
        assert found, line
        times[found[1]].append(span(found[2], found[3]))
    return times


@pytest.mark.parametrize("name", sorted(path.stem for path in CALENDARS.glob("*.ics")))
def test_takes_the_time_that_stands_beside_it(name: str) -> None:
    reading = read((CALENDARS / f"{name}.ics").read_text(), perspective())
    assert {
        "busy": [event.span for event in reading.events if event.busy and event.span.length],
        "free": [event.span for event in reading.events if not event.busy],
        "unknown": [span for entry in reading.unreadable for span in entry.spans],
    } == expected(CALENDARS / f"{name}.txt")


def test_every_calendar_has_its_expectation_and_the_other_way_round() -> None:
    stems = {
        suffix: {path.stem for path in CALENDARS.glob(f"*{suffix}")} for suffix in (".ics", ".txt")
    }
    assert stems[".ics"] == stems[".txt"] != set()
