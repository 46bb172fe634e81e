"""A bound: what somebody could reach who knows every answer in advance.

Per month, as many different people as the goal asks for are matched with days. A person fits a
day if on some half of it they would agree, would not call it off and would come, and if a
meeting fits there beside all that stands in the calendar whatever one does: what is known from
the start, with the buffer, and the last-minute events that give way to nobody.

The bound can only be too optimistic: the user agrees to everything, answers are instant, other
events go elsewhere and take no time there, and neither intervals, notice, weekly caps, nor
what was asked before stand in the way. Those a real plan has to respect.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from connectd.domain.model import Month, Span
from connectd.domain.spans import merge, subtract
from simulation import answers
from simulation.world import World

_INSTANT = timedelta(minutes=1)


def possible_people(world: World) -> dict[Month, int]:
    """How many of the people that the goal asks for could be met, month by month."""
    possible = places(world)
    return {
        month: _matched(world, [span for span in possible if _month(world, span) == month])
        for month in world.months
    }


def places(world: World) -> list[Span]:
    """One time on every half-day that has room for a meeting, in order."""
    rules = world.policy.rules
    start = world.whole.start
    standing = [a.event.span for a in world.calendar.appearances if a.known_at <= start]
    insisting = [
        a.event.span for a in world.calendar.appearances if a.known_at > start and not a.gives_way
    ]
    margin = timedelta(minutes=rules.buffer_minutes)
    free = subtract(subtract(world.working, merge(standing, margin=margin)), merge(insisting))
    length = timedelta(minutes=rules.minutes)
    first = {
        world.half_day(gap.start): Span(gap.start, gap.start + length)
        for gap in reversed(free)
        if gap.length >= length
    }
    return sorted(first.values())


def _month(world: World, span: Span) -> Month:
    return Month.of(world.half_day(span.start)[0])


def _matched(world: World, possible: Iterable[Span]) -> int:
    """A maximum matching of people to days by augmenting paths, up to the goal."""
    by_day: dict[date, list[Span]] = {}
    for span in possible:
        by_day.setdefault(world.half_day(span.start)[0], []).append(span)
    holder: dict[date, str] = {}

    def places_for(name: str, tried: set[date]) -> bool:
        for day, spans in by_day.items():
            if day in tried or not any(would_meet(world, name, span) for span in spans):
                continue
            tried.add(day)
            if day not in holder or places_for(holder[day], tried):
                holder[day] = name
                return True
        return False

    for name in world.people:
        if len(holder) < world.policy.goal.people_per_month:
            places_for(name, set())
    return len(holder)


def would_meet(world: World, name: str, span: Span) -> bool:
    """Whether the contact would agree to a meeting then, keep to it, and come."""
    answer = answers.of_contact(world, name, span, span.start - _INSTANT)
    return answer is not None and answer.comes
