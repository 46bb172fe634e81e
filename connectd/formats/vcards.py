"""Reads people from a file of vCards: all of them, or none and every reason why."""

from collections.abc import Collection

from connectd.domain.card_groups import USUAL_GROUP, tags
from connectd.domain.contacts import check_person
from connectd.errors import ImportFileError, UnreadableCardError
from connectd.formats.people import PersonRow
from connectd.formats.plain_text import clean
from connectd.formats.vcard_contents import CardContents, read_contents
from connectd.formats.vcard_lines import CardLines, split_cards

MAX_BYTES = 20_000_000
"""More than lists in CSV may have: address books export pictures, too."""


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
    ``connect/``, is taken; where there is none, the category ``otherwise``. The other ones are
    tags. A TZ that names no time zone and a FBURL that may not be asked are left out. Raises
    ImportFileError with all problems of all cards.
    """
    problems: list[str] = []
    people: list[PersonRow] = []
    seen: dict[str, int] = {}
    for card in split_cards(text, problems):
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


def _person(
    card: CardLines, categories: Collection[str], otherwise: str | None
) -> tuple[PersonRow | None, list[str]]:
    try:
        said = read_contents(card)
    except UnreadableCardError as error:
        return None, [str(error)]
    if said.is_group:
        return None, []
    category = _category(said, categories) or otherwise
    problems = check_person(
        said.name,
        said.emails,
        category or "",
        categories=categories if category else ("",),
        timezone=said.timezone,
    )
    if category is None:
        known = ", ".join(sorted(categories))
        problems.append(f"it has none of the categories {known}; --category says which to take")
    if problems:
        return None, [f"{clean(said.name, 60) or 'somebody'}: {problem}" for problem in problems]
    row = PersonRow(
        said.name,
        said.emails,
        category or "",
        timezone=said.timezone,
        note=said.note,
        free_busy=said.free_busy,
        tags=tags(said.categories, USUAL_GROUP, categories),
        birthday=said.birthday,
        line=card.number,
    )
    return row, []


def _category(said: CardContents, categories: Collection[str]) -> str | None:
    by_folded = {name.casefold(): name for name in categories}
    for word in said.categories:
        wanted = word.casefold()
        found = by_folded.get(wanted) or by_folded.get(wanted.removeprefix(f"{USUAL_GROUP}/"))
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
