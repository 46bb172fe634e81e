"""The page about the life of a meeting says what the code does."""

import re
from collections import Counter
from pathlib import Path

from connectd.domain.lifecycle import STEPS
from connectd.domain.model import State
from connectd.domain.view import Name

PAGE = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text(encoding="utf-8")
_ARROW = re.compile(r"^(?P<start>\S+) --> (?P<end>\S+)(?: : (?P<names>.+))?$")
OUTSIDE = "[*]"


def arrows() -> list[tuple[str, str, str]]:
    """Every arrow of the diagram: from, by which step, to."""
    (diagram,) = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", PAGE, re.DOTALL)
    drawn = []
    for line in diagram.splitlines():
        arrow = _ARROW.match(line.strip())
        assert arrow, f"this line of the diagram is no arrow: {line}"
        names = arrow["names"].split(", ") if arrow["names"] else [""]
        drawn += [(arrow["start"], name, arrow["end"]) for name in names]
    return drawn


def test_the_diagram_shows_the_steps_of_the_table_each_once_and_no_other() -> None:
    steps = [
        (before.value, name.value, after.value)
        for before, names in STEPS.items()
        for name, after in names.items()
    ]
    begins = (OUTSIDE, Name.DRAFT.value, State.DRAFTED.value)
    ends = [(state.value, "", OUTSIDE) for state, names in STEPS.items() if not names]
    assert Counter(arrows()) == Counter([begins, *steps, *ends])


def test_every_state_is_explained_once() -> None:
    explained = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(explained) == sorted(state.value for state in State)


def test_every_step_is_explained_in_the_tables_below() -> None:
    tables = PAGE.partition("## What you do")[2]
    told = set(re.findall(r"`(\w+)`", tables))
    steps = {name.value for names in STEPS.values() for name in names}
    assert steps <= told
