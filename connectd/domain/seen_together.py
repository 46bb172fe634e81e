"""Which contacts know each other, since they stand in the same event of the calendar."""

from collections.abc import Collection, Iterable
from itertools import combinations
from typing import TYPE_CHECKING

from connectd.domain.matching import pair_of
from connectd.domain.model import Contact

if TYPE_CHECKING:
    from connectd.domain.view import Event

MOST_TOGETHER = 12
"""With more people in an event, two of them need not have spoken to each other."""


def seen_together(
    events: "Iterable[Event]", contacts: Iterable[Contact], ours: Collection[str]
) -> frozenset[tuple[str, str]]:
    """The pairs of ids, each in the order of the alphabet, of those who meet in an event.

    ``ours`` are the UIDs of meetings that connectd planned: whom it brings together there is
    on record already, and may yet call it off.
    """
    together = [
        event.people
        for event in events
        if len(event.people) > 1
        and event.attendee_count <= MOST_TOGETHER
        and event.mine
        and event.uid not in ours
    ]
    if not together:
        return frozenset()
    ids = {address.lower(): contact.id for contact in contacts for address in contact.emails}
    return frozenset(
        pair_of(one, other)
        for people in together
        for one, other in combinations({ids[person] for person in people if person in ids}, 2)
    )
