"""Writes what is sent to the other person by mail: iTIP messages (RFC 5546).

Only what is listed here goes out. The object in the calendar may hold more: reminders, the
user's categories and attachments, and what calendar programs and servers noted for themselves.
"""

from collections.abc import Mapping, Sequence
from datetime import MINYEAR, UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Event, vCalAddress

from connectd.domain.addresses import valid_address
from connectd.errors import UnreadableEventError
from connectd.formats.calendar_object import calendar_with, safe_name, text_of
from connectd.formats.kept_parts import kept_places
from connectd.formats.plain_text import clean
from connectd.formats.stored_event import (
    Participant,
    StoredEvent,
    bare_address,
    master_of,
    parse,
    read_stored,
    values,
    without_components,
)
from connectd.formats.wording import one_line
from connectd.formats.zone_rules import zone_rules

_KEPT = ("TRANSP", "CLASS", "PRIORITY", "GEO", "URL", "CONFERENCE")
_KEPT_OF_PEOPLE = ("CN", "CUTYPE", "ROLE", "PARTSTAT", "RSVP")
_NOT_SENT = ("X-", "SCHEDULE-", "ALTREP")
_NAMES_OF_UTC = ("UTC", "Etc/UTC")


def request(stored: str, people: Sequence[Sequence[str]]) -> str:
    """The invitation ``stored`` as a REQUEST (RFC 5546 3.2.2) that asks people for an answer.

    ``people`` are the addresses of each, one of which has to be among the attendees. What
    names no organizer with an address, as a draft does not, what is cancelled and what repeats
    is none: raises UnreadableEventError.
    """
    old, found = _read(stored)
    asked = {bare_address(address) for person in people for address in person}
    if not all(found.attendees_among(person) for person in people):
        raise _unfit("the contact is not among its guests")
    if found.recurring:
        raise _unfit("it has become a series")
    if "CANCELLED" in found.statuses:
        raise _unfit("it is cancelled")

    event = _event(found, found.sequence, found.stamp)
    if found.description:
        event.add("DESCRIPTION", found.description)
    if found.duration is not None and found.end is None:
        event.add("DURATION", found.duration)
    event.add("STATUS", "TENTATIVE" if "TENTATIVE" in found.statuses else "CONFIRMED")
    for place in kept_places(old):
        event.add("LOCATION", place)
    for name in _KEPT:
        for value in values(old, name):
            event.add(name, _public(value))
    for guest in found.attendees:
        answer = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"} if guest.addresses & asked else {}
        _add_person(event, "ATTENDEE", guest, {**guest.parameters, **answer})
    return _message("REQUEST", event)


def cancellation(written: str, sequence: int, now: datetime) -> str:
    """A CANCEL (RFC 5546 3.2.5) of the invitation ``written``, the last that connectd wrote.

    Raises UnreadableEventError.
    """
    _, found = _read(written)
    event = _event(found, sequence, now)
    event.add("STATUS", "CANCELLED")
    for guest in found.attendees:
        _add_person(event, "ATTENDEE", guest, {**guest.parameters, "RSVP": ""})
    return _message("CANCEL", event)


def _read(text: str) -> tuple[Event, StoredEvent]:
    bare = without_components(text, {"VALARM", "VTIMEZONE"})
    return master_of(parse(bare)), read_stored(bare, times=False)


def _event(found: StoredEvent, sequence: int, stamp: datetime) -> Event:
    """What a REQUEST and a CANCEL have in common: which event it is, when, and whose."""
    if not found.uid or found.start is None or found.doubtful or stamp.year == MINYEAR:
        raise _unfit("its UID or its times are missing or wrong")
    event = Event()
    event.add("UID", found.uid)
    event.add("DTSTAMP", stamp.astimezone(UTC))
    event.add("SEQUENCE", sequence)
    event.add("SUMMARY", one_line(found.title))
    event.add("DTSTART", _time(found.start))
    if found.end is not None:
        event.add("DTEND", _time(found.end))
    if found.organizer is None or not _mail_address(found.organizer):
        raise _unfit("it has no organizer with a mail address")
    name = {"CN": found.organizer.parameters.get("CN", "")}
    _add_person(event, "ORGANIZER", found.organizer, name)
    return event


def _time(written: datetime | date) -> datetime | date:
    """A day, or a time in UTC or in a zone of the database, so that it means one moment."""
    if not isinstance(written, datetime):
        return written
    if written.tzinfo is UTC or getattr(written.tzinfo, "key", "") in _NAMES_OF_UTC:
        return written.astimezone(UTC)
    if not isinstance(written.tzinfo, ZoneInfo):
        raise _unfit("its time zone is not known")
    return written


def _add_person(
    event: Event, name: str, person: Participant, parameters: Mapping[str, str]
) -> None:
    """Name the person by the mail address; one who has none takes no part in mails."""
    address = _mail_address(person)
    if not address:
        return
    written = vCalAddress(f"mailto:{address}")
    for key in _KEPT_OF_PEOPLE:
        if value := safe_name(parameters.get(key, "")):
            written.params[key] = value
    event.add(name, written)


def _mail_address(person: Participant) -> str:
    """The address itself, or the EMAIL parameter of servers that write addresses of their own."""
    return next(filter(valid_address, (person.address, *sorted(person.addresses))), "")


def _public(value: Any) -> Any:  # noqa: ANN401 (icalendar's values share no type)
    for name in list(value.params):
        if name.upper().startswith(_NOT_SENT):
            del value.params[name]
    return value


def _message(method: str, event: Event) -> str:
    calendar = calendar_with()
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    try:
        for zone, time in _zones(event).items():
            calendar.add_component(zone_rules(zone, time))
        calendar.add_component(event)
        return text_of(calendar)
    except (ValueError, OverflowError) as error:
        raise _unfit(clean(str(error))) from error


def _zones(event: Event) -> dict[ZoneInfo, datetime]:
    """Each zone in which the event starts or ends, with that time."""
    times = [value.dt for name in ("DTSTART", "DTEND") for value in values(event, name)]
    timed = [time for time in times if isinstance(time, datetime)]
    return {time.tzinfo: time for time in timed if isinstance(time.tzinfo, ZoneInfo)}


def _unfit(why: str) -> UnreadableEventError:
    return UnreadableEventError(f"The event in your calendar cannot be sent by mail: {why}.")
