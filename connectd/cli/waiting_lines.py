"""How it is told what waits for the user: one entry for each kind."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import NamedTuple

from connectd.cli.page import enumerated, row, sentence, shortened
from connectd.domain.waiting import Awaited, Waiting
from connectd.formats.plain_text import clean
from connectd.service.status import Status

_LONG, _SHORT = 500, 24
_ASKED_FOR = {
    Awaited.DRAFT: "Yes or no to the draft: ",
    Awaited.SECOND_YES: "A second yes: ",
    Awaited.DONE: "Did it take place? ",
    Awaited.PROMISE: "Promised: ",
    Awaited.INTRODUCTION: "Introductions: ",
    Awaited.TELL: "Tell them yourself: ",
}


def waiting_lines(
    status: Status, names: Mapping[str, str], today: date, width: int, lines: int | None
) -> Iterator[tuple[str, ...]]:
    """Each kind in so many lines at most; None leaves nothing out, nor what is not due yet."""
    told = _Telling(names, today, whole=lines is None)
    for kind, asked_for in _ASKED_FOR.items():
        items = [told.item(one) for one in status.waiting if one.kind is kind]
        if items:
            yield row(asked_for, enumerated(items), width, lines)
    if lines is not None:
        return
    waits = {(one.contact, one.text, one.on) for one in status.waiting}
    for one in status.promises:
        if (one.contact, one.text, one.due) not in waits:
            due = f" by {one.due}" if one.due else ""
            promised = told.promised(one.text, one.contact)
            yield sentence(f"Promised, not due yet: {promised}{due}", width)


class _Telling(NamedTuple):
    """The words for one thing that waits: texts and days ``whole``, or as short as can be."""

    names: Mapping[str, str]
    today: date
    whole: bool

    def item(self, one: Waiting) -> str:
        people = " and ".join(self.names.get(who, who) for who in (one.contact, one.other) if who)
        match one.kind:
            case Awaited.DRAFT:
                return people
            case Awaited.PROMISE:
                return f"{self.promised(one.text, one.contact)} ({self._due(one.on)})"
            case Awaited.INTRODUCTION:
                return f"{people} ({clean(one.text)})"
            case _:
                return f"{people} ({self._day(one.on)})"

    def promised(self, text: str, contact: str) -> str:
        shown = clean(text, _LONG) if self.whole else shortened(clean(text), _SHORT)
        return f"{shown} to {self.names.get(contact, contact)}"

    def _due(self, on: date | None) -> str:
        if on is None or on >= self.today:
            return f"by {self._day(on)}"
        return f"late since {self._day(on)}" if self.whole else "late"

    def _day(self, on: date | None) -> str:
        if on is None:
            return "some day"
        return on.isoformat() if self.whole else f"{on.day} {on:%b}"
