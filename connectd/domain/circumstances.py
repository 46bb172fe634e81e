"""What stands in the way of a meeting, or makes it pointless."""

from datetime import date
from zoneinfo import ZoneInfo

from connectd.domain.found import Found
from connectd.domain.model import Meeting, Snapshot
from connectd.domain.spans import local_day


class Outlook:
    """Answers, from one snapshot, what a meeting's life depends on."""

    def __init__(self, snapshot: Snapshot, found: tuple[Found, ...], zone: ZoneInfo) -> None:
        self._snapshot = snapshot
        self._zone = zone
        self._today = local_day(snapshot.now, zone)
        self._contacts = {c.id: c for c in snapshot.contacts if not c.archived}
        self._upcoming = {f.contact: f for f in reversed(found) if f.span.end > snapshot.now}

    def obstacle(self, meeting: Meeting) -> str | None:
        """What makes the meeting's time unusable: a busy event, or time that is unknown."""
        for event in self._snapshot.events:
            if event.busy and event.uid != meeting.uid and event.span.overlaps(meeting.span):
                return f"“{event.title}”" if event.title else "an event without a title"
        for unknown in self._snapshot.unreadable:
            if unknown.uid != meeting.uid and any(s.overlaps(meeting.span) for s in unknown.spans):
                return f"an event that cannot be read (“{unknown.title or unknown.uid}”)"
        return None

    def moot(self, meeting: Meeting) -> str | None:
        """Why a draft is no longer wanted, or None while it is."""
        contact = self._contacts.get(meeting.contact)
        if contact is None:
            return "they are no longer on your list"
        if contact.snoozed_until and self._today < contact.snoozed_until:
            return f"snoozed until {contact.snoozed_until}"
        if since := self._met_since(meeting):
            return f"you met on {since}"
        if upcoming := self._upcoming.get(meeting.contact):
            day = local_day(upcoming.span.start, self._zone)
            return f"you already have a meeting in the calendar on {day}"
        return None

    def _met_since(self, meeting: Meeting) -> date | None:
        if meeting.drafted_at is None:
            return None
        drafted_on = local_day(meeting.drafted_at, self._zone)
        return max(
            (
                encounter.on
                for encounter in self._snapshot.encounters
                if encounter.contact == meeting.contact and encounter.on >= drafted_on
            ),
            default=None,
        )
