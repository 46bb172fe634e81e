"""The times that each person could be given, and what they are worth."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.caps import Caps, week_of
from connectd.domain.model import Contact, Kind, Month, Policy, Span
from connectd.domain.placing import Slot
from connectd.domain.preferences import Preferences
from connectd.domain.ranking import Due
from connectd.domain.slots import buffer, in_waking_hours, slots
from connectd.domain.spans import Spans, local_day, local_midnight

LONGER = timedelta(minutes=15)
"""What people who have not met for very long get on top: they have more to tell."""

_LONGER = 0.15
_LATER_MONTH = 10.0
"""What it costs to leave a place in an earlier month empty; no preference outweighs it."""
_DAY = timedelta(days=1)


class Profile(NamedTuple):
    """What decides about the times of several people alike.

    ``zones`` are those in which somebody lives who must be awake, but for the user's own.
    """

    kind: Kind
    zones: tuple[ZoneInfo, ...]
    longer: bool


class Person(NamedTuple):
    """Somebody due, and what rules out times for them alone.

    ``earliest`` is the first day for them. ``barred`` are the months that have counted them
    already; ``busy`` are arbitrary spans in which they cannot come, or said no to.
    """

    due: Due
    profile: Profile
    earliest: date
    barred: frozenset[Month] = frozenset()
    busy: tuple[Span, ...] = ()

    @property
    def is_special(self) -> bool:
        """Whether more rules out times than the first day from which on they are due."""
        return bool(self.barred or self.busy)

    def may_come(self, option: Slot) -> bool:
        """Whether nothing of their own speaks against a time."""
        return (
            option.day >= self.earliest
            and option.month not in self.barred
            and not any(option.span.overlaps(span) for span in self.busy)
        )


def person(due: Due, barred: frozenset[Month], busy: tuple[Span, ...], policy: Policy) -> Person:
    """Somebody due with what decides about their times."""
    profile = Profile(due.contact.kind, other_zones([due.contact], policy), due.is_dormant)
    return Person(due, profile, due.earliest, barred, busy)


def undominated(people: Iterable[Person], room: int, first_day: date) -> tuple[Person, ...]:
    """Those of ``people``, given in order of their score, who may be in the best choice.

    Nobody can come before ``first_day``.

    Whoever comes after ``room`` others of the same category and profile who can come at least
    as early cannot: one of these would be free, and no worse.
    """
    kept: list[Person] = []
    firsts: dict[tuple[str, Profile], list[date]] = {}
    for one in people:
        same = firsts.setdefault((one.due.contact.category, one.profile), [])
        earliest = max(one.earliest, first_day)
        if sum(first <= earliest for first in same) < room:
            kept.append(one)
            if not one.is_special:
                same.append(earliest)
    return tuple(kept)


class Times:
    """The possible times in ``free``, for everybody, on one grid."""

    def __init__(
        self,
        free: Spans,
        caps: Caps,
        months: Sequence[Month],
        preferences: Preferences,
        policy: Policy,
        grid: timedelta,
    ) -> None:
        self._free = free
        self._caps = caps
        self._months = {month: number for number, month in enumerate(months)}
        self._preferences = preferences
        self._policy = policy
        self._grid = grid
        self._plain: dict[timedelta, tuple[Slot, ...]] = {}
        self._by_profile: dict[Profile, tuple[Slot, ...]] = {}
        self._last_days: dict[Profile, date] = {}
        self._shared: dict[tuple[Profile, date], tuple[Slot, ...]] = {}
        self._first_day = local_day(free[0].start, policy.zone) if free else date.min
        self._near_midnight: set[Span] = set()
        self._edges: dict[date, tuple[datetime, datetime]] = {}

    def options(self, one: Person) -> tuple[Slot, ...]:
        """The times of one person, the best first.

        Of a day that takes one more meeting only the best time is kept, and those so near to
        midnight that they have a say in what the next day takes.
        """
        if one.is_special:
            return tuple(self._worth_trying(filter(one.may_come, self._of(one.profile))))
        key = (one.profile, max(one.earliest, self._first_day))
        if key not in self._shared:
            allowed = filter(one.may_come, self._of(one.profile))
            self._shared[key] = tuple(self._worth_trying(allowed))
        return self._shared[key]

    def has_any(self, one: Person) -> bool:
        """Whether there is a time for the person at all."""
        if one.is_special:
            return any(map(one.may_come, self._of(one.profile)))
        if one.profile not in self._last_days:
            days = (option.day for option in self._of(one.profile))
            self._last_days[one.profile] = max(days, default=date.min)
        return one.earliest <= self._last_days[one.profile]

    def _of(self, profile: Profile) -> tuple[Slot, ...]:
        if profile not in self._by_profile:
            length = timedelta(minutes=self._policy.rules.minutes)
            options = list(self._for(profile, self._of_length(length), 0.0))
            if profile.longer:
                options += self._for(profile, self._of_length(length + LONGER), _LONGER)
            options.sort(key=lambda option: (-option.worth, option.span))
            self._by_profile[profile] = tuple(options)
        return self._by_profile[profile]

    def _for(self, profile: Profile, plain: Iterable[Slot], extra: float) -> Iterator[Slot]:
        for option in plain:
            if all(in_waking_hours(option.span, zone) for zone in profile.zones):
                kind = self._preferences.of_kind(profile.kind, option.span)
                yield option._replace(worth=option.worth + kind + extra)

    def _of_length(self, length: timedelta) -> tuple[Slot, ...]:
        if length not in self._plain:
            self._plain[length] = tuple(self._allowed(length))
        return self._plain[length]

    def _allowed(self, length: timedelta) -> Iterator[Slot]:
        """The times that the caps and the months take, with what each is worth to anybody."""
        for span in slots(self._free, length, self._grid):
            day = local_day(span.start, self._policy.zone)
            week, month = week_of(day), Month.of(day)
            if month in self._months and self._caps.left_on(day) and self._caps.left_in(week):
                worth = self._preferences.of_time(span) - _LATER_MONTH * self._months[month]
                if self._is_near_midnight(span, day):
                    self._near_midnight.add(span)
                yield Slot(span, day, week, month, worth)

    def _worth_trying(self, options: Iterable[Slot]) -> Iterator[Slot]:
        full: set[date] = set()
        near_midnight = self._near_midnight
        for option in options:
            if option.day not in full or (near_midnight and option.span in near_midnight):
                yield option
                if self._caps.left_on(option.day) == 1:
                    full.add(option.day)

    def _is_near_midnight(self, span: Span, day: date) -> bool:
        rules = self._policy.rules
        margin = buffer(rules) + timedelta(minutes=rules.minutes) + LONGER
        if day not in self._edges:
            zone = self._policy.zone
            begins, ends = local_midnight(day, zone), local_midnight(day + _DAY, zone)
            self._edges[day] = (begins + margin, ends - margin)
        first, last = self._edges[day]
        return span.start < first or span.end > last


def other_zones(people: Iterable[Contact], policy: Policy) -> tuple[ZoneInfo, ...]:
    """Where people live, as far as these are other zones than the user's."""
    names = dict.fromkeys(person.timezone for person in people)
    return tuple(ZoneInfo(name) for name in names if name and name != policy.zone.key)
