"""What stands in the way of a meeting, or makes it pointless."""

from datetime import date, timedelta

from connectd.domain.cadence import ideal_gap
from connectd.domain.found import Found
from connectd.domain.model import Contact, Meeting, Policy
from connectd.domain.spans import local_day
from connectd.domain.view import Snapshot

_DAY = timedelta(days=1)


class Outlook:
    """Answers, from one snapshot, what a meeting's life depends on."""

    def __init__(self, snapshot: Snapshot, found: tuple[Found, ...], policy: Policy) -> None:
        self._snapshot = snapshot
        self._policy = policy
        self._today = local_day(snapshot.now, policy.zone)
        self._contacts = {c.id: c for c in snapshot.contacts if not c.archived}
        self._upcoming = {f.contact: f for f in reversed(found) if f.span.end > snapshot.now}

    def obstacle(self, meeting: Meeting) -> str | None:
        """What makes the meeting's time unusable: a busy event, or time that is unknown."""
        busy = (
            (event.span, event.title)
            for event in self._snapshot.events
            if event.busy and event.uid != meeting.uid and event.span.overlaps(meeting.span)
        )
        if first := min(busy, default=None):
            return f"“{first[1]}”" if first[1] else "an event without a title"
        unknown = (
            event.title or event.uid
            for event in self._snapshot.unreadable
            if event.uid != meeting.uid and any(s.overlaps(meeting.span) for s in event.spans)
        )
        title = min(unknown, default=None)
        if title is not None:
            return f"an event that cannot be read (“{title}”)"
        return None

    def moot(self, meeting: Meeting) -> str | None:
        """Why a draft is no longer wanted, or None while it is."""
        contact = self._contacts.get(meeting.contact)
        if contact is None:
            return "they are no longer on your list"
        if contact.snoozed_until and self._today < contact.snoozed_until:
            return f"snoozed until {contact.snoozed_until}"
        if since := self._met_since(meeting, contact):
            return f"you met on {since}"
        if upcoming := self._upcoming.get(meeting.contact):
            day = local_day(upcoming.span.start, self._policy.zone)
            return f"you already have a meeting in the calendar on {day}"
        return None

    def _met_since(self, meeting: Meeting, contact: Contact) -> date | None:
        """The day on which they met since the draft, unless the ideal gap is over by its day.

        A draft made on the day of a meeting knew of it already, and stays; one that the user
        then moved into the gap stays too.
        """
        if meeting.drafted_at is None:
            return None
        since = local_day(meeting.drafted_at, self._policy.zone)
        if meeting.moved:
            since += _DAY
        gap = timedelta(days=ideal_gap(contact, self._policy.categories))
        day = local_day(meeting.span.start, self._policy.zone)
        return max(
            (
                encounter.on
                for encounter in self._snapshot.encounters
                if encounter.contact == contact.id
                and since <= encounter.on
                and day - gap < encounter.on
            ),
            default=None,
        )
