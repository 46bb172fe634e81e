"""The page about status: its examples print what it says, and its keys are those of the JSON."""

import re
import shlex
from pathlib import Path
from typing import Any

import busy_life
import pytest
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


ROW = re.compile(r"^\| `(?P<key>\w+)` \| (?P<holds>.+) \|$", re.MULTILINE)
BESIDE_THEM = {
    *("now", "goal", "months", "summary", "contacts", "meetings", "unreadable", "feeds"),
}
"""What the page names in a sentence only, and what stands elsewhere."""


@pytest.fixture
def document(shell: Shell) -> Any:  # noqa: ANN401 - a JSON document
    busy_life.live(shell)
    return shell.json("status", now=busy_life.NOW)


def test_the_keys_of_the_page_are_those_of_the_document(document: Any) -> None:  # noqa: ANN401
    named = {found["key"] for found in ROW.finditer(PAGE.read_text())}
    assert named | BESIDE_THEM == set(document)


def test_what_the_page_says_is_in_them_is_there(document: Any) -> None:  # noqa: ANN401
    shown = {found["key"]: found["holds"] for found in ROW.finditer(PAGE.read_text())}
    for key in (
        "categories",
        "moved",
        "waiting",
        "promises",
        "introductions",
        "daemon",
        "address_book",
    ):
        form = re.search(r"`(\[?\{[^`]*)`", shown[key])
        assert form, key
        held = document[key]
        inner = held[0] if isinstance(held, list) else held
        assert set(re.findall(r'"(\w+)"', form[1])) == set(inner), key
        assert form[1].startswith("[") == isinstance(held, list), key
    (account,) = document["daemon"]["accounts"]
    assert set(re.findall(r"`(\w+)`", shown["daemon"])) == set(account)
    assert set(re.findall(r"`(\w+)`", shown["steps"])) == set(document["steps"])
    assert {one["kind"] for one in document["waiting"]} <= set(shown["waiting"].split("`"))


# What scripts were promised from the beginning, whatever is added to it.
PROMISED: dict[str, set[str]] = {
    "goal": {"people_per_month", "months", "starts"},
    "months": {"month", "goal", "met", "scheduled", "open_drafts", "needed", "people"},
    "contacts": {"id", "name", "category", "step", "last_met", "overdue_days", "open"},
    "meetings": {"uid", "contact", "state", "start", "end", "delivery", "delivery_detail"},
    "unreadable": {"calendar", "href", "uid", "title", "reason", "blocks"},
    "daemon": {"last_success", "last_error", "accounts"},
}


@pytest.mark.parametrize("key", PROMISED)
def test_what_scripts_rely_on_is_there(document: Any, key: str) -> None:  # noqa: ANN401
    held = document[key]
    for one in held if isinstance(held, list) else [held]:
        assert set(one) >= PROMISED[key]
    assert held
