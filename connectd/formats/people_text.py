"""People as somebody types them: ``Bob Baker <bob@example.test> business``."""

import re
from collections.abc import Sequence

from connectd.domain.contacts import check_person
from connectd.errors import WrongInputError
from connectd.formats.people import PersonRow

EXAMPLE = "Bob Baker <bob@example.test> business"
_LONGEST = 20_000
_PERSON = re.compile(
    r"(?P<name>[^<>@]+?)\s*[<\s]\s*(?P<email>[^\s<>]+@[^\s<>]+)>?(?P<rest>[^<>@]*)"
)


def read_people(text: str, categories: Sequence[str]) -> list[PersonRow]:
    """The people that are typed, semicolons between them.

    Each is a name, an address and a category, or as much of its name as tells which one.
    Raises WrongInputError with what is wrong with each of them.
    """
    if len(text) > _LONGEST:
        raise WrongInputError("So many people are better put into a file; type its name.")
    people: list[PersonRow] = []
    problems: list[str] = []
    for written in filter(None, map(str.strip, text.split(";"))):
        found = _PERSON.fullmatch(written)
        if not found:
            problems.append(f"“{written}” must be written as in {EXAMPLE}")
            continue
        category = _category(found["rest"].strip(" ,()"), categories)
        person = PersonRow(found["name"].strip(' ,"'), (found["email"].rstrip(","),), category)
        wrong = check_person(person.name, person.emails, category, categories=categories)
        if any(person.emails == other.emails for other in people):
            wrong.append(f"the address {person.emails[0]} stands there twice")
        problems += [f"{person.name}: {problem}" for problem in wrong]
        people.append(person)
    if problems:
        raise WrongInputError("\n".join(problems))
    return people


def _category(word: str, categories: Sequence[str]) -> str:
    """The category that is meant; an unknown word stays as it is, to be told."""
    folded = word.casefold()
    exact = [name for name in categories if name.casefold() == folded]
    begins = [name for name in categories if folded and name.casefold().startswith(folded)]
    found = exact or begins
    return found[0] if len(found) == 1 else word
