"""The user's calendar: vacations, recurring meetings, single ones, and last-minute ones.

Everything is drawn in advance, with the moment at which it becomes known. All figures here
are choices; only the load of 30 to 85 % is given.

- Vacations: none in one of ten half-years, two in two of ten; of one or two weeks, known four
  to twelve weeks before, all-day.
- Recurring meetings take 35 to 65 % of the rest of the load: weekly, a fifth of them
  fortnightly, known from the start.
- Last-minute meetings take 5 to 15 % of it, known 1 to 72 hours before. Half of them insist:
  they come although a meeting with a contact stands there.
- Single meetings take what is left, known about a week before (log-normal, a day and a half to
  45 days). Whoever makes one looks at the calendar first: where a meeting with a contact
  stands, it is held at the next free time instead.
- A meeting takes 30 minutes (40 %), 60 (45 %), 90 (10 %) or 120 (5 %).
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from connectd.domain.model import Span
from connectd.domain.spans import local_midnight
from connectd.domain.view import Event

LEAST_LOAD, MOST_LOAD = 0.30, 0.85

_HALF_HOUR = timedelta(minutes=30)
_MORNING = [time(9 + half // 2, 30 * (half % 2)) for half in range(6)]
_AFTERNOON = [time(13 + half // 2, 30 * (half % 2)) for half in range(8)]
_HALF_DAYS = (range(len(_MORNING)), range(len(_MORNING), len(_MORNING) + len(_AFTERNOON)))
_STARTS = (*_MORNING, *_AFTERNOON)
_LENGTHS = ((1, 2, 3, 4), (40, 45, 10, 5))
_TRIES = 60
_MARGIN = 0.01
"""Kept from both ends of the range of loads, since the last meeting overshoots the target."""

_Cell = tuple[date, int]


@dataclass(frozen=True, slots=True)
class Appearance:
    """An event, when it becomes known, and whether it gives way to a meeting with a contact."""

    event: Event
    known_at: datetime
    gives_way: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """All that will ever stand in it, and the share of the working time that it takes."""

    appearances: tuple[Appearance, ...]
    load: float


def drawn_calendar(random: Random, days: list[date], zone: ZoneInfo) -> Calendar:
    """A calendar for ``days`` (in order, of which Monday to Friday are worked)."""
    return _Drawing(random, days, zone).calendar()


class _Drawing:
    """The half hours of the working days while they are filled, up to the load drawn."""

    def __init__(self, random: Random, days: list[date], zone: ZoneInfo) -> None:
        self._random = random
        self._zone = zone
        self._start = local_midnight(days[0], zone)
        self._days = [day for day in days if day.weekday() < 5]  # noqa: PLR2004  Saturday
        self._taken: set[_Cell] = set()
        self._made: list[Appearance] = []

    def calendar(self) -> Calendar:
        random = self._random
        cells = len(self._days) * len(_STARTS)
        target = random.uniform(LEAST_LOAD + _MARGIN, MOST_LOAD - _MARGIN) * cells
        self._vacations()
        rest = max(0.0, target - len(self._taken))
        recurring = len(self._taken) + rest * random.uniform(0.35, 0.65)
        late = target - rest * random.uniform(0.05, 0.15)
        while len(self._taken) < recurring and self._recurring():
            pass
        while len(self._taken) < late and self._single(late=False):
            pass
        while len(self._taken) < target and self._single(late=True):
            pass
        made = sorted(self._made, key=lambda a: (a.known_at, a.event.span, a.event.uid))
        return Calendar(tuple(made), len(self._taken) / cells)

    def _vacations(self) -> None:
        mondays = [day for day in self._days if day.weekday() == 0]
        for _ in range(self._random.choices((0, 1, 2), (1, 7, 2))[0]):
            first = self._random.choice(mondays)
            weeks = self._random.choice((1, 2))
            known = timedelta(days=self._random.uniform(28, 84))
            after = first + timedelta(weeks=weeks)
            gone = [day for day in self._days if first <= day < after]
            self._taken.update((day, half) for day in gone for half in range(len(_STARTS)))
            span = Span(local_midnight(first, self._zone), local_midnight(after, self._zone))
            self._add(span, "vacation", span.start - known, all_day=True)

    def _recurring(self) -> bool:
        """One more series, False where none fits."""
        for _ in range(_TRIES):
            weekday = self._random.randrange(5)
            every = self._random.choices((1, 2), (4, 1))[0]
            phase = self._random.randrange(every)
            halves = self._place()
            on = [d for d in self._days if d.weekday() == weekday][phase::every]
            on = [day for day in on if not self._away(day)]
            if any((day, half) in self._taken for day in on for half in halves):
                continue
            for day in on:
                self._take(day, halves, "every week" if every == 1 else "every second week")
            return True
        return False

    def _single(self, *, late: bool) -> bool:
        """One more meeting, False where the days are full."""
        for attempt in range(20 * _TRIES):
            day = self._random.choice(self._days)
            halves = self._place(only_short=attempt >= _TRIES)
            if self._away(day) or any((day, half) in self._taken for half in halves):
                continue
            if late:
                ahead = timedelta(hours=self._random.uniform(1, 72))
                gives_way = self._random.random() < 0.5  # noqa: PLR2004  half of them
                self._take(day, halves, "last minute", ahead, gives_way=gives_way)
            else:
                days = min(45.0, max(1.5, self._random.lognormvariate(1.95, 0.8)))
                self._take(day, halves, "meeting", timedelta(days=days), gives_way=True)
            return True
        return False

    def _place(self, *, only_short: bool = False) -> range:
        """Half hours of one half-day."""
        length = 1 if only_short else self._random.choices(*_LENGTHS)[0]
        whole = self._random.choices(_HALF_DAYS, [len(half) for half in _HALF_DAYS])[0]
        first = self._random.randrange(whole.start, whole.stop - length + 1)
        return range(first, first + length)

    def _away(self, day: date) -> bool:
        return all((day, half) in self._taken for half in range(len(_STARTS)))

    def _take(
        self,
        day: date,
        halves: range,
        title: str,
        ahead: timedelta | None = None,
        *,
        gives_way: bool = False,
    ) -> None:
        self._taken.update((day, half) for half in halves)
        start = datetime.combine(day, _STARTS[halves[0]], self._zone).astimezone(UTC)
        span = Span(start, start + len(halves) * _HALF_HOUR)
        known = self._start if ahead is None else start - ahead
        self._add(span, title, known, gives_way=gives_way)

    def _add(
        self,
        span: Span,
        title: str,
        known: datetime,
        *,
        all_day: bool = False,
        gives_way: bool = False,
    ) -> None:
        uid = f"event-{len(self._made)}"
        event = Event("work", f"/work/{uid}.ics", uid, title, span, all_day=all_day)
        known = max(known, self._start)
        self._made.append(Appearance(event, known, gives_way and known > self._start))
