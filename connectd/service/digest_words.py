"""Puts the weekly digest together from what is on record; no calendar is read for it."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from typing import NamedTuple

from connectd.config import Config
from connectd.domain.introductions import Introduction, Opting, agreed_to_meet
from connectd.domain.model import SCHEDULED, Encounter, Month, State
from connectd.domain.spans import local_day
from connectd.domain.waiting import Awaited
from connectd.edges.store import Store
from connectd.formats.digest import Ahead, Held, Week, Words, digest_words
from connectd.formats.wording import ACTIVITY
from connectd.service.digest_record import digest_record
from connectd.service.notes import upcoming
from connectd.service.status import Status, status

_WEEK = timedelta(days=7)


class News(NamedTuple):
    """The encounters to tell of; ``since_last`` says that a digest came before."""

    encounters: Collection[Encounter]
    since_last: bool


def digest_now(now: datetime, config: Config, store: Store) -> Words:
    """What a digest would say ``now``, if one came."""
    record, today = digest_record(store), local_day(now, config.me.timezone)
    told = record.news(store.encounters(), today, week=None)
    return digest_of(now, config, store, News(told, since_last=record.came_before(None)))


def digest_of(now: datetime, config: Config, store: Store, news: News) -> Words:
    """The digest as of ``now``: ``news`` of the days before, and the seven days ahead."""
    zone, standing = config.me.timezone, status(now, config, store)
    today = local_day(now, zone)
    this_month = Month.of(today)
    month = next((m for m in standing.months if m.month == this_month and m.goal), None)
    everybody = store.contacts(include_archived=True)
    week = Week(
        me=config.me.name,
        today=today,
        names={contact.id: contact.name for contact in everybody},
        held=tuple(_held(news.encounters)),
        since_last=news.since_last,
        month=month,
        outlook=standing.outlooks.get(this_month),
        summary=standing.summary,
        drafts=tuple(
            Ahead(meeting.people, ACTIVITY[meeting.kind], meeting.span.start)
            for meeting in standing.meetings
            if meeting.state is State.DRAFTED
        ),
        ahead=tuple(sorted(_ahead(standing, store), key=lambda one: one.start)),
        waiting=standing.waiting,
        introduction=_introduction(standing),
        overdue=_most_overdue(standing),
    )
    return digest_words(week, zone)


def _held(encounters: Iterable[Encounter]) -> Iterator[Held]:
    """The meetings that took place, by day; one with several people is one."""
    together: dict[tuple[date, str], tuple[str, ...]] = {}
    for met in encounters:
        key = met.on, met.meeting or met.contact
        together[key] = (*together.get(key, ()), met.contact)
    for (on, _), contacts in together.items():
        yield Held(contacts, on)


def _ahead(standing: Status, store: Store) -> Iterator[Ahead]:
    """The meetings of the next seven days that are on: connectd's, and those found beside them."""
    last = standing.now + _WEEK
    for meeting in standing.meetings:
        if meeting.state in SCHEDULED and standing.now <= meeting.span.start < last:
            yield Ahead(meeting.people, ACTIVITY[meeting.kind], meeting.span.start)
    for found in upcoming(store):
        if standing.now <= found.span.start < last:
            yield Ahead((found.contact,), found.title or "a meeting", found.span.start)


def _introduction(standing: Status) -> Introduction | None:
    """The introduction that waits longest for the user: of two who agreed, or to be decided on."""
    awaited = [one for one in standing.waiting if one.kind is Awaited.INTRODUCTION]
    waits = {(one.contact, one.other) for one in awaited}
    waiting = [one for one in standing.introductions if one.people in waits]
    suggested = (one for one in waiting if one.state is Opting.SUGGESTED)
    return next(chain(agreed_to_meet(waiting), suggested), None)


def _most_overdue(standing: Status) -> tuple[str, int] | None:
    late = [(r.overdue_days, r.contact.id) for r in standing.relations if r.overdue_days]
    if not late:
        return None
    days, contact = max(late)
    return contact, days
