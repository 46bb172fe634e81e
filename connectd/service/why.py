"""Why this person, why (not) this time, and what a week holds: the look of a plan, explained."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from connectd.domain.model import Span
from connectd.domain.prospects import Prospect, prospect
from connectd.domain.spans import local_day
from connectd.domain.verdicts import Judgement, Verdict, judge, settle
from connectd.domain.week_view import DayView, days_from
from connectd.service.answers import find_contact
from connectd.service.means import Means
from connectd.service.reading import window_at
from connectd.service.tick import Plan, plan

_WEEK = 7


class Looked(NamedTuple):
    """A calendar or feed that was read: its name, where it lies, and since when it is as it is.

    A feed lies nowhere that may be told.
    """

    name: str
    place: str | None
    read_at: datetime


class AboutContact(NamedTuple):
    """How a contact stands, and the plan that says so."""

    plan: Plan
    prospect: Prospect


@dataclass(frozen=True, slots=True)
class AboutTime:
    """What blocks a time, and the plan that says so; ``calendars`` are those that were read."""

    plan: Plan
    judgement: Judgement
    calendars: tuple[Looked, ...]

    def read_at(self, verdict: Verdict) -> datetime | None:
        """When the calendar of an event was last read; None for what lies in no calendar.

        It has not changed since then.
        """
        holding = [c for c in self.calendars if c.place and verdict.href.startswith(c.place)]
        holding.sort(key=lambda calendar: len(calendar.place or ""))
        feeds = [c for c in self.calendars if c.place is None and c.name == verdict.calendar]
        return next((c.read_at for c in (*reversed(holding), *feeds)), None)


class AboutWeek(NamedTuple):
    """What a week holds, and the plan that says so; ``read`` is what calendars were asked for."""

    plan: Plan
    days: tuple[DayView, ...]
    read: Span


def about_contact(words: str, now: datetime, means: Means) -> AboutContact:
    """Explain how a contact stands now, by an id or a part of a name; raises SenselessError."""
    contact = find_contact(means.store, words)
    made = plan(now, means)
    return AboutContact(made, prospect(contact, made.snapshot, made.decision, means.policy))


def about_time(moment: datetime, now: datetime, means: Means) -> AboutTime:
    """Explain what a meeting from ``moment`` on would meet with."""
    made = plan(now, means)
    judgement = judge(moment, made.snapshot, made.decision, means.policy)
    return AboutTime(made, judgement, tuple(_looked_at(means)))


def _looked_at(means: Means) -> Iterator[Looked]:
    for account in means.config.accounts:
        for calendar in means.store.calendars(account.name):
            yield Looked(calendar.name, calendar.url, calendar.read_at)
    for feed in means.store.feeds():
        if feed.read_at:
            yield Looked(feed.name, None, feed.read_at)


def about_week(first: date | None, now: datetime, means: Means) -> AboutWeek:
    """Explain seven days from ``first`` on, from today where it is None."""
    made = plan(now, means)
    policy = means.policy
    read = window_at(now, policy.rules.horizon_days)
    snapshot = settle(made.snapshot, made.decision)
    beginning = first or local_day(now, policy.zone)
    # what could not be read whole is not free
    known = read if snapshot.complete else Span(read.start, read.start)
    return AboutWeek(made, days_from(beginning, _WEEK, snapshot, known, policy), read)
