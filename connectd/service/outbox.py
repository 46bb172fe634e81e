"""Invitations by mail: queued together with the record, then handed to the mail server, once.

There is at most one mail for each meeting, SEQUENCE, method and reader (RFC 5546 section 2.1.5).
How far its conversation with the mail server came is on disk before each stage begins, so
that one that broke off, for whatever reason, is sent again only if it was certainly not taken.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from connectd.domain.model import SENT, Delivery, Meeting
from connectd.domain.view import Name
from connectd.edges.smtp import MailServer, Stage
from connectd.edges.store import Mail
from connectd.edges.store.mails import DELIVERED, DROPPED, QUEUED, REFUSED, UNKNOWN
from connectd.errors import ServerError
from connectd.service.handing_over import MAY_BE_TRIED_AGAIN, hand_over, rests
from connectd.service.letters import CANCEL, REQUEST, cancellation_mail, reader_of
from connectd.service.means import Means
from connectd.service.of_three import is_called_off
from connectd.service.outcomes import Applied, Deed, Failure

WAITS = "waits to be mailed"
"""What a meeting says of its delivery until its mail has left."""
_NEVER_LEFT = frozenset({QUEUED, REFUSED, DROPPED})
_WORST_LAST = (Delivery.MAIL, Delivery.MANUAL, Delivery.UNKNOWN)


def queue_request(mail: Mail, means: Means) -> None:
    """Record a mail that brings an invitation to the contact.

    An earlier one that has not left yet is dropped: the new one says more.
    """
    if means.store.queue_mail(mail):
        _drop_waiting(mail.meeting, mail.sequence, means)


def queue_cancellation(meeting: Meeting, but: Collection[str], means: Means, now: datetime) -> None:
    """Record the mails that call the meeting off, one to each who may have heard of it.

    Not to those of ``but``, by id, nor where connectd mails no more.
    """
    _drop_waiting(meeting.uid, meeting.sequence, means)
    if means.config.mail is None:
        return
    for request in may_have_heard(meeting, but, means).values():
        means.store.queue_mail(cancellation_mail(meeting, request, means, now))


def may_have_heard(meeting: Meeting, but: Collection[str], means: Means) -> dict[str, Mail]:
    """The latest invitations that have left, or may have, by the id of the reader, without some."""
    requests = [mail for mail in means.store.mails_of(meeting.uid) if mail.method == REQUEST]
    reached = {reader_of(m, meeting): m for m in requests if m.stage not in _NEVER_LEFT}
    return {reader: request for reader, request in reached.items() if reader not in but}


def goes_by_mail(uid: str, means: Means) -> bool:
    """Whether a mail about this meeting has gone out, may have, or is to go."""
    stages = {mail.stage for mail in means.store.mails_of(uid)}
    return bool(stages - {REFUSED, DROPPED})


def post(means: Means, now: datetime, wanted: Callable[[], bool]) -> list[Deed]:
    """Hand the waiting mails to the mail server, as long as ``wanted()`` says so.

    One that cannot be handed over now waits for a later tick. So does an invitation whose event
    is gone, since the user may have deleted it, one to two who are not to be introduced after
    all, and the first one of a meeting whose time was taken meanwhile. What came of a mail that
    broke off after it had been handed over cannot be known: that is said, and it is not sent
    again.
    """
    deeds: list[Deed] = []
    for mail in means.store.waiting_mails():
        if not wanted():
            break
        meeting = means.store.meeting(mail.meeting)
        if meeting is None:
            continue
        if mail.stage == Stage.ACCEPTED:
            deeds += _delivered(mail, meeting, mail.said, means, now)
        elif mail.stage not in MAY_BE_TRIED_AGAIN:
            deeds.append(_unknown(mail, meeting, "connectd was interrupted", means, now))
        elif why := _pointless(mail, meeting, now):
            deeds += _dropped(mail, meeting, why, means, now)
        elif mail.method == REQUEST and _is_doubtful(meeting, means):
            continue
        elif meeting.is_contested and _is_first(mail, meeting, means):
            why = f"not mailed yet: the time is taken by {meeting.conflict}"
            deeds.append(_failure(mail, meeting, why))
        elif means.mail and not rests(means, now):
            deeds += _sent(means.mail, mail, meeting, means, now)
    return deeds


def _sent(
    server: MailServer, mail: Mail, meeting: Meeting, means: Means, now: datetime
) -> Iterable[Deed]:
    store = means.store

    def entering(stage: Stage) -> None:
        if not store.save_mail_stage(mail.message_id, stage):
            raise ServerError("it was taken back")

    outcome = hand_over(server, mail, entering, means, now)
    if outcome.stage == DELIVERED:
        return _delivered(mail, meeting, outcome.said, means, now)
    if outcome.stage == QUEUED:
        if not store.save_mail_stage(mail.message_id, QUEUED, outcome.said):
            return []
        return [_failure(mail, meeting, f"not mailed yet, it is tried again: {outcome.said}")]
    ended = mail._replace(stage=outcome.stage, said=outcome.said)
    return [_ended(ended, meeting, means, now)]


def _delivered(
    mail: Mail, meeting: Meeting, said: str, means: Means, now: datetime
) -> Iterable[Deed]:
    """The mail server took it; what is told with the step itself is not told twice."""
    delivered = mail._replace(stage=DELIVERED, said=said)
    told = _ended(delivered, meeting, means, now)
    if mail.queued_at == now:
        return []
    return [Applied(told.action, meeting.uid, told.contact, told.reason)]


def _unknown(mail: Mail, meeting: Meeting, why: str, means: Means, now: datetime) -> Deed:
    return _ended(mail._replace(stage=UNKNOWN, said=why), meeting, means, now)


def _dropped(mail: Mail, meeting: Meeting, why: str, means: Means, now: datetime) -> Iterable[Deed]:
    failure = _ended(mail._replace(stage=DROPPED, said=why), meeting, means, now)
    return [failure] if meeting.is_open else []


def _ended(mail: Mail, meeting: Meeting, means: Means, now: datetime) -> Failure:
    """Record what came of a mail, with the meeting too; gives it as a failure to report."""
    _, detail = _outcome(mail)
    with means.store.transaction():
        means.store.save_mail_stage(mail.message_id, mail.stage, mail.said)
        _note_delivery(mail, meeting, means)
        means.store.log(now, _action(mail), reader_of(mail, meeting), meeting.uid, detail)
    return _failure(mail, meeting, detail)


def _outcome(mail: Mail) -> tuple[Delivery, str]:
    """How a mail reached its reader, or did not, in words too."""
    match mail.stage:
        case stage if stage == DELIVERED:
            return Delivery.MAIL, f"mailed to {mail.recipient} ({mail.said})"
        case stage if stage == REFUSED:
            words = f"the mail server refused the mail, so please tell them yourself: {mail.said}"
            return Delivery.MANUAL, words
        case stage if stage == UNKNOWN:
            return Delivery.UNKNOWN, f"it cannot be known whether the mail arrived: {mail.said}"
        case stage if stage == DROPPED:
            return Delivery.MANUAL, f"not mailed: {mail.said}"
        case _:
            return Delivery.MAIL, WAITS


def _is_doubtful(meeting: Meeting, means: Means) -> bool:
    """Whether the next tick may call it off, before anybody hears of it."""
    return meeting.missing_since is not None or is_called_off(meeting, means.store)


def _pointless(mail: Mail, meeting: Meeting, now: datetime) -> str | None:
    """Why a mail that has not left yet need not leave any more."""
    if mail.method == CANCEL:
        return "its time is over" if meeting.span.end <= now else None
    if meeting.state not in SENT:
        return "the meeting is off"
    if meeting.span.start <= now:
        return "its time came before the mail could be sent"
    return None


def _is_first(mail: Mail, meeting: Meeting, means: Means) -> bool:
    """Whether it brings the meeting to the contact; a later one says where the user moved it."""
    reader = reader_of(mail, meeting)
    theirs = [m for m in means.store.mails_of(meeting.uid) if reader_of(m, meeting) == reader]
    return mail.message_id == theirs[0].message_id


def _note_delivery(mail: Mail, meeting: Meeting, means: Means) -> None:
    """Say with the meeting how its latest invitation, or its cancellation, reached the contacts.

    Of two mails that say the same, the one that fared worst decides, and both are told of.
    """
    current = means.store.meeting(meeting.uid)
    if current is None or mail.sequence < current.sequence:
        return
    alike = [
        one
        for one in means.store.mails_of(meeting.uid)
        if (one.sequence, one.method) == (mail.sequence, mail.method)
    ]
    outcomes = {reader_of(one, current): _outcome(one) for one in alike}
    delivery = max((how for how, _ in outcomes.values()), key=_WORST_LAST.index)
    details = [detail for _, detail in outcomes.values()]
    if len(outcomes) > 1:
        details = [f"{reader}: {detail}" for reader, (_, detail) in outcomes.items()]
    told = current._replace(delivery=delivery, delivery_detail="; ".join(details))
    means.store.save_meeting(told, was=current.state)


def _drop_waiting(uid: str, sequence: int, means: Means) -> None:
    """Drop what waits to be said of a SEQUENCE before this one."""
    for mail in means.store.mails_of(uid):
        if mail.stage in MAY_BE_TRIED_AGAIN and mail.sequence < sequence:
            means.store.save_mail_stage(mail.message_id, DROPPED, "a later one takes its place")


def _failure(mail: Mail, meeting: Meeting, reason: str) -> Failure:
    return Failure(_action(mail), reader_of(mail, meeting), reason)


def _action(mail: Mail) -> Name:
    return Name.INVITE if mail.method == REQUEST else Name.CANCEL
