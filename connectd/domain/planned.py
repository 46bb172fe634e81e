"""The facts that the goal is counted from, as a decision will leave them."""

from connectd.domain.goal import Ledger
from connectd.domain.lifecycle import encounters_of
from connectd.domain.view import Decision


def as_planned(facts: Ledger, decision: Decision) -> Ledger:
    """The facts once ``decision`` is carried out: new drafts stand, what is held has been met."""
    changed = {action.meeting.uid: action.meeting for action in decision.actions}
    meetings = {meeting.uid: meeting for meeting in facts.meetings} | changed
    met = (one for action in decision.actions for one in encounters_of(action, facts.zone))
    encounters = (*facts.encounters, *met)
    return facts._replace(meetings=tuple(meetings.values()), encounters=encounters)
