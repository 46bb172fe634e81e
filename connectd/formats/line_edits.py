"""Changes single properties of a calendar object; every other byte of it stays as it is.

Works on content lines (RFC 5545 section 3.1), so that nothing has to be understood to be
kept, and takes no longer than the text is long.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from connectd.errors import UnreadableEventError

Edit = Callable[[list[str]], list[str]]
"""Takes every line of one property, unfolded, and returns the lines to stand there instead."""

_LONGEST_OBJECT = 1_000_000
_LONGEST_LINE = 75
_UNREADABLE = "The object in your calendar cannot be understood"
_NEXT_LINE = re.compile(r"(?<=\n)(?![ \t])")
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TO_ESCAPE = re.compile(r"[\\;,\n]|\r\n?")
_PARAMETER = re.compile(r';([^=;:"]*)=((?:"[^"]*"|[^";:])*)')


@dataclass(slots=True)
class _Component:
    """A component line by line: as they stand, with their line breaks, and unfolded.

    ``places`` says where each of its own properties stands, by its name; ``room`` where more
    of them can be added.
    """

    raw: list[str]
    lines: list[str]
    places: dict[str, list[int]] = field(default_factory=dict)
    room: int = 1


def edited(text: str, edits: Mapping[str, Edit], kind: str = "VEVENT") -> str:
    """The object with properties of its components of a ``kind`` changed, by their names.

    All names are in capitals. An edit may return more or fewer lines than it got, and gets none
    where there are none. Raises UnreadableEventError where there is no whole component of that
    kind, or the text is too long.
    """
    parts: list[str] = []
    found = False
    for part in _parts(text, kind):
        if isinstance(part, str):
            parts.append(part)
        else:
            parts += _changed(part, edits, "\r\n" if "\r\n" in text else "\n")
            found = True
    if not found:
        raise UnreadableEventError(f"{_UNREADABLE}: there is no {kind} in it")
    return "".join(parts)


def components(text: str, kind: str) -> list[dict[str, list[str]]]:
    """The unfolded lines of the properties, by their names, of each component of a ``kind``.

    Both are in capitals. Raises UnreadableEventError where a component does not end, or the
    text is too long.
    """
    return [
        {name: [part.lines[at] for at in places] for name, places in part.places.items()}
        for part in _parts(text, kind)
        if not isinstance(part, str)
    ]


def each(change: Callable[[str], str | None]) -> Edit:
    """Change every line by itself; None takes it out."""

    def edit(lines: list[str]) -> list[str]:
        return [new for line in lines if (new := change(line)) is not None]

    return edit


def only(line: str) -> Edit:
    """Let this line stand there, whatever stood there before."""
    return lambda _: [line]


def head_and_value(line: str) -> tuple[str, str]:
    """The name with its parameters, and what follows the colon."""
    quoted = False
    for at, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            return line[:at], line[at + 1 :]
    head, _, value = line.partition(":")
    return head, value


def parameters_of(head: str) -> dict[str, str]:
    """The parameters of a property, their names in capitals."""
    return {found[1].strip().upper(): found[2].strip('" \t') for found in _PARAMETER.finditer(head)}


def with_parameter(head: str, name: str, value: str | None) -> str:
    """``head`` with another value for a parameter that it has; None takes that out."""

    def change(found: re.Match[str]) -> str:
        if found[1].strip().upper() != name:
            return found[0]
        return "" if value is None else f";{name}={value}"

    return _PARAMETER.sub(change, head)


def plain(value: str) -> str:
    """A value of the type TEXT without its backslashes (RFC 5545 section 3.3.11)."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def escaped(text: str) -> str:
    """The reverse of ``plain``; a line break of any kind stays within the value."""
    return _TO_ESCAPE.sub(lambda found: f"\\{found[0]}" if found[0] in "\\;," else r"\n", text)


def _parts(text: str, kind: str) -> Iterator[str | _Component]:
    """The object in order: each component of a ``kind``, and the raw lines around them."""
    if len(text) > _LONGEST_OBJECT:
        raise UnreadableEventError(f"{_UNREADABLE}: it is too long")
    component: _Component | None = None
    depth = 0
    for raw in _NEXT_LINE.split(text):
        line = _FOLD.sub("", raw).rstrip("\r\n")
        name, _, word = line[:_LONGEST_LINE].replace(" ", "").upper().partition(":")
        if component is None:
            if (name, word) == ("BEGIN", kind):
                component, depth = _Component([raw], [line]), 0
            else:
                yield raw
            continue
        if (name, word) != ("END", kind):
            _take(raw, line, component, own=depth == 0 and name not in ("BEGIN", "END"))
            depth = max(depth + (name == "BEGIN") - (name == "END"), 0)
            continue
        component.raw.append(raw)
        yield component
        component = None
    if component is not None:
        raise UnreadableEventError(f"{_UNREADABLE}: it ends too early")


def _take(raw: str, line: str, component: _Component, *, own: bool) -> None:
    at = len(component.lines)
    component.raw.append(raw)
    component.lines.append(line)
    if own:
        name = re.split("[;:]", line, maxsplit=1)[0].strip().upper()
        component.places.setdefault(name, []).append(at)
        component.room += component.room == at


def _changed(component: _Component, edits: Mapping[str, Edit], end: str) -> list[str]:
    raw = list(component.raw)
    added: list[str] = []
    for name, edit in edits.items():
        places = component.places.get(name, [])
        old = [component.lines[at] for at in places]
        new = edit(old)
        for number, at in enumerate(places):
            if number >= len(new):
                raw[at] = ""
            elif new[number] != old[number]:
                raw[at] = _folded(new[number], end)
        added += [_folded(line, end) for line in new[len(places) :]]
    return [*raw[: component.room], *added, *raw[component.room :]]


def _folded(line: str, end: str) -> str:
    """Lines of at most 75 octets, none broken within a character (RFC 5545 section 3.1)."""
    pieces: list[str] = []
    start = size = 0
    for at, character in enumerate(line):
        width = len(character.encode(errors="replace"))
        if size + width > _LONGEST_LINE - bool(pieces):
            pieces.append(line[start:at])
            start, size = at, 0
        size += width
    return f"{end} ".join([*pieces, line[start:]]) + end
