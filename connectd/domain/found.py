"""Meetings with contacts that stand in the calendar without connectd's doing."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from connectd.domain.model import Contact, Meeting, Span

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

    @property
    def people(self) -> tuple[str, ...]:
        """The one contact, as with a meeting of ours."""
        return (self.contact,)


def found_meetings(
    events: "Iterable[Event]", contacts: Iterable[Contact], meetings: Iterable[Meeting]
) -> tuple[Found, ...]:
    """The meetings with contacts among ``events``, without the objects of our own ``meetings``.

    An object that was let go of is the user's own, and counts for those it was made for.
    They come in the order of time, whatever the order of the events. Archived contacts are
    no longer on the list and find nothing.
    """
    made_for = {m.uid: m.people if m.released else () for m in meetings}
    listed = [contact for contact in contacts if not contact.archived]
    by_address = {address.lower(): c.id for c in listed for address in c.emails}
    ids = {contact.id for contact in listed}
    found = (
        Found(contact, event.span, event.uid, event.title)
        for event in events
        if event.mine
        for contact in dict.fromkeys(_people(event, by_address, made_for))
        if contact in ids
    )
    return tuple(sorted(found, key=lambda f: (f.span, f.contact, f.uid)))


def _people(
    event: "Event", by_address: Mapping[str, str], made_for: Mapping[str, tuple[str, ...]]
) -> Iterator[str]:
    """The contacts who take part in an event, as far as it is not one of ours."""
    if event.uid in made_for:
        people = made_for[event.uid]
        if not people:
            return
        yield from people
    if event.attendee_count <= MOST_ATTENDEES:
        yield from (by_address[person] for person in event.people if person in by_address)
