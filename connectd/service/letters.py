"""The mails about one meeting: what they say, from whom, to whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.model import Contact, Meeting
from connectd.edges.store import Mail
from connectd.errors import SenselessError
from connectd.formats import itip
from connectd.formats.mail import (
    Letter,
    compose,
    message_id,
    plain_words,
    spelled_out,
    words_for_cancellation,
)
from connectd.formats.stored_event import read_stored
from connectd.service.means import Means

REQUEST: Literal["REQUEST"] = "REQUEST"
CANCEL: Literal["CANCEL"] = "CANCEL"


class _Reader(NamedTuple):
    contact: str
    name: str
    address: str


class _Said(NamedTuple):
    method: Literal["REQUEST", "CANCEL"]
    subject: str
    words: str
    calendar: str


def request_mails(
    meeting: Meeting, people: Sequence[Contact], invitation: str, means: Means, now: datetime
) -> tuple[Mail, ...]:
    """The mails that ask ``people``, one to each: ``invitation`` names them all as those asked.

    Raises SenselessError, UnreadableEventError where no such mail can be made.
    """
    public = read_stored(invitation, times=False)
    calendar = itip.request(invitation, [person.emails for person in people])
    mails = []
    for person in people:
        when = spelled_out(meeting.span, _zone(person.timezone, means))
        words = plain_words(public.title, when, public.place, public.description)
        to = _Reader(person.id, person.name, next(iter(person.emails), ""))
        said = _Said(REQUEST, public.title, words, calendar)
        mails.append(_mail(meeting, to, said, means, now))
    return tuple(mails)


def cancellation_mail(meeting: Meeting, request: Mail, means: Means, now: datetime) -> Mail:
    """The mail that calls off what ``request`` had asked for."""
    reader = reader_of(request, meeting)
    contact = means.store.contact(reader)
    title = read_stored(request.calendar, times=False).title
    when = spelled_out(meeting.span, _zone(contact.timezone if contact else None, means))
    words = words_for_cancellation(means.config.me.name, title, when)
    calendar = itip.cancellation(request.calendar, meeting.sequence, now)
    to = _Reader(reader, contact.name if contact else "", request.recipient)
    said = _Said(CANCEL, f"Cancelled: {title}", words, calendar)
    return _mail(meeting, to, said, means, now)


def reader_of(mail: Mail, meeting: Meeting) -> str:
    """The id of the contact whom a mail about a meeting goes to, whatever their address is now."""
    to_first = message_id(mail.meeting, mail.sequence, mail.method, mail.sender)
    return meeting.contact if mail.message_id == to_first else meeting.people[-1]


def _mail(meeting: Meeting, to: _Reader, said: _Said, means: Means, now: datetime) -> Mail:
    configured = means.config.mail
    if configured is None:
        raise SenselessError("There is no [mail] table in the configuration any more.")
    sender = configured.from_
    second = to.contact if to.contact == meeting.other else ""
    letter = Letter(
        message_id=message_id(meeting.uid, meeting.sequence, said.method, sender, second),
        sender_name=means.config.me.name,
        sender=sender,
        recipient_name=to.name,
        recipient=to.address,
        subject=said.subject,
        words=said.words,
        calendar=said.calendar,
        method=said.method,
    )
    return Mail(
        meeting=meeting.uid,
        sequence=meeting.sequence,
        method=said.method,
        message_id=letter.message_id,
        sender=sender,
        recipient=to.address,
        calendar=said.calendar,
        message=compose(letter, now),
        queued_at=now,
    )


def _zone(name: str | None, means: Means) -> ZoneInfo:
    """The contact's zone where it is known: they read the mail."""
    return ZoneInfo(name) if name else means.config.me.timezone
