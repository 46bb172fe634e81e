"""Reads people from vCards (RFC 2426, RFC 6350): all of them, or none and every reason why."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import vobject

from connectd.domain.contacts import check_person, known_zone
from connectd.domain.urls import url_problem
from connectd.errors import ImportFileError
from connectd.formats.people import MAX_ROWS, PersonRow
from connectd.formats.plain_text import clean

MAX_BYTES = 20_000_000
"""More than lists in CSV may have: address books export pictures, too."""

_USED = frozenset(
    {"FN", "N", "EMAIL", "TZ", "FBURL", "NOTE", "CATEGORIES", "KIND", "X-ADDRESSBOOKSERVER-KIND"}
)
_VERSIONS = ("3.0", "4.0")
_PROPERTY = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)[;:]")
_VALUE = r"""(?:"[^"]*+"|[^";:,]*+)"""
_PARAMETERS = re.compile(rf"[A-Za-z0-9.-]++(?:;[A-Za-z0-9-]++(?:={_VALUE}(?:,{_VALUE})*+)?+)*+:")
_LONGEST_LINE = 20_000
_LONGEST_NOTE = 2_000
_LEAST_PREFERRED = 101
_PREFERRED = 1


@dataclass(slots=True)
class _Card:
    """The lines of one vCard that are used, and the line of the file on which it begins."""

    number: int
    version: str = ""
    lines: list[str] = field(default_factory=list)
    readable: bool = True

    def take(self, line: str) -> None:
        """Keep a line, unless the library would try for years to make sense of it."""
        kept = line[:_LONGEST_LINE]
        self.readable &= _PARAMETERS.match(kept) is not None
        self.lines.append(kept)


def decode_vcards(data: bytes) -> str:
    """The text of a file; raises ImportFileError if it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise ImportFileError([f"the file is larger than {MAX_BYTES // 1_000_000} MB"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"line {line}: the file is not UTF-8 text; export it as vCard 3.0 or 4.0"
        raise ImportFileError([problem]) from error


def read_vcards(
    text: str, categories: Collection[str], otherwise: str | None = None
) -> list[PersonRow]:
    """The people in ``text``, in its order; groups are none.

    The first of a card's CATEGORIES that is one of ``categories``, alone or behind
    ``connect/``, is taken; where there is none, the category ``otherwise``. A TZ that names no
    time zone and a FBURL that may not be asked are left out. Raises ImportFileError with all
    problems of all cards.
    """
    problems: list[str] = []
    people: list[PersonRow] = []
    seen: dict[str, int] = {}
    for card in _cards(text, problems):
        person, wrong = _person(card, categories, otherwise)
        if person is not None:
            wrong += _met_before(person, card.number, seen)
            people.append(person)
        problems += [f"line {card.number}: {problem}" for problem in wrong]
    if not people and not problems:
        problems.append("there is no vCard of a person in the file")
    if problems:
        raise ImportFileError(problems)
    return people


def _cards(text: str, problems: list[str]) -> Iterator[_Card]:
    """The cards, one after the other; adds what is wrong with the file to ``problems``."""
    card: _Card | None = None
    count = 0
    for number, line in _unfolded(text):
        bare = line.strip().upper()
        if bare == "BEGIN:VCARD":
            if card is not None:
                problems.append(f"line {card.number}: this vCard has no end")
            card, count = _Card(number), count + 1
            if count > MAX_ROWS:
                problems.append(f"line {number}: there are more than {MAX_ROWS} people in the file")
                return
        elif card is not None and bare == "END:VCARD":
            yield card
            card = None
        elif card is not None and bare.startswith("VERSION:"):
            card.version = bare.partition(":")[2].strip()
        elif card is not None and (found := _PROPERTY.match(line)) and found[1].upper() in _USED:
            card.take(line)
    if card is not None:
        problems.append(f"line {card.number}: this vCard has no end")


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its number, put together again where it was folded (RFC 6350 3.2)."""
    parts: list[str] = []
    began = 1
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if line[:1] in (" ", "\t") and parts:
            parts.append(line[1:])
            continue
        if parts:
            yield began, "".join(parts)
        parts, began = [line], number
    yield began, "".join(parts)


def _person(
    card: _Card, categories: Collection[str], otherwise: str | None
) -> tuple[PersonRow | None, list[str]]:
    if card.version not in _VERSIONS:
        version = clean(card.version, 10) or "of no version"
        return None, [f"this vCard is {version}; export it as vCard 3.0 or 4.0"]
    if not card.readable:
        return None, ["this vCard cannot be understood"]
    try:
        contents = _contents(card)
    except Exception:  # noqa: BLE001 foreign text breaks the library in many ways
        return None, ["this vCard cannot be understood"]
    if "group" in {*_texts(contents, "kind"), *_texts(contents, "x-addressbookserver-kind")}:
        return None, []
    name = _name(contents)
    emails = _emails(contents)
    category = _category(contents, categories) or otherwise
    zone = next(filter(known_zone, _texts(contents, "tz")), None)
    url = next((url for url in _texts(contents, "fburl") if not url_problem(url)), None)
    note = clean("\n".join(_texts(contents, "note")), _LONGEST_NOTE, keep_lines=True)
    problems = check_person(
        name, emails, category or "", categories=categories if category else ("",), timezone=zone
    )
    if category is None:
        known = ", ".join(sorted(categories))
        problems.append(f"it has none of the categories {known}; --category says which to take")
    if problems:
        return None, [f"{clean(name, 60) or 'somebody'}: {problem}" for problem in problems]
    row = PersonRow(name, emails, category or "", timezone=zone, note=note, free_busy=url)
    return row, []


def _contents(card: _Card) -> dict[str, list[Any]]:
    """The properties by their names in lower case, as the library understands them."""
    lines = ["BEGIN:VCARD", f"VERSION:{card.version}", *card.lines, "END:VCARD", ""]
    contents: dict[str, list[Any]] = vobject.readOne("\r\n".join(lines)).contents
    return contents


def _texts(contents: dict[str, list[Any]], name: str) -> list[str]:
    """The values of a property that are text, without blanks around them."""
    values = (line.value for line in contents.get(name, ()))
    return [value.strip() for value in values if isinstance(value, str) and value.strip()]


def _name(contents: dict[str, list[Any]]) -> str:
    """The name as it is written in full, else put together of its parts."""
    full = next(iter(_texts(contents, "fn")), "")
    for line in contents.get("n", ()):
        parts = (line.value.given, line.value.additional, line.value.family)
        full = full or " ".join(part for part in map(_joined, parts) if part)
    return " ".join(full.split())


def _joined(part: str | list[str]) -> str:
    return part if isinstance(part, str) else " ".join(part)


def _emails(contents: dict[str, list[Any]]) -> tuple[str, ...]:
    """The addresses, each once, those that are preferred first."""
    lines = sorted(contents.get("email", ()), key=_preference)
    addresses = (str(line.value).strip() for line in lines)
    by_folded: dict[str, str] = {}
    for address in filter(None, addresses):
        by_folded.setdefault(address.lower(), address)
    return tuple(by_folded.values())


def _preference(line: Any) -> int:  # noqa: ANN401 the library has no types
    """``PREF=1`` to ``PREF=100`` (RFC 6350 5.3), or ``TYPE=pref`` (RFC 2426)."""
    number = next(iter(line.params.get("PREF", ())), "")
    if number.isascii() and number.isdigit():
        return int(number)
    types = ",".join(line.params.get("TYPE", ())).lower().split(",")
    return _PREFERRED if "pref" in types else _LEAST_PREFERRED


def _category(contents: dict[str, list[Any]], categories: Collection[str]) -> str | None:
    by_folded = {name.casefold(): name for name in categories}
    for line in contents.get("categories", ()):
        words = line.value if isinstance(line.value, list) else [line.value]
        for word in words:
            wanted = str(word).strip().casefold()
            found = by_folded.get(wanted) or by_folded.get(wanted.removeprefix("connect/"))
            if found:
                return found
    return None


def _met_before(person: PersonRow, number: int, seen: dict[str, int]) -> list[str]:
    """What this card repeats of an earlier one: an address."""
    problems = []
    for address in person.emails:
        before = seen.setdefault(address.lower(), number)
        if before != number:
            problems.append(f"the address {address} stands already in line {before}")
    return problems
