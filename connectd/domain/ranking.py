"""Who is due, in which order, and why."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from connectd.domain.cadence import ideal_gap, last_meetings
from connectd.domain.found import Found
from connectd.domain.model import LAPSED, Contact, Meeting, Policy, State
from connectd.domain.rest import missed_last, rest
from connectd.domain.spans import local_day
from connectd.domain.view import PassedOver, Snapshot

_PAUSING = (LAPSED - {State.WITHDRAWN}) | {State.TURNED_DOWN, State.CANCELLED, State.MISSED}


@dataclass(frozen=True, slots=True)
class Due:
    """A contact who may get a draft, for a day from ``earliest`` on.

    ``urgency`` is the time since the last meeting in units of the ideal gap, infinite for
    somebody never met.
    """

    contact: Contact
    earliest: date
    urgency: float
    reasons: tuple[str, ...]

    @property
    def order(self) -> tuple[float, str]:
        """Most urgent first, ties by id."""
        return (-self.urgency, self.contact.id)


def sort_out(
    snapshot: Snapshot, found: Sequence[Found], policy: Policy
) -> tuple[tuple[Due, ...], tuple[PassedOver, ...]]:
    """Part the list into those who may get a draft, in order of urgency, and the others."""
    last_met = last_meetings(snapshot.encounters)
    meetings = _by_contact(snapshot.meetings)
    upcoming = {f.contact: f for f in reversed(found) if f.span.end > snapshot.now}
    due: list[Due] = []
    passed: list[PassedOver] = []
    for contact in snapshot.contacts:
        if contact.archived:
            continue
        theirs = meetings.get(contact.id, ())
        reason = _held_back(contact, theirs, upcoming.get(contact.id), snapshot.now, policy)
        if reason:
            passed.append(PassedOver(contact.id, reason))
        else:
            last = last_met.get(contact.id)
            candidate = _due(contact, last, snapshot.now, policy)
            gently = missed_last(theirs, last, policy.zone)
            due.append(_gently(candidate) if gently else candidate)
    return tuple(sorted(due, key=lambda d: d.order)), tuple(passed)


def balanced(due: Iterable[Due], met_by_category: Mapping[str, int]) -> Iterator[Due]:
    """Deal out the due, given in order of urgency, so that the categories stay even.

    The next one always comes from the category that has had the fewest people, counting
    those of this round; between even categories the more urgent person goes first.
    """
    waiting: dict[str, list[Due]] = {}
    for candidate in due:
        waiting.setdefault(candidate.contact.category, []).append(candidate)
    had = {category: met_by_category.get(category, 0) for category in waiting}
    while waiting:
        category = min(waiting, key=lambda c: (had[c], waiting[c][0].order))
        yield waiting[category].pop(0)
        had[category] += 1
        if not waiting[category]:
            del waiting[category]


def _by_contact(meetings: Iterable[Meeting]) -> dict[str, list[Meeting]]:
    grouped: dict[str, list[Meeting]] = {}
    for meeting in meetings:
        grouped.setdefault(meeting.contact, []).append(meeting)
    return grouped


def _held_back(
    contact: Contact,
    meetings: Collection[Meeting],
    upcoming: Found | None,
    now: datetime,
    policy: Policy,
) -> str | None:
    """Why the contact gets no draft at all now, or None."""
    today = local_day(now, policy.zone)
    if contact.snoozed_until and today < contact.snoozed_until:
        return f"snoozed until {contact.snoozed_until}"
    if standing := next((m for m in meetings if m.is_open), None):
        return _standing(standing, policy)
    if upcoming:
        day = local_day(upcoming.span.start, policy.zone)
        return f"already in your calendar on {day}"
    if (until := _paused_until(meetings, policy)) and now < until:
        return f"left alone until {local_day(until, policy.zone)} after the last one"
    if (resting := rest(meetings, policy.rules)) and now < resting.until:
        return f"resting until {local_day(resting.until, policy.zone)}: {resting.why}"
    return None


def _standing(meeting: Meeting, policy: Policy) -> str:
    day = local_day(meeting.span.start, policy.zone)
    if meeting.state is State.DRAFTED:
        return f"a draft for {day} waits for your answer"
    if meeting.state is State.ACCEPTED:
        return f"you said yes to {day}; the invitation is about to go out"
    return f"invited for {day}"


def _paused_until(meetings: Iterable[Meeting], policy: Policy) -> datetime | None:
    ends = [m.ended_at for m in meetings if m.state in _PAUSING and m.ended_at]
    return max(ends) + timedelta(days=policy.rules.pause_days) if ends else None


def _due(contact: Contact, last_met: date | None, now: datetime, policy: Policy) -> Due:
    today = local_day(now, policy.zone)
    if last_met is None:
        return Due(contact, today, float("inf"), ("you have not met yet",))
    gap = ideal_gap(contact, policy.categories)
    days = (today - last_met).days
    reason = f"last met {_ago(days)}; {gap} days is your ideal gap"
    return Due(contact, last_met + timedelta(days=gap), days / max(gap, 1), (reason,))


def _gently(due: Due) -> Due:
    return replace(due, reasons=(*due.reasons, "it did not work out last time; offered again once"))


def _ago(days: int) -> str:
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
