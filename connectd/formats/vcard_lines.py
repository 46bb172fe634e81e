"""Takes a text apart into vCards and their lines (RFC 2426, RFC 6350), with bounds on both.

Only lines that are used are kept, and only such as the library comes to an end with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from connectd.formats.people import MAX_ROWS

VERSIONS = ("3.0", "4.0")
LONGEST_NOTE = 20_000
"""How many characters of a note are kept; one that is longer ends in an ellipsis."""

_USED = frozenset(
    {
        *("UID", "FN", "N", "EMAIL", "TZ", "FBURL", "NOTE", "BDAY", "CATEGORIES"),
        *("KIND", "MEMBER", "X-ADDRESSBOOKSERVER-KIND", "X-ADDRESSBOOKSERVER-MEMBER"),
    }
)
_PROPERTY = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)[;:]")
_VALUE = r"""(?:"[^"]*+"|[^";:,]*+)"""
_PARAMETERS = re.compile(rf"[A-Za-z0-9.-]++(?:;[A-Za-z0-9-]++(?:={_VALUE}(?:,{_VALUE})*+)?+)*+:")
_SEPARATOR = re.compile(r"(?<!\\)[,;]")
"""Separates texts unless there is a backslash in front; a URL, which is no text, has none."""
_QUOTED_PRINTABLE = re.compile(r"[^:]*;ENCODING=\"?QUOTED-PRINTABLE\b", re.IGNORECASE)
_LONGEST_LINE = 20_000
_LONGEST_LINE_OF_A_NOTE = 3 * LONGEST_NOTE
"""Enough to be cut visibly afterwards: each character of a note may be written as two."""


@dataclass(slots=True)
class CardLines:
    """The lines of one vCard that are used, and the line of the text on which it begins."""

    number: int
    version: str = ""
    lines: list[str] = field(default_factory=list)
    readable: bool = True

    def take(self, name: str, line: str) -> None:
        """Keep a line of a property, unless the library would take years to make sense of it."""
        limit = _LONGEST_LINE_OF_A_NOTE if name == "NOTE" else _LONGEST_LINE
        kept = line if len(line) <= limit else _without_half_an_escape(line[:limit])
        found = _PARAMETERS.match(kept)
        self.readable &= found is not None
        if name == "FBURL" and found:
            kept = found[0] + _SEPARATOR.sub(r"\\\g<0>", kept[found.end() :])
        self.lines.append(kept)

    @property
    def text(self) -> str:
        """A vCard of these lines alone."""
        lines = ["BEGIN:VCARD", f"VERSION:{self.version}", *self.lines, "END:VCARD", ""]
        return "\r\n".join(lines)


def _without_half_an_escape(line: str) -> str:
    backslashes = len(line) - len(line.rstrip("\\"))
    return line[:-1] if backslashes % 2 else line


def split_cards(text: str, problems: list[str]) -> Iterator[CardLines]:
    """The cards, one after the other; adds what is wrong with the text to ``problems``."""
    card: CardLines | None = None
    count = 0
    for number, line in _unfolded(text):
        bare = line.strip().upper()
        if bare == "BEGIN:VCARD":
            if card is not None:
                problems.append(f"line {card.number}: this vCard has no end")
            card, count = CardLines(number), count + 1
            if count > MAX_ROWS:
                problems.append(f"line {number}: there are more than {MAX_ROWS} people in the file")
                return
        elif card is not None and bare == "END:VCARD":
            yield card
            card = None
        elif card is not None and bare.startswith("VERSION:"):
            card.version = bare.partition(":")[2].strip()
        elif card is not None and (found := _PROPERTY.match(line)) and found[1].upper() in _USED:
            card.take(found[1].upper(), line)
    if card is not None:
        problems.append(f"line {card.number}: this vCard has no end")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, put together again where it was folded (RFC 6350 3.2).

    A value that is still written as quoted-printable has soft line breaks of its own kind, too
    (RFC 2045 6.7).
    """
    parts: list[str] = []
    began = 1
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        is_soft = bool(parts) and parts[-1].endswith("=") and _QUOTED_PRINTABLE.match(parts[0])
        if is_soft:
            parts[-1] = parts[-1][:-1]
        is_folded = bool(parts) and line.startswith((" ", "\t"))
        if is_soft or is_folded:
            parts.append(line[1:] if is_folded else line)
            continue
        if parts:
            yield began, "".join(parts)
        parts, began = [line], number
    yield began, "".join(parts)
