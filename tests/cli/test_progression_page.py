"""The page about the progression: its commands print what it says, its questions are asked."""

import re
import shlex
from inspect import getdoc
from pathlib import Path

import click
import pytest
from shell import Shell
from typist import typist

from connectd.cli.facts import with_facts
from connectd.domain.model import Step
from connectd.domain.progression import step_of

PAGE = (Path(__file__).parents[2] / "docs" / "progression.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```console\n\$ connectd (?P<words>.+)\n(?P<printed>(?:.*\n)*?)```\n")


@pytest.fixture
def life(offline: Shell) -> Shell:
    """The list that the page tells of."""
    for name, category in (("Bob Baker", "business"), ("Carol Cole", "results")):
        email = f"{name.split()[0].lower()}@example.test"
        offline.ok("contacts", "add", name, "--email", email, "--category", category)
    return offline


def test_the_page_shows_what_is_printed(life: Shell) -> None:
    shown = [(found["words"], found["printed"]) for found in EXAMPLE.finditer(PAGE)]

    assert len(shown) >= 6
    for words, printed in shown:
        assert life.ok(*shlex.split(words)).out == printed, words


def test_the_page_has_the_questions_that_are_asked(life: Shell) -> None:
    questions = re.findall(r"^- (.+\?)$", PAGE, re.MULTILINE)

    assert len(questions) == 5
    with typist(life, "note", "bob") as user:
        for question in questions:
            user.answer(question)
        user.ends_with()


def test_the_page_has_the_table_of_the_steps() -> None:
    shown = re.findall(r"^\| `(\w+)` \| (.+) \|$", PAGE, re.MULTILINE)
    steps = "|".join(Step)
    documented = re.findall(rf"^({steps}) {{2,}}(.+)$", getdoc(step_of) or "", re.MULTILINE)

    assert shown == documented
    assert len(shown) == 4


def test_the_page_has_every_option_of_facts() -> None:
    @with_facts
    @click.command()
    def nothing() -> None: ...

    options = {option for parameter in nothing.params for option in parameter.opts}
    assert options == set(re.findall(r"`(--[a-z-]+) (?:TEXT|DATE)`", PAGE))
