"""Values as TOML writes them, readable and without any character that an editor may take amiss.

tomlkit writes control characters of Unicode and bidirectional overrides as they are.
"""

import unicodedata
from collections.abc import Iterable
from datetime import date

_SHORT = {"\\": "\\\\", '"': '\\"', "\t": "\\t", "\r": "\\r", "\f": "\\f", "\b": "\\b"}
_ESCAPED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_JOINERS = "\u200c\u200d"
"""They hold emoji and the letters of some scripts together."""
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_LAST_OF_FIRST_PLANE = 0xFFFF


def toml_value(value: object) -> str:
    """A text, a number, a day, or several texts; a text of several lines stays so.

    Lone surrogates, which TOML cannot hold, become replacement characters.
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable):
        return f"[{', '.join(_text(one) for one in value)}]"
    return str(value)


def _text(text: str) -> str:
    if "\n" in text:
        lines = text.split("\n")
        return '"""\n' + "\n".join(map(_escaped, lines)) + '"""'
    return f'"{_escaped(text)}"'


def _escaped(line: str) -> str:
    return "".join(map(_character, line))


def _character(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    category = unicodedata.category(character)
    if category not in _ESCAPED or character in _JOINERS:
        return character
    if category == "Cs":
        return _REPLACEMENT
    point = ord(character)
    return f"\\u{point:04x}" if point <= _LAST_OF_FIRST_PLANE else f"\\U{point:08x}"
