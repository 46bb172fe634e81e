"""The seeded worlds: a user with a goal and a calendar, and the people on the list.

Where the figures come from, beside those of the calendar (see ``calendars``). None of them is
measured on users of connectd; they are choices, made before any result was seen.

- Three different people a month, and every rule of meetings as configured by default.
- 10 to 60 contacts, evenly drawn, in three categories. Five per cent were never met, ten per
  cent not for two to five times their interval, the others up to twice their interval ago.
- Intervals: no study fixes any, so they are the user's choice. Somebody who wants three people
  a month and writes down intervals writes down such as add up to about that: to 1 to 2.5 times
  the goal, evenly drawn. The categories' intervals are as 1 : 2 : 3, the longest gap is twice
  the ideal one, and 15 % of the contacts have one of their own, half or double. `every` gives
  all contacts the same interval instead.
- Contacts agree with a chance of their own: Beta distributed, with the means 0.80, 0.75 and
  0.70 by category (a standard deviation of about 0.16). They answer after about 8 hours, each
  at their own pace (log-normal, 12 minutes to 10 days), to 5 % of the invitations never, and
  call off 5 to 8 % of what they agreed to; 3 to 7 % they miss without a word.
- The user declines 15 % of the drafts in the mean (Beta, 0.07 standard deviation), 1.9 times as
  many on one disliked weekday and on two half-days more, and fewer at the other times.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from connectd.domain.model import Cadence, Contact, Goal, Hours, Month, Policy, Span
from connectd.domain.spans import Spans, local_midnight, working_spans
from simulation.calendars import Calendar, drawn_calendar
from simulation.chances import Chances

PEOPLE_PER_MONTH = 3
_ZONES = (
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
)
_AGREE = {"results": 0.80, "organization": 0.75, "business": 0.70}
_RATIOS = {"results": 1, "organization": 2, "business": 3}
_HOURS: Hours = dict.fromkeys(range(5), ((time(9), time(12)), (time(13), time(17))))
_DAYS_A_MONTH = 30.44
_DISLIKED = 1.9
_CELLS = 10

HalfDay = tuple[int, bool]
"""A weekday (Monday = 0), and whether its morning is meant."""


class Setting(NamedTuple):
    """What may be asked for beside seed and number.

    ``p`` is the share of reminders followed, ``repeat_days`` the days until one that came to
    nothing comes again (None: as many as the contact's interval has), ``every`` the interval
    that all contacts get instead of those drawn.
    """

    months: int = 6
    p: float = 0.3
    every: int | None = None
    repeat_days: int | None = 7


@dataclass(frozen=True, slots=True)
class Person:
    """A contact, and how they are: chances, and the usual hours until they answer."""

    contact: Contact
    agrees: float
    silent: float
    reply_hours: float
    cancels: float
    stays_away: float
    last_met: date | None
    interval: int


@dataclass(frozen=True, slots=True)
class User:
    """How the user is: the chance of a no at any time, and the times disliked."""

    declines: float
    disliked: frozenset[HalfDay]

    def declines_at(self, half_day: HalfDay) -> float:
        """The chance of a no to a draft at such a time; ``declines`` in the mean of the week."""
        count = len(self.disliked)
        others = (_CELLS - count * _DISLIKED) / (_CELLS - count)
        return self.declines * (_DISLIKED if half_day in self.disliked else others)


@dataclass(frozen=True, slots=True)
class World:
    """One user with everything that will happen, as far as no planner has a hand in it."""

    setting: Setting
    installation: str
    policy: Policy
    whole: Span
    working: Spans
    calendar: Calendar
    people: dict[str, Person]
    user: User
    chances: Chances

    @property
    def months(self) -> tuple[Month, ...]:
        """The months that lie whole inside."""
        return self.policy.goal.all_months()

    def half_day(self, moment: datetime) -> tuple[date, HalfDay]:
        """The local day of ``moment``, and what half of what weekday it lies in."""
        local = moment.astimezone(self.policy.zone)
        day = local.date()
        return day, (day.weekday(), local.hour < 12)  # noqa: PLR2004  noon


def world(seed: int, number: int, setting: Setting) -> World:
    """The world with this number; the same arguments always give the same one."""
    name = f"{seed}/{number}"
    random = Random(name)  # noqa: S311  a repeatable world is no secret
    zone = ZoneInfo(random.choice(_ZONES))
    first = Month(2025, 1).plus(random.randrange(36))
    goal = Goal(PEOPLE_PER_MONTH, setting.months, first)
    start = date(first.year, first.number, 1)
    after = first.plus(setting.months)
    days = (date(after.year, after.number, 1) - start).days
    calendar = drawn_calendar(random, [start + timedelta(days=n) for n in range(days)], zone)
    whole = Span(local_midnight(start, zone), local_midnight(start + timedelta(days=days), zone))
    categories, people = _people(random, start, setting)
    return World(
        setting=setting,
        installation=str(uuid5(NAMESPACE_URL, name)),
        policy=Policy(zone, _HOURS, goal, categories=categories),
        whole=whole,
        working=working_spans(whole, _HOURS, zone),
        calendar=calendar,
        people={person.contact.id: person for person in people},
        user=_user(random),
        chances=Chances(name),
    )


def _people(
    random: Random, start: date, setting: Setting
) -> tuple[dict[str, Cadence], list[Person]]:
    drawn = [random.choice(list(_RATIOS)) for _ in range(random.randint(10, 60))]
    wanted = random.uniform(1, 2.5) * PEOPLE_PER_MONTH
    unit = sum(_DAYS_A_MONTH / _RATIOS[category] for category in drawn) / wanted
    ideal = {name: setting.every or max(7, round(unit * r)) for name, r in _RATIOS.items()}
    categories = {name: Cadence(days, 2 * days) for name, days in ideal.items()}
    people = []
    for number, category in enumerate(drawn):
        interval, own = ideal[category], None
        if random.random() < 0.15 and not setting.every:  # noqa: PLR2004  as said above
            interval = own = max(7, random.choice((interval // 2, interval * 2)))
        people.append(_person(random, f"c{number:02}", category, own, interval, start))
    return categories, people


def _person(
    random: Random, name: str, category: str, own: int | None, interval: int, start: date
) -> Person:
    mean = _AGREE[category]
    return Person(
        contact=Contact(name, name, (f"{name}@example.test",), category, every_days=own),
        agrees=random.betavariate(6 * mean, 6 * (1 - mean)),
        silent=random.betavariate(1, 19),
        reply_hours=8 * random.lognormvariate(0, 0.8),
        cancels=random.uniform(0.05, 0.08),
        stays_away=random.uniform(0.03, 0.07),
        last_met=_last_met(random, interval, start),
        interval=interval,
    )


def _last_met(random: Random, interval: int, start: date) -> date | None:
    drawn = random.random()
    if drawn < 0.05:  # noqa: PLR2004  as said above
        return None
    times = random.uniform(2, 5) if drawn < 0.15 else random.uniform(0, 2)  # noqa: PLR2004
    return start - timedelta(days=1 + round(times * interval))


def _user(random: Random) -> User:
    weekday = random.randrange(5)
    others = [(day, morning) for day in range(5) for morning in (True, False) if day != weekday]
    disliked = {(weekday, True), (weekday, False), *random.sample(others, 2)}
    return User(random.betavariate(3.75, 21.25), frozenset(disliked))
