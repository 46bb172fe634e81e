"""Settles what an earlier run began and did not record, before anything new is done."""

from datetime import datetime

from connectd.domain.before_sending import invite
from connectd.domain.model import Meeting, State
from connectd.domain.view import Name
from connectd.edges.store import Intent
from connectd.errors import ConnectdError, ServerError
from connectd.formats.recognition import is_ours
from connectd.service.drafting import forget_draft, settle_draft
from connectd.service.inviting import look_up, prepare
from connectd.service.means import Means
from connectd.service.outcomes import Applied, Deed, Failure
from connectd.service.survey import Survey


def reconcile(means: Means, found: Survey, now: datetime) -> list[Deed]:
    """Look every unfinished intent up by its UID; one that cannot be looked up stays open."""
    deeds: list[Deed] = []
    for intent in means.store.unfinished_intents():
        meeting = means.store.meeting(intent.meeting)
        if meeting is None:
            means.store.finish_intent(intent.id, "nothing is left of it", now)
            continue
        name = Name(intent.action)
        means.progress()
        try:
            detail = _settle(intent, meeting, means, found, now)
        except ConnectdError as error:
            deeds.append(Failure(name, meeting.contact, str(error)))
        else:
            if detail:
                deeds.append(Applied(name, meeting.uid, meeting.contact, detail))
    return deeds


def _settle(
    intent: Intent, meeting: Meeting, means: Means, found: Survey, now: datetime
) -> str | None:
    if Name(intent.action) is Name.DRAFT:
        return _settle_draft(intent, meeting, means, now)
    if meeting.state is not State.ACCEPTED:
        means.store.finish_intent(intent.id, "settled already", now)
        return None
    invited = invite(meeting, intent.began_at).meeting._replace(sequence=int(intent.detail))
    sending = prepare(invited, means, found)
    return look_up(sending, intent.id, means, now)


def _settle_draft(intent: Intent, meeting: Meeting, means: Means, now: datetime) -> str | None:
    placement = means.store.placement(meeting.uid)
    if placement is None:
        raise ServerError("The record of a draft has lost its place; it is left alone.")
    stored = means.servers[placement.account].get(placement.href)
    if stored is None or not is_ours(stored.text, meeting.uid, means.store.installation):
        forget_draft(meeting, intent.id, "the server never took it", means, now)
        return None
    settle_draft(meeting, placement, None, intent.id, means, now)
    return "found again after an interruption"
