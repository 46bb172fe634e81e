"""Decides what to do now: first the meetings that stand, then new drafts."""

from dataclasses import replace

from connectd.domain.circumstances import circumstances
from connectd.domain.found import Found, found_meetings
from connectd.domain.goal import Ledger
from connectd.domain.lifecycle import encounters_of
from connectd.domain.meetings_of_three import draft_for_two, kept_free
from connectd.domain.model import Policy
from connectd.domain.next_step import next_step
from connectd.domain.proposals import deal
from connectd.domain.ranking import sort_out
from connectd.domain.spans import local_day
from connectd.domain.view import Action, Decision, Held, PassedOver, Snapshot


def decide(snapshot: Snapshot, policy: Policy) -> Decision:
    """What to do now. The same snapshot and policy always give the same decision.

    An incomplete view proposes nothing and sends nothing; what the user answered is taken
    all the same.
    """
    found = found_in(snapshot)
    steps, held, afterwards = _live_on(snapshot, found, policy)
    drafts, passed_over = _propose(afterwards, policy)
    return Decision((*steps, *drafts), held, passed_over)


def found_in(snapshot: Snapshot) -> tuple[Found, ...]:
    """The meetings with contacts that stand in the calendars without connectd's doing."""
    return found_meetings(snapshot.events, snapshot.contacts, snapshot.meetings)


def ledger(snapshot: Snapshot, found: tuple[Found, ...], policy: Policy) -> Ledger:
    """The facts of ``snapshot`` that the goal is counted from."""
    today = local_day(snapshot.now, policy.zone)
    return Ledger(policy.goal, policy.zone, today, snapshot.encounters, snapshot.meetings, found)


def _live_on(
    snapshot: Snapshot, found: tuple[Found, ...], policy: Policy
) -> tuple[tuple[Action, ...], tuple[Held, ...], Snapshot]:
    """The steps due, the meetings held up, and the snapshot as it is after the steps."""
    seen = circumstances(snapshot, found, policy)
    actions: list[Action] = []
    held: list[Held] = []
    for meeting in snapshot.meetings:
        if not meeting.is_open:
            continue
        match next_step(meeting, snapshot.sightings.get(meeting.uid), seen):
            case Action() as action:
                actions.append(action)
            case Held() as waits:
                held.append(waits)
    changed = {action.meeting.uid: action.meeting for action in actions}
    meetings = tuple(changed.get(meeting.uid, meeting) for meeting in snapshot.meetings)
    met = (one for action in actions for one in encounters_of(action, policy.zone))
    afterwards = replace(snapshot, meetings=meetings, encounters=(*snapshot.encounters, *met))
    return tuple(actions), tuple(held), afterwards


def _propose(
    snapshot: Snapshot, policy: Policy
) -> tuple[tuple[Action, ...], tuple[PassedOver, ...]]:
    # found anew: what was let go of just now counts as the user's own meeting from here on
    found = found_in(snapshot)
    three = draft_for_two(snapshot, found, policy) if snapshot.complete else None
    if three:
        snapshot = replace(snapshot, meetings=(*snapshot.meetings, three.meeting))
    due, passed_over = sort_out(snapshot, found, policy)
    if not snapshot.complete:
        reason = "not every calendar could be read, so nothing is proposed"
        return (), (*passed_over, *(PassedOver(d.contact.id, reason) for d in due))
    kept = kept_free(snapshot, policy)
    others = [one for one in due if one.contact.id not in kept]
    drafts, left_out = deal(others, snapshot, ledger(snapshot, found, policy), policy)
    waiting = (PassedOver(who, kept[who]) for who in (d.contact.id for d in due) if who in kept)
    without_draft = (*passed_over, *waiting, *left_out)
    if three is None:
        return drafts, without_draft
    people = three.meeting.people
    return (three, *drafts), tuple(one for one in without_draft if one.contact not in people)
