"""The chance of a month against the enumeration of all that may come of what stands in it."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product
from math import isclose, prod
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK, ZONES, moments, spans
from domain_builders import BERLIN, at, day, meeting, span
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.experience import Experience, Share
from connectd.domain.found import Found
from connectd.domain.goal import Ledger
from connectd.domain.model import Encounter, Goal, Meeting, Month, Span, State
from connectd.domain.outlook import Outlook, month_chance, outlook

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
ACCEPTED, AGREED, HELD = 0.5, 0.6, 0.8
LEARNT = Experience(*(Share(0, 0, share) for share in (ACCEPTED, AGREED, HELD)))
SENT, DRAFTED = AGREED * HELD, ACCEPTED * AGREED * HELD
NAMES = {name: name.title() for name in ("ann", "bob", "cy", "dee")}

BY_STATE = {
    State.DRAFTED: DRAFTED,
    State.ACCEPTED: SENT,
    State.INVITED: SENT,
    State.CONFIRMED: HELD,
}


def ledger(
    *facts: Encounter | Meeting | Found,
    zone: ZoneInfo = BERLIN,
    today: date = date(2026, 11, 2),
    goal: Goal | None = None,
) -> Ledger:
    return Ledger(
        goal or Goal(1, 6, NOVEMBER),
        zone,
        today,
        tuple(f for f in facts if isinstance(f, Encounter)),
        tuple(f for f in facts if isinstance(f, Meeting)),
        tuple(f for f in facts if isinstance(f, Found)),
    )


def goal_of(people: int) -> Goal:
    return Goal(people, 6, NOVEMBER)


def chance(book: Ledger, month: Month = NOVEMBER) -> float:
    return month_chance(book, month, LEARNT)


def look(book: Ledger, month: Month = NOVEMBER, further: int = 0) -> Outlook | None:
    return outlook(book, month, LEARNT, NAMES, further)


def helps(book: Ledger, further: int = 0) -> list[tuple[str, float]]:
    seen = look(book, further=further)
    assert seen is not None
    return [(what, pytest.approx(after)) for what, after in seen.raised_by]


@pytest.mark.parametrize("state", list(State))
def test_each_state_has_the_chance_of_what_still_has_to_happen(state: State) -> None:
    book = ledger(meeting("ann", state, "2026-11-10 10:00"))
    assert chance(book) == pytest.approx(BY_STATE.get(state, 0))


def test_what_stands_in_the_users_own_calendar_need_only_take_place() -> None:
    assert chance(ledger(Found("ann", span("2026-11-10 12:00"), "l", "Lunch"))) == HELD


def test_a_yes_to_a_time_that_is_taken_is_still_to_be_given() -> None:
    taken = meeting("ann", State.ACCEPTED, "2026-11-10 10:00", conflict="Board")
    assert chance(ledger(taken)) == pytest.approx(DRAFTED)
    assert chance(ledger(taken._replace(overruled=True))) == pytest.approx(SENT)
    assert helps(ledger(taken)) == [("a second yes to the draft with Ann", SENT)]


def test_whoever_says_yes_more_often_has_the_better_chance() -> None:
    learnt = LEARNT._replace(theirs={"ann": Share(9, 9, AGREED), "bob": Share(0, 9, AGREED)})
    invited = [meeting(who, State.INVITED, "2026-11-10 10:00") for who in ("ann", "bob", "cy")]
    chances = [month_chance(ledger(one), NOVEMBER, learnt) for one in invited]
    assert chances[0] > chances[2] > chances[1]
    assert chances[2] == pytest.approx(SENT)


def test_a_person_with_two_meetings_counts_once() -> None:
    twice = (
        meeting("ann", State.INVITED, "2026-11-10 10:00"),
        Found("ann", span("2026-11-20 12:00"), "lunch", "Lunch"),
    )
    assert chance(ledger(*twice)) == pytest.approx(1 - (1 - SENT) * (1 - HELD))
    assert chance(ledger(*twice, goal=goal_of(2))) == 0


def test_a_person_met_counts_for_certain_and_only_once() -> None:
    met = Encounter("ann", day("2026-11-01"))
    again = meeting("ann", State.CONFIRMED, "2026-11-20 10:00")
    bob = meeting("bob", State.CONFIRMED, "2026-11-20 10:00")
    assert chance(ledger(met, again, goal=goal_of(2))) == 0
    assert chance(ledger(met, again, bob, goal=goal_of(2))) == pytest.approx(HELD)
    assert chance(ledger(met)) == 1


def test_a_person_met_in_two_months_counts_in_both() -> None:
    book = ledger(
        Encounter("ann", day("2026-11-30")),
        Encounter("ann", day("2026-12-01")),
        today=day("2026-12-02"),
    )
    assert [chance(book, month) for month in (NOVEMBER, DECEMBER)] == [1, 1]
    ahead = ledger(
        Encounter("ann", day("2026-11-01")), meeting("ann", State.CONFIRMED, "2026-12-01 10:00")
    )
    assert [chance(ahead, month) for month in (NOVEMBER, DECEMBER)] == [1, pytest.approx(HELD)]


def test_what_was_not_sent_before_its_day_comes_to_nothing() -> None:
    gone = [meeting(who, State.DRAFTED, "2026-11-10 10:00") for who in ("ann", "bob")]
    gone[1] = gone[1]._replace(state=State.ACCEPTED)
    sent = meeting("cy", State.INVITED, "2026-11-10 10:00")
    assert chance(ledger(*gone, today=day("2026-11-10"))) > 0
    assert chance(ledger(*gone, today=day("2026-11-11"))) == 0
    assert chance(ledger(sent, today=day("2026-11-11"))) == pytest.approx(SENT)
    assert helps(ledger(sent, today=day("2026-11-10"))) == [("a yes from Cy", HELD)]
    assert helps(ledger(sent, today=day("2026-11-11"))) == []


@pytest.mark.parametrize("month", ["2026-10", "2026-12", "2027-05"])
def test_a_month_that_is_over_or_outside_the_goal_has_no_outlook(month: str) -> None:
    goal = Goal(1, 4, Month(2026, 11))
    book = ledger(goal=goal, today=day("2027-01-05"))
    assert look(book, Month.parse(month)) is None
    assert look(book, Month(2027, 1)) == Outlook(Month(2027, 1), 0.0)


def test_what_would_raise_the_chance_comes_best_first() -> None:
    book = ledger(
        meeting("ann", State.DRAFTED, "2026-11-10 10:00"),
        meeting("bob", State.INVITED, "2026-11-11 10:00"),
        meeting("cy", State.CONFIRMED, "2026-11-12 10:00"),
        goal=goal_of(2),
    )

    def two_of(*chances: float) -> float:
        return sum(
            prod(p if come else 1 - p for come, p in zip(coming, chances, strict=True))
            for coming in product((True, False), repeat=len(chances))
            if sum(coming) >= 2
        )

    seen = look(book)
    assert seen is not None
    assert seen.chance == pytest.approx(two_of(DRAFTED, SENT, HELD))
    assert helps(book) == [
        ("a yes from Bob", two_of(DRAFTED, HELD, HELD)),
        ("a yes to the draft with Ann", two_of(SENT, SENT, HELD)),
    ]
    assert helps(book, further=1) == [
        ("a yes from Bob", two_of(DRAFTED, HELD, HELD)),
        ("one more accepted draft", two_of(DRAFTED, SENT, HELD, SENT)),
        ("a yes to the draft with Ann", two_of(SENT, SENT, HELD)),
    ]


def test_as_many_drafts_are_named_as_bring_the_goal_within_reach() -> None:
    book = ledger(meeting("ann", State.INVITED, "2026-11-10 10:00"), goal=goal_of(3))
    assert helps(book, further=1) == []
    assert helps(book, further=2) == [
        ("2 more accepted drafts", SENT**3),
        ("2 more drafts", SENT * DRAFTED**2),
    ]


def test_nothing_is_to_be_raised_where_the_goal_is_certain() -> None:
    book = ledger(
        Encounter("ann", day("2026-11-01")), meeting("bob", State.DRAFTED, "2026-11-10 10:00")
    )
    assert look(book, further=5) == Outlook(NOVEMBER, 1.0)


def test_an_unknown_contact_is_called_by_the_id() -> None:
    book = ledger(meeting("zoe", State.INVITED, "2026-11-10 10:00"))
    assert helps(book) == [("a yes from zoe", HELD)]


def test_the_same_meeting_lies_in_another_month_across_the_date_line() -> None:
    noon = meeting("ann", State.INVITED, span("2026-11-30 12:00", 30, ZoneInfo("UTC")))
    east = ledger(noon, zone=ZoneInfo("Pacific/Kiritimati"))
    west = ledger(noon, zone=ZoneInfo("Pacific/Pago_Pago"))
    assert [chance(east, month) > 0 for month in (NOVEMBER, DECEMBER)] == [False, True]
    assert [chance(west, month) > 0 for month in (NOVEMBER, DECEMBER)] == [True, False]


Fact = Encounter | Meeting | Found


@st.composite
def books(draw: st.DrawFn) -> tuple[Ledger, Month]:
    """Facts around the end of a month, of a year, or a change of the clock near one."""
    zone = draw(st.sampled_from(ZONES))
    edge = draw(
        moments(zone)
        | st.sampled_from([at("2026-12-01 00:00", zone), at("2027-01-01 00:00", zone)])
    )
    here = edge.astimezone(zone).date()
    who = st.sampled_from("abcd")
    near = st.integers(-2, 2).map(lambda days: here + timedelta(days=days))
    when = spans(edge - timedelta(days=2), 4)
    fact: st.SearchStrategy[Fact] = (
        st.builds(meeting, who, st.sampled_from(State), when)
        | st.builds(Encounter, who, near)
        | st.builds(Found, who, when, st.just("uid"), st.just("title"))
    )
    facts = draw(st.lists(fact, max_size=8))
    month = Month.of(draw(near))
    goal = Goal(
        draw(st.integers(1, 4)), draw(st.integers(1, 3)), month.plus(draw(st.integers(-1, 1)))
    )
    return ledger(*facts, zone=zone, today=draw(near), goal=goal), month


def all_that_may_come(book: Ledger, month: Month) -> Iterable[tuple[float, int]]:
    """Each way in which things may turn out: its chance, and the different people met."""

    def local(when: Span) -> date:
        return when.start.astimezone(book.zone).date()

    def inside(on: date) -> bool:
        return (on.year, on.month) == (month.year, month.number)

    met = {e.contact for e in book.encounters if inside(e.on)}
    ways = [
        (f.contact, HELD) for f in book.found if inside(on := local(f.span)) and on >= book.today
    ]
    for m in book.meetings:
        unsent = m.state in (State.DRAFTED, State.ACCEPTED)
        if inside(local(m.span)) and not (unsent and local(m.span) < book.today):
            ways.append((m.contact, BY_STATE.get(m.state, 0)))
    for outcome in product((True, False), repeat=len(ways)):
        pairs = list(zip(outcome, ways, strict=True))
        came = {who for happened, (who, _) in pairs if happened}
        yield prod(p if happened else 1 - p for happened, (_, p) in pairs), len(met | came)


@QUICK
@given(books())
def test_the_chance_of_a_month_is_that_of_all_that_may_come(given: tuple[Ledger, Month]) -> None:
    book, month = given
    goal = book.goal.people_per_month if book.goal.covers(month) else 0
    enumerated = sum(p for p, people in all_that_may_come(book, month) if people >= goal)
    assert isclose(chance(book, month), enumerated, abs_tol=1e-9)


@QUICK
@given(books(), st.integers(0, 4))
def test_whatever_is_said_to_raise_the_chance_does(
    given: tuple[Ledger, Month], further: int
) -> None:
    book, month = given
    seen = look(book, month, further)
    if seen is None:
        assert month < Month.of(book.today) or not book.goal.covers(month)
        return
    assert seen.chance == chance(book, month)
    raised = [help_.chance for help_ in seen.raised_by]
    assert raised == sorted(raised, reverse=True)
    assert len(raised) <= 3
    assert all(seen.chance < after <= 1 for after in raised)
    assert len({help_.what for help_ in seen.raised_by}) == len(raised) or _twice(book)


def _twice(book: Ledger) -> bool:
    """Whether somebody has several meetings, which are not told apart in words."""
    return len({m.contact for m in book.meetings}) < len(book.meetings)
