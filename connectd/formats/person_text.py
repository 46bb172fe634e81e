"""A person on the list as a small TOML text that the user edits, and back."""

import tomllib
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from connectd.domain.model import Contact, Kind, Step
from connectd.formats.plain_text import clean
from connectd.formats.toml_values import toml_value

_HEAD = """\
# What connectd knows of {id}. Change it, save it and close the editor.
# A line that is taken out, or begins with #, says that there is nothing.
"""


class _Key(NamedTuple):
    """A key of the text: what it must be, what an absent one means, and what explains it."""

    type: type
    must_be: str
    empty: object
    example: object
    explained: str


def _text(example: str, explained: str, empty: str | None = None) -> _Key:
    return _Key(str, "a text in quotes", empty, example, explained)


def _texts(example: Sequence[str], explained: str) -> _Key:
    return _Key(list, "texts in quotes, with brackets around them", (), example, explained)


_KEYS = {
    "name": _text("Bob Baker", "", ""),
    "emails": _texts(["bob@example.test"], "the first one is invited"),
    "category": _text("business", "one of: {categories}", ""),
    "kind": _text("coffee", f"one of: {', '.join(Kind)}", Kind.COFFEE.value),
    "every_days": _Key(int, "a whole number", None, 30, "days between meetings, for this person"),
    "timezone": _text("Europe/Berlin", "where they live"),
    "free_busy": _text("https://example.test/busy.ifb", "where they publish when they are busy"),
    "step": _text("help_me", f"pins the step to one of: {', '.join(Step)}"),
    "tags": _texts(["design", "printing"], "what they have to do with"),
    "birthday": _text("--03-05", "with the year, as in 1980-03-05, or without it"),
    "snoozed_until": _Key(
        date, "a day like 2027-02-01", None, date(2027, 2, 1), "left alone until then"
    ),
    "note": _text("likes tea", "for your eyes only", ""),
}


def person_text(contact: Contact, categories: Collection[str]) -> str:
    """The text: a key a line with a word of explanation, what is absent as a comment."""
    lines = [_HEAD.format(id=contact.id)]
    for name, key in _KEYS.items():
        value = getattr(contact, name)
        explained = key.explained.format(categories=", ".join(sorted(categories)))
        comment = f"  # {clean(explained, 500)}" if explained else ""
        if value in (None, "", ()):
            lines.append(f"# {name} = {toml_value(key.example)}{comment}")
        else:
            lines.append(f"{name} = {toml_value(value)}{comment}")
    return "\n".join([*lines, ""])


def read_person(text: str) -> tuple[dict[str, Any], list[str]]:
    """The fields of a contact (see ``Contact``) that the text sets, and all that is wrong with it.

    Every field of the text is there unless it is wrong; what the text leaves out is empty.
    """
    try:
        text.encode()
        document = tomllib.loads(text)
    except UnicodeEncodeError:
        return {}, ["the text is not in UTF-8"]
    except (ValueError, RecursionError) as error:
        return {}, [f"the text is no valid TOML: {error}"]
    problems = [
        f"unknown key {clean(name)!r} (known are {', '.join(_KEYS)})"
        for name in document
        if name not in _KEYS
    ]
    fields: dict[str, Any] = {}
    for name, key in _KEYS.items():
        try:
            fields[name] = _field(name, document.get(name), key)
        except ValueError:
            problems.append(f"{name} must be {key.must_be}")
    return fields, problems


def _field(name: str, value: Any, key: _Key) -> Any:  # noqa: ANN401 - whatever TOML has
    """The value as a contact has it; raises ValueError where it is of another type."""
    if value is None:
        return key.empty
    if name == "birthday" and type(value) is date:
        return value.isoformat()
    if name == "snoozed_until" and isinstance(value, str):
        return date.fromisoformat(value)
    if type(value) is not key.type:
        raise ValueError(name)
    if not isinstance(value, list):
        return value
    if not all(isinstance(one, str) for one in value):
        raise ValueError(name)
    return tuple(value)
