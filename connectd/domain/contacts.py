"""What a person on the list must be like, and the id a person gets."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectd.domain.addresses import valid_address
from connectd.domain.model import Kind
from connectd.domain.urls import url_problem

_LONGEST_NAME = 200
_LONGEST_SLUG = 60
_LONGEST_GAP_DAYS = 3650
_NOT_ON_ONE_LINE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def slug(name: str, taken: Collection[str]) -> str:
    """The id for a new contact: ``bob-baker``, or ``bob-baker-2`` where that is taken."""
    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    stem = words[:_LONGEST_SLUG].strip("-") or "contact"
    candidate, number = stem, 1
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate


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
    return problems


def _name_problems(name: str) -> list[str]:
    if not name.strip():
        return ["there is no name"]
    if len(name) > _LONGEST_NAME:
        return [f"the name is longer than {_LONGEST_NAME} characters"]
    if any(unicodedata.category(character) in _NOT_ON_ONE_LINE for character in name):
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


def _unknown(what: str, value: str, known: Sequence[str]) -> str:
    return f"unknown {what} {value!r} (choose one of: {', '.join(known)})"


def known_zone(name: str) -> bool:
    """Whether there is a time zone of that name in the IANA database."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
