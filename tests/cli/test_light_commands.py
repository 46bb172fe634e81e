"""What only looks at the record starts quickly: nothing that speaks to servers is imported."""

import subprocess
import sys

import pytest
from shell import Shell

HEAVY = {"caldav", "niquests", "icalendar", "keyring", "urllib3", "lxml", "recurring_ical_events"}
PROGRAM = """
import sys
from connectd.cli.main import main
try:
    main()
finally:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""


def imported(shell: Shell, *words: str) -> set[str]:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        env=shell.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split())


@pytest.fixture
def shell(offline: Shell) -> Shell:
    offline.ok("contacts", "add", "Bob", "--email", "bob@example.test", "--category", "business")
    return offline


@pytest.mark.parametrize(
    "words", [("status",), ("status", "--json"), ("contacts",), ("contacts", "show", "bob")]
)
def test_what_only_looks_is_light(shell: Shell, words: tuple[str, ...]) -> None:
    assert imported(shell, *words) & HEAVY == set()


def test_an_answer_in_the_shell_is_light_too(shell: Shell) -> None:
    assert imported(shell, "done", "bob", "--on", "2026-11-01") & HEAVY == set()


def test_this_would_be_seen(shell: Shell) -> None:
    assert imported(shell, "plan", "--help") & HEAVY >= {"icalendar"}
