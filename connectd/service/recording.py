"""Records the step of a meeting, and what follows from it on record."""

from datetime import datetime

from connectd.domain.lifecycle import encounters_of
from connectd.domain.model import Meeting
from connectd.domain.view import Action, Name
from connectd.edges.store import Placement
from connectd.service.means import Means
from connectd.service.of_three import note_introduced


def record(
    action: Action, means: Means, now: datetime, placement: Placement | None = None
) -> str | None:
    """Record a step, and where its object lies if that is news; gives the reason for the step.

    None, with nothing changed, where the record has moved on since the step was decided.
    """
    meeting, store = action.meeting, means.store
    with store.transaction():
        if not store.save_meeting(meeting, was=action.was):
            return None
        for met in encounters_of(action, means.policy.zone):
            store.add_encounter(met)
        if action.name is Name.COMPLETE:
            note_introduced(meeting, store, now)
        if placement:
            store.save_placement(placement)
        if meeting.released:
            _let_go(meeting, means)
        store.log(now, action.name, meeting.contact, meeting.uid, action.because)
    return action.because


def _let_go(meeting: Meeting, means: Means) -> None:
    """The object is the user's own now: connectd has nothing left to do there."""
    placement = means.store.placement(meeting.uid)
    if placement:
        means.store.save_placement(placement._replace(removed=True))
