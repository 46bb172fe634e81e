"""The user's own text for invitations: plain words with placeholders such as ``{name}``.

Not ``str.format``, which follows attributes and codes: only the whole names below are known.
"""

import re
from collections.abc import Mapping

PLACEHOLDERS = (
    "name",
    "first_name",
    "me",
    "activity",
    "minutes",
    "day",
    "time",
    "booking_url",
)

_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_BRACES = {"{{": "{", "}}": "}"}
_LONGEST_SHOWN = 40


def mistakes_in(text: str) -> list[str]:
    """What is wrong with the placeholders, each completing a sentence about the text."""
    mistakes = []
    if unknown := sorted(_names(text) - set(PLACEHOLDERS)):
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        named = ", ".join(f"{{{name[:_LONGEST_SHOWN]}}}" for name in unknown)
        verb = "which is no placeholder" if len(unknown) == 1 else "which are no placeholders"
        mistakes.append(f"has {named}, {verb}; known are {known}")
    if any(part[0] in ("{", "}") for part in _PART.finditer(text)):
        mistakes.append("has a brace of its own; write {{ or }} where a brace is meant")
    return mistakes


def uses(text: str, placeholder: str) -> bool:
    """Whether this placeholder stands in ``text``."""
    return placeholder in _names(text)


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with ``values`` in the place of their names.

    What is put in is never looked at again, and what is no known placeholder stays as it is.
    """

    def put(part: re.Match[str]) -> str:
        return values.get(part[1], part[0]) if part[1] else _BRACES.get(part[0], part[0])

    return _PART.sub(put, text)


def _names(text: str) -> set[str]:
    return {part[1] for part in _PART.finditer(text) if part[1] is not None}
