"""The meeting in which the user introduces two contacts to each other, once both agreed to it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from connectd.domain.cadence import Light
from connectd.domain.found import Found
from connectd.domain.identity import meeting_uid
from connectd.domain.introductions import Introduction, agreed_to_meet
from connectd.domain.model import Contact, Kind, Meeting, Policy, Span, State
from connectd.domain.openings import Openings
from connectd.domain.proposals import planned_months
from connectd.domain.ranking import Due, paused
from connectd.domain.slots import MINUTE, QUARTER
from connectd.domain.spans import local_day
from connectd.domain.times import Person, Profile, other_zones
from connectd.domain.view import Action, Name, Snapshot

MOST_ATTEMPTS = 3
"""After so many drafts that came to nothing it is left to the user."""
_WEEK = timedelta(days=7)
_BOTH_AGREED = "both agreed to be introduced to each other"


def draft_for_two(snapshot: Snapshot, found: Iterable[Found], policy: Policy) -> Action | None:
    """The draft for the two who have waited longest, or None where there is none to make now.

    It takes one of the places of open drafts, and a time that suits both. There is one in a week
    at most, none while either of them has another open meeting, and none in the pause after one
    of theirs ended. A rest after invitations in vain does not hold it up: they have answered.
    """
    standing = sum(meeting.state is State.DRAFTED for meeting in snapshot.meetings)
    if standing >= policy.rules.open_drafts:
        return None
    ready = [
        (one, both)
        for one, both in _waiting(snapshot, policy)
        if not any(_is_engaged(person, snapshot, policy) for person in both)
    ]
    if not ready:
        return None
    openings = Openings(snapshot, found, policy)
    drafts = (_draft(one, both, openings, snapshot, policy) for one, both in ready)
    return next((draft for draft in drafts if draft), None)


def kept_free(snapshot: Snapshot, policy: Policy) -> dict[str, str]:
    """Those who get no draft of their own now, by id, each with the reason.

    Something stands with the other one of the two. If this one were drafted meanwhile, and then
    the other, and so on, they would never be free at the same time.
    """
    reasons: dict[str, str] = {}
    for _, (first, second) in _waiting(snapshot, policy):
        for person, other in ((first, second), (second, first)):
            if _is_engaged(other, snapshot, policy):
                reason = f"kept free to be introduced to {other.name}, who has something else first"
                reasons.setdefault(person.id, reason)
    return reasons


def is_given_up(introduction: Introduction, meetings: Iterable[Meeting]) -> bool:
    """Whether connectd makes no more drafts for two who agreed, and leaves it to the user.

    A draft of which the user made a series was the last one, too.
    """
    if not agreed_to_meet([introduction]):
        return False
    tried = _tried(introduction, _meetings_of(introduction, meetings))
    if any(meeting.is_open or meeting.state is State.MET for meeting in tried):
        return False
    return _too_often(tried) or any(meeting.released for meeting in tried)


def _waiting(
    snapshot: Snapshot, policy: Policy
) -> Iterator[tuple[Introduction, tuple[Contact, Contact]]]:
    """The introductions whose turn it is, and the two, whom nobody wants to be left alone."""
    contacts = {contact.id: contact for contact in snapshot.contacts}
    today = local_day(snapshot.now, policy.zone)
    for one in sorted(agreed_to_meet(snapshot.introductions), key=_oldest_first):
        if contacts.keys() >= set(one.people) and _is_next(one, snapshot):
            both = contacts[one.first], contacts[one.second]
            if not any(_is_away(person, today) for person in both):
                yield one, both


def _oldest_first(introduction: Introduction) -> tuple[object, ...]:
    return introduction.began_at, introduction.people


def _is_next(introduction: Introduction, snapshot: Snapshot) -> bool:
    """Whether it has not been tried too often, and not in this week.

    A draft that connectd took back, because its time was taken, is made anew at once.
    """
    earlier = _meetings_of(introduction, snapshot.meetings)
    tried = _tried(introduction, earlier)
    if any(m.state is State.MET or m.released for m in tried) or _too_often(tried):
        return False
    this_week = [
        meeting
        for meeting in snapshot.meetings
        if meeting.other and meeting.drafted_at and snapshot.now - meeting.drafted_at < _WEEK
    ]
    return all(m in earlier and m.state is State.WITHDRAWN for m in this_week)


def _tried(introduction: Introduction, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Those of these meetings that were drafted since it began."""
    return [m for m in meetings if m.drafted_at and m.drafted_at >= introduction.began_at]


def _too_often(tried: Iterable[Meeting]) -> bool:
    return sum(meeting.state is not State.WITHDRAWN for meeting in tried) >= MOST_ATTEMPTS


def _is_away(contact: Contact, today: date) -> bool:
    """Whether somebody left the list, or is snoozed."""
    return contact.archived or bool(contact.snoozed_until and today < contact.snoozed_until)


def _is_engaged(contact: Contact, snapshot: Snapshot, policy: Policy) -> bool:
    """Whether something stands with somebody, or has ended so lately that they are left alone."""
    theirs = [meeting for meeting in snapshot.meetings if contact.id in meeting.people]
    going_on = any(meeting.is_open for meeting in theirs)
    return going_on or paused(theirs, snapshot.now, policy) is not None


def _draft(
    introduction: Introduction,
    both: tuple[Contact, Contact],
    openings: Openings,
    snapshot: Snapshot,
    policy: Policy,
) -> Action | None:
    """The draft at the best time for both, or None where there is no time."""
    kinds = {person.kind for person in both}
    kind = kinds.pop() if len(kinds) == 1 else Kind.COFFEE
    span = _best_time(both, kind, openings, snapshot, policy)
    if span is None:
        return None
    first, second = introduction.people
    attempt = 1 + max((m.attempt for m in _meetings_of(introduction, snapshot.meetings)), default=0)
    why_this_time = openings.reasons(introduction.people, kind, span)
    said = [f"you said: {introduction.because}"] if introduction.because else []
    meeting = Meeting(
        uid=meeting_uid(snapshot.installation, f"{first}+{second}", attempt),
        contact=first,
        other=second,
        attempt=attempt,
        state=State.DRAFTED,
        span=span,
        kind=kind,
        reasons=(_BOTH_AGREED, *said, *why_this_time),
        drafted_at=snapshot.now,
    )
    # the user's own words are for the calendar, not for the log
    return Action(Name.DRAFT, meeting, None, "; ".join((_BOTH_AGREED, *why_this_time)))


def _best_time(
    both: tuple[Contact, Contact],
    kind: Kind,
    openings: Openings,
    snapshot: Snapshot,
    policy: Policy,
) -> Span | None:
    """The best time for both on a grid of quarters of an hour, or else of minutes."""
    today = local_day(snapshot.now, policy.zone)
    unfit = tuple(span for person in both for span in openings.unfit_for(person.id))
    due = Due(both[0], today, today, Light.GREEN, (), 0.0)
    profile = Profile(kind, other_zones(both, policy), longer=False)
    somebody = Person(due, profile, today, busy=unfit)
    months = planned_months(snapshot, policy)
    for grid in (QUARTER, MINUTE):
        if options := openings.times(months, grid).options(somebody):
            return options[0].span
    return None


def _meetings_of(introduction: Introduction, meetings: Iterable[Meeting]) -> list[Meeting]:
    """Every meeting of three of the two, whoever of them came first in it."""
    both = set(introduction.people)
    return [m for m in meetings if m.other and set(m.people) == both]
