"""The people of a meeting, and what a meeting of three means for their introduction."""

from datetime import datetime

from connectd.domain.introductions import Introduction, agreed_to_meet, called_off
from connectd.domain.model import Contact, Meeting
from connectd.edges.store import Store
from connectd.errors import SenselessError


def people_of(meeting: Meeting, store: Store) -> tuple[Contact, ...]:
    """Those whom the user meets. Raises SenselessError where one is gone from the list."""
    found = [store.contact(person) for person in meeting.people]
    people = tuple(person for person in found if person)
    if len(people) < len(found):
        gone = next(who for who, one in zip(meeting.people, found, strict=True) if one is None)
        raise SenselessError(f"{gone} is no longer on your list.")
    return people


def addresses_of(meeting: Meeting, store: Store) -> list[list[str]]:
    """The addresses of each whom the user meets; none of somebody who is gone."""
    found = [store.contact(person) for person in meeting.people]
    return [list(person.emails) if person else [] for person in found]


def note_draft(meeting: Meeting, store: Store) -> None:
    """Record with an introduction which draft is to bring the two together."""
    if introduction := _introduction(meeting, store):
        store.save_introduction(introduction._replace(meeting=meeting.uid))


def note_introduced(meeting: Meeting, store: Store, now: datetime) -> None:
    """Record that the two know of each other now: both are invited, or they have met.

    Not of one that was dropped meanwhile.
    """
    introduction = _introduction(meeting, store)
    if introduction and introduction.is_open:
        introduced = introduction._replace(meeting=meeting.uid, introduced_at=now)
        store.save_introduction(introduced)


def may_be_invited(meeting: Meeting, store: Store) -> bool:
    """Whether, by what is on record by now, all are on the list, and two still agree to meet.

    Raises SenselessError where one is gone from the list.
    """
    if any(person.archived for person in people_of(meeting, store)):
        return False
    introduction = _introduction(meeting, store)
    return meeting.other is None or bool(introduction and agreed_to_meet([introduction]))


def is_called_off(meeting: Meeting, store: Store) -> bool:
    """Whether two who were invited are not to be introduced after all: nobody is told of it."""
    introduction = _introduction(meeting, store)
    return introduction is not None and called_off([introduction], meeting)


def _introduction(meeting: Meeting, store: Store) -> Introduction | None:
    return store.introduction(meeting.contact, meeting.other) if meeting.other else None
