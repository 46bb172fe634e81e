"""Other settings for one question: ``plan --if people_per_month=4``.

They are put over the document of the configuration before it is checked, so that the very
checks of the file hold for them too.
"""

import tomllib
from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any, NamedTuple

from connectd.config_checks import nearest, shown
from connectd.config_keys import SECTIONS, WEEKDAYS
from connectd.errors import WrongInputError

_TRIED = ("goal", "meeting", "hours")
_HOMES = {key.name: section for section in _TRIED for key in SECTIONS[section].keys}


class Wish(NamedTuple):
    """One setting as if the configuration had it; ``written`` is how the user put it."""

    written: str
    section: str
    key: str
    value: Any


def read_wishes(written: Iterable[str]) -> tuple[Wish, ...]:
    """Read ``key=value`` or ``section.key=value``; of two for the same key the last one counts.

    Values are TOML; what is none is text, so that ``starts=2026-12`` needs no quotes, and on
    a weekday a list of spans. Raises WrongInputError for a key that cannot be tried.
    """
    wishes = {(wish.section, wish.key): wish for wish in map(_wish, written)}
    return tuple(wishes.values())


def put_over(document: dict[str, Any], wishes: Iterable[Wish]) -> dict[str, Any]:
    """The document as it would be with the wishes; a section left out is filled in first."""
    changed = deepcopy(document)
    for wish in wishes:
        left_out = dict(SECTIONS[wish.section].left_out or {})
        changed.setdefault(wish.section, left_out)[wish.key] = wish.value
    return changed


def in_words(wishes: Iterable[Wish]) -> str:
    """Say what is taken for granted, as the beginning of an answer."""
    settings = (f"{wish.key} were {_in_words(wish.value)}" for wish in wishes)
    return f"As if {' and '.join(settings)}:"


def refusal(problems: Iterable[str], wishes: Sequence[Wish]) -> WrongInputError:
    """Say which wish each problem of the changed document comes from."""
    return WrongInputError("\n".join(f"{_blamed(p, wishes)}: {p}" for p in problems))


def _in_words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "off"
    return value if isinstance(value, str) else shown(value)


def _blamed(problem: str, wishes: Sequence[Wish]) -> str:
    """The wish whose key the problem begins with; all of them where it is about several keys."""
    named = [wish for wish in wishes if problem.startswith(f"{wish.section}.{wish.key}:")]
    return " ".join(f"--if {wish.written}" for wish in named or wishes)


def _wish(written: str) -> Wish:
    name, equals, text = (part.strip() for part in written.partition("="))
    if not equals:
        raise WrongInputError(f"--if {written}: must be written as people_per_month=4")
    section, dot, key = name.rpartition(".")
    if dot and section not in _TRIED:
        raise WrongInputError(f"--if {written}: only keys of {_tried()} can be tried out")
    home = _HOMES.get(key)
    if home is None or (dot and home != section):
        raise WrongInputError(f"--if {written}: {_advice(key, section)}")
    return Wish(written, home, key, _value(key, text))


def _advice(key: str, section: str) -> str:
    if home := _HOMES.get(key):
        return f"{key} is a key of [{home}], not of [{section}]"
    if meant := nearest(key, _HOMES):
        return f"{shown(key)} is no key of {_tried()}; did you mean {meant}?"
    return f"{shown(key)} is no key of {_tried()}, and only those can be tried out"


def _tried() -> str:
    *some, last = (f"[{section}]" for section in _TRIED)
    return f"{', '.join(some)} or {last}"


def _value(key: str, text: str) -> Any:  # noqa: ANN401 - whatever TOML has
    value = _toml(text)
    if key in WEEKDAYS and isinstance(value, str):
        return [span.strip() for span in value.split(",") if span.strip()]
    return value


def _toml(text: str) -> Any:  # noqa: ANN401 - as above
    try:
        document = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return document["value"] if document.keys() == {"value"} else text
