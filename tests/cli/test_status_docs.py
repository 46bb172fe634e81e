"""The examples on the page about status: every command there prints what the page says."""

import re
import shlex
from pathlib import Path

import busy_life
from shell import Shell

PAGE = Path(__file__).parents[2] / "docs" / "status.md"
EXAMPLE = re.compile(r"```console\n\$ connectd (?P<words>.+)\n(?P<printed>(?:.*\n)*?)```\n")


def test_the_page_shows_what_is_printed(shell: Shell) -> None:
    busy_life.live(shell)
    shown = list(EXAMPLE.finditer(PAGE.read_text()))
    assert [found["words"] for found in shown] == ["status", "digest"]
    for found in shown:
        printed = shell.ok(*shlex.split(found["words"]), now=busy_life.NOW).out
        assert printed == found["printed"], found["words"]
