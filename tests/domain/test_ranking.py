from datetime import timedelta
from itertools import permutations

import pytest
from domain_builders import (
    NOW,
    TODAY,
    at,
    day,
    meeting,
    met,
    people,
    person,
    policy,
    snapshot,
    span,
)

from connectd.domain.cadence import Light, last_meetings
from connectd.domain.found import Found
from connectd.domain.model import Fact, Policy, State
from connectd.domain.ranking import Due, sort_out
from connectd.domain.view import Snapshot


def order(facts: Snapshot, wanted: Policy | None = None) -> list[str]:
    return [due.contact.id for due in sort_out(facts, (), wanted or policy())[0]]


def against(facts: Snapshot, *found: Found, **rules: int) -> dict[str, str]:
    return {p.contact: p.reason for p in sort_out(facts, found, policy(**rules))[1]}


def only(facts: Snapshot) -> Due:
    (due,), _ = sort_out(facts, (), policy())
    return due


def test_the_priority_is_the_number_of_ideal_gaps_that_went_by() -> None:
    often = person("often", every_days=10)
    seldom = person("seldom", every_days=100)
    facts = snapshot([seldom, often], encounters=(met("often", 25), met("seldom", 200)))
    assert [(d.contact.id, d.score) for d in sort_out(facts, (), policy())[0]] == [
        ("often", 2.5),
        ("seldom", 2.0),
    ]


def test_no_more_than_three_gaps_count() -> None:
    assert [
        only(snapshot(people("ann"), encounters=(met("ann", days),))).score
        for days in (60, 90, 120, 180)
    ] == [2.0, 3.0, 3.0, 3.0]


def test_whoever_was_never_met_is_as_pressing_as_one_and_a_half_gaps() -> None:
    facts = snapshot(
        people("new", "later", "sooner"), encounters=(met("later", 44), met("sooner", 46))
    )
    assert order(facts) == ["sooner", "new", "later"]


def test_a_dormant_tie_does_not_crowd_out_the_living_ones() -> None:
    facts = snapshot(
        people("old", "due", "green"),
        encounters=(met("old", 181), met("due", 31), met("green", 29)),
    )
    assert order(facts) == ["due", "old", "green"]
    old = sort_out(facts, (), policy())[0][1]
    assert old.is_dormant
    assert old.light is Light.RED
    assert old.reasons == ("last met 181 days ago: an old tie worth picking up",)


def fact(kind: str, contact: str = "ann") -> Fact:
    return Fact(contact, kind, "", TODAY)


@pytest.mark.parametrize(
    ("kinds", "more", "words"),
    [
        (["promised"], 0.5, ["you promised them something"]),
        (["promised", "promised"], 0.5, ["you promised them something"]),
        (["promised", "kept"], 0.0, []),
        (["ask"], 0.25, ["there is something you want to ask them"]),
        (["ask", "helped_me"], 0.0, []),
        (
            ["ask", "promised"],
            0.75,
            ["you promised them something", "there is something you want to ask them"],
        ),
        (["note", "need", "offer"], 0.0, []),
    ],
)
def test_what_is_open_between_two_people_adds_to_the_priority(
    kinds: list[str], more: float, words: list[str]
) -> None:
    plain = only(snapshot(people("ann")))
    due = only(snapshot(people("ann"), facts=tuple(map(fact, kinds))))
    assert due.score - plain.score == more
    assert list(due.reasons) == ["you have not met yet", *words]


def test_what_is_open_with_one_is_no_matter_with_another() -> None:
    due = only(snapshot(people("bob"), facts=(fact("promised"), fact("ask"))))
    assert due.reasons == ("you have not met yet",)


def test_whoever_often_says_yes_is_asked_rather_and_no_word_is_lost_about_it() -> None:
    long_ago = NOW - timedelta(days=40)
    kind, shy = (
        meeting(who, state, "2026-09-20 10:00", ended_at=long_ago)
        for who, state in (("zoe", State.MET), ("ann", State.TURNED_DOWN))
    )
    facts = snapshot(people("ann", "bob", "zoe"), meetings=(kind, shy))
    assert order(facts) == ["zoe", "bob", "ann"]
    assert {due.reasons for due in sort_out(facts, (), policy())[0]} == {("you have not met yet",)}


def test_every_reason_has_its_points_and_they_add_up() -> None:
    missed = meeting("ann", State.MISSED, "2026-10-20 10:00", ended_at=NOW - timedelta(days=8))
    facts = snapshot(
        people("ann"),
        meetings=(missed,),
        encounters=(met("ann", 45),),
        facts=(fact("promised"),),
    )
    due = only(facts)
    told = {reason.words: reason.points for reason in due.why if reason.words}
    assert told == {
        "last met 45 days ago; 30 days is your ideal gap": 1.5,
        "you promised them something": 0.5,
        "it did not work out last time; offered again once": -0.25,
    }
    assert due.score == sum(reason.points for reason in due.why)


def test_only_the_last_meeting_counts() -> None:
    facts = snapshot(
        people("ann", "bob"), encounters=(met("ann", 10), met("bob", 20), met("ann", 90))
    )
    assert order(facts) == ["bob", "ann"]
    assert last_meetings(facts.encounters)["ann"] == TODAY - timedelta(days=10)


def test_ties_are_broken_by_id_whatever_the_order_of_the_list() -> None:
    orders = {tuple(order(snapshot(p))) for p in permutations(people("bob", "ann", "cy"))}
    assert orders == {("ann", "bob", "cy")}


@pytest.mark.parametrize(
    ("days_ago", "earliest", "reason"),
    [
        (None, "2026-11-02", "you have not met yet"),
        (0, "2026-12-02", "last met today; 30 days is your ideal gap"),
        (1, "2026-12-01", "last met yesterday; 30 days is your ideal gap"),
        (40, "2026-10-23", "last met 40 days ago; 30 days is your ideal gap"),
    ],
)
def test_nobody_is_due_before_the_ideal_gap_is_over(
    days_ago: int | None, earliest: str, reason: str
) -> None:
    encounters = () if days_ago is None else (met("ann", days_ago),)
    (due,) = sort_out(snapshot(people("ann"), encounters=encounters), (), policy())[0]
    assert (due.earliest, due.reasons) == (day(earliest), (reason,))


def test_the_day_is_the_local_one() -> None:
    facts = snapshot(people("ann"), now=at("2026-11-03 00:30"), encounters=(met("ann", 0),))
    assert sort_out(facts, (), policy())[0][0].reasons[0].startswith("last met yesterday")


@pytest.mark.parametrize(
    ("until", "held"), [("2026-11-02", False), ("2026-11-03", True), (None, False)]
)
def test_a_snoozed_contact_is_left_alone_until_that_day(
    until: str | None,
    held: bool,  # noqa: FBT001  a column
) -> None:
    ann = person("ann", snoozed_until=day(until) if until else None)
    assert ("ann" in against(snapshot([ann]))) == held


def test_an_archived_contact_is_neither_due_nor_passed_over() -> None:
    assert sort_out(snapshot([person("ann", archived=True)]), (), policy()) == ((), ())


@pytest.mark.parametrize("state", [State.DRAFTED, State.ACCEPTED, State.INVITED, State.CONFIRMED])
@pytest.mark.parametrize("when", ["2026-11-10 10:00", "2026-10-28 10:00"])
def test_whoever_has_an_open_meeting_gets_no_second(state: State, when: str) -> None:
    facts = snapshot(people("ann"), meetings=(meeting("ann", state, when),))
    day_of_it = when[:10]
    assert day_of_it in against(facts)["ann"]


ENDED_WITHOUT_MEETING = {
    State.DECLINED: "your no",
    State.EXPIRED: "the draft that lapsed",
    State.TURNED_DOWN: "their no",
    State.CANCELLED: "the meeting that was called off",
    State.MISSED: "the meeting that did not take place",
}


@pytest.mark.parametrize("state", list(ENDED_WITHOUT_MEETING))
@pytest.mark.parametrize(("days_ago", "held"), [(0, True), (6, True), (7, False)])
def test_after_an_end_that_was_no_meeting_the_contact_is_left_alone_for_the_pause(
    state: State,
    days_ago: int,
    held: bool,  # noqa: FBT001  a column
) -> None:
    ended = meeting("ann", state, "2026-11-01 10:00", ended_at=NOW - timedelta(days=days_ago))
    reasons = against(snapshot(people("ann"), meetings=(ended,)), pause_days=7)
    assert ("ann" in reasons) == held
    until = TODAY + timedelta(days=7 - days_ago)
    because = f"left alone until {until}, after {ENDED_WITHOUT_MEETING[state]}"
    assert not held or reasons["ann"] == because


def test_a_draft_that_connectd_took_back_itself_starts_no_pause() -> None:
    withdrawn = meeting("ann", State.WITHDRAWN, "2026-11-05 10:00", ended_at=NOW)
    assert order(snapshot(people("ann"), meetings=(withdrawn,))) == ["ann"]


def test_the_latest_end_counts_for_the_pause() -> None:
    ends = (
        meeting("ann", State.EXPIRED, "2026-11-01 10:00", ended_at=NOW - timedelta(days=2)),
        meeting("ann", State.DECLINED, "2026-10-01 10:00", ended_at=NOW - timedelta(days=30)),
    )
    reason = against(snapshot(people("ann"), meetings=ends))["ann"]
    assert reason == "left alone until 2026-11-07, after the draft that lapsed"


def test_a_meeting_ahead_in_the_calendar_holds_a_draft_back_until_it_is_over() -> None:
    ahead = Found("ann", span("2026-11-20 12:00"), "lunch", "Lunch")
    going_on = Found("bob", span("2026-11-02 08:30"), "breakfast", "Breakfast")
    over = Found("cy", span("2026-11-02 08:00"), "walk", "Walk")
    reasons = against(snapshot(people("ann", "bob", "cy")), ahead, going_on, over)
    assert reasons == {
        "ann": "already in your calendar on 2026-11-20",
        "bob": "already in your calendar on 2026-11-02",
    }


def test_whoever_was_missed_once_is_offered_again_gently_after_the_pause() -> None:
    missed = meeting("ann", State.MISSED, "2026-10-20 10:00", ended_at=NOW - timedelta(days=7))
    (due,), _ = sort_out(snapshot(people("ann"), meetings=(missed,)), (), policy())
    assert due.reasons == (
        "you have not met yet",
        "it did not work out last time; offered again once",
    )


def test_whoever_was_met_since_is_not() -> None:
    held = (
        meeting("ann", State.MISSED, "2026-08-20 10:00", ended_at=NOW - timedelta(days=70)),
        meeting("ann", State.MET, "2026-09-20 10:00", attempt=2),
    )
    facts = snapshot(people("ann"), meetings=held, encounters=(met("ann", 43),))
    (due,), _ = sort_out(facts, (), policy())
    assert due.reasons == ("last met 43 days ago; 30 days is your ideal gap",)


def test_nor_is_whoever_was_met_since_without_connectds_doing() -> None:
    missed = meeting("ann", State.MISSED, "2026-08-20 10:00", ended_at=NOW - timedelta(days=70))
    facts = snapshot(people("ann"), meetings=(missed,), encounters=(met("ann", 43),))
    (due,), _ = sort_out(facts, (), policy())
    assert due.reasons == ("last met 43 days ago; 30 days is your ideal gap",)


def test_a_rest_holds_a_contact_back_and_says_why() -> None:
    sent = tuple(
        meeting(
            "ann",
            State.TURNED_DOWN,
            "2026-09-20 10:00",
            attempt=n,
            ended_at=NOW - timedelta(days=20),
        )
        for n in (1, 2, 3)
    )
    assert against(snapshot(people("ann"), meetings=sent)) == {
        "ann": "resting until 2027-01-11: 3 invitations in a row without a yes"
    }
    assert against(snapshot(people("ann"), meetings=sent), rest_days=20) == {}
