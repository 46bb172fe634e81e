"""The goal in one short line: ``3 people a month for 6 months``."""

import re

from connectd.errors import WrongInputError

_NUMBER = re.compile(r"(?<![-0-9.])[0-9]{1,4}(?![-0-9.])")
_EXAMPLE = "3 people a month for 6 months"
_MOST = 2
_MOST_PEOPLE, _MOST_MONTHS = 1000, 600
_YEARS = re.compile(r"\byears?\b", re.IGNORECASE)


def read_goal(text: str) -> tuple[int, int | None]:
    """How many people a month, and for how many months where that is said.

    Only the numbers count, so that ``3`` and ``3 for 6`` will do. Raises WrongInputError, also
    for more than a configuration may hold.
    """
    if _YEARS.search(text):
        raise WrongInputError(f"Please count in months, as in {_EXAMPLE}.")
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if not 1 <= len(numbers) <= _MOST or 0 in numbers:
        raise WrongInputError(f"Please write the goal as in {_EXAMPLE}.")
    people, months = numbers[0], numbers[1] if len(numbers) == _MOST else None
    if people > _MOST_PEOPLE or (months or 0) > _MOST_MONTHS:
        raise WrongInputError(
            f"At most {_MOST_PEOPLE} people a month, and {_MOST_MONTHS} months, can be a goal."
        )
    return people, months


def goal_text(people_per_month: int, months: int) -> str:
    """The goal as ``read_goal`` reads it."""
    people = "1 person" if people_per_month == 1 else f"{people_per_month} people"
    return f"{people} a month for {'1 month' if months == 1 else f'{months} months'}"
