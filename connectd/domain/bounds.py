"""What a choice of people and times can be worth at most, so that the search can stop early.

Each bound leaves some rule out, and so can only be too high.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from connectd.domain.caps import Caps, Week, week_of
from connectd.domain.model import Month
from connectd.domain.preferences import closeness

_EFFORT = 3_000


class People:
    """What so many more people are worth at most, leaving out when they can come.

    ``scores`` give the category and the score of everybody, the highest first, and whether
    they are dormant. ``crowding`` is what a person costs the next one of the same category in
    the same month; ``had`` counts those whom a category has had in each of ``months`` at least.
    """

    def __init__(
        self,
        scores: Sequence[tuple[str, float, bool]],
        had: Mapping[str, int],
        months: int,
        crowding: float,
        reserve: float,
    ) -> None:
        self._had = had
        self._months = months
        self._crowding = crowding
        self._reserve = reserve
        self._ranks: dict[str, list[int]] = {}
        self._dormant = [rank for rank, (_, _, dormant) in enumerate(scores) if dormant]
        self._scores = [score for _, score, _ in scores]
        for rank, (category, _, _) in enumerate(scores):
            self._ranks.setdefault(category, []).append(rank)

    def best(self, first: int, number: int, chosen: Mapping[str, int], *, reserved: int) -> float:
        """The most that ``number`` people from rank ``first`` on add.

        ``chosen`` counts those of a category who are placed in each of the months at least;
        ``reserved`` are the places for dormant ties that are still to be had.
        """
        later = len(self._dormant) - bisect_left(self._dormant, first)
        ties = min(reserved, later, number)
        worth = self._deal(first, number, chosen)
        if not ties:
            return worth[number]
        oldest = self._scores[self._dormant[-later]]
        return max(n * (self._reserve + oldest) + worth[number - n] for n in range(ties + 1))

    def _deal(self, first: int, number: int, chosen: Mapping[str, int]) -> list[float]:
        """What none, one and so on up to ``number`` people are worth at most, whoever they are.

        The best of a category is taken at a time; each costs the next one of it the same more.
        """
        heads = {category: bisect_left(ranks, first) for category, ranks in self._ranks.items()}
        had = {c: self._had.get(c, 0) + chosen.get(c, 0) for c in heads}
        dealt = Counter[str]()
        worth = [0.0]
        for _ in range(number):
            gains = [
                (self._scores[self._ranks[c][head]] - self._cost(had[c], dealt[c]), c)
                for c, head in heads.items()
                if head < len(self._ranks[c])
            ]
            if not gains:
                break
            gain, category = max(gains)
            worth.append(worth[-1] + gain)
            heads[category] += 1
            dealt[category] += 1
        return worth + [worth[-1]] * (number + 1 - len(worth))

    def _cost(self, had: int, dealt: int) -> float:
        """What one more of a category costs beside others, evenly dealt out over the months."""
        return self._crowding * (had + dealt // self._months)


class Day(NamedTuple):
    """A day with room, what its best time is worth to anybody, and how many more it takes."""

    worth: float
    day: date
    week: Week
    month: Month
    left: int


class Days:
    """What so many meetings on different times are worth at most, whoever comes."""

    def __init__(
        self, worths: Mapping[date, float], caps: Caps, wanted: Mapping[Month, int]
    ) -> None:
        days = [
            Day(worth, day, week_of(day), Month.of(day), caps.left_on(day))
            for day, worth in worths.items()
        ]
        self._days = sorted(days, key=lambda d: (-d.worth, d.day))
        self._caps = caps
        self._wanted = wanted
        self._known: dict[int, float] = {}

    @property
    def capacity(self) -> int:
        """How many meetings the caps and the months take at most."""
        in_week: Counter[tuple[Month, Week]] = Counter()
        for day in self._days:
            in_week[day.month, day.week] += day.left
        in_month: Counter[Month] = Counter()
        for (month, week), left in in_week.items():
            in_month[month] += min(left, self._caps.left_in(week))
        return sum(min(left, self._wanted.get(month, 0)) for month, left in in_month.items())

    def top(self, number: int, used: Collection[date]) -> float:
        """The sum of the best ``number`` times on days that are not used up."""
        worth, taken = 0.0, Counter(used)
        for day in self._days:
            if number <= 0:
                break
            free = min(number, day.left - taken[day.day])
            if free > 0:
                worth += day.worth * free
                number -= free
        return worth

    def best(self, number: int) -> float:
        """The most that ``number`` times are worth within the caps, well apart from one another."""
        if number not in self._known:
            self._effort = _EFFORT
            self._found = float("-inf")
            complete = self._descend(0, [], number)
            self._known[number] = self._found if complete else self.top(number, ())
        return self._known[number]

    def _descend(self, index: int, chosen: list[Day], number: int) -> bool:
        """Try every choice that may be better; gives False when that takes too long."""
        worth = sum(d.worth for d in chosen) - closeness([d.day for d in chosen])
        missing = number - len(chosen)
        if not missing:
            self._found = max(self._found, worth)
            return True
        for at in range(index, len(self._days)):
            day = self._days[at]
            self._effort -= 1
            if self._effort <= 0:
                return False
            if worth + missing * day.worth <= self._found:
                break
            if self._takes(day, chosen):
                chosen.append(day)
                if not self._descend(at, chosen, number):
                    return False
                chosen.pop()
        return True

    def _takes(self, day: Day, chosen: Sequence[Day]) -> bool:
        return (
            sum(d.day == day.day for d in chosen) < day.left
            and sum(d.week == day.week for d in chosen) < self._caps.left_in(day.week)
            and sum(d.month == day.month for d in chosen) < self._wanted.get(day.month, 0)
        )


def most_that_fit(days_of: Sequence[Collection[date]], caps: Caps) -> int:
    """How many people can come at most, if each day takes what its cap leaves.

    ``days_of`` are the days on which each person can come. A maximum matching, found person by
    person along augmenting paths.
    """
    guests: dict[date, list[int]] = {}

    def seat(person: int, tried: set[date]) -> bool:
        for day in days_of[person]:
            if day in tried:
                continue
            tried.add(day)
            there = guests.setdefault(day, [])
            if len(there) < caps.left_on(day):
                there.append(person)
                return True
            for index, other in enumerate(there):
                if seat(other, tried):
                    there[index] = person
                    return True
        return False

    return sum(seat(person, set()) for person in range(len(days_of)))


def best_by_day(worths: Iterable[tuple[date, float]]) -> dict[date, float]:
    """The best worth that stands for each day."""
    best: dict[date, float] = {}
    for day, worth in worths:
        best[day] = max(best.get(day, worth), worth)
    return best
