"""What the demo plays on: connectd's own use cases at a given time, and the user's other hand.

Whatever is done here is looked at afterwards, on the server or on record; DemoError where it
is not as it should be.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from connectd.domain.goal import Standing
from connectd.domain.model import Contact, Meeting, Month, Span, State
from connectd.domain.spans import local_day
from connectd.domain.view import Snapshot
from connectd.edges.calendar_client import CalendarClient, ClientObject
from connectd.errors import DemoError
from connectd.formats.stored_event import StoredEvent, read_stored
from connectd.service import answers, demo_world, people
from connectd.service.demo_world import ZONE
from connectd.service.means import Means, Memory
from connectd.service.status import Status, status
from connectd.service.tick import Report, plan, tick


class Stage:
    """Alice's connectd, and her calendar client, in the month that begins on ``monday``."""

    def __init__(self, means: Means, client: CalendarClient, monday: date) -> None:
        self.means = means
        self._client = client
        self.monday = monday

    def moment(self, days: int, clock: str) -> datetime:
        """So many days after the first Monday, at ``clock`` where Alice lives; in UTC."""
        return demo_world.moment(self.monday, days, clock)

    def fill_calendars(self) -> list[str]:
        """Make the calendars with all that stands in them; returns their names."""
        calendars = demo_world.calendars(self.monday)
        for name, objects in calendars.items():
            url = self._client.make_calendar(name)
            for number, text in enumerate(objects):
                self._client.create(f"{url}{number}.ics", text)
        return list(calendars)

    def import_people(self, at: datetime) -> tuple[Contact, ...]:
        """Put everybody on the list, with the day on which Alice met them last."""
        store = self.means.store
        added = people.add_all(store, demo_world.people(self.means.policy.categories))
        for contact in added:
            if days := demo_world.MET_DAYS_AGO.get(contact.id):
                met_on = local_day(at, ZONE) - timedelta(days=days)
                answers.done(store, contact, at, ZONE, on=met_on)
        return added

    def tick(self, at: datetime) -> Report:
        """One tick, in which nothing may fail."""
        report = tick(at, self.means)
        for unread in report.unread:
            raise DemoError(f"{unread.calendar} could not be read: {unread.reason}")
        for failure in report.failures:
            raise DemoError(f"{failure.action} {failure.contact}: {failure.reason}")
        return report

    def look(self, at: datetime) -> Snapshot:
        """Everything that is known now, as `connectd plan` sees it."""
        rehearsal = self.means.store.rehearsal()
        try:
            return plan(at, replace(self.means, store=rehearsal, memory=Memory())).snapshot
        finally:
            rehearsal.close()

    def status(self, at: datetime) -> Status:
        """What `connectd status` shows."""
        return status(at, self.means.config, self.means.store)

    def standing(self, at: datetime) -> Standing:
        """How the month of ``at`` stands, as `connectd status` counts it."""
        month = Month.of(local_day(at, ZONE))
        return next(months for months in self.status(at).months if months.month == month)

    def edit(self, meeting: Meeting, change: Callable[[str], str]) -> StoredEvent:
        """Change an object as a calendar client does: get it, put it back; returns it changed."""
        stored = self._given(meeting)
        changed = change(stored.text)
        expect(changed != stored.text, f"the draft for {self.name(meeting)} cannot be answered")
        self._client.replace(self._href(meeting), changed, stored.etag)
        return read_stored(self._given(meeting).text)

    def done(self, meeting: Meeting, at: datetime, facts: Iterable[tuple[str, str]] = ()) -> None:
        """Mark a meeting as completed, as `connectd done` does."""
        contact = answers.find_contact(self.means.store, self.first_name(meeting))
        answers.done(self.means.store, contact, at, ZONE, facts=facts)
        self.expect_state(meeting, State.MET)
        expect(contact.id in self.standing(at).people, f"{contact.name} does not count as met")

    def current(self, meeting: Meeting) -> Meeting:
        """The meeting as it is on record now."""
        found = self.means.store.meeting(meeting.uid)
        if found is None:
            raise DemoError(f"nothing is on record about {self.name(meeting)}")
        return found

    def contact(self, meeting: Meeting) -> Contact:
        """With whom it is."""
        found = self.means.store.contact(meeting.contact)
        if found is None:
            raise DemoError(f"{meeting.contact} is not on the list")
        return found

    def name(self, meeting: Meeting) -> str:
        """The full name of whom it is with."""
        return self.contact(meeting).name

    def first_name(self, meeting: Meeting) -> str:
        """What Alice calls them."""
        return self.name(meeting).partition(" ")[0]

    def expect_state(self, meeting: Meeting, state: State) -> Meeting:
        """The meeting as it is now, which must be in this state."""
        current = self.current(meeting)
        expect(
            current.state is state,
            f"the meeting with {self.name(meeting)} is {current.state}, not {state}",
        )
        return current

    def expect_draft(self, meeting: Meeting, snapshot: Snapshot) -> None:
        """The draft stands in the calendar, in free time, and nothing of the contact is in it."""
        contact, stored = self.contact(meeting), self._given(meeting)
        event = read_stored(stored.text)
        expect(event.statuses == {"TENTATIVE"}, f"the draft for {contact.name} is no draft")
        self._expect_time(meeting, event)
        unfolded = stored.text.replace("\r\n ", "").lower()
        silent = not any(address.lower() in unfolded for address in contact.emails)
        expect(silent, f"the draft for {contact.name} holds an address of theirs")
        free = not any(
            other.busy and other.uid != meeting.uid and other.span.overlaps(meeting.span)
            for other in snapshot.events
        )
        expect(free, f"the draft for {contact.name} does not stand in free time")

    def expect_invitation(self, meeting: Meeting) -> StoredEvent:
        """The draft has become the invitation, in its place and under its UID; returns it."""
        contact = self.contact(meeting)
        meeting = self.expect_state(meeting, State.INVITED)
        event = read_stored(self._given(meeting).text)
        expect(event.uid == meeting.uid, f"the invitation for {contact.name} has another UID")
        expect(event.statuses == {"CONFIRMED"}, f"the meeting with {contact.name} is tentative")
        asked = bool(event.attendees_among(contact.emails))
        expect(asked, f"{contact.name} is not asked in the invitation")
        self._expect_time(meeting, event)
        return event

    def expect_gone(self, meeting: Meeting) -> None:
        """The draft is no longer in the calendar."""
        gone = self._client.get(self._href(meeting)) is None
        expect(gone, f"the draft for {self.name(meeting)} is still in the calendar")

    def _expect_time(self, meeting: Meeting, event: StoredEvent) -> None:
        in_calendar: Span | None = event.span(ZONE, meeting.span.length)
        expect(
            in_calendar == meeting.span,
            f"the calendar has another time for {self.name(meeting)} than the record",
        )

    def _given(self, meeting: Meeting) -> ClientObject:
        found = self._client.get(self._href(meeting))
        if found is None:
            raise DemoError(f"the calendar holds nothing for {self.name(meeting)}")
        return found

    def _href(self, meeting: Meeting) -> str:
        """Where the draft was put; that connectd keeps to it is part of the story."""
        placement = self.means.store.placement(meeting.uid)
        if placement is None:
            raise DemoError(f"the draft for {self.name(meeting)} was put nowhere")
        return placement.href


def expect(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - what is expected comes first
    """Raise DemoError, saying ``otherwise``, unless it holds."""
    if not holds:
        raise DemoError(otherwise)
