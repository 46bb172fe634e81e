"""Makes foreign text safe to show: in a terminal, a log, a mail or a page."""

import unicodedata

_UNSAFE = frozenset({"Cc", "Cf", "Cs"})
_BREAKS = frozenset({"Zl", "Zp"})
_LOOK_AT = 8


def clean(text: str, limit: int = 200, *, keep_lines: bool = False) -> str:
    """Return ``text`` without control and format characters, at most ``limit`` characters long.

    ESC, NUL, bidirectional overrides (U+202E), C1 controls and lone surrogates disappear. Line
    breaks and tabs become single spaces; with ``keep_lines`` every kind of line break becomes a
    newline, and blanks stay as they are. What is too long ends in an ellipsis.
    """
    readable = text[: limit * _LOOK_AT + _LOOK_AT]
    if not readable.isprintable():
        readable = "".join(_safe(character) for character in readable.replace("\r\n", "\n"))
    if not keep_lines:
        readable = " ".join(readable.split())
    readable = readable.strip()
    if len(readable) <= limit:
        return readable
    return readable[: max(limit - 1, 0)].rstrip() + "…"[:limit]


def _safe(character: str) -> str:
    if character == "\t":
        return " "
    category = unicodedata.category(character)
    if category in _BREAKS or character in "\n\r\v\f\x85":
        return "\n"
    return "" if category in _UNSAFE else character
