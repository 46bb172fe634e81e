"""Times on a wall in one of several possible zones, once or every day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo

from connectd.domain.model import Span
from connectd.formats.time_values import DAY, NOTHING, shifted, to_utc, to_wall
from connectd.formats.zones import EASTERNMOST, WESTERNMOST

_FARTHEST = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class WallTime:
    """A start on the wall and how long it lasts, in any of some zones; in none: anywhere.

    It lasts ``by_wall`` on the wall's clock and ``exact`` on a stopwatch, whichever ends
    later; the two differ when the clocks change in between. ``travel`` comes before it.
    """

    start: datetime
    zones: tuple[tzinfo, ...]
    by_wall: timedelta
    exact: timedelta = NOTHING
    travel: timedelta = NOTHING

    @classmethod
    def whole_day(cls, of: datetime, zones: tuple[tzinfo, ...]) -> "WallTime":
        """From midnight to midnight."""
        return cls(datetime.combine(of.date(), time()), zones, DAY)

    @property
    def longest(self) -> timedelta:
        """How long it takes at most, the way there included."""
        return max(self.by_wall, self.exact) + self.travel

    def on(self, day: datetime) -> "WallTime":
        """The same time of another day."""
        return replace(self, start=datetime.combine(day.date(), self.start.time()))

    def all_day_long(self) -> "WallTime":
        """Any time of that day, for something that takes time at all."""
        if self.longest == NOTHING:
            return self
        midnight = datetime.combine(self.start.date(), time())
        return replace(self, start=midnight, by_wall=DAY + self.by_wall, exact=DAY + self.exact)

    def span(self) -> Span:
        """From the earliest moment that it may begin to the latest that it may end."""
        begins = [to_utc(self.start, zone) for zone in self._zones]
        ends = [to_utc(shifted(self.start, self.by_wall), zone) for zone in self._zones]
        end = max(*ends, shifted(max(begins), self.exact))
        return Span(shifted(min(begins), -self.travel), max(end, *begins))

    @property
    def _zones(self) -> tuple[tzinfo, ...]:
        return self.zones or (EASTERNMOST, WESTERNMOST)


@dataclass(frozen=True, slots=True)
class Life:
    """The same times of day on every day; after ``last`` by the clock there is surely none."""

    times: tuple[WallTime, ...]
    last: datetime | None

    def spans(self, window: Span) -> Iterator[Span]:
        """Everything of it that can reach into the window, and little more."""
        horizon = shifted(to_wall(window.end, UTC), _FARTHEST)
        last = min(self.last, horizon) if self.last else horizon
        for each in self.times:
            reach = shifted(to_wall(window.start, UTC), -each.longest - _FARTHEST)
            first = each.on(max(reach, each.start))
            days = (last - first.start) // DAY + 1
            if days > 0 and each.longest >= DAY:
                yield Span(first.span().start, each.on(first.start + (days - 1) * DAY).span().end)
            else:
                yield from (each.on(first.start + day * DAY).span() for day in range(days))
