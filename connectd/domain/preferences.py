"""Which of the possible times is the better one: preferences that are weighed, each with its words.

The unit of a weight is a point, as in the score of a person: half a point is what a person
gains in priority while half an ideal gap goes by. A day of waiting costs a twentieth.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from connectd.domain.learned import Learned
from connectd.domain.model import Kind, Month, Policy, Span
from connectd.domain.spans import Spans, clip, local_day, local_midnight, working_spans

WORTH_SAYING = 0.1
"""A preference of less weight is not named among the reasons."""

_DAY = timedelta(days=1)
_PER_DAY_OF_WAITING = 0.05
_HURRIED_DAYS = 14
"""So near to its end a month has no days to lose, and waiting costs up to so many times more."""
_HURRY = 4.0
_ODD_MINUTE = 0.1
_HALF_HOUR = 30
_CLOSE = {0: 0.5, 1: 0.3, 2: 0.15}
"""What it costs to lie so many days from another meeting of this kind."""
_FULL_FROM, _FULL = 0.5, 0.8
_SQUEEZED = 0.3
_LATE_FRIDAY, _FRIDAY, _FROM = 0.3, 4, time(15)
_LEARNED = 3.0
"""What a yes that is certain is worth, against one that is never given."""
_SOME_ANSWERS = 3
_ANSWERED_IN_TIME = 1.5

_GOOD_HOURS: dict[Kind, tuple[tuple[time, time, float], ...]] = {
    Kind.COFFEE: ((time(9), time(11, 30), 0.25), (time(14, 30), time(16, 30), 0.12)),
    Kind.LUNCH: ((time(11, 30), time(14), 0.5),),
    Kind.WALK: ((time(9), time(16), 0.5),),
}
"""When to meet for what, by the local clock, and what it is worth; a walk wants daylight, which
these hours have all year almost everywhere."""
_PRAISE = {
    Kind.COFFEE: "a good time for coffee",
    Kind.LUNCH: "lunch time",
    Kind.WALK: "there is daylight for a walk",
}
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


class Weighed(NamedTuple):
    """What one preference gives a time (points, may be negative), and its words."""

    points: float
    words: str


class Preferences:
    """The preferences of one user at one moment, against what their calendar holds.

    ``taken`` is the merged time that cannot be used, ``standing`` are the local days of the
    meetings that stand. ``lapse`` is how long before its start a draft lapses.
    """

    def __init__(
        self,
        now: datetime,
        policy: Policy,
        taken: Spans,
        standing: Iterable[date],
        learned: Learned,
    ) -> None:
        self._now = now
        self._policy = policy
        self._taken = taken
        self._starts = [span.start for span in taken]
        self._ends = [span.end for span in taken]
        self._standing = sorted(set(standing))
        self._learned = learned
        self._lapse = timedelta(hours=policy.rules.expires_hours)
        self._tight = timedelta(minutes=policy.rules.buffer_minutes + 15)
        self._month_end = _end_of_month(now, policy)
        days_left = (self._month_end - now) / _DAY
        hurry = 1 + (_HURRY - 1) * max(0.0, 1 - days_left / _HURRIED_DAYS)
        self._price = _PER_DAY_OF_WAITING * hurry
        self._days: dict[date, float] = {}

    def of_time(self, span: Span) -> float:
        """What a time is worth whatever people do there, in points."""
        local = span.start.astimezone(self._policy.zone)
        return (
            self._waiting(span)
            - (_ODD_MINUTE if local.minute % _HALF_HOUR else 0.0)
            + self._of_day(local.date())
            + self._squeezed(span)
            + _late_friday(local)
            + self._of_hour(local.hour)
            + self._answered_in_time(span)
        )

    def of_kind(self, kind: Kind, span: Span) -> float:
        """What it is worth for that kind of meeting, in points."""
        local = span.start.astimezone(self._policy.zone)
        begins = local.hour * 60 + local.minute
        length = max(1, span.length // timedelta(minutes=1))
        shares = (
            worth * max(0, min(begins + length, _minute(to)) - max(begins, _minute(since)))
            for since, to, worth in _GOOD_HOURS.get(kind, ())
        )
        return sum(shares) / length

    def reasons(self, kind: Kind, span: Span) -> tuple[str, ...]:
        """What speaks for a time, and then what speaks against it, as far as it matters."""
        weighed = [w for w in self._weighed(kind, span) if abs(w.points) >= WORTH_SAYING]
        return tuple(w.words for w in sorted(weighed, key=lambda w: w.points < 0))

    def _weighed(self, kind: Kind, span: Span) -> Iterator[Weighed]:
        local = span.start.astimezone(self._policy.zone)
        yield Weighed(self.of_kind(kind, span), _PRAISE.get(kind, ""))
        yield from self._habits(local)
        yield Weighed(self._fullness(local.date()), "though the day is rather full")
        yield Weighed(self._squeezed(span), "though it lies between two other appointments")
        yield Weighed(_late_friday(local), "though it is late on a Friday")
        yield Weighed(self._answered_in_time(span), "though it leaves little time to answer")

    def _habits(self, local: datetime) -> Iterator[Weighed]:
        """What was learned of the weekday and the hour, where it rests on some answers."""
        weekday, hour = self._likes_weekday(local.weekday()), self._of_hour(local.hour)
        if self._learned.asked_on(local.weekday()) >= _SOME_ANSWERS:
            yield Weighed(weekday, _liking(weekday, _WEEKDAYS[local.weekday()]))
        if self._learned.asked_at(local.hour) >= _SOME_ANSWERS:
            yield Weighed(hour, _liking(hour, f"drafts around {local.hour}:00"))

    def _waiting(self, span: Span) -> float:
        """Sooner is better, above all when the month is about to end."""
        days = (span.start - self._now) / _DAY
        return -days * (self._price if span.start < self._month_end else _PER_DAY_OF_WAITING)

    def _of_day(self, day: date) -> float:
        if day not in self._days:
            liking = self._likes_weekday(day.weekday())
            self._days[day] = self._closeness(day) + self._fullness(day) + liking
        return self._days[day]

    def _closeness(self, day: date) -> float:
        """Meetings are spread out; the nearest one that stands counts."""
        index = bisect_left(self._standing, day)
        near = self._standing[max(0, index - 1) : index + 1]
        return -max((_CLOSE.get(abs((other - day).days), 0.0) for other in near), default=0.0)

    def _fullness(self, day: date) -> float:
        return -_FULL * max(0.0, self._load(day) - _FULL_FROM)

    def _load(self, day: date) -> float:
        """The share of the day's working hours that is taken."""
        zone = self._policy.zone
        whole = Span(local_midnight(day, zone), local_midnight(day + _DAY, zone))
        hours = working_spans(whole, self._policy.hours, zone)
        first = bisect_right(self._ends, whole.start)
        last = bisect_left(self._starts, whole.end)
        taken = [part.length for span in self._taken[first:last] for part in clip(hours, span)]
        total = sum((span.length for span in hours), timedelta())
        return sum(taken, timedelta()) / total if total else 0.0

    def _squeezed(self, span: Span) -> float:
        """Something else ends just before, and something else begins just after."""
        before = bisect_right(self._ends, span.start)
        after = bisect_left(self._starts, span.end)
        if not before or after == len(self._starts):
            return 0.0
        gap_before, gap_after = span.start - self._ends[before - 1], self._starts[after] - span.end
        return -_SQUEEZED if gap_before <= self._tight and gap_after <= self._tight else 0.0

    def _likes_weekday(self, weekday: int) -> float:
        likes = self._learned.likes_weekday(weekday) if self._policy.rules.learn else 0.0
        return _LEARNED * likes

    def _of_hour(self, hour: int) -> float:
        likes = self._learned.likes_hour(hour) if self._policy.rules.learn else 0.0
        return _LEARNED * likes

    def _answered_in_time(self, span: Span) -> float:
        if not self._policy.rules.learn:
            return 0.0
        ahead = span.start - self._now
        life = ahead - min(self._lapse, ahead / 2)
        return _ANSWERED_IN_TIME * (self._learned.in_time(life) - 1)


def closeness(days: Sequence[date]) -> float:
    """What it costs that several new meetings lie so close to one another."""
    return sum(
        _CLOSE.get(abs((day - other).days), 0.0)
        for number, day in enumerate(days)
        for other in days[:number]
    )


def _late_friday(local: datetime) -> float:
    return -_LATE_FRIDAY if local.weekday() == _FRIDAY and local.time() >= _FROM else 0.0


def _liking(points: float, what: str) -> str:
    return f"you often say yes to {what}" if points > 0 else f"though you often say no to {what}"


def _end_of_month(now: datetime, policy: Policy) -> datetime:
    following = Month.of(local_day(now, policy.zone)).plus(1)
    return local_midnight(date(following.year, following.number, 1), policy.zone)


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute
