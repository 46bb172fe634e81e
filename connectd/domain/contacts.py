"""What a person on the list must be like, and the id a person gets."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectd.domain.addresses import valid_address
from connectd.domain.birthdays import read_birthday
from connectd.domain.model import Kind, Step
from connectd.domain.urls import url_problem

NAMES_OF_THE_HOST = frozenset({"localtime", "posixrules", "Factory"})
"""Files beside the zones of the IANA database, which say how this computer is set up."""

_LONGEST_NAME = 200
_LONGEST_TAG = 100
_LONGEST_SLUG = 60
_LONGEST_GAP_DAYS = 3650
_NOT_ON_ONE_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def slug(name: str, taken: Collection[str]) -> str:
    """The id for a new contact: ``bob-baker``, or ``bob-baker-2`` where that is taken."""
    return next(candidate for candidate in slugs(name) if candidate not in taken)


def slugs(name: str) -> Iterator[str]:
    """The ids that a new contact may get, without end: ``bob-baker``, ``bob-baker-2`` and on."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    stem = words[:_LONGEST_SLUG].strip("-") or "contact"
    yield stem
    for number in count(2):
        yield f"{stem}-{number}"


def tags_of(words: Iterable[str]) -> tuple[str, ...]:
    """The tags that these words make, each once.

    Blanks separate tags in files and on the command line, so those within one become hyphens.
    """
    return tuple(dict.fromkeys("-".join(word.split()) for word in words))


def check_person(  # noqa: PLR0913 - one for each thing to know about a person
    name: str,
    emails: Sequence[str],
    category: str,
    *,
    categories: Collection[str],
    every_days: int | None = None,
    timezone: str | None = None,
    kind: str = Kind.COFFEE,
    free_busy: str | None = None,
    step: str | None = None,
    tags: Sequence[str] = (),
    birthday: str | None = None,
) -> list[str]:
    """Everything that is wrong with a person, each problem one sentence; empty if all is well."""
    problems = _name_problems(name) + _address_problems(emails)
    if category not in categories:
        problems.append(_unknown("category", category, sorted(categories)))
    if every_days is not None and not 1 <= every_days <= _LONGEST_GAP_DAYS:
        problems.append(f"every_days must be from 1 to {_LONGEST_GAP_DAYS}, not {every_days}")
    if timezone is not None and not known_zone(timezone):
        problems.append(f"unknown time zone {timezone!r} (write one like Europe/Berlin)")
    kinds = [known.value for known in Kind]
    if kind not in kinds:
        problems.append(_unknown("kind", kind, kinds))
    if free_busy is not None and (wrong := url_problem(free_busy)):
        problems.append(f"the free/busy URL {wrong}")
    steps = [known.value for known in Step]
    if step is not None and step not in steps:
        problems.append(_unknown("step", step, steps))
    problems += [problem for tag in tags if (problem := _tag_problem(tag))]
    if birthday is not None and read_birthday(birthday) != birthday:
        problems.append(f"the birthday {birthday!r} is no day like 1980-03-05 or --03-05")
    return problems


def _name_problems(name: str) -> list[str]:
    if not name.strip():
        return ["there is no name"]
    if len(name) > _LONGEST_NAME:
        return [f"the name is longer than {_LONGEST_NAME} characters"]
    if not _on_one_line(name):
        return [f"the name {name!r} has a line break or a control character in it"]
    return []


def _address_problems(emails: Sequence[str]) -> list[str]:
    if not emails:
        return ["there is no e-mail address"]
    problems = [
        f"{email!r} is not an e-mail address" for email in emails if not valid_address(email)
    ]
    lowered = [email.lower() for email in emails]
    problems += [
        f"the address {email} stands twice"
        for index, email in enumerate(lowered)
        if email in lowered[:index]
    ]
    return problems


def _tag_problem(tag: str) -> str | None:
    if not tag.strip():
        return "a tag is empty"
    if len(tag) > _LONGEST_TAG:
        return f"a tag is longer than {_LONGEST_TAG} characters"
    if not _on_one_line(tag):
        return f"the tag {tag!r} has a line break or a control character in it"
    return None


def _on_one_line(text: str) -> bool:
    return not any(unicodedata.category(character) in _NOT_ON_ONE_LINE for character in text)


def _unknown(what: str, value: str, known: Sequence[str]) -> str:
    return f"unknown {what} {value!r} (choose one of: {', '.join(known)})"


def known_zone(name: str) -> bool:
    """Whether there is a time zone of that name in the IANA database."""
    if name in NAMES_OF_THE_HOST:
        return False
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
