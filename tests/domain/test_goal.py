from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK, ZONES, spans
from domain_builders import BERLIN, at, day, meeting, span
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.found import Found
from connectd.domain.goal import Ledger, Standing, months_between
from connectd.domain.model import SCHEDULED, Encounter, Goal, Meeting, Month, Span, State

NOVEMBER, DECEMBER, JANUARY = Month(2026, 11), Month(2026, 12), Month(2027, 1)


def ledger(
    *facts: Encounter | Meeting | Found,
    zone: ZoneInfo = BERLIN,
    today: str = "2026-11-02",
    goal: Goal | None = None,
) -> Ledger:
    return Ledger(
        goal or Goal(3, 6, NOVEMBER),
        zone,
        day(today),
        tuple(f for f in facts if isinstance(f, Encounter)),
        tuple(f for f in facts if isinstance(f, Meeting)),
        tuple(f for f in facts if isinstance(f, Found)),
    )


def met(contact: str, on: str) -> Encounter:
    return Encounter(contact, day(on))


def test_the_same_person_twice_in_a_month_counts_once() -> None:
    standing = ledger(met("ann", "2026-11-03"), met("ann", "2026-11-24")).standing(NOVEMBER)
    assert (standing.people, standing.met, standing.needed) == (("ann",), 1, 2)


def test_a_person_met_in_two_months_counts_in_both() -> None:
    book = ledger(met("ann", "2026-11-30"), met("ann", "2026-12-01"))
    assert [book.standing(m).met for m in (NOVEMBER, DECEMBER, JANUARY)] == [1, 1, 0]


@pytest.mark.parametrize("state", list(State))
def test_which_states_count_as_scheduled_and_as_open_drafts(state: State) -> None:
    standing = ledger(meeting("ann", state, "2026-11-10 10:00")).standing(NOVEMBER)
    assert standing.scheduled == (("ann",) if state in SCHEDULED else ())
    assert standing.open_drafts == (state is State.DRAFTED)
    assert standing.needed == (2 if state in SCHEDULED else 3)


def test_a_person_already_met_is_not_scheduled_again_in_that_month() -> None:
    book = ledger(
        met("ann", "2026-11-03"),
        meeting("ann", State.INVITED, "2026-11-24 10:00"),
        meeting("ann", State.INVITED, "2026-12-15 10:00", attempt=2),
    )
    assert book.standing(NOVEMBER) == Standing(NOVEMBER, 3, ("ann",), (), 0)
    assert book.standing(DECEMBER) == Standing(DECEMBER, 3, (), ("ann",), 0)


def test_a_meeting_found_ahead_is_scheduled_and_counts_once_beside_our_own() -> None:
    book = ledger(
        meeting("ann", State.INVITED, "2026-11-12 10:00"),
        Found("ann", span("2026-11-20 12:00"), "lunch", "Lunch"),
        Found("bob", span("2026-11-20 12:00"), "lunch", "Lunch"),
        Found("cy", span("2026-11-01 12:00"), "brunch", "Brunch"),
    )
    assert book.standing(NOVEMBER).scheduled == ("ann", "bob")


def test_more_people_than_the_goal_asks_for_leave_nothing_needed() -> None:
    book = ledger(*(met(f"c{n}", "2026-11-03") for n in range(5)))
    assert (book.standing(NOVEMBER).met, book.standing(NOVEMBER).needed) == (5, 0)


@pytest.mark.parametrize(
    ("month", "goal"),
    [("2026-10", 0), ("2026-11", 3), ("2027-04", 3), ("2027-05", 0)],
)
def test_a_month_outside_the_goal_asks_for_nobody(month: str, goal: int) -> None:
    standing = ledger().standing(Month.parse(month))
    assert (standing.goal, standing.needed) == (goal, goal)


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "Pacific/Kiritimati", "Pacific/Apia", "Pacific/Pago_Pago", "America/Havana"],
)
def test_a_month_ends_at_local_midnight(zone: str) -> None:
    here = ZoneInfo(zone)
    book = ledger(
        meeting("late", State.INVITED, span("2026-11-30 23:45", 30, here)),
        meeting("early", State.CONFIRMED, span("2026-12-01 00:00", 30, here)),
        meeting("draft", State.DRAFTED, span("2026-12-01 00:00", 30, here)),
        Found("found", span("2026-11-30 23:59", 30, here), "party", "Party"),
        zone=here,
    )
    assert book.standing(NOVEMBER).scheduled == ("late", "found")
    assert book.standing(DECEMBER).scheduled == ("early",)
    assert [book.standing(m).open_drafts for m in (NOVEMBER, DECEMBER)] == [0, 1]


def test_the_same_meeting_lies_in_another_month_across_the_date_line() -> None:
    noon = meeting("ann", State.INVITED, span("2026-11-30 12:00", 30, ZoneInfo("UTC")))
    east = ledger(noon, zone=ZoneInfo("Pacific/Kiritimati"))
    west = ledger(noon, zone=ZoneInfo("Pacific/Pago_Pago"))
    assert (east.standing(NOVEMBER).scheduled, east.standing(DECEMBER).scheduled) == ((), ("ann",))
    assert (west.standing(NOVEMBER).scheduled, west.standing(DECEMBER).scheduled) == (("ann",), ())


@st.composite
def books(draw: st.DrawFn) -> Ledger:
    """Facts within two days of the end of a month."""
    zone = draw(st.sampled_from(ZONES))
    edge = at("2026-12-01 00:00", zone)
    who = st.sampled_from("abcd")
    near = st.integers(-2, 2).map(lambda days: day("2026-12-01") + timedelta(days=days))
    when = spans(edge - timedelta(days=2), 4)
    meetings = st.builds(meeting, who, st.sampled_from(State), when)
    encounters = st.builds(Encounter, who, near)
    found = st.builds(Found, who, when, st.just("uid"), st.just("title"))
    facts = draw(st.lists(meetings | encounters | found, max_size=12))
    return ledger(*facts, zone=zone, today=str(draw(near)))


@QUICK
@given(books(), st.sampled_from([NOVEMBER, DECEMBER, JANUARY]))
def test_a_standing_agrees_with_a_recount(book: Ledger, month: Month) -> None:
    def here(start: datetime) -> date:
        return start.astimezone(book.zone).date()

    def inside(on: date) -> bool:
        return (on.year, on.month) == (month.year, month.number)

    people = {e.contact for e in book.encounters if inside(e.on)}
    ours = {m.contact for m in book.meetings if m.state in SCHEDULED and inside(here(m.span.start))}
    ahead = [f for f in book.found if here(f.span.start) >= book.today]
    theirs = {f.contact for f in ahead if inside(here(f.span.start))}
    standing = book.standing(month)
    assert set(standing.people) == people
    assert set(standing.scheduled) == (ours | theirs) - people
    assert standing.met + len(standing.scheduled) == len(people | ours | theirs)
    assert standing.needed == max(0, 3 - len(people | ours | theirs))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2026-11-02", "2026-11-30", ["2026-11"]),
        ("2026-11-30", "2026-12-01", ["2026-11", "2026-12"]),
        ("2026-12-15", "2027-02-01", ["2026-12", "2027-01", "2027-02"]),
    ],
)
def test_the_months_between_two_days(first: str, last: str, expected: list[str]) -> None:
    assert [str(m) for m in months_between(day(first), day(last))] == expected


@given(st.integers(1900, 2100), st.integers(1, 12), st.integers(-400, 400))
def test_counting_months_forth_and_back(year: int, number: int, months: int) -> None:
    month = Month(year, number)
    assert month.plus(months).plus(-months) == month
    assert (month.plus(months) > month) == (months > 0)
    assert Month.parse(str(month)) == month == Month.of(date(month.year, month.number, 1))


@pytest.mark.parametrize(
    "text", ["2026", "2026-13", "2026-00", "2026-11-01", "202611", "2026-W01", "November", ""]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Month.parse(text)


def test_the_months_of_a_goal() -> None:
    goal = Goal(3, 3, NOVEMBER)
    assert goal.all_months() == (NOVEMBER, DECEMBER, JANUARY)
    assert all(goal.covers(month) for month in goal.all_months())


def test_a_span_over_the_edge_counts_where_it_starts() -> None:
    over = Span(at("2026-11-30 23:30"), at("2026-12-01 00:30"))
    book = ledger(meeting("ann", State.INVITED, over))
    assert book.standing(NOVEMBER).scheduled == ("ann",)
