"""Carries out what was decided: each deed is recorded as an intent, done, read back, recorded."""

from collections.abc import Callable, Iterable
from datetime import datetime

from connectd.domain.model import SENT
from connectd.domain.view import Action, Name
from connectd.errors import ConnectdError, ServerError
from connectd.service.amending import mark, needs_mark
from connectd.service.drafting import place_draft
from connectd.service.following_up import place_follow_up
from connectd.service.inviting import send_invitation
from connectd.service.means import Means
from connectd.service.outcomes import Applied, Deed, Failure
from connectd.service.passing_on import call_off, pass_on_move
from connectd.service.recording import record
from connectd.service.survey import Survey


def carry_out(
    actions: Iterable[Action],
    means: Means,
    found: Survey,
    now: datetime,
    wanted: Callable[[], bool],
) -> list[Deed]:
    """Do the actions in order, as long as ``wanted()`` says so (a daemon may be asked to stop).

    One that fails does not keep the others from being done.
    """
    deeds: list[Deed] = []
    for action in actions:
        if not wanted():
            break
        try:
            detail = _do(action, means, found, now)
        except ConnectdError as error:
            rest = error.retry_after if isinstance(error, ServerError) else None
            deeds.append(Failure(action.name, action.meeting.contact, str(error), rest))
        else:
            if detail is not None:
                meeting = action.meeting
                deeds.append(Applied(action.name, meeting.uid, meeting.contact, detail))
    return deeds


def _do(action: Action, means: Means, found: Survey, now: datetime) -> str | None:
    """Do one action; None where the record or the calendar has moved on meanwhile."""
    match action.name:
        case Name.DRAFT:
            return place_draft(action, means, found, now)
        case Name.INVITE:
            return send_invitation(action, means, found, now)
        case Name.FOLLOW_UP:
            return place_follow_up(action, means, found, now)
        case Name.CANCEL:
            return call_off(action, means, now)
        case Name.TURN_DOWN if action.meeting.other:
            return call_off(action, means, now)
        case Name.MOVE if action.was in SENT:
            return pass_on_move(action, means, found, now)
        case _ if needs_mark(action, means):
            return mark(action, means, now)
        case _:
            return record(action, means, now)
