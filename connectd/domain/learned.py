"""What earlier answers teach about time: which weekdays and hours suit, how long answers take."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.model import Meeting, State

REMEMBERED = timedelta(days=365)
"""Habits change: what was answered longer ago teaches nothing."""

_WEIGHT = 4.0
"""How many answers the share of all drafts is worth where a weekday or an hour has few."""
_NEARNESS = {0: 1.0, 1: 0.5, 2: 0.25}
"""How much an answer says about an hour so many hours away."""
_PATIENCE = 3.0
"""How many drafts the first guess is worth that each is answered in good time."""


class Liking(NamedTuple):
    """How drafts for a weekday, or around an hour, were answered: so many yes, of so many.

    Neighbouring hours count in part, so the numbers need not be whole.
    """

    yes: float
    asked: float


class Learned(NamedTuple):
    """Answers by weekday (Monday = 0) and by local hour, and how long drafts waited for one.

    ``answered`` are the times that answers took, ``ignored`` those that drafts stood in vain,
    the shortest first.
    """

    weekdays: Mapping[int, Liking] = MappingProxyType({})
    hours: Mapping[int, Liking] = MappingProxyType({})
    overall: Liking = Liking(0, 0)
    answered: tuple[timedelta, ...] = ()
    ignored: tuple[timedelta, ...] = ()

    def likes_weekday(self, weekday: int) -> float:
        """How much likelier than usual a yes is on that weekday, from -1 to 1, mostly near 0."""
        return self._beyond_usual(self.weekdays.get(weekday))

    def likes_hour(self, hour: int) -> float:
        """How much likelier than usual a yes is at that hour, likewise.

        Weekday and hour are looked at apart, since there are few answers for each.
        """
        return self._beyond_usual(self.hours.get(hour))

    def asked_on(self, weekday: int) -> float:
        """How many answers there are for that weekday."""
        return self.weekdays[weekday].asked if weekday in self.weekdays else 0.0

    def asked_at(self, hour: int) -> float:
        """How many answers there are for about that hour."""
        return self.hours[hour].asked if hour in self.hours else 0.0

    def in_time(self, life: timedelta) -> float:
        """The share of drafts that are answered within ``life``, 1.0 before anything is known."""
        within = bisect_right(self.answered, life)
        too_late = len(self.answered) - within
        in_vain = len(self.ignored) - bisect_left(self.ignored, life)
        return (_PATIENCE + within) / (_PATIENCE + within + too_late + in_vain)

    def _beyond_usual(self, liking: Liking | None) -> float:
        if liking is None or not self.overall.asked:
            return 0.0
        usual = self.overall.yes / self.overall.asked
        return (liking.yes + usual * _WEIGHT) / (liking.asked + _WEIGHT) - usual


def learn(meetings: Iterable[Meeting], zone: ZoneInfo, now: datetime) -> Learned:
    """What the user's answers to earlier drafts teach.

    A yes speaks for the weekday and the hour it was given to, a no against them; a draft that
    the user moved speaks against the time it was offered for, and with a yes for the new one.
    """
    recent = [m for m in meetings if m.drafted_at and now - m.drafted_at <= REMEMBERED]
    told = [(start.astimezone(zone), yes) for meeting in recent for start, yes in _told(meeting)]
    days: dict[tuple[int, bool], float] = {}
    hours: dict[tuple[int, bool], float] = {}
    for local, yes in told:
        days[local.weekday(), yes] = days.get((local.weekday(), yes), 0.0) + 1.0
        for hour, says in _around(local.hour):
            hours[hour, yes] = hours.get((hour, yes), 0.0) + says
    return Learned(
        weekdays=_likings(days, range(7)),
        hours=_likings(hours, range(24)),
        overall=Liking(sum(yes for _, yes in told), len(told)),
        answered=tuple(sorted(m.accepted_at - m.drafted_at for m in recent if m.accepted_at)),  # type: ignore[operator] # recent ones have it
        ignored=tuple(sorted(m.ended_at - m.drafted_at for m in recent if _was_ignored(m))),  # type: ignore[operator] # as above
    )


def _around(hour: int) -> Iterator[tuple[int, float]]:
    """The hours that an answer for one of them says something about, each with how much."""
    for away, says in _NEARNESS.items():
        for near in {hour - away, hour + away}:
            yield near, says


def _likings(told: Mapping[tuple[int, bool], float], keys: Iterable[int]) -> dict[int, Liking]:
    """The answers of each weekday or hour."""
    return {
        key: Liking(yes := told.get((key, True), 0.0), yes + told.get((key, False), 0.0))
        for key in keys
    }


def _told(meeting: Meeting) -> Iterator[tuple[datetime, bool]]:
    """The starts that the user answered, each with whether it was a yes."""
    if meeting.moved_from:
        yield meeting.moved_from, False
    if meeting.state is State.DECLINED:
        yield meeting.span.start, False
    elif meeting.accepted_at:
        yield meeting.span.start, True


def _was_ignored(meeting: Meeting) -> bool:
    return (
        meeting.state is State.EXPIRED
        and meeting.accepted_at is None
        and meeting.ended_at is not None
    )
