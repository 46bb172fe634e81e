"""Turns an accepted draft into the invitation, once."""

from dataclasses import dataclass, replace
from datetime import datetime

from connectd.domain.model import Contact, Delivery, Meeting, State
from connectd.domain.view import Action, Name
from connectd.edges.caldav_server import CalendarObject, Home
from connectd.edges.store import Placement
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
from connectd.service.drafting import me_for, sends_by
from connectd.service.means import Means
from connectd.service.survey import Survey


@dataclass(frozen=True, slots=True)
class Sending:
    """One invitation on its way: the meeting as it will be, for whom, and where it lies.

    ``delivery`` is how the contact will hear of it, ``asked`` how the contact stands in it.
    """

    meeting: Meeting
    contact: Contact
    placement: Placement
    delivery: Delivery
    asked: Asked


def send_invitation(action: Action, means: Means, found: Survey, now: datetime) -> str | None:
    """Rewrite the draft as my invitation under the same UID and href.

    On a server that schedules (RFC 6638), that is the sending; elsewhere nobody is told.
    None where the object or the record is no longer what was decided on: the next tick
    decides again. Raises ConnectdError when it failed, or nobody knows whether it did.
    """
    sending = prepare(action.meeting, means, found)
    server = means.servers[sending.placement.account]
    stored = server.get(sending.placement.href)
    if stored is None or stored.etag is None or stored.etag != sending.placement.etag:
        return None
    sending = _above(sequence_of(stored.text), sending)
    text = invitation(
        sending.meeting,
        sending.contact,
        me_for(means),
        stored.text,
        written=sending.placement.written,
        asked=sending.asked,
        words=InvitationWords(*means.config.invitation),
        now=now,
    )
    with means.store.transaction():
        current = means.store.meeting(action.meeting.uid)
        if current is None or current.state is not action.was:
            return None
        sequence = str(sending.meeting.sequence)
        intent = means.store.begin_intent(action.meeting.uid, Name.INVITE, sequence, now)
    try:
        sent = server.replace(sending.placement.href, text, stored.etag)
    except PreconditionError:
        means.store.finish_intent(intent, "not sent: it was changed meanwhile", now)
        return None
    except OutcomeUnknownError:
        return look_up(sending, intent, means, now)
    except ConnectdError as error:
        means.store.finish_intent(intent, f"not sent: {error}", now)
        raise
    written = sending.placement._replace(written=sent.text, etag=sent.etag, gesture=None)
    settle(sending, sent, written, intent, means, now)
    return action.because


def prepare(meeting: Meeting, means: Means, found: Survey) -> Sending:
    """Gather what the sending needs.

    Raises SenselessError when the contact is gone, ServerError while nobody knows whether the
    server does the sending.
    """
    contact, placement = means.store.contact(meeting.contact), means.store.placement(meeting.uid)
    if contact is None or placement is None:
        raise SenselessError(f"{meeting.contact} is no longer on your list.")
    home = found.homes.get(placement.account)
    if home is None:
        raise ServerError("The calendar that it lies in cannot be reached at the moment.")
    delivery = sends_by(means, home)
    return Sending(meeting, contact, placement, delivery, _asked(delivery, home))


def _asked(delivery: Delivery, home: Home) -> Asked:
    if delivery is Delivery.SERVER:
        return Asked.BY_SERVER
    return Asked.NOT_HERE if home.schedules else Asked.BY_US


def _above(sequence: int, sending: Sending) -> Sending:
    """The sending with a SEQUENCE above that of the stored draft: some clients raise it."""
    raised = max(sending.meeting.sequence, sequence + 1)
    return replace(sending, meeting=sending.meeting._replace(sequence=raised))


def look_up(sending: Sending, intent: int, means: Means, now: datetime) -> str | None:
    """Find out what became of a sending whose outcome got lost, and record it.

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
    if stored and _is_sent(stored, sending, means.store.installation):
        # no version counts as seen: the user may have changed it since
        settle(sending, stored, sending.placement._replace(etag=""), intent, means, now)
        return "you said yes; the server took the invitation, though its answer was lost"
    means.store.finish_intent(intent, "not sent: the server never took it", now)
    raise ServerError("The server never took the invitation; it will be tried again.")


def settle(
    sending: Sending,
    sent: CalendarObject,
    placement: Placement,
    intent: int,
    means: Means,
    now: datetime,
) -> None:
    """Record that the invitation stands, where, and how it reaches the contact."""
    said = schedule_status(sent.text, sending.contact.emails)
    meeting = sending.meeting._replace(delivery=sending.delivery, delivery_detail=said)
    with means.store.transaction():
        means.store.save_meeting(meeting, was=State.ACCEPTED)
        means.store.save_placement(placement)
        means.store.finish_intent(intent, "sent", now)
        because = f"the invitation stands in your calendar, delivery {meeting.delivery}"
        means.store.log(now, Name.INVITE, meeting.contact, meeting.uid, because)


def _is_sent(stored: CalendarObject, sending: Sending, installation: str) -> bool:
    uid, sequence = sending.meeting.uid, sending.meeting.sequence
    if sending.asked is Asked.NOT_HERE:
        return is_invitation(stored.text, uid, installation, sequence)
    people = {address.lower() for address in sending.contact.emails}
    return sequence_of(stored.text) >= sequence and not people.isdisjoint(
        attendee_addresses(stored.text)
    )
