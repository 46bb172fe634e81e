"""How one contact stands with the next drafts: due or not, what holds them back, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connectd.domain.cadence import Light, last_meetings, light_of
from connectd.domain.found import Found, found_meetings
from connectd.domain.learned import Learned, learn
from connectd.domain.model import Contact, Encounter, Meeting, Month, Policy
from connectd.domain.ranking import Due, sort_out
from connectd.domain.spans import local_day, local_midnight
from connectd.domain.verdicts import settle
from connectd.domain.view import Decision, Name, Snapshot

_DAY = timedelta(days=1)
_DAYS_SEARCHED = 3662
"""Nobody pauses or rests for longer; a snooze is leapt over, and may reach to the last day of
all, after which nothing can be searched."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is to be expected for one contact.

    ``due`` says that their ideal gap is over and nothing holds them back. ``score`` is None
    for somebody who is held back. ``learned`` is what earlier answers teach about the time, None
    where the user does not want that to count. ``next_possible`` is the local day of the draft
    that would be made now, or else the first one on which nothing about this person stands in
    the way any more; None where that depends on what comes of a meeting.
    """

    contact: Contact
    due: bool
    light: Light
    score: float | None
    reasons: tuple[str, ...]
    passed_over: str | None
    open: Meeting | None
    proposal: Meeting | None
    learned: Learned | None
    next_possible: date | None


def prospect(contact: Contact, snapshot: Snapshot, decision: Decision, policy: Policy) -> Prospect:
    """Say how ``contact`` stands with what was decided on ``snapshot``."""
    settled = settle(snapshot, decision)
    alone = _alone(contact, settled)
    candidate = _candidate(contact, settled, policy)
    proposal = next(
        (
            action.meeting
            for action in decision.actions
            if action.name is Name.DRAFT and contact.id in action.meeting.people
        ),
        None,
    )
    passed = next((p.reason for p in decision.passed_over if p.contact == contact.id), None)
    today = local_day(snapshot.now, policy.zone)
    return Prospect(
        contact=contact,
        due=candidate is not None and candidate.earliest <= today,
        light=light_of(
            contact, last_meetings(alone.encounters).get(contact.id), policy.categories, today
        ),
        score=candidate.score if candidate else None,
        reasons=candidate.reasons if candidate else (),
        passed_over="archived, so no longer on your list" if contact.archived else passed,
        open=next((m for m in alone.meetings if m.is_open), None),
        proposal=proposal,
        learned=(learn(settled.meetings, policy.zone, settled.now) if policy.rules.learn else None),
        next_possible=(
            local_day(proposal.span.start, policy.zone)
            if proposal
            else _next_possible(alone, today, policy)
        ),
    )


def _alone(contact: Contact, snapshot: Snapshot) -> Snapshot:
    """The snapshot with nobody else in it."""
    return replace(
        snapshot,
        contacts=(contact,),
        meetings=tuple(m for m in snapshot.meetings if contact.id in m.people),
        encounters=tuple(e for e in snapshot.encounters if e.contact == contact.id),
    )


def _found(facts: Snapshot) -> tuple[Found, ...]:
    return found_meetings(facts.events, facts.contacts, facts.meetings)


def _candidate(contact: Contact, settled: Snapshot, policy: Policy) -> Due | None:
    due, _ = sort_out(settled, _found(settled), policy)
    return next((one for one in due if one.contact.id == contact.id), None)


def _next_possible(alone: Snapshot, today: date, policy: Policy) -> date | None:
    """The first day on which the ranking would take them, if nothing else happens until then."""
    (contact,) = alone.contacts
    if contact.archived or any(meeting.is_open for meeting in alone.meetings):
        return None
    until = contact.snoozed_until
    if until and until - today > timedelta(days=_DAYS_SEARCHED):
        return until
    found = _found(alone)
    for day, moment in _moments(alone, today, policy):
        held = (f for f in found if f.span.end <= moment)
        met = (Encounter(f.contact, local_day(f.span.start, policy.zone), "found") for f in held)
        later = replace(alone, now=moment, encounters=(*alone.encounters, *met))
        due, _ = sort_out(later, found, policy)
        if due:
            return _not_twice_a_month(max(day, due[0].earliest), later, policy)
    return None


def _moments(alone: Snapshot, today: date, policy: Policy) -> Iterator[tuple[date, datetime]]:
    """Now, and then the end of each day on which a hold may end: it may do so at any hour."""
    (contact,) = alone.contacts
    yield today, alone.now
    first = max(today, contact.snoozed_until or today)
    for number in range(_DAYS_SEARCHED):
        day = first + timedelta(days=number)
        yield day, local_midnight(day + _DAY, policy.zone) - timedelta(seconds=1)


def _not_twice_a_month(day: date, later: Snapshot, policy: Policy) -> date:
    """The day, or where they were met in its month the first of the next: the goal asks so."""
    month = Month.of(day)
    if not policy.goal.covers(month) or month not in {Month.of(e.on) for e in later.encounters}:
        return day
    following = month.plus(1)
    return date(following.year, following.number, 1)
