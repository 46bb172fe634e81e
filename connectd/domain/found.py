"""Meetings with contacts that stand in the calendar without connectd's doing."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from connectd.domain.model import Contact, Span

if TYPE_CHECKING:
    from connectd.domain.view import Event

MOST_ATTENDEES = 4
"""With more people around the table it is not a meeting with one of them."""


class Found(NamedTuple):
    """An event of mine in which a contact takes part."""

    contact: str
    span: Span
    uid: str
    title: str


def found_meetings(
    events: "Iterable[Event]", contacts: Iterable[Contact], ours: Collection[str]
) -> tuple[Found, ...]:
    """The meetings with contacts among ``events``, without our own objects (UIDs ``ours``).

    They come in the order of time, whatever the order of the events. Archived contacts are
    no longer on the list and find nothing.
    """
    by_address = {
        address.lower(): contact.id
        for contact in contacts
        if not contact.archived
        for address in contact.emails
    }
    meetings = (
        Found(contact, event.span, event.uid, event.title)
        for event in events
        if event.mine
        and event.people
        and event.attendee_count <= MOST_ATTENDEES
        and event.uid not in ours
        for contact in dict.fromkeys(
            by_address[person] for person in event.people if person in by_address
        )
    )
    return tuple(sorted(meetings, key=lambda f: (f.span, f.contact, f.uid)))
