from domain_builders import BERLIN, NOW, TODAY, meeting

from connectd.domain.goal import Ledger
from connectd.domain.lifecycle import step
from connectd.domain.model import Encounter, Goal, Month, State
from connectd.domain.planned import as_planned
from connectd.domain.view import Action, Decision, Name


def test_drafts_stand_and_what_is_over_has_been_met_or_is_gone() -> None:
    old = Encounter("ann", TODAY)
    held = meeting("bob", State.CONFIRMED, "2026-10-30 23:30")
    lapsed = meeting("cy", State.DRAFTED, "2026-11-03 10:00")
    stays = meeting("dee", State.INVITED, "2026-11-04 10:00")
    draft = meeting("eve", State.DRAFTED, "2026-11-05 10:00")
    actions = (
        step(held, Name.COMPLETE, "they had accepted", NOW, encounter="assumed"),
        step(lapsed, Name.EXPIRE, "no answer came", NOW),
        Action(Name.DRAFT, draft, None, "due"),
    )
    goal = Goal(3, 6, Month(2026, 11))
    facts = Ledger(goal, BERLIN, TODAY, (old,), (held, lapsed, stays), ())

    planned = as_planned(facts, Decision(actions))

    states = {one.contact: one.state for one in planned.meetings}
    assert states == {
        "bob": State.MET,
        "cy": State.EXPIRED,
        "dee": State.INVITED,
        "eve": State.DRAFTED,
    }
    october = Encounter("bob", TODAY.replace(month=10, day=30), "assumed", held.uid)
    assert planned.encounters == (old, october)
    assert planned._replace(meetings=(), encounters=()) == facts._replace(
        meetings=(), encounters=()
    )
