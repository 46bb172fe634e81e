"""The chance that so many of several independent things happen, each with its own chance.

That is the Poisson binomial distribution. It is computed exactly, one thing after another.
"""

from collections.abc import Iterable, Sequence


def distribution(chances: Iterable[float]) -> tuple[float, ...]:
    """The chance of each number of them, from none to all."""
    counts = [1.0]
    for chance in chances:
        counts = _with_one_more(counts, chance)
    return tuple(counts)


def chance_of_at_least(number: int, chances: Iterable[float]) -> float:
    """The chance, from 0 to 1, that ``number`` of them or more happen."""
    if number <= 0:
        return 1.0
    fewer = [1.0]
    enough = 0.0
    for chance in chances:
        fewer = _with_one_more(fewer, chance)
        if len(fewer) > number:
            enough += fewer.pop()
    return min(1.0, enough)


def drafts_wanted(
    needed: int, chances: Sequence[float], each: float, *, target: float = 0.9, most: int
) -> int:
    """How many drafts to add, ``most`` at most, so that ``needed`` people or more come.

    ``chances`` are those of the people with whom something stands already, ``each`` is that of
    one more draft. It is the least number that makes the chance ``target`` or more.
    """
    if needed <= 0:
        return 0
    fewer = list(distribution(chances))[:needed]
    for number in range(most):
        # what is too few is summed, since that is small where it matters
        if sum(fewer) <= 1 - target:
            return number
        fewer = _with_one_more(fewer, each)[:needed]
    return most


def _with_one_more(counts: Sequence[float], chance: float) -> list[float]:
    """The chances of each number, with one more thing that may happen."""
    without = [count * (1 - chance) for count in counts]
    return [a + count * chance for a, count in zip([*without, 0.0], [0.0, *counts], strict=True)]
