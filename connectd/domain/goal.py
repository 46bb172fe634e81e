"""How many different people were met, are scheduled and are still needed, month by month."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.found import Found
from connectd.domain.model import Encounter, Goal, Meeting, Month, State
from connectd.domain.spans import local_day


class Standing(NamedTuple):
    """One local calendar month against the goal; ``people`` are the ids of those met."""

    month: Month
    goal: int
    people: tuple[str, ...]
    scheduled: tuple[str, ...]
    open_drafts: int

    @property
    def met(self) -> int:
        """How many different people were met."""
        return len(self.people)

    @property
    def needed(self) -> int:
        """How many more different people the goal asks for, beside those scheduled."""
        return max(0, self.goal - len(self.people) - len(self.scheduled))


class Ledger(NamedTuple):
    """The dated facts that the goal is counted from."""

    goal: Goal
    zone: ZoneInfo
    today: date
    encounters: tuple[Encounter, ...]
    meetings: tuple[Meeting, ...]
    found: tuple[Found, ...]

    def standing(self, month: Month) -> Standing:
        """Count one month; the same person twice in it counts once.

        A person met in the month is not counted as scheduled in it again, and each of two people
        in one meeting is; a draft for two is one draft. A month outside the goal has a goal of 0.
        """
        met = _distinct(e.contact for e in self.encounters if Month.of(e.on) == month)
        ahead = tuple(self.ahead(month))
        scheduled = _distinct(
            person
            for one in ahead
            if not _is_draft(one)
            for person in one.people
            if person not in met
        )
        wanted = self.goal.people_per_month if self.goal.covers(month) else 0
        return Standing(month, wanted, met, scheduled, sum(map(_is_draft, ahead)))

    def ahead(self, month: Month) -> Iterator[Meeting | Found]:
        """The open meetings of the month, and those found in the calendar from today on."""
        for meeting in self.meetings:
            if meeting.is_open and Month.of(self.day_of(meeting)) == month:
                yield meeting
        for found in self.found:
            day = self.day_of(found)
            if day >= self.today and Month.of(day) == month:
                yield found

    def day_of(self, intended: Meeting | Found) -> date:
        """The local day on which it starts."""
        return local_day(intended.span.start, self.zone)


def _is_draft(intended: Meeting | Found) -> bool:
    return isinstance(intended, Meeting) and intended.state is State.DRAFTED


def _distinct(contacts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(contacts))


def months_between(first: date, last: date) -> tuple[Month, ...]:
    """Every month that holds one of the days ``first`` to ``last``, both included."""
    months = [Month.of(first)]
    while months[-1] < Month.of(last):
        months.append(months[-1].plus(1))
    return tuple(months)
