"""Turns an accepted draft into the invitation, once, and passes on what the user changes in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectd.domain.model import Contact, Delivery, Meeting, State
from connectd.domain.view import Action, Name
from connectd.edges.caldav_server import CalendarObject, Home
from connectd.edges.store import Mail, Placement
from connectd.errors import (
    ConnectdError,
    OutcomeUnknownError,
    PreconditionError,
    SenselessError,
    ServerError,
)
from connectd.formats.calendar_writer import Asked, invitation
from connectd.formats.recognition import attendee_addresses, is_invitation, sequence_of
from connectd.formats.replies import schedule_status
from connectd.formats.wording import InvitationWords
from connectd.service.agenda_by_mail import mail_agenda
from connectd.service.delivery import asked, sends_by
from connectd.service.drafting import me_for
from connectd.service.letters import request_mails
from connectd.service.means import Means
from connectd.service.of_three import may_be_invited, note_introduced, people_of
from connectd.service.outbox import WAITS, queue_request
from connectd.service.survey import Survey

_TROUBLE = {"2": 0, "1": 1, "": 2, "3": 3, "4": 3, "5": 3}
"""What a SCHEDULE-STATUS begins with, by how doubtful the delivery is (RFC 5546 section 3.6)."""


@dataclass(frozen=True, slots=True)
class Sending:
    """One invitation on its way: the meeting as it will be, for whom, and where it lies."""

    meeting: Meeting
    people: tuple[Contact, ...]
    placement: Placement
    home: Home
    delivery: Delivery


def send_invitation(action: Action, means: Means, found: Survey, now: datetime) -> str | None:
    """Rewrite the draft as my invitation under the same UID and href.

    On a server that schedules (RFC 6638), that is the sending; where connectd mails, a mail
    is queued with the record; else nobody is told. None where the object or the record is no
    longer what was decided on: the next tick decides again. Raises ConnectdError when it
    failed, or nobody knows whether it did.
    """
    sending = prepare(action.meeting, means, found)
    stored = _as_decided_on(sending, means)
    if stored is None:
        return None
    sending = above(sequence_of(stored.text), sending)
    text = rewritten(sending, stored, means, now)
    mails = mails_for(sending, stored, means, now)
    with means.store.transaction():
        current = means.store.meeting(action.meeting.uid)
        if current is None or current.state is not action.was:
            return None
        if not may_be_invited(current, means.store):
            return None
        sequence = str(sending.meeting.sequence)
        intent = means.store.begin_intent(action.meeting.uid, Name.INVITE, sequence, now)
    server = means.servers[sending.placement.account]
    try:
        sent = server.replace(sending.placement.href, text, stored.etag or "")
    except PreconditionError:
        means.store.finish_intent(intent, "not sent: it was changed meanwhile", now)
        return None
    except OutcomeUnknownError as error:
        return look_up(sending, intent, means, now, error.retry_after)
    except ConnectdError as error:
        means.store.finish_intent(intent, f"not sent: {error}", now)
        raise
    written = sending.placement._replace(written=sent.text, etag=sent.etag, gesture=None)
    _settle(sending, sent, written, mails, intent, means, now)
    return action.because


def prepare(meeting: Meeting, means: Means, found: Survey) -> Sending:
    """Gather what the sending needs.

    Raises SenselessError when the contact is gone, ServerError while nobody knows whether the
    server does the sending.
    """
    people, placement = people_of(meeting, means.store), means.store.placement(meeting.uid)
    if placement is None:
        raise SenselessError("The record of a draft has lost its place; it is left alone.")
    home = found.homes.get(placement.account)
    if home is None:
        raise ServerError("The calendar that it lies in cannot be reached at the moment.")
    return Sending(meeting, people, placement, home, sends_by(means, home))


def above(sequence: int, sending: Sending) -> Sending:
    """The sending with a SEQUENCE above that of the stored object: some clients raise it."""
    raised = max(sending.meeting.sequence, sequence + 1)
    return replace(sending, meeting=sending.meeting._replace(sequence=raised))


def rewritten(
    sending: Sending,
    stored: CalendarObject,
    means: Means,
    now: datetime,
    asks: Asked | None = None,
) -> str:
    """The stored object as the invitation that is to stand there, or with another asking."""
    configured = means.config.invitation
    return invitation(
        sending.meeting,
        sending.people,
        me_for(means),
        stored.text,
        written=sending.placement.written,
        asked=asks or asked(sending.delivery, sending.home),
        words=InvitationWords(configured.text, configured.booking_url),
        now=now,
    )


def mails_for(
    sending: Sending, stored: CalendarObject, means: Means, now: datetime
) -> tuple[Mail, ...]:
    """The mails that bring the invitation, one to each, where connectd sends them."""
    if sending.delivery is not Delivery.MAIL:
        return ()
    text = rewritten(sending, stored, means, now, Asked.BY_US)
    return request_mails(sending.meeting, sending.people, text, means, now)


def look_up(
    sending: Sending, intent: int, means: Means, now: datetime, retry_after: int | None = None
) -> str | None:
    """Find out what became of a sending whose outcome got lost, and record it.

    ``retry_after`` is for how many seconds the server asked to be left alone when it got lost.

    Raises OutcomeUnknownError, and leaves the intent open, while the server cannot say;
    ServerError when the invitation has certainly not gone out.
    """
    try:
        stored = means.servers[sending.placement.account].get(sending.placement.href)
    except ServerError as error:
        raise OutcomeUnknownError(
            "The server did not say whether the invitation went out; connectd will look again "
            "before it does anything else with it."
        ) from error
    if stored and is_sent(stored.text, sending, means):
        # no version counts as seen: the user may have changed it since
        placement = sending.placement._replace(etag="")
        mails = mails_for(sending, stored, means, now)
        _settle(sending, stored, placement, mails, intent, means, now)
        return "you said yes; the server took the invitation, though its answer was lost"
    means.store.finish_intent(intent, "not sent: the server never took it", now)
    raise ServerError(
        "The server never took the invitation; it will be tried again.", retry_after=retry_after
    )


def _as_decided_on(sending: Sending, means: Means) -> CalendarObject | None:
    """The object, if it still is the version that the decision rests on."""
    stored = means.servers[sending.placement.account].get(sending.placement.href)
    if stored is None or stored.etag is None or stored.etag != sending.placement.etag:
        return None
    return stored


def _settle(
    sending: Sending,
    sent: CalendarObject,
    placement: Placement,
    mails: tuple[Mail, ...],
    intent: int,
    means: Means,
    now: datetime,
) -> None:
    """Record that the invitation stands, where, and how it reaches whom it is for."""
    said = WAITS if mails else what_the_server_says(sent.text, sending.people)
    meeting = sending.meeting._replace(delivery=sending.delivery, delivery_detail=said)
    with means.store.transaction():
        means.store.save_meeting(meeting, was=State.ACCEPTED)
        means.store.save_placement(placement)
        means.store.finish_intent(intent, "sent", now)
        for mail in mails:
            queue_request(mail, means)
        mail_agenda(meeting, means, now)
        note_introduced(meeting, means.store, now)
        because = f"the invitation stands in your calendar, delivery {meeting.delivery}"
        means.store.log(now, Name.INVITE, meeting.contact, meeting.uid, because)


def what_the_server_says(text: str, people: Sequence[Contact]) -> str:
    """Its SCHEDULE-STATUS; of two people the worse one, and whose it is."""
    each = [(schedule_status(text, person.emails), person.id) for person in people]
    status, who = max(each, key=lambda one: _TROUBLE.get(one[0][:1], 0))
    return status if len({said for said, _ in each}) == 1 else f"{who}: {status}"


def is_sent(text: str, sending: Sending, means: Means) -> bool:
    """Whether a stored object is this very invitation, or a later version of it."""
    meeting = sending.meeting
    if not is_invitation(text, meeting.uid, means.store.installation, meeting.sequence):
        return False
    asked_here = set(attendee_addresses(text))
    named = all(
        not asked_here.isdisjoint(address.lower() for address in person.emails)
        for person in sending.people
    )
    return named or asked(sending.delivery, sending.home) is Asked.NOT_HERE
