"""How things stand, from what is on record: no calendar is read for it."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from connectd.config import Config
from connectd.domain.cadence import ideal_gap, last_meetings, overdue_days
from connectd.domain.goal import Ledger, Standing
from connectd.domain.model import Contact, Goal, Meeting, MeetingRules, Month, Step
from connectd.domain.progression import step_of
from connectd.domain.spans import local_day
from connectd.edges.store import Store
from connectd.service.notes import health, upcoming

if TYPE_CHECKING:
    from connectd.domain.rest import Rest

_ENDED_SHOWN = timedelta(days=90)


class Relation(NamedTuple):
    """A contact and how the relation stands; ``rest`` is there while it lasts."""

    contact: Contact
    step: Step
    last_met: date | None
    overdue_days: int | None
    open: str | None
    rest: "Rest | None" = None


class Status(NamedTuple):
    """The goal month by month, the people, what stands open, and the daemon's health.

    ``unreadable`` are the events that could not be read, as the last tick described them.
    """

    now: datetime
    goal: Goal
    months: tuple[Standing, ...]
    relations: tuple[Relation, ...]
    meetings: tuple[Meeting, ...]
    unreadable: tuple[dict[str, str], ...]
    last_success: datetime | None
    last_error: str | None


def status(now: datetime, config: Config, store: Store) -> Status:
    """Put the records together as of ``now``."""
    policy = config.with_start(Month.of(store.installed_on)).policy
    meetings = store.meetings(since=now - _ENDED_SHOWN)
    today = local_day(now, policy.zone)
    facts = Ledger(policy.goal, policy.zone, today, store.encounters(), meetings, upcoming(store))
    success, error = health(store)
    return Status(
        now=now,
        goal=policy.goal,
        months=tuple(map(facts.standing, _months(policy.goal, today))),
        relations=relations(now, config, store),
        meetings=meetings,
        unreadable=tuple(_unreadable(store)),
        last_success=success,
        last_error=error,
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
    standing = {meeting.contact: meeting.uid for meeting in store.open_meetings()}
    resting = _resting(now, config.policy.rules, store)
    return tuple(
        Relation(
            contact=contact,
            step=step_of(held[contact.id], kinds.get(contact.id, frozenset())),
            last_met=last.get(contact.id),
            overdue_days=overdue_days(
                last.get(contact.id), ideal_gap(contact, config.policy.categories), today
            ),
            open=standing.get(contact.id),
            rest=resting.get(contact.id),
        )
        for contact in store.contacts(include_archived=include_archived)
    )


def relation(now: datetime, config: Config, store: Store, contact: Contact) -> Relation:
    """One contact, with what follows from the record."""
    everybody = relations(now, config, store, include_archived=True)
    return next(relation for relation in everybody if relation.contact.id == contact.id)


def _resting(now: datetime, rules: MeetingRules, store: Store) -> dict[str, "Rest"]:
    """Who is left alone now, after invitations that came to nothing."""
    theirs: dict[str, list[Meeting]] = {}
    for meeting in store.sent_meetings():
        theirs.setdefault(meeting.contact, []).append(meeting)
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


def _months(goal: Goal, today: date) -> tuple[Month, ...]:
    """The months of the goal, and this one where it lies outside."""
    return tuple(sorted({*goal.all_months(), Month.of(today)}))
