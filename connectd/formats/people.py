"""Reads people from a CSV file: all of them, or none and every reason why."""

import csv
import io
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from connectd.domain.birthdays import read_birthday
from connectd.domain.contacts import check_person
from connectd.domain.model import Kind, Step
from connectd.errors import ImportFileError
from connectd.formats.formula_guard import without_guard

MAX_BYTES = 5_000_000
MAX_ROWS = 20_000

_NEEDED = ("name", "email", "category")
_OPTIONAL = (
    *("every_days", "timezone", "kind", "note", "free_busy", "tags", "birthday", "archived"),
)
COLUMNS = _NEEDED + _OPTIONAL
_HEADER = ",".join(_NEEDED)
_BEFORE_DELIMITER = "sep="
_NAMED_DELIMITER = re.compile(r"\s*sep=([,;\t|])[\s,;]*", re.IGNORECASE)
"""The line in front of all others by which Excel is told what separates the fields."""
_LONGEST_NUMBER = 9
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"", "no", "false", "0"})
_TOO_LARGE = f"the file is larger than {MAX_BYTES // 1_000_000} MB"


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as one row of the file gives it, which begins on ``line``, 0 for none.

    ``emails`` stand in the order of the file.
    """

    name: str
    emails: tuple[str, ...]
    category: str
    every_days: int | None = None
    timezone: str | None = None
    kind: Kind = Kind.COFFEE
    note: str = ""
    free_busy: str | None = None
    tags: tuple[str, ...] = ()
    birthday: str | None = None
    step: Step | None = None
    archived: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class _Line:
    """The fields of one row by column, and the line of the file on which it starts."""

    number: int
    fields: Mapping[str, str]


def decode_csv(data: bytes) -> str:
    """The text of a file; raises ImportFileError if it is too large or not UTF-8."""
    if len(data) > MAX_BYTES:
        raise ImportFileError([_TOO_LARGE])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"line {line}: the file is not UTF-8 text; save it as CSV in UTF-8"
        raise ImportFileError([problem]) from error


def read_csv(text: str, categories: Collection[str]) -> list[PersonRow]:
    """The people in ``text``, in its order.

    The first line names the columns: ``name``, ``email`` and ``category``, and optionally
    ``every_days``, ``timezone``, ``kind``, ``note``, ``free_busy``, ``tags``, ``birthday`` and
    ``archived``.
    Commas, semicolons or tabs separate the fields, blanks the addresses within ``email`` and
    the words within ``tags``. Raises ImportFileError with all problems of all lines.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise ImportFileError([_TOO_LARGE])
    problems: list[str] = []
    people: list[PersonRow] = []
    seen: dict[str, int] = {}
    for line in _lines(text.removeprefix("\ufeff"), problems):
        person, wrong = _person(line, categories)
        wrong += _met_before(line, seen)
        problems += [f"line {line.number}: {problem}" for problem in wrong]
        if person is not None:
            people.append(person)
    if problems:
        raise ImportFileError(problems)
    return people


def _lines(text: str, problems: list[str]) -> Iterator[_Line]:
    """The rows with something in them; adds what is wrong with the file to ``problems``."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    columns: list[str] = []
    rows = 0
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            problems.append(f"line {number}: cannot be read as CSV: {error}")
            return
        if row is None:
            break
        if _is_about_nobody(row):
            continue
        if not columns:
            columns = [name.strip().lower() for name in row]
            if wrong := _header_problems(columns):
                problems += [f"line {number}: {problem}" for problem in wrong]
                return
            continue
        rows += 1
        if rows > MAX_ROWS:
            problems.append(f"line {number}: there are more than {MAX_ROWS} people in the file")
            return
        if any(field.strip() for field in row[len(columns) :]):
            problems.append(f"line {number}: has more fields than the first line has columns")
            continue
        yield _Line(number, dict(zip(columns, row, strict=False)))
    if not columns:
        problems.append(f"line 1: the first line must name the columns: {_HEADER}")


def _is_about_nobody(row: list[str]) -> bool:
    """Whether a row is empty, or names what separates the fields."""
    filled = [field.strip().lower() for field in row if field.strip()]
    return filled in ([], [_BEFORE_DELIMITER])


def _delimiter(text: str) -> str:
    """What separates the fields; spreadsheet programs of many countries write semicolons."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    if named := _NAMED_DELIMITER.fullmatch(header):
        return named[1]
    return max(",;\t", key=header.count)


def _header_problems(columns: list[str]) -> list[str]:
    named = [column for column in columns if column]
    missing = [column for column in _NEEDED if column not in named]
    foreign = [column for column in named if column not in COLUMNS]
    twice = sorted({column for column in named if named.count(column) > 1})
    problems = []
    if missing:
        problems.append(f"there is no column {', '.join(missing)} (the first line is {_HEADER})")
    if foreign:
        known = ", ".join(COLUMNS)
        problems.append(f"unknown column {', '.join(map(repr, foreign))} (known are {known})")
    if twice:
        problems.append(f"the column {', '.join(twice)} stands twice")
    return problems


def _person(line: _Line, categories: Collection[str]) -> tuple[PersonRow | None, list[str]]:
    def said(column: str) -> str:
        return without_guard(line.fields.get(column, "").strip())

    every_days, problems = _days(said("every_days"))
    name, category = said("name"), said("category")
    emails = tuple(address for address in said("email").split(" ") if address)
    timezone = said("timezone") or None
    kind = said("kind").lower() or Kind.COFFEE.value
    free_busy = said("free_busy") or None
    tags = tuple(dict.fromkeys(said("tags").split()))
    birthday, wrong = _birthday(said("birthday"))
    archived, unclear = _yes_or_no("archived", said("archived"))
    problems += wrong + unclear
    problems += check_person(
        name,
        emails,
        category,
        categories=categories,
        every_days=every_days,
        timezone=timezone,
        kind=kind,
        free_busy=free_busy,
        tags=tags,
    )
    if problems:
        return None, problems
    return PersonRow(
        name=name,
        emails=emails,
        category=category,
        every_days=every_days,
        timezone=timezone,
        kind=Kind(kind),
        note=said("note"),
        free_busy=free_busy,
        tags=tags,
        birthday=birthday,
        archived=archived,
        line=line.number,
    ), []


def _yes_or_no(column: str, text: str) -> tuple[bool, list[str]]:
    wanted = text.lower()
    wrong = [] if wanted in _YES | _NO else [f"{column} must be yes or no, not {text!r}"]
    return wanted in _YES, wrong


def _birthday(text: str) -> tuple[str | None, list[str]]:
    birthday = read_birthday(text)
    if birthday or not text:
        return birthday, []
    return None, [f"birthday must be like 1980-03-05, or --03-05 without the year, not {text!r}"]


def _days(text: str) -> tuple[int | None, list[str]]:
    if not text:
        return None, []
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER:
        return int(text), []
    return None, [f"every_days must be a whole number of days, not {text!r}"]


def _met_before(line: _Line, seen: dict[str, int]) -> list[str]:
    """What this line repeats of an earlier one: the name, or an address of another line."""
    name = " ".join(without_guard(line.fields.get("name", "")).split()).casefold()
    addresses = [address.lower() for address in without_guard(line.fields.get("email", "")).split()]
    problems = []
    for what, key in [("the name", name), *(("the address", address) for address in addresses)]:
        before = seen.setdefault(key, line.number) if key else line.number
        if before != line.number:
            problems.append(f"{what} {key!r} stands already in line {before}")
    return problems
