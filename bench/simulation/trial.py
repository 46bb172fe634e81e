"""One world, lived by everybody who is compared, and what each of them reached in it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from connectd.domain.model import Month, Span
from simulation.clairvoyant import possible_people
from simulation.life import Life, Tally, Tool
from simulation.with_cadence import Cadence
from simulation.with_connectd import Connectd
from simulation.with_reminders import Reminders
from simulation.world import Setting, World, world

TOOLS: dict[str, Callable[[], Tool]] = {
    "connectd": Connectd,
    "reminder": Reminders,
    "cadence": Cadence,
}
CLAIRVOYANT = "clairvoyant"
POLICIES = (*TOOLS, CLAIRVOYANT)


@dataclass(frozen=True, slots=True)
class Result:
    """What one of them reached in one world: ``people`` are the different ones met, by month."""

    people: tuple[int, ...]
    goal: int
    drafts: int
    invitations: int
    held: int
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def reached(self) -> int:
        """In how many months the goal was reached."""
        return sum(people >= self.goal for people in self.people)


def trial(seed: int, number: int, setting: Setting) -> dict[str, Result]:
    """Live one world with every tool, each from its beginning."""
    lived = world(seed, number, setting)
    possible = possible_people(lived)
    results = {}
    for name, tool in TOOLS.items():
        results[name] = _result(lived, Life(lived, tool()).run(), possible)
    met = tuple(possible.values())
    goal = lived.policy.goal.people_per_month
    results[CLAIRVOYANT] = Result(met, goal, sum(met), sum(met), sum(met))
    return results


def _result(lived: World, tally: Tally, possible: dict[Month, int]) -> Result:
    _check(tally)
    met: dict[Month, set[str]] = {month: set() for month in lived.months}
    for name, span in tally.held:
        met[Month.of(lived.half_day(span.start)[0])].add(name)
    goal = lived.policy.goal.people_per_month
    counts = tally.counts
    for month, people in met.items():
        if len(people) < goal:
            counts[_why_missed(possible[month], len(tally.drafted.get(month, ())), goal)] += 1
    counts["held"] = len(tally.held)
    return Result(
        tuple(len(people) for people in met.values()),
        goal,
        counts["drafts"],
        counts["invitations"],
        len(tally.held),
        counts,
    )


def _why_missed(possible: int, drafted: int, goal: int) -> str:
    if possible < goal:
        return "month missed: it could not be reached"
    if drafted < goal:
        return "month missed: too few people were drafted"
    return "month missed: lost to answers, events and absences"


def _check(tally: Tally) -> None:
    """Nobody holds two meetings at a time; raises AssertionError where somebody did."""
    taken: list[Span] = sorted(span for _, span in tally.held)
    twice = [(a, b) for a, b in pairwise(taken) if a.overlaps(b)]
    twice += [(a, e.span) for a in taken for e in tally.events if e.span.overlaps(a)]
    if twice:
        raise AssertionError(f"held two meetings at a time: {twice}")
