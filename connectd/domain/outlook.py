"""The chance of reaching a month's goal with what stands in it, and what would raise it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from connectd.domain.chance import chance_of_at_least
from connectd.domain.experience import Experience
from connectd.domain.found import Found
from connectd.domain.goal import Ledger
from connectd.domain.model import SENT, Meeting, Month, State

_MOST_RAISES = 3

Ahead = Mapping[str, Sequence[Meeting | Found]]
"""What stands in a month, by contact."""


class Raise(NamedTuple):
    """Something that would help, in words, and the chance with it."""

    what: str
    chance: float


class Outlook(NamedTuple):
    """The chance, from 0 to 1, of reaching the goal of a month; ``raised_by`` the best first."""

    month: Month
    chance: float
    raised_by: tuple[Raise, ...] = ()


def outlook(
    ledger: Ledger, month: Month, learnt: Experience, names: Mapping[str, str], further: int
) -> Outlook | None:
    """How the month looks; None for one outside the goal and for one that is over.

    ``names`` are those of the contacts by id; ``further`` is how many more people could still
    be drafted for the month.
    """
    if month < Month.of(ledger.today) or not ledger.goal.covers(month):
        return None
    needed = ledger.goal.people_per_month - ledger.standing(month).met
    people = _ahead(ledger, month)
    chance = month_chance(ledger, month, learnt)
    helps = [
        *_one_yes(ledger, needed, people, learnt, names),
        *_more_drafts(needed, _chances(people, learnt), learnt, further),
    ]
    helps = [help_ for help_ in helps if help_.chance > chance]
    best = sorted(helps, key=lambda help_: -help_.chance)[:_MOST_RAISES]
    return Outlook(month, chance, tuple(best))


def month_chance(ledger: Ledger, month: Month, learnt: Experience) -> float:
    """The chance that the month has as many different people as the goal asks for.

    Those met count for certain, each other person once, with the chance that one at least of
    the meetings with them takes place. Drafts that are not yet on record count like others once
    they stand among the meetings of ``ledger``. A month outside the goal gives 1.
    """
    standing = ledger.standing(month)
    chances = chances_ahead(ledger, month, learnt)
    return chance_of_at_least(standing.goal - standing.met, chances)


def chances_ahead(ledger: Ledger, month: Month, learnt: Experience) -> list[float]:
    """For each person with whom something stands in the month, the chance that they meet."""
    return _chances(_ahead(ledger, month), learnt)


def chance_of(intended: Meeting | Found, learnt: Experience) -> float:
    """The chance that what is open, or found ahead in the calendar, takes place."""
    held = learnt.held.value
    if isinstance(intended, Found) or intended.state is State.CONFIRMED:
        return held
    sent = prod(map(learnt.agreed_by, intended.people)) * held
    return learnt.accepted.value * sent if _waits_for_me(intended) else sent


def _ahead(ledger: Ledger, month: Month) -> Ahead:
    """What stands in the month with those who were not met in it.

    What was not sent before its day went by comes to nothing.
    """
    met = ledger.standing(month).people
    people: dict[str, list[Meeting | Found]] = {}
    for intended in ledger.ahead(month):
        lapsed = _is_unsent(intended) and ledger.day_of(intended) < ledger.today
        for person in () if lapsed else intended.people:
            if person not in met:
                people.setdefault(person, []).append(intended)
    return people


def _is_unsent(intended: Meeting | Found) -> bool:
    return isinstance(intended, Meeting) and intended.state not in SENT


def _waits_for_me(meeting: Meeting) -> bool:
    """Whether my yes is missing, the second one to a time that is taken included."""
    contested = meeting.state is State.ACCEPTED and meeting.is_contested
    return meeting.state is State.DRAFTED or contested


def _one_yes(
    ledger: Ledger, needed: int, people: Ahead, learnt: Experience, names: Mapping[str, str]
) -> Iterator[Raise]:
    """The answers that are still out; nobody answers once the day has gone by."""
    for way in dict.fromkeys(way for ways in people.values() for way in ways):
        if isinstance(way, Found) or way.state is State.CONFIRMED:
            continue
        if ledger.day_of(way) < ledger.today:
            continue
        what, with_yes = _with_a_yes(way, way.named(names))
        after = {
            who: [with_yes if other == way else other for other in ways]
            for who, ways in people.items()
        }
        yield Raise(what, chance_of_at_least(needed, _chances(after, learnt)))


def _with_a_yes(meeting: Meeting, name: str) -> tuple[str, Meeting]:
    """The yes that a meeting waits for, and the meeting after it."""
    if not _waits_for_me(meeting):
        return f"a yes from {name}", meeting._replace(state=State.CONFIRMED)
    which = "a" if meeting.state is State.DRAFTED else "a second"
    said = meeting._replace(state=State.ACCEPTED, overruled=True)
    return f"{which} yes to the draft with {name}", said


def _more_drafts(
    needed: int, chances: Sequence[float], learnt: Experience, further: int
) -> Iterator[Raise]:
    """As many more drafts as the goal needs to be within reach, but one at least."""
    number = max(1, needed - len(chances))
    if number > further:
        return
    sent = learnt.agreed.value * learnt.held.value
    drafted = learnt.accepted.value * sent
    for each, one, several in (
        (sent, "one more accepted draft", f"{number} more accepted drafts"),
        (drafted, "one more draft", f"{number} more drafts"),
    ):
        chance = chance_of_at_least(needed, [*chances, *[each] * number])
        yield Raise(one if number == 1 else several, chance)


def _chances(people: Ahead, learnt: Experience) -> list[float]:
    return [_one_at_least(ways, learnt) for ways in people.values()]


def _one_at_least(ways: Iterable[Meeting | Found], learnt: Experience) -> float:
    return 1 - prod(1 - chance_of(way, learnt) for way in ways)
