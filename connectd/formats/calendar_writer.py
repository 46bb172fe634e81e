"""Writes a meeting as the draft in the user's calendar, and the draft as an invitation.

Times stand in the user's zone with its VTIMEZONE: some clients show a UTC time as it is in
their editor, and the user would judge the draft by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Event, vCalAddress

from connectd.domain.addresses import valid_address
from connectd.domain.model import Contact, Form, Meeting, Span
from connectd.errors import SenselessError, UnreadableEventError
from connectd.formats.calendar_object import calendar_with, safe_name, text_of
from connectd.formats.kept_parts import kept_alarms, kept_guests, kept_properties
from connectd.formats.marks import plain_title
from connectd.formats.stored_event import (
    MARK,
    StoredEvent,
    mark_of,
    master_of,
    parse,
    read_stored,
    without_components,
)
from connectd.formats.wording import (
    CONFLICT_MARKERS,
    DRAFT_MARKER,
    USUAL_WORDS,
    DraftNotes,
    InvitationWords,
    draft_description,
    draft_title,
    invitation_description,
    invitation_title,
    quotes,
    without_addresses,
    without_conflict,
)
from connectd.formats.zone_rules import zone_rules

_CONNECTD = "connectd"


@dataclass(frozen=True, slots=True)
class Me:
    """The user: ``email`` is the address on the account that holds the drafts.

    ``zone`` is the IANA name of the user's time zone, ``installation`` a UUID as text.
    """

    name: str
    email: str
    zone: str
    installation: str
    other_emails: tuple[str, ...] = ()


class Asked(StrEnum):
    """Who asks the contact, and so how the contact stands in the stored invitation.

    Plainly as ATTENDEE where the server does; marked with SCHEDULE-AGENT=CLIENT (RFC 6638
    section 7.1) where connectd or the user does; or not at all, since some servers that
    schedule send whatever that says.
    """

    BY_SERVER = "by_server"
    BY_US = "by_us"
    NOT_HERE = "not_here"


def href_of(calendar_url: str, uid: str) -> str:
    """Where the object of a meeting stands in a calendar."""
    return f"{calendar_url.rstrip('/')}/{quote(uid, safe='')}.ics"


def draft(
    meeting: Meeting, people: Sequence[Contact], me: Me, notes: DraftNotes, now: datetime
) -> str:
    """The draft in the form that ``meeting.form`` names, for the contacts it is to be with.

    It names no attendee but the user, and no address of a contact stands in it, not even
    where a contact's name or the reasons hold one. Raises SenselessError if the
    user's own address is none.
    """

    def silent(text: str) -> str:
        return without_addresses(text, _emails(people))

    zone = ZoneInfo(me.zone)
    names = [silent(safe_name(person.name)) or person.id for person in people]
    event = _event(meeting, me, now)
    event.add("SUMMARY", silent(draft_title(names, meeting.kind)))
    event.add("DESCRIPTION", silent(draft_description(meeting, names, zone, notes)))
    event.add("STATUS", "TENTATIVE")
    if meeting.form is Form.INVITATION:
        machine = f"urn:uuid:{me.installation}"
        event.add("ORGANIZER", _address(machine, _CONNECTD, SCHEDULE_AGENT="CLIENT"))
        chair = {"PARTSTAT": "ACCEPTED", "ROLE": "CHAIR", "SCHEDULE_AGENT": "CLIENT"}
        event.add("ATTENDEE", _address(machine, _CONNECTD, **chair))
        event.add("ATTENDEE", _asked(me.email, silent(safe_name(me.name))))
    return _object(event, zone, meeting.span.start)


def invitation(  # noqa: PLR0913 (all that an invitation is made of)
    meeting: Meeting,
    people: Sequence[Contact],
    me: Me,
    stored: str,
    *,
    written: str,
    asked: Asked,
    words: InvitationWords = USUAL_WORDS,
    now: datetime,
) -> str:
    """The object ``stored``, as it is on the server now, as the user's invitation of ``people``.

    ``written`` is the version that connectd wrote last: the draft, or the invitation that is
    to be written again, for another time. The user's own title, place, guests, reminders and
    the like stay; the description stays only if it is wholly the user's own. Nothing that was
    written for the user alone is in it. Raises UnreadableEventError if ``stored`` cannot be
    understood, SenselessError if an address is none.
    """
    old = _master(stored)
    found = read_stored(stored, times=False)
    last = _last(written)
    unnamed = _emails(people) if asked is Asked.NOT_HERE else ()
    title = without_addresses(_title(meeting, people, me, found, last), unnamed)
    description = _description(meeting, people, me, words, found, last)
    mine = (me.email, *me.other_emails)
    guests = kept_guests(old, (*mine, *_emails(people)), unnamed)

    event = _event(meeting, me, now)
    event.add("SUMMARY", title)
    event.add("DESCRIPTION", without_addresses(description, unnamed))
    event.add("STATUS", "CONFIRMED")
    for name, person in _taking_part(people, me, asked, invites=_invites(found, guests, mine)):
        event.add(name, person)
    for guest in guests:
        event.add("ATTENDEE", guest)
    for name, value in kept_properties(old, unnamed):
        event.add(name, value)
    for alarm in kept_alarms(old, title, mine, unnamed):
        event.add_component(alarm)
    return _object(event, ZoneInfo(me.zone), meeting.span.start)


def _event(meeting: Meeting, me: Me, now: datetime) -> Event:
    event = Event()
    event.add("UID", meeting.uid)
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("SEQUENCE", meeting.sequence)
    event.add("TRANSP", "OPAQUE")
    event.add(MARK, mark_of(me.installation, meeting.uid))
    start, end = _times(meeting.span, ZoneInfo(me.zone))
    event.add("DTSTART", start)
    event.add("DTEND", end)
    return event


def _times(span: Span, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Start and end in ``zone``; in UTC where a local time would name another moment.

    In the hour that comes twice in autumn, local time means the first (RFC 5545 3.3.5).
    """
    local = [moment.astimezone(zone).replace(fold=0) for moment in (span.start, span.end)]
    if zone.key == "Etc/UTC" or [time.astimezone(UTC) for time in local] != [span.start, span.end]:
        return span.start, span.end
    return local[0], local[1]


def _object(event: Event, zone: ZoneInfo, around: datetime) -> str:
    calendar = calendar_with(event)
    if calendar.get_missing_tzids():
        calendar.subcomponents.insert(0, zone_rules(zone, around))
    return text_of(calendar)


def _asked(email: str, name: str, **parameters: str) -> vCalAddress:
    asked = {"PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE", "ROLE": "REQ-PARTICIPANT"}
    return _address(_mailto(email), name, **asked, **parameters)


def _address(uri: str, name: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(uri)
    for key, value in {"CN": safe_name(name) or uri, **parameters}.items():
        address.params[key.replace("_", "-")] = value
    return address


def _mailto(email: str) -> str:
    if not valid_address(email):
        raise SenselessError(f"{email!r} is not an e-mail address; please correct it.")
    return f"mailto:{email}"


def _master(stored: str) -> Event:
    """The event itself; a reminder that cannot be read is left out."""
    text = without_components(stored, {"VTIMEZONE"})
    try:
        return master_of(parse(text))
    except UnreadableEventError:
        return master_of(parse(without_components(text, {"VALARM"})))


def _last(written: str) -> StoredEvent | None:
    try:
        return read_stored(written, times=False)
    except UnreadableEventError:
        return None


def _is_draft(last: StoredEvent | None) -> bool:
    return last is None or "CONFIRMED" not in last.statuses


def _invites(found: StoredEvent, guests: Sequence[vCalAddress], mine: Sequence[str]) -> bool:
    """Whether the user's own client made the event an invitation to others."""
    organizer = found.organizer.addresses if found.organizer else frozenset()
    return bool(guests) and not organizer.isdisjoint(address.lower() for address in mine)


def _taking_part(
    people: Sequence[Contact], me: Me, asked: Asked, *, invites: bool
) -> list[tuple[str, vCalAddress]]:
    """The organizer, the user and the contacts.

    Where the contacts must not stand, the user does only as the organizer who ``invites``
    others: without an organizer the server would call off what it has sent to them.
    """
    chair = {"PARTSTAT": "ACCEPTED", "ROLE": "CHAIR"}
    mine = [
        ("ORGANIZER", _address(_mailto(me.email), me.name)),
        ("ATTENDEE", _address(_mailto(me.email), me.name, **chair)),
    ]
    agent = {"SCHEDULE_AGENT": "CLIENT"} if asked is Asked.BY_US else {}
    theirs = [_asked(next(iter(one.emails), ""), one.name, **agent) for one in people]
    if asked is not Asked.NOT_HERE:
        return [*mine, *(("ATTENDEE", person) for person in theirs)]
    return mine if invites else []


def _title(
    meeting: Meeting,
    people: Sequence[Contact],
    me: Me,
    found: StoredEvent,
    last: StoredEvent | None,
) -> str:
    """The user's title, unless it is still the one that the draft had."""
    if not _is_draft(last):
        return found.title
    names = _names(people)
    usual = draft_title(names, meeting.kind)
    before = last.title if last else usual
    title = plain_title(before, found.title)
    if title in ("", plain_title(usual, usual), plain_title(before, before)):
        return invitation_title(safe_name(me.name), names, meeting.kind)
    return title


def _description(
    meeting: Meeting,
    people: Sequence[Contact],
    me: Me,
    words: InvitationWords,
    found: StoredEvent,
    last: StoredEvent | None,
) -> str:
    """The user's own words, but only where they are known to hold nothing of the draft's.

    In an invitation that is written again, our words of the time before make way for new ones.
    """
    zone, names, name = ZoneInfo(me.zone), _names(people), safe_name(me.name)
    usual = invitation_description(meeting, names, name, zone, words)
    own = without_conflict(found.description)
    if last is None or not own or quotes(own, _private(meeting, last)):
        return usual
    span = None if _is_draft(last) else last.span(zone, meeting.span.length)
    if span is None:
        return own
    before = invitation_description(meeting._replace(span=span), names, name, zone, words)
    return own.replace(before, usual) if before else own


def _names(people: Sequence[Contact]) -> list[str]:
    return [safe_name(person.name) for person in people]


def _emails(people: Sequence[Contact]) -> list[str]:
    return [address for person in people for address in person.emails]


def _private(meeting: Meeting, last: StoredEvent) -> list[str]:
    """What was written for the user alone, line by line, and by itself what a line tells of."""
    lines = last.description.split("\n") if _is_draft(last) else []
    told = [line.partition(": ")[2] for line in lines]
    ours = (DRAFT_MARKER, *CONFLICT_MARKERS)
    return [*ours, *meeting.reasons, *meeting.questions, *lines, *told]
