"""Takes an invitation for sent that stands in the calendar, though only a draft is on record.

So it is once an older copy of the database was put back, or an older export imported: what was
sent since then must not be sent a second time.
"""

from contextlib import suppress
from datetime import datetime

from connectd.domain.before_sending import CALENDAR, accept, invite
from connectd.domain.model import SENT, Delivery, Meeting
from connectd.domain.view import Gesture, Name
from connectd.edges.caldav_server import CalendarObject
from connectd.edges.store.mails import UNKNOWN
from connectd.errors import ConnectdError
from connectd.formats.recognition import is_invitation, sequence_of
from connectd.service.inviting import Sending, is_sent, mails_for, prepare, what_the_server_says
from connectd.service.means import Means
from connectd.service.of_three import note_introduced
from connectd.service.survey import Survey

_BECAUSE = "the invitation stands in your calendar already, though it was not on record as sent"
_IN_DOUBT = "it cannot be known whether the mail arrived: that is not on record"


def take_as_sent(
    meeting: Meeting,
    gesture: Gesture,
    stored: CalendarObject,
    means: Means,
    found: Survey,
    now: datetime,
) -> None:
    """Record it, if ``stored`` is our invitation to a ``meeting`` that is a draft on record.

    ``gesture`` tells its time. Whether its mails left is unknown: they leave again only on the
    user's word. One that is just being written is left to be looked up.
    """
    sequence = meeting.sequence + 1
    installation = means.store.installation
    if meeting.state in SENT or not is_invitation(stored.text, meeting.uid, installation, sequence):
        return
    if any(intent.meeting == meeting.uid for intent in means.store.unfinished_intents()):
        return
    standing = meeting._replace(span=gesture.span, missing_since=None)
    accepted = accept(standing, CALENDAR, _BECAUSE, now).meeting
    invited = invite(accepted, now).meeting._replace(sequence=sequence_of(stored.text))
    with suppress(ConnectdError):
        sending = prepare(invited, means, found)
        if is_sent(stored.text, sending, means):
            _record(meeting, sending, stored, means, now)


def _record(
    meeting: Meeting, sending: Sending, stored: CalendarObject, means: Means, now: datetime
) -> None:
    delivery, said = sending.delivery, what_the_server_says(stored.text, sending.people)
    mails = mails_for(sending, stored, means, now)
    if mails:
        delivery, said = Delivery.UNKNOWN, _IN_DOUBT
    sent = sending.meeting._replace(delivery=delivery, delivery_detail=said)
    with means.store.transaction():
        if not means.store.save_meeting(sent, was=meeting.state):
            return
        for mail in mails:
            means.store.queue_mail(mail._replace(stage=UNKNOWN, said=_IN_DOUBT))
        note_introduced(sent, means.store, now)
        means.store.log(now, Name.INVITE, sent.contact, sent.uid, _BECAUSE)
