"""Decides with regard to the time of those who are to be drafted, asking them alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from connectd.domain.planner import decide
from connectd.domain.view import Action, Decision, Name, Snapshot
from connectd.service.means import Means
from connectd.service.survey import Survey
from connectd.service.their_busy import Patience, their_busy

_ROUNDS = 10


def decided(
    snapshot: Snapshot, means: Means, found: Survey, now: datetime
) -> tuple[Snapshot, Decision]:
    """Decide, and decide anew once it is known when those about to be drafted are busy.

    Others may be drafted then: they are asked in their turn, for a few rounds. Where nobody is
    to be drafted, nobody is asked. Returns the snapshot with what was heard, too.
    """
    decision = decide(snapshot, means.policy)
    asked: set[str] = set()
    patience = Patience()
    for _ in range(_ROUNDS):
        drafted = _drafted(decision.actions) - asked
        if not drafted:
            break
        asked |= drafted
        contacts = [contact for contact in snapshot.contacts if contact.id in drafted]
        heard = their_busy(contacts, means, found.homes, now, patience)
        if not heard:
            break
        snapshot = replace(snapshot, their_busy={**snapshot.their_busy, **heard})
        decision = decide(snapshot, means.policy)
    return snapshot, decision


def _drafted(actions: Iterable[Action]) -> set[str]:
    return {
        person
        for action in actions
        if action.name is Name.DRAFT
        for person in action.meeting.people
    }
