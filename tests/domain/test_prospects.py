"""How one contact stands, and from when on nothing about them is in the way of a draft."""

from datetime import date

import pytest
from domain_builders import (
    TODAY,
    as_they_are,
    at,
    day,
    event,
    lunch_with,
    meeting,
    met,
    people,
    person,
    policy,
    snapshot,
    span,
)

from connectd.domain.model import Encounter, Policy, State
from connectd.domain.planner import decide
from connectd.domain.prospects import Prospect, prospect
from connectd.domain.view import Snapshot

ANN = person("ann")


def ann(facts: Snapshot, wanted: Policy | None = None) -> Prospect:
    wanted = wanted or policy()
    contact = next(contact for contact in facts.contacts if contact.id == "ann")
    return prospect(contact, facts, decide(facts, wanted), wanted)


def test_somebody_due_is_drafted_now() -> None:
    shown = ann(snapshot([ANN]))

    assert shown.due
    assert shown.reasons == ("you have not met yet",)
    assert (shown.passed_over, shown.open) == (None, None)
    assert shown.proposal is not None
    assert shown.next_possible == day("2026-11-04")


def test_others_are_left_out_of_it() -> None:
    draft = meeting("bob", State.DRAFTED, "2026-11-10 10:00")
    facts = snapshot([ANN, person("bob")], meetings=(draft,), encounters=(met("bob", 1),))

    assert ann(facts).open is None
    assert ann(facts).due


def test_somebody_due_without_a_place_is_due_all_the_same() -> None:
    everybody = people("ann", "bob")
    facts = snapshot(everybody, encounters=(met("ann", 31), met("bob", 400)))

    shown = ann(facts, policy(people_per_month=1, horizon_days=10))

    assert (shown.due, shown.proposal) == (True, None)
    assert shown.passed_over
    assert shown.next_possible == TODAY


def test_a_gap_that_is_not_over() -> None:
    facts = snapshot([ANN], encounters=(met("ann", 5),))

    shown = ann(facts, policy(horizon_days=10))

    assert not shown.due
    assert shown.reasons == ("last met 5 days ago; 30 days is your ideal gap",)
    assert shown.next_possible == day("2026-11-27")


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        (snapshot([person("ann", snoozed_until=day("2031-02-01"))]), "2031-02-01"),
        (snapshot([person("ann", snoozed_until=day("9999-12-31"))]), "9999-12-31"),
        (
            snapshot(
                [ANN],
                meetings=(
                    meeting(
                        "ann",
                        State.DECLINED,
                        "2026-11-06 10:00",
                        ended_at=at("2026-11-01 14:00"),
                    ),
                ),
            ),
            "2026-11-08",
        ),
        (
            snapshot(
                [ANN],
                meetings=tuple(
                    meeting(
                        "ann",
                        State.TURNED_DOWN,
                        f"2026-10-0{number} 10:00",
                        attempt=number,
                        ended_at=at(f"2026-10-0{number} 09:00"),
                    )
                    for number in (1, 2, 3)
                ),
            ),
            "2027-01-01",
        ),
    ],
    ids=["snoozed", "for good", "paused", "resting"],
)
def test_what_holds_them_back_ends_on_a_day(facts: Snapshot, until: str) -> None:
    shown = ann(facts)

    assert not shown.due
    assert until in (shown.passed_over or "")
    assert shown.next_possible == day(until)
    assert shown.proposal is None


def test_a_snooze_within_a_gap_waits_for_the_gap() -> None:
    contact = person("ann", snoozed_until=day("2026-11-09"))

    shown = ann(snapshot([contact], encounters=(met("ann", 2),)))

    assert shown.next_possible == day("2026-11-30")


def test_a_meeting_that_stands_leaves_it_open() -> None:
    draft = meeting("ann", State.DRAFTED, "2026-11-10 10:00")

    shown = ann(snapshot([ANN], meetings=(draft,), sightings=as_they_are(draft)))

    assert shown.open == draft
    assert (shown.due, shown.next_possible) == (False, None)
    assert shown.passed_over == "a draft for 2026-11-10 waits for your answer"


def test_a_lunch_in_the_calendar_begins_the_gap_anew() -> None:
    lunch = lunch_with("ann", span("2026-11-05 12:00"))

    shown = ann(snapshot([ANN], events=(lunch, event(span("2026-11-06 12:00")))))

    assert shown.passed_over == "already in your calendar on 2026-11-05"
    assert shown.next_possible == day("2026-12-05")


def test_one_met_this_month_waits_for_the_next_one_of_the_goal() -> None:
    eager = person("ann", every_days=1)
    facts = snapshot([eager], encounters=(Encounter("ann", date(2026, 11, 1)),))

    assert ann(facts, policy(horizon_days=10)).next_possible == day("2026-12-01")
    assert ann(facts, policy(starts="2027-01")).next_possible == TODAY


def test_somebody_archived() -> None:
    shown = ann(snapshot([person("ann", archived=True)]))

    assert (shown.due, shown.next_possible) == (False, None)
    assert shown.passed_over == "archived, so no longer on your list"
