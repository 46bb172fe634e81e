from collections import Counter
from datetime import timedelta
from itertools import permutations

import pytest
from clocks import QUICK
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
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.cadence import ideal_gap, last_meetings, overdue_days
from connectd.domain.found import Found
from connectd.domain.model import Cadence, Contact, Policy, State
from connectd.domain.ranking import Due, balanced, sort_out
from connectd.domain.view import Snapshot


def order(facts: Snapshot, wanted: Policy | None = None) -> list[str]:
    return [due.contact.id for due in sort_out(facts, (), wanted or policy())[0]]


def against(facts: Snapshot, *found: Found, **rules: int) -> dict[str, str]:
    return {p.contact: p.reason for p in sort_out(facts, found, policy(**rules))[1]}


def test_whoever_was_never_met_comes_first() -> None:
    facts = snapshot(people("ann", "zoe"), encounters=(met("ann", 3000),))
    assert order(facts) == ["zoe", "ann"]


def test_then_counts_the_time_since_the_last_meeting_against_the_ideal_gap() -> None:
    often = person("often", every_days=10)
    seldom = person("seldom", every_days=100)
    facts = snapshot([seldom, often], encounters=(met("often", 40), met("seldom", 200)))
    assert order(facts) == ["often", "seldom"]
    assert [d.urgency for d in sort_out(facts, (), policy())[0]] == [4.0, 2.0]


def test_only_the_last_meeting_counts() -> None:
    facts = snapshot(
        people("ann", "bob"), encounters=(met("ann", 10), met("bob", 20), met("ann", 90))
    )
    assert order(facts) == ["bob", "ann"]
    assert last_meetings(facts.encounters)["ann"] == TODAY - timedelta(days=10)


def test_ties_are_broken_by_id_whatever_the_order_of_the_list() -> None:
    orders = {tuple(order(snapshot(p))) for p in permutations(people("bob", "ann", "cy"))}
    assert orders == {("ann", "bob", "cy")}


def test_the_ideal_gap_is_the_contacts_own_or_the_categorys() -> None:
    categories = {"business": Cadence(ideal_days=45)}
    assert ideal_gap(person("ann"), categories) == 45
    assert ideal_gap(person("ann", every_days=7), categories) == 7
    assert ideal_gap(person("ann", "unknown"), categories) == Cadence().ideal_days


def test_days_past_the_ideal_gap() -> None:
    assert overdue_days(None, 30, TODAY) is None
    assert overdue_days(TODAY - timedelta(days=12), 30, TODAY) == 0
    assert overdue_days(TODAY - timedelta(days=42), 30, TODAY) == 12


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


ENDED_WITHOUT_MEETING = [
    State.DECLINED,
    State.EXPIRED,
    State.TURNED_DOWN,
    State.CANCELLED,
    State.MISSED,
]


@pytest.mark.parametrize("state", ENDED_WITHOUT_MEETING)
@pytest.mark.parametrize(("days_ago", "held"), [(0, True), (6, True), (7, False)])
def test_after_an_end_that_was_no_meeting_the_contact_is_left_alone_for_the_pause(
    state: State,
    days_ago: int,
    held: bool,  # noqa: FBT001  a column
) -> None:
    ended = meeting("ann", state, "2026-11-01 10:00", ended_at=NOW - timedelta(days=days_ago))
    reasons = against(snapshot(people("ann"), meetings=(ended,)), pause_days=7)
    assert ("ann" in reasons) == held
    assert not held or reasons["ann"].startswith("left alone until 2026-11-")


def test_a_draft_that_connectd_took_back_itself_starts_no_pause() -> None:
    withdrawn = meeting("ann", State.WITHDRAWN, "2026-11-05 10:00", ended_at=NOW)
    assert order(snapshot(people("ann"), meetings=(withdrawn,))) == ["ann"]


def test_the_latest_end_counts_for_the_pause() -> None:
    ends = (
        meeting("ann", State.EXPIRED, "2026-11-01 10:00", ended_at=NOW - timedelta(days=2)),
        meeting("ann", State.DECLINED, "2026-10-01 10:00", ended_at=NOW - timedelta(days=30)),
    )
    assert "2026-11-07" in against(snapshot(people("ann"), meetings=ends))["ann"]


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


def due(contact: Contact, urgency: float) -> Due:
    return Due(contact, TODAY, urgency, ())


def test_the_next_one_comes_from_the_category_that_had_the_fewest() -> None:
    waiting = [
        due(person("a1", "results"), 9.0),
        due(person("a2", "results"), 8.0),
        due(person("a3", "results"), 7.0),
        due(person("b1", "business"), 2.0),
        due(person("c1", "organization"), 1.0),
    ]
    assert [d.contact.id for d in balanced(waiting, {})] == ["a1", "b1", "c1", "a2", "a3"]
    had = {"results": 1, "business": 1}
    assert [d.contact.id for d in balanced(waiting, had)] == ["c1", "a1", "b1", "a2", "a3"]


ranked = st.lists(
    st.tuples(st.sampled_from(["results", "organization", "business"]), st.floats(0, 9)),
    max_size=12,
).map(
    lambda drawn: sorted(
        (due(person(f"p{n:02}", category), urgency) for n, (category, urgency) in enumerate(drawn)),
        key=lambda d: d.order,
    )
)


@QUICK
@given(ranked, st.dictionaries(st.sampled_from(["results", "organization"]), st.integers(0, 3)))
def test_dealing_keeps_everybody_the_order_within_a_category_and_the_balance(
    waiting: list[Due], had: dict[str, int]
) -> None:
    dealt = list(balanced(waiting, had))
    assert sorted(d.order for d in dealt) == [d.order for d in waiting]
    counts = Counter(had)
    for position, chosen in enumerate(dealt):
        later = dealt[position:]
        fewest = min(counts[d.contact.category] for d in later)
        even = [d.order for d in later if counts[d.contact.category] == fewest]
        assert chosen.order == min(even)
        counts[chosen.contact.category] += 1
