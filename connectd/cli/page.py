"""Lays words out on a page: wrapped at its width, and shortened until it fits on a screen."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple


class Block(NamedTuple):
    """Entries of which the last ones may be left out, down to ``least``; each has some lines.

    How many were left out is said, unless the block is ``quiet``.
    """

    entries: tuple[tuple[str, ...], ...]
    least: int = 1
    quiet: bool = False
    left_out: int = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands on the page."""
        shown = tuple(line for entry in self.entries for line in entry)
        if not self.left_out or self.quiet:
            return shown
        return (*shown, f"    and {self.left_out} more (connectd status --all)")


def fitted(blocks: Sequence[Block], lines: int) -> list[Block]:
    """The blocks on so many lines, as far as they can give way; the longest does so first."""
    shown = list(blocks)
    while sum(len(block.lines) for block in shown) > lines:
        giving = [number for number, block in enumerate(shown) if _shorter(block)]
        if not giving:
            break
        at = max(giving, key=lambda number: len(shown[number].lines))
        shown[at] = _shorter(shown[at]) or shown[at]
    return shown


def _shorter(block: Block) -> Block | None:
    """The block with less on it; None where it cannot give way, or nothing would be won."""
    for kept in range(len(block.entries) - 1, block.least - 1, -1):
        left_out = block.left_out + len(block.entries) - kept
        shorter = block._replace(entries=block.entries[:kept], left_out=left_out)
        if len(shorter.lines) < len(block.lines):
            return shorter
    return None


def row(
    first: str, parts: Sequence[str], width: int, lines: int | None = None, *, gap: str = " "
) -> tuple[str, ...]:
    """``first`` and the parts after it, in so many lines at most; None for as many as it takes.

    Further lines begin where the parts do if that is a column, or else after four blanks. Parts
    that find no place are counted at the end.
    """
    laid = flowed(first, parts, width, gap=gap)
    if lines is None or len(laid) <= lines:
        return laid
    # nothing fits that has more parts than half the columns of these lines
    for kept in range(min(len(parts) - 1, lines * width // 2), -1, -1):
        more = f"and {len(parts) - kept} more (--all)"
        laid = flowed(first, [*parts[:kept], more], width, gap=gap)
        if len(laid) <= lines:
            break
    return laid


def sentence(text: str, width: int, lines: int | None = None) -> tuple[str, ...]:
    """``text`` with four blanks before its further lines; what finds no place becomes dots."""
    laid = flowed("", text.split(" "), width)
    if lines is None or len(laid) <= lines:
        return laid
    rest = " ".join(line.strip() for line in laid[lines - 1 :])
    indent = " " * 4 if lines > 1 else ""
    return (*laid[: lines - 1], shortened(f"{indent}{rest}", width))


def enumerated(items: Sequence[str]) -> list[str]:
    """The items as parts of a row, with commas between them."""
    return [*(f"{item}," for item in items[:-1]), *items[-1:]]


def flowed(first: str, parts: Iterable[str], width: int, *, gap: str = " ") -> tuple[str, ...]:
    """The parts one after the other, on as many lines as they need."""
    indent = " " * (columns(first) if first.endswith("  ") else 4)
    laid, line, between = [], first, ""
    for part in _narrow(parts, width - len(indent)):
        if columns(line + between + part) <= width or not line.strip():
            line += between + part
        else:
            laid.append(line.rstrip())
            line = indent + part
        between = gap
    return (*laid, line)


def shortened(text: str, most: int) -> str:
    """``text`` in so many columns at most; what is cut off becomes dots."""
    if columns(text) <= most:
        return text
    return f"{_head(text, most - 1).rstrip()}…"


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes (Unicode Standard Annex 11)."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _narrow(parts: Iterable[str], room: int) -> Iterator[str]:
    """The parts, those too wide for a line in pieces; those of blanks alone are left out."""
    for part in filter(str.strip, parts):
        if columns(part) <= room:
            yield part
        elif " " in part:
            yield from _narrow(part.split(" "), room)
        else:
            rest = part
            while rest:
                piece = _head(rest, max(room, 2))
                yield piece
                rest = rest[len(piece) :]


def _head(text: str, most: int) -> str:
    taken, used = 0, 0
    for character in text:
        used += _columns_of(character)
        if used > most:
            break
        taken += 1
    return text[:taken]
