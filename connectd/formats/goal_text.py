"""The goal in one short line: ``3 people a month for 6 months``."""

import re

from connectd.errors import WrongInputError

_NUMBER = re.compile(r"(?<![-0-9.])[0-9]{1,4}(?![-0-9.])")
_EXAMPLE = "3 people a month for 6 months"
_MOST = 2


def read_goal(text: str) -> tuple[int, int | None]:
    """How many people a month, and for how many months where that is said.

    Only the numbers count, so that ``3`` and ``3 for 6`` will do. Raises WrongInputError.
    """
    numbers = [int(number) for number in _NUMBER.findall(text)]
    if not 1 <= len(numbers) <= _MOST or 0 in numbers:
        raise WrongInputError(f"Please write the goal as in {_EXAMPLE}.")
    return numbers[0], numbers[1] if len(numbers) == _MOST else None


def goal_text(people_per_month: int, months: int) -> str:
    """The goal as ``read_goal`` reads it."""
    people = "1 person" if people_per_month == 1 else f"{people_per_month} people"
    return f"{people} a month for {'1 month' if months == 1 else f'{months} months'}"
