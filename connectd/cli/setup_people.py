"""The first people of a list: typed, from a file, or from the address book."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import click

from connectd.cli.contacts_import import ADDRESS_BOOK, rows_of
from connectd.errors import WrongInputError
from connectd.formats.people import PersonRow
from connectd.formats.people_text import read_people

_FILES = (".csv", ".vcf")

Reading = Callable[[Sequence[str]], Iterable[PersonRow]]
"""Reads people in terms of these categories; raises WrongInputError, ImportFileError."""


class Newcomers(NamedTuple):
    """Who is to be put on the list; ``address_book`` has it followed each day."""

    rows: tuple[PersonRow, ...] = ()
    address_book: bool = False


def read_answer(typed: str, categories: Sequence[str]) -> Newcomers:
    """The people that are typed, or those in the file that is named; nothing is nobody.

    A line that ends with a semicolon is followed by more. Behind the name of a vCard file may
    stand the category of those whose card names none. Raises WrongInputError, ImportFileError.
    """
    while typed.endswith(";") and (more := _more()):
        typed += more
    if not typed:
        return Newcomers()
    if typed.casefold() == ADDRESS_BOOK:
        return Newcomers(address_book=True)
    file, category = _file_and_category(typed, categories)
    if file.suffix.lower() in _FILES:
        return Newcomers(tuple(people_in(file, categories, category)))
    return Newcomers(tuple(read_people(typed, categories)))


def reading(persons: Sequence[str], source: str | None) -> Reading | None:
    """Reads those who are named by options: typed ones, and a file; None if nobody is."""
    # some shells leave the tilde in --people=~/people.csv as it is
    file = None if source in (None, ADDRESS_BOOK) else Path(source or "").expanduser()
    if not persons and not file:
        return None

    def read(categories: Sequence[str]) -> Iterable[PersonRow]:
        typed = read_people(";".join(persons), categories)
        return [*typed, *(people_in(file, categories, None) if file else [])]

    return read


def people_in(file: Path, categories: Sequence[str], category: str | None) -> list[PersonRow]:
    """The people in a CSV or vCard file; raises WrongInputError, ImportFileError."""
    if not file.is_file():
        raise WrongInputError(f"There is no file {file}.")
    return rows_of(file, categories, category if file.suffix.lower() == ".vcf" else None)


def _more() -> str:
    return str(click.prompt("and", default="", show_default=False)).strip()


def _file_and_category(typed: str, categories: Sequence[str]) -> tuple[Path, str | None]:
    before, _, last = typed.rpartition(" ")
    if before and last in categories:
        return Path(before.strip("'\" ")).expanduser(), last
    return Path(typed.strip("'\"")).expanduser(), None
