"""Recognizes our own objects on a server and what the server made of them. Raises nothing."""

from collections import Counter

from connectd.errors import UnreadableEventError
from connectd.formats.stored_event import (
    Participant,
    StoredEvent,
    mark_of,
    read_stored,
)
from connectd.formats.wording import DRAFT_MARKER

_DEFAULTS = {
    "CUTYPE": "INDIVIDUAL",
    "PARTSTAT": "NEEDS-ACTION",
    "ROLE": "REQ-PARTICIPANT",
    "RSVP": "FALSE",
    "SCHEDULE-AGENT": "SERVER",
}


def is_ours(text: str, uid: str, installation: str) -> bool:
    """Whether a stored object is the draft or invitation ``uid`` of this installation."""
    event = _read(text)
    return event is not None and event.uid == uid and event.mark == mark_of(installation, uid)


def is_invitation(text: str, uid: str, installation: str, sequence: int) -> bool:
    """Whether a stored object is the invitation ``uid`` with this SEQUENCE, or a later version.

    It may name nobody. What still says that nothing has been sent is a draft, whatever status
    the user gave it.
    """
    event = _read(text)
    return (
        event is not None
        and is_ours(text, uid, installation)
        and event.sequence >= sequence
        and event.statuses == {"CONFIRMED"}
        and DRAFT_MARKER not in event.description
    )


def altered(written: str, stored: str) -> bool:
    """Whether the server changed ORGANIZER or ATTENDEE when it stored ``written``.

    Order, letter case and stated defaults (RFC 5545 3.2, RFC 6638 7.1) are no change. What
    cannot be read counts as changed.
    """
    old, new = _read(written), _read(stored)
    if old is None or new is None:
        return True
    return _people(old) != _people(new)


def sequence_of(text: str) -> int:
    """The SEQUENCE of a stored object; 0 where it has none."""
    event = _read(text)
    return event.sequence if event else 0


def is_cancelled(text: str) -> bool:
    """Whether a stored object says that it was called off."""
    event = _read(text)
    return event is not None and "CANCELLED" in event.statuses


def title_of(text: str) -> str:
    """The title of a stored object; empty where it has none."""
    event = _read(text)
    return event.title if event else ""


def attendee_addresses(text: str) -> tuple[str, ...]:
    """The addresses of all attendees, in lower case and without ``mailto:``."""
    event = _read(text)
    return tuple(attendee.address for attendee in event.attendees) if event else ()


def _read(text: str) -> StoredEvent | None:
    try:
        return read_stored(text, times=False)
    except UnreadableEventError:
        return None


def _people(event: StoredEvent) -> Counter[tuple[str, frozenset[tuple[str, str]]]]:
    people = Counter((f"attendee {one.address}", _stated(one)) for one in event.attendees)
    if event.organizer:
        people[f"organizer {event.organizer.address}", _stated(event.organizer)] += 1
    return people


def _stated(one: Participant) -> frozenset[tuple[str, str]]:
    stated = {
        (name, value.upper() if name in _DEFAULTS else value)
        for name, value in one.parameters.items()
    }
    return frozenset(stated - _DEFAULTS.items())
