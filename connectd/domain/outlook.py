"""The chance of reaching a month's goal with what stands in it, and what would raise it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import prod
from typing import NamedTuple

from connectd.domain.chance import chance_of_at_least
from connectd.domain.experience import Experience
from connectd.domain.found import Found
from connectd.domain.goal import Ledger
from connectd.domain.model import Meeting, Month, State

_MOST_RAISES = 3

Openings = Mapping[str, Sequence["Opening"]]
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


class Opening(NamedTuple):
    """One way to meet somebody: its chance, and the chance after the yes that it waits for.

    ``waits_for`` names that yes, with a place for the name; it is empty where nothing is asked.
    """

    chance: float
    after: float
    waits_for: str = ""


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
    people = openings(ledger, month, learnt)
    chance = month_chance(ledger, month, learnt)
    helps = [
        *_one_yes(needed, people, names),
        *_more_drafts(needed, _chances(people), learnt, further),
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
    return chance_of_at_least(standing.goal - standing.met, chances_ahead(ledger, month, learnt))


def chances_ahead(ledger: Ledger, month: Month, learnt: Experience) -> list[float]:
    """For each person with whom something stands in the month, the chance that they meet."""
    return _chances(openings(ledger, month, learnt))


def openings(ledger: Ledger, month: Month, learnt: Experience) -> Openings:
    """What stands in the month with those who were not met in it."""
    met = ledger.standing(month).people
    people: dict[str, list[Opening]] = {}
    for intended in ledger.ahead(month):
        if intended.contact not in met:
            people.setdefault(intended.contact, []).append(_opening(intended, learnt))
    return people


def _opening(intended: Meeting | Found, learnt: Experience) -> Opening:
    held = learnt.held.value
    if isinstance(intended, Found) or intended.state is State.CONFIRMED:
        return Opening(held, held)
    sent = learnt.agreed_by(intended.contact) * held
    if intended.state is State.DRAFTED:
        return Opening(learnt.accepted.value * sent, sent, "a yes to the draft with {}")
    if intended.state is State.ACCEPTED and intended.is_contested:
        return Opening(learnt.accepted.value * sent, sent, "a second yes to the draft with {}")
    return Opening(sent, held, "a yes from {}")


def _one_yes(needed: int, people: Openings, names: Mapping[str, str]) -> Iterator[Raise]:
    for contact, ways in people.items():
        others = _chances({who: theirs for who, theirs in people.items() if who != contact})
        for way in ways:
            if way.waits_for:
                with_yes = [w._replace(chance=w.after) if w is way else w for w in ways]
                chance = chance_of_at_least(needed, [*others, _one_at_least(with_yes)])
                yield Raise(way.waits_for.format(names.get(contact, contact)), chance)


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


def _chances(people: Openings) -> list[float]:
    return [_one_at_least(ways) for ways in people.values()]


def _one_at_least(ways: Iterable[Opening]) -> float:
    return 1 - prod(1 - way.chance for way in ways)
