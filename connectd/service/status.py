"""How things stand, from what is on record: no calendar is read for it."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from connectd.config import Config
from connectd.domain.cadence import (
    Light,
    ideal_gap,
    last_meetings,
    light_of,
    overdue_days,
)
from connectd.domain.experience import REMEMBERED
from connectd.domain.goal import Ledger, Standing
from connectd.domain.introductions import Introduction, agreed_to_meet
from connectd.domain.model import Contact, Fact, Goal, Meeting, MeetingRules, Month, Step
from connectd.domain.outlook import Outlook
from connectd.domain.progression import outstanding, step_of
from connectd.domain.spans import local_day
from connectd.domain.steps_over_time import Moved, moved_since
from connectd.edges.store import FeedRecord, Store
from connectd.service.account_health import AccountHealth, account_health
from connectd.service.notes import health, people_error, upcoming
from connectd.service.outlooks import outlooks

if TYPE_CHECKING:
    from connectd.domain.rest import Rest
    from connectd.domain.summary import Summary
    from connectd.domain.waiting import Waiting

_ENDED_SHOWN = timedelta(days=90)


class Relation(NamedTuple):
    """A contact and how the relation stands; ``rest`` is there while it lasts."""

    contact: Contact
    step: Step
    last_met: date | None
    overdue_days: int | None
    light: Light
    open: str | None
    rest: "Rest | None" = None


class Status(NamedTuple):
    """The goal month by month, the people, what stands open, and the daemon's health.

    ``outlooks`` are there for this month and those that the horizon reaches, ``summary`` once
    the goal is over. ``unreadable`` are the events that could not be read, as the last tick
    described them, ``feeds`` the published calendars of the configuration, and when each was
    read last. ``configuration`` is the file in which the goal is set. ``people_error`` is what
    was wrong with the address book when it was last read. ``accounts`` says of each account
    when it was read last, and what is wrong.

    ``categories`` gives the ids of those in each category, ``steps`` how many people stand on
    each step, ``moved`` who moved since the local month began. ``waiting`` is what waits for
    the user; ``promises`` are all that are open, those to archived people too, and
    ``introductions`` all on record.
    """

    now: datetime
    goal: Goal
    months: tuple[Standing, ...]
    outlooks: Mapping[Month, Outlook]
    summary: "Summary | None"
    relations: tuple[Relation, ...]
    meetings: tuple[Meeting, ...]
    unreadable: tuple[dict[str, str], ...]
    last_success: datetime | None
    last_error: str | None
    configuration: Path
    feeds: tuple[FeedRecord, ...] = ()
    people_error: str | None = None
    accounts: tuple[AccountHealth, ...] = ()
    categories: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    steps: Mapping[Step, int] = MappingProxyType({})
    moved: tuple[Moved, ...] = ()
    waiting: "tuple[Waiting, ...]" = ()
    promises: tuple[Fact, ...] = ()
    introductions: tuple[Introduction, ...] = ()


def status(now: datetime, config: Config, store: Store) -> Status:
    """Put the records together as of ``now``."""
    policy = config.with_start(Month.of(store.installed_on)).policy
    meetings = store.meetings(since=now - REMEMBERED)
    people = relations(now, config, store)
    today = local_day(now, policy.zone)
    encounters, said = store.encounters(), store.all_facts()
    facts = Ledger(policy.goal, policy.zone, today, encounters, meetings, upcoming(store))
    contacts = [relation.contact for relation in people]
    shown = tuple(meeting for meeting in meetings if _is_shown(meeting, now))
    promises = _promises(store.contacts(include_archived=True), said)
    introductions = store.introductions()
    listed = {contact.id for contact in contacts}
    current = tuple(one for one in introductions if listed.issuperset(one.people))
    success, error = health(store)
    return Status(
        now=now,
        goal=policy.goal,
        months=tuple(map(facts.standing, _months(policy.goal, today))),
        outlooks=outlooks(now, facts, people, policy.rules),
        summary=_summary(facts),
        relations=people,
        meetings=shown,
        unreadable=tuple(_unreadable(store)),
        last_success=success,
        last_error=error,
        configuration=config.path,
        feeds=tuple(store.feed(feed.name) or FeedRecord(feed.name, "") for feed in config.feeds),
        people_error=people_error(store) if config.people else None,
        accounts=account_health(store, [account.name for account in config.accounts]),
        categories=_by_category(contacts, policy.categories),
        steps=_on_each_step(people),
        moved=moved_since(today.replace(day=1), contacts, encounters, said),
        waiting=_waiting(now, policy.zone, shown, promises, current, _given_up(current, meetings)),
        promises=promises,
        introductions=introductions,
    )


def relations(
    now: datetime, config: Config, store: Store, *, include_archived: bool = False
) -> tuple[Relation, ...]:
    """Everybody on the list, with what follows from the record."""
    today = local_day(now, config.me.timezone)
    encounters = store.encounters()
    last = last_meetings(encounters)
    held = Counter(encounter.contact for encounter in encounters)
    kinds = store.recorded_kinds()
    standing = {
        person: meeting.uid for meeting in store.open_meetings() for person in meeting.people
    }
    resting = _resting(now, config.policy.rules, store)
    return tuple(
        Relation(
            contact=contact,
            step=step_of(held[contact.id], kinds.get(contact.id, frozenset()), contact.step),
            last_met=last.get(contact.id),
            overdue_days=overdue_days(
                last.get(contact.id), ideal_gap(contact, config.policy.categories), today
            ),
            light=light_of(contact, last.get(contact.id), config.policy.categories, today),
            open=standing.get(contact.id),
            rest=resting.get(contact.id),
        )
        for contact in store.contacts(include_archived=include_archived)
    )


def relation(now: datetime, config: Config, store: Store, contact: Contact) -> Relation:
    """One contact, with what follows from the record."""
    everybody = relations(now, config, store, include_archived=True)
    return next(relation for relation in everybody if relation.contact.id == contact.id)


def _promises(contacts: Iterable[Contact], said: Iterable[Fact]) -> tuple[Fact, ...]:
    """What the user promised these people and has not kept: the first that is due first."""
    ids = {contact.id for contact in contacts}
    between = outstanding(fact for fact in said if fact.contact in ids)
    mine = [promise for open_now in between.values() for promise in open_now.promises]
    return tuple(sorted(mine, key=lambda promise: (promise.due or date.max, promise.on)))


def _waiting(
    now: datetime,
    zone: ZoneInfo,
    meetings: tuple[Meeting, ...],
    promises: tuple[Fact, ...],
    introductions: tuple[Introduction, ...],
    given_up: tuple[Introduction, ...],
) -> "tuple[Waiting, ...]":
    if not meetings and not promises and not introductions:
        return ()
    from connectd.domain.waiting import waiting  # noqa: PLC0415 - nothing to import before them

    return waiting(now, zone, meetings, promises, introductions, given_up)


def _given_up(
    introductions: Iterable[Introduction], meetings: Iterable[Meeting]
) -> tuple[Introduction, ...]:
    """Those of two who agreed to a meeting for which no more drafts are made."""
    agreed = agreed_to_meet(introductions)
    if not agreed:
        return ()
    from connectd.domain.meetings_of_three import is_given_up  # noqa: PLC0415 - seldom needed

    return tuple(one for one in agreed if is_given_up(one, meetings))


def _by_category(
    contacts: Iterable[Contact], configured: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """The ids of those in each category; the configured ones come first, though empty."""
    found: dict[str, list[str]] = {category: [] for category in configured}
    for contact in contacts:
        found.setdefault(contact.category, []).append(contact.id)
    return {category: tuple(ids) for category, ids in found.items()}


def _on_each_step(people: Iterable[Relation]) -> dict[Step, int]:
    standing = Counter(relation.step for relation in people)
    return {step: standing[step] for step in Step}


def _resting(now: datetime, rules: MeetingRules, store: Store) -> dict[str, "Rest"]:
    """Who is left alone now, after invitations that came to nothing."""
    theirs: dict[str, list[Meeting]] = {}
    for meeting in store.sent_meetings():
        for person in meeting.people:
            theirs.setdefault(person, []).append(meeting)
    if not theirs:
        return {}
    from connectd.domain.rest import rest  # noqa: PLC0415 - nothing to import before the first one

    rests = {contact: rest(meetings, rules) for contact, meetings in theirs.items()}
    return {contact: found for contact, found in rests.items() if found and now < found.until}


def _unreadable(store: Store) -> Iterator[dict[str, str]]:
    """The events that could not be read, in words; the spans they cost are left out."""
    for text in store.unreadable():
        for event in json.loads(text):
            yield {key: value for key, value in event.items() if key != "spans"}


def _summary(facts: Ledger) -> "Summary | None":
    """Sum the goal up; None until its last month is over."""
    if Month.of(facts.today) < facts.goal.starts.plus(facts.goal.months):
        return None
    from connectd.domain.summary import summary  # noqa: PLC0415 - needed once in a goal's life

    return summary(facts)


def _is_shown(meeting: Meeting, now: datetime) -> bool:
    return meeting.is_open or (meeting.ended_at or meeting.span.end) >= now - _ENDED_SHOWN


def _months(goal: Goal, today: date) -> tuple[Month, ...]:
    """The months of the goal, and this one where it lies outside."""
    return tuple(sorted({*goal.all_months(), Month.of(today)}))
