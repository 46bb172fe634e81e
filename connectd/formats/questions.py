"""Reads a file of questions: TOML with a table for each step of the connection progression."""

import tomllib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from connectd.domain.model import Step
from connectd.domain.questions import Catalogue

LONGEST_QUESTION = 200
_KEYS = ("questions", "replace")
_LONGEST_SHOWN = 40
_NONE: Catalogue = MappingProxyType({})


def parse_questions(
    text: str, before: Catalogue = _NONE
) -> tuple[dict[Step, tuple[str, ...]], list[str]]:
    """Return the questions of each step, those of ``before`` first, and all that is wrong.

    ``replace = true`` in a step's table leaves those of ``before`` out. Each problem names its
    key; where there is one, the questions are not to be used.
    """
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        return {}, [f"is not valid TOML: {error}"]
    catalogue = {step: before.get(step, ()) for step in Step}
    problems: list[str] = []
    steps = [step.value for step in Step]
    for name, table in document.items():
        if name not in steps:
            known = ", ".join(steps)
            problems.append(f"{_shown(name)}: is no step; the steps are {known}")
        elif wrong := list(_problems(name, table)):
            problems += wrong
        else:
            step = Step(name)
            kept = () if table.get("replace") else catalogue[step]
            catalogue[step] = tuple(dict.fromkeys([*kept, *map(str.strip, table["questions"])]))
    return catalogue, problems


def _problems(name: str, table: object) -> Iterator[str]:
    if not isinstance(table, Mapping):
        yield f"{name}: must be a table, such as [{name}]"
        return
    for key in table:
        if key not in _KEYS:
            yield f"{name}.{_shown(key)}: is no key here; the keys are {', '.join(_KEYS)}"
    if not isinstance(table.get("replace", False), bool):
        yield f"{name}.replace: must be true or false"
    yield from _problems_of_list(f"{name}.questions", table.get("questions"))


def _problems_of_list(where: str, questions: Any) -> Iterator[str]:  # noqa: ANN401 - whatever TOML has
    if not isinstance(questions, list) or not questions:
        yield f'{where}: must be a list with a question in it at least, such as ["What is new?"]'
        return
    for number, question in enumerate(questions, 1):
        if not isinstance(question, str):
            yield f"{where}: number {number} is no text"
        elif not question.strip():
            yield f"{where}: number {number} is empty"
        elif len(question) > LONGEST_QUESTION:
            yield f"{where}: number {number} is longer than {LONGEST_QUESTION} characters"
        elif len(question.strip().splitlines()) > 1:
            yield f"{where}: number {number} has a line break in it"


def _shown(name: str) -> str:
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"
