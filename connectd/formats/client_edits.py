"""Changes a calendar object as a calendar client does when its user presses a button.

Works on the text, line by line: nothing else in the object is touched or lost.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectd.domain.model import Span

_LONGEST_LINE = 75


def answered(text: str, email: str, partstat: str) -> str:
    """The object after the attendee ``email`` pressed a button (RFC 5545 section 3.2.12)."""

    def answer(line: str) -> str:
        name, _, _ = line.partition(";")
        if name != "ATTENDEE" or not line.lower().endswith(f":mailto:{email.lower()}"):
            return line
        return line.replace("PARTSTAT=NEEDS-ACTION", f"PARTSTAT={partstat}")

    return _edited(text, answer)


def moved(text: str, span: Span) -> str:
    """The object after its event was dragged to ``span``; it stays in its time zone."""

    def move(line: str) -> str:
        head, _, _ = line.partition(":")
        match head.partition(";")[0]:
            case "DTSTART":
                return f"{head}:{_local(span.start, head)}"
            case "DTEND":
                return f"{head}:{_local(span.end, head)}"
            case _:
                return line

    return _edited(text, move)


def retitled(text: str, before: str) -> str:
    """The object after ``before`` was typed in front of its title."""

    def retitle(line: str) -> str:
        head, colon, title = line.partition(":")
        return f"{head}:{before}{title}" if colon and head.startswith("SUMMARY") else line

    return _edited(text, retitle)


def _edited(text: str, edit: Callable[[str], str]) -> str:
    """Pass every line of the event through ``edit``, and fold it again (RFC 5545 3.1)."""
    lines: list[str] = []
    inside: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "").split("\n"):
        if line.startswith("END:"):
            inside.pop()
        lines.append(_folded(edit(line) if inside[-1:] == ["VEVENT"] else line))
        if line.startswith("BEGIN:"):
            inside.append(line.removeprefix("BEGIN:"))
    return "\r\n".join(lines)


def _folded(line: str) -> str:
    pieces = [""]
    for character in line:
        if len((pieces[-1] + character).encode()) > _LONGEST_LINE - 1:
            pieces.append("")
        pieces[-1] += character
    return "\r\n ".join(pieces)


def _local(moment: datetime, head: str) -> str:
    """A time as the property's own parameters want it: local to its TZID, or UTC."""
    for parameter in head.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name == "TZID":
            return f"{moment.astimezone(ZoneInfo(value)):%Y%m%dT%H%M%S}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
