"""Passes on what the user changed in an invitation that had gone out by mail.

Where the server sends, it has told the contact by itself when the user's client wrote the
change (RFC 6638 section 3.2.1); where nobody sent, the user tells them.
"""

from dataclasses import replace
from datetime import datetime

from connectd.domain.model import Delivery, Reply
from connectd.domain.view import Action
from connectd.errors import PreconditionError
from connectd.formats.recognition import sequence_of
from connectd.service.inviting import above, mails_for, prepare, rewritten
from connectd.service.means import Means
from connectd.service.outbox import (
    WAITS,
    goes_by_mail,
    may_have_heard,
    queue_cancellation,
    queue_request,
)
from connectd.service.recording import record
from connectd.service.survey import Survey

_NO_MAIL = "there is no [mail] table in the configuration any more, so please tell them yourself"


def pass_on_move(action: Action, means: Means, found: Survey, now: datetime) -> str | None:
    """Record the new time; if the invitation went by mail, write it anew and mail it once more.

    The SEQUENCE rises first, in the object, so that there is one REQUEST for each. None where
    the object has changed again since: the next tick decides again.
    """
    meeting = action.meeting
    if not goes_by_mail(meeting.uid, means):
        return record(action, means, now)
    sending = prepare(meeting, means, found)
    server = means.servers[sending.placement.account]
    stored = server.get(sending.placement.href)
    if stored is None or stored.etag is None or stored.etag != sending.placement.etag:
        return None
    sending = replace(above(sequence_of(stored.text), sending), delivery=Delivery.MAIL)
    text, mails = rewritten(sending, stored, means, now), mails_for(sending, stored, means, now)
    try:
        sent = server.replace(sending.placement.href, text, stored.etag)
    except PreconditionError:
        return None
    placement = sending.placement._replace(written=sent.text, etag=sent.etag, gesture=None)
    moved = sending.meeting._replace(
        delivery=Delivery.MAIL, delivery_detail=WAITS, reply=Reply.NONE
    )
    with means.store.transaction():
        because = record(replace(action, meeting=moved), means, now, placement)
        for mail in mails if because is not None else ():
            queue_request(mail, means)
    return because


def call_off(action: Action, means: Means, now: datetime) -> str | None:
    """Record that the meeting is off, and queue a CANCEL to each who was invited by mail.

    Who called it off by declining knows. Where connectd mails no more, the user tells the others.
    """
    meeting = action.meeting
    if not goes_by_mail(meeting.uid, means):
        return record(action, means, now)
    off = meeting._replace(sequence=meeting.sequence + 1)
    if means.config.mail is None and may_have_heard(meeting, action.said_by, means):
        off = off._replace(delivery=Delivery.MANUAL, delivery_detail=_NO_MAIL)
    with means.store.transaction():
        because = record(replace(action, meeting=off), means, now)
        if because is not None:
            queue_cancellation(off, action.said_by, means, now)
    return because
