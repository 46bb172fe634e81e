"""How many drafts a month gets, early and late, and whatever came of earlier ones."""

from datetime import datetime, timedelta
from itertools import product
from math import prod

import pytest
from clocks import QUICK
from domain_builders import BERLIN, TODAY, at, day, meeting
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.experience import Experience, Share
from connectd.domain.goal import Ledger
from connectd.domain.model import Encounter, Goal, Meeting, MeetingRules, Month, State
from connectd.domain.pacing import further_drafts

NOVEMBER, DECEMBER = Month(2026, 11), Month(2026, 12)
SURE_ENOUGH, ROUND = 0.7, timedelta(days=7)
FIRST, LAST = "2026-11-01 00:00", "2026-11-27 09:00"


def ledger(*facts: Encounter | Meeting, people_per_month: int = 3) -> Ledger:
    return Ledger(
        Goal(people_per_month, 6, NOVEMBER),
        BERLIN,
        TODAY,
        tuple(f for f in facts if isinstance(f, Encounter)),
        tuple(f for f in facts if isinstance(f, Meeting)),
        (),
    )


def learnt(accepted: float = 0.7, agreed: float = 0.75, held: float = 0.9) -> Experience:
    return Experience(*(Share(0, 0, share) for share in (accepted, agreed, held)))


def drafts(
    book: Ledger, now: str | datetime, known: Experience | None = None, most: int = 99
) -> int:
    moment = at(now) if isinstance(now, str) else now
    return further_drafts(book, NOVEMBER, known or Experience(), moment, MeetingRules(), most)


def met(contact: str) -> Encounter:
    return Encounter(contact, TODAY)


def test_early_in_a_month_a_draft_for_each_place_is_enough() -> None:
    assert [drafts(ledger(people_per_month=n), FIRST) for n in (1, 2, 3)] == [1, 2, 3]


def test_late_in_a_month_there_are_more_drafts_than_places() -> None:
    late = [drafts(ledger(people_per_month=n), LAST) for n in (1, 2, 3)]
    assert all(number > places for places, number in enumerate(late, start=1))
    assert late == sorted(late)


@pytest.mark.parametrize("now", [FIRST, LAST])
def test_where_every_draft_leads_to_a_meeting_there_is_one_for_each_place(now: str) -> None:
    sure = learnt(0.999, 0.999, 0.999)
    assert drafts(ledger(met("ann")), now, sure) == 2


def test_never_more_than_are_allowed() -> None:
    assert [drafts(ledger(), LAST, most=most) for most in (0, 1, 3, 4)] == [0, 1, 3, 4]


def test_a_month_that_has_its_people_gets_none() -> None:
    assert drafts(ledger(met("ann"), met("bob"), met("cy")), LAST) == 0


def test_the_same_person_met_twice_fills_one_place() -> None:
    twice = (met("ann"), Encounter("ann", day("2026-11-09")))
    assert drafts(ledger(*twice), FIRST) == drafts(ledger(met("ann")), FIRST) == 2


def test_a_month_outside_the_goal_gets_none() -> None:
    now = at(FIRST)
    for month in (Month(2026, 10), Month(2027, 5)):
        assert further_drafts(ledger(), month, Experience(), now, MeetingRules(), 9) == 0


def test_what_is_confirmed_counts_for_more_than_what_is_only_drafted() -> None:
    def standing(state: State) -> Ledger:
        return ledger(*(meeting(who, state, "2026-11-29 10:00") for who in ("ann", "bob", "cy")))

    by_state = [
        drafts(standing(state), LAST)
        for state in (State.CONFIRMED, State.INVITED, State.ACCEPTED, State.DRAFTED)
    ]
    assert by_state == sorted(by_state)
    assert by_state[0] == 0
    assert by_state[-1] == drafts(ledger(), LAST) - 3


def test_a_later_month_has_time_enough() -> None:
    now = at(LAST)
    assert further_drafts(ledger(), DECEMBER, Experience(), now, MeetingRules(), 9) == 3


def test_a_longer_notice_leaves_fewer_tries() -> None:
    now = at("2026-11-16 00:00")
    soon, late = (
        further_drafts(ledger(), NOVEMBER, Experience(), now, MeetingRules(notice_hours=n), 99)
        for n in (24, 24 * 13)
    )
    assert soon < late


shares = st.floats(0.05, 1.0)
books = st.builds(
    lambda goal, people, standing: ledger(
        *map(met, people),
        *(meeting(f"s{n}", s, "2026-11-28 10:00") for n, s in enumerate(standing)),
        people_per_month=goal,
    ),
    st.integers(1, 5),
    st.lists(st.sampled_from("abc"), max_size=3),
    st.lists(
        st.sampled_from([State.DRAFTED, State.ACCEPTED, State.INVITED, State.CONFIRMED]),
        max_size=3,
    ),
)
known = st.builds(learnt, shares, shares, shares)
moments = st.integers(0, 30 * 24).map(lambda hours: at(FIRST) + timedelta(hours=hours))


@QUICK
@given(books, known, moments, st.integers(0, 5))
def test_it_is_the_least_number_that_makes_the_month_sure_enough(
    book: Ledger, shares: Experience, now: datetime, most: int
) -> None:
    accepted, agreed, held = (s.value for s in (shares.accepted, shares.agreed, shares.held))
    draft = accepted * agreed * held
    left = at("2026-12-01 00:00") - now - timedelta(hours=48)
    rounds = max(1, left // ROUND)
    sure = {State.CONFIRMED: held, State.INVITED: agreed * held, State.ACCEPTED: agreed * held}
    again = (1 - draft) ** (rounds - 1)
    standing = [1 - (1 - sure.get(m.state, draft)) * again for m in book.meetings]
    missing = book.goal.people_per_month - len({e.contact for e in book.encounters})

    def chance(number: int) -> float:
        each = [*standing, *[1 - (1 - draft) ** rounds] * number]
        return sum(
            prod(p if came else 1 - p for p, came in zip(each, ways, strict=True))
            for ways in product([True, False], repeat=len(each))
            if sum(ways) >= missing
        )

    number = drafts(book, now, shares, most)
    assert number <= most
    assert number == most or chance(number) >= SURE_ENOUGH - 1e-9
    assert number == 0 or chance(number - 1) < SURE_ENOUGH + 1e-9


@QUICK
@given(books, known, moments, st.integers(0, 24 * 30))
def test_later_in_the_month_there_are_never_fewer(
    book: Ledger, shares: Experience, now: datetime, hours: int
) -> None:
    assert drafts(book, now, shares) <= drafts(book, now + timedelta(hours=hours), shares)


@QUICK
@given(books, known, moments)
def test_somebody_more_who_was_met_never_leads_to_more(
    book: Ledger, shares: Experience, now: datetime
) -> None:
    one_more = book._replace(encounters=(*book.encounters, met("z")))
    assert drafts(one_more, now, shares) <= drafts(book, now, shares)
