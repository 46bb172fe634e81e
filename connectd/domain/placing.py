"""Whom to place where, decided together: as many people as fit, then the best total.

Nobody gets a time at the cost of a person who could come at no other. The search is exact: it
branches over people and their times, and leaves out what cannot beat the best found so far.
``EFFORT`` ends it on lists and caps far larger than one person can have; the best choice found
until then is taken.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from connectd.domain.bounds import Days, People, best_by_day, most_that_fit
from connectd.domain.caps import Caps, Week
from connectd.domain.model import Month, Span
from connectd.domain.preferences import closeness

EFFORT = 4_000
"""How many times are tried for people before the search ends with the best found."""
BALANCE = 1.0
"""What each person whom the month has of the same category costs the next one, in points."""
RESERVED = 4.0
"""What the first dormant tie of a month gains: more than any living one has."""
_HARDLY = 1e-9


class Slot(NamedTuple):
    """A time that a person could be given, and what it is worth (points)."""

    span: Span
    day: date
    week: Week
    month: Month
    worth: float


class Candidate(NamedTuple):
    """A person to be placed. ``options`` stand in the order of their worth, the best first."""

    id: str
    score: float
    category: str
    is_dormant: bool
    options: Sequence[Slot]


class Limits(NamedTuple):
    """What the choice must keep to: at most ``room`` people, ``wanted`` of them in each month.

    ``margin`` lies between any two meetings. ``had`` counts, by month and category, the people
    whom the month has already; ``reserved`` are the months with a place for a dormant tie.
    """

    room: int
    wanted: Mapping[Month, int]
    caps: Caps
    margin: timedelta
    had: Mapping[tuple[Month, str], int]
    reserved: frozenset[Month]


class Placed(NamedTuple):
    """One person at one time."""

    candidate: Candidate
    option: Slot


def place(candidates: Sequence[Candidate], limits: Limits) -> tuple[Placed, ...]:
    """The best choice, in the order of time."""
    able = [candidate for candidate in candidates if candidate.options]
    best = _Search(able, limits).best()
    return tuple(sorted(best, key=lambda p: (p.option.span, p.candidate.id)))


def total(placed: Sequence[Placed], limits: Limits) -> float:
    """What a choice is worth: people and times, less what speaks against all of them together."""
    worth = sum(p.candidate.score + p.option.worth for p in placed)
    people = Counter((p.option.month, p.candidate.category) for p in placed)
    crowding = sum(n * limits.had.get(key, 0) + n * (n - 1) / 2 for key, n in people.items())
    dormant = {p.option.month for p in placed if p.candidate.is_dormant} & limits.reserved
    days = [p.option.day for p in placed]
    return worth - BALANCE * crowding + RESERVED * len(dormant) - closeness(days)


def fits(option: Slot, placed: Sequence[Placed], limits: Limits) -> bool:
    """Whether the caps, the months and the margin allow one more meeting beside those placed."""
    others = [p.option for p in placed]
    return (
        sum(o.month == option.month for o in others) < limits.wanted.get(option.month, 0)
        and sum(o.day == option.day for o in others) < limits.caps.left_on(option.day)
        and sum(o.week == option.week for o in others) < limits.caps.left_in(option.week)
        and not any(
            o.span.start < option.span.end + limits.margin
            and option.span.start < o.span.end + limits.margin
            for o in others
        )
    )


class _Search:
    """Branch and bound, depth first: the best person and the best time first.

    What a time is worth is parted into what its day is worth to anybody at most, and what falls
    short of that for this person even at best. With the latter on the side of the people, the
    bounds, which look at people and at times apart, leave little between them.
    """

    def __init__(self, candidates: Sequence[Candidate], limits: Limits) -> None:
        self._limits = limits
        self._best: tuple[Placed, ...] = ()
        self._best_total = float("-inf")
        self._effort = EFFORT
        by_day = best_by_day((o.day, o.worth) for c in candidates for o in c.options)
        self._short = {c.id: max(o.worth - by_day[o.day] for o in c.options) for c in candidates}
        self._candidates = sorted(candidates, key=lambda c: (-c.score - self._short[c.id], c.id))
        days_of = [list(dict.fromkeys(o.day for o in c.options)) for c in self._candidates]
        self._days = Days(by_day, limits.caps, limits.wanted)
        self._people = People(
            [(c.category, c.score + self._short[c.id], c.is_dormant) for c in self._candidates],
            _least_had(candidates, limits),
            max(1, len(limits.wanted)),
            BALANCE,
            RESERVED,
        )
        self._most = min(limits.room, self._days.capacity, most_that_fit(days_of, limits.caps))
        self._fewest_times_first = sorted(range(len(candidates)), key=lambda i: len(days_of[i]))

    def best(self) -> tuple[Placed, ...]:
        """Find out first how many fit at all, then the best choice of so many."""
        if self._most > 0:
            self._seat(0, [])
            self._most = len(self._best)
            self._best_total = total(self._best, self._limits)
            self._effort = EFFORT
            self._descend(0, [], 0.0, 0.0)
        return self._best

    def _seat(self, first: int, placed: list[Placed]) -> bool:
        """Place as many as fit, whoever has the fewest times first; True once all are placed."""
        if len(placed) > len(self._best):
            self._best = tuple(placed)
        if len(placed) == self._most:
            return True
        for index in range(first, len(self._candidates)):
            if len(placed) + len(self._candidates) - index <= len(self._best):
                return False
            candidate = self._candidates[self._fewest_times_first[index]]
            for option in candidate.options:
                if self._is_tired():
                    return False
                if fits(option, placed, self._limits):
                    placed.append(Placed(candidate, option))
                    if self._seat(index + 1, placed):
                        return True
                    placed.pop()
        return False

    def _descend(self, first: int, placed: list[Placed], people: float, times: float) -> None:
        """Try the candidates from ``first`` on, each at every time that may still win, or never.

        ``people`` and ``times`` are what those placed are worth, with what they cost each other.
        """
        missing = self._most - len(placed)
        if not missing:
            if people + times > self._best_total + _HARDLY:
                self._best, self._best_total = tuple(placed), people + times
            return
        for index in range(first, len(self._candidates) - missing + 1):
            if not self._may_win(index, placed, people, times):
                return
            candidate = self._candidates[index]
            short = self._short[candidate.id]
            others = self._others_worth(index + 1, missing - 1, placed)
            others += RESERVED * (candidate.is_dormant and bool(self._limits.reserved))
            for option in candidate.options:
                at_most = people + candidate.score + short + others
                worth = option.worth - short
                at_most += self._times_worth(times + worth, missing - 1, placed)
                if at_most <= self._best_total + _HARDLY or self._is_tired():
                    break
                if fits(option, placed, self._limits):
                    gain = candidate.score + short - self._crowding(candidate, option, placed)
                    later = times + worth - self._closeness(option, placed)
                    placed.append(Placed(candidate, option))
                    self._descend(index + 1, placed, people + gain, later)
                    placed.pop()

    def _is_tired(self) -> bool:
        self._effort -= 1
        return self._effort < 0

    def _may_win(self, index: int, placed: Sequence[Placed], people: float, times: float) -> bool:
        """Whether those from ``index`` on can lead to a better choice at all."""
        missing = self._most - len(placed)
        at_most = people + self._others_worth(index, missing, placed)
        at_most += self._times_worth(times, missing, placed)
        return self._effort >= 0 and at_most > self._best_total + _HARDLY

    def _crowding(self, candidate: Candidate, option: Slot, placed: Sequence[Placed]) -> float:
        """What the person costs for others of their category, less a reserved place they take."""
        same = [p.candidate for p in placed if p.option.month == option.month]
        category = candidate.category
        others = sum(other.category == category for other in same)
        others += self._limits.had.get((option.month, category), 0)
        first = candidate.is_dormant and not any(other.is_dormant for other in same)
        return BALANCE * others - RESERVED * (first and option.month in self._limits.reserved)

    def _closeness(self, option: Slot, placed: Sequence[Placed]) -> float:
        return sum(closeness((option.day, p.option.day)) for p in placed)

    def _others_worth(self, first: int, number: int, placed: Sequence[Placed]) -> float:
        """What ``number`` more people from ``first`` on add at most."""
        by_month = Counter((p.option.month, p.candidate.category) for p in placed)
        chosen = {
            category: min(by_month[month, category] for month in self._limits.wanted)
            for category in {p.candidate.category for p in placed}
        }
        taken = {p.option.month for p in placed if p.candidate.is_dormant}
        reserved = len(self._limits.reserved - taken)
        return self._people.best(first, number, chosen, reserved=reserved)

    def _times_worth(self, sure: float, number: int, placed: Sequence[Placed]) -> float:
        """What all the times of a choice are worth at most: ``sure`` and ``number`` more."""
        by_day = sure + self._days.top(number, [p.option.day for p in placed])
        return min(by_day, self._days.best(self._most))


def _least_had(candidates: Sequence[Candidate], limits: Limits) -> dict[str, int]:
    """How many people each category has had at least, in whichever month it is."""
    return {
        category: min((limits.had.get((month, category), 0) for month in limits.wanted), default=0)
        for category in {candidate.category for candidate in candidates}
    }
