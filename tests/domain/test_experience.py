"""What is learnt from the meetings on record, by hand and for every way a meeting may end."""

from datetime import timedelta

import pytest
from domain_builders import NOW, at, meeting, span

from connectd.domain.experience import REMEMBERED, Experience, Share, experience
from connectd.domain.lifecycle import STEPS
from connectd.domain.model import Meeting, State

SENT = at("2026-10-05 10:00")

YES, NO, NEITHER = (1, 1), (0, 1), (0, 0)
Counts = tuple[int, int]

AS_A_DRAFT = {
    State.DRAFTED: NEITHER,
    State.DECLINED: NO,
    State.EXPIRED: NO,
    State.WITHDRAWN: NEITHER,
    State.MET: NEITHER,
}
"""Never answered by me: what counts for `accepted`."""

AFTER_MY_YES = {
    State.ACCEPTED: YES,
    State.DECLINED: NO,
    State.EXPIRED: YES,
    State.WITHDRAWN: YES,
    State.MET: YES,
}
"""Accepted, not sent: what counts for `accepted`."""

SENT_WITHOUT_A_YES = {
    State.INVITED: (NEITHER, NEITHER),
    State.MET: (YES, YES),
    State.TURNED_DOWN: (NO, NEITHER),
    State.CANCELLED: (NO, NEITHER),
    State.MISSED: (NO, NEITHER),
    State.EXPIRED: (NO, NEITHER),
    State.WITHDRAWN: (NEITHER, NEITHER),
}
"""Sent, and they never said yes: what counts for `agreed` and for `held`."""

SENT_WITH_A_YES = {
    State.INVITED: (YES, NEITHER),
    State.CONFIRMED: (YES, NEITHER),
    State.MET: (YES, YES),
    State.TURNED_DOWN: (YES, NO),
    State.CANCELLED: (YES, NO),
    State.MISSED: (YES, NO),
    State.EXPIRED: (YES, NO),
    State.WITHDRAWN: (YES, NEITHER),
}
"""Sent, and they said yes once."""


def counts(*meetings: Meeting) -> tuple[Counts, Counts, Counts]:
    """What was counted of `accepted`, `agreed` and `held`, as (yes, asked)."""
    accepted, agreed, held, _ = experience(meetings, NOW)
    return accepted[:2], agreed[:2], held[:2]


def one(state: State, *, accepted: bool, sent: bool, replied_yes: bool = False) -> Meeting:
    return meeting(
        "ann",
        state,
        "2026-10-12 10:00",
        accepted_at=SENT if accepted else None,
        invited_at=SENT if sent else None,
        replied_yes=replied_yes,
    )


@pytest.mark.parametrize(("state", "accepted"), AS_A_DRAFT.items())
def test_a_draft_without_my_yes(state: State, accepted: Counts) -> None:
    told = counts(one(state, accepted=False, sent=False))
    assert told == (accepted, NEITHER, NEITHER)


@pytest.mark.parametrize(("state", "accepted"), AFTER_MY_YES.items())
def test_an_accepted_draft_that_was_not_sent(state: State, accepted: Counts) -> None:
    told = counts(one(state, accepted=True, sent=False))
    assert told == (accepted, NEITHER, NEITHER)


@pytest.mark.parametrize(("state", "theirs"), SENT_WITHOUT_A_YES.items())
def test_an_invitation_without_their_yes(state: State, theirs: tuple[Counts, Counts]) -> None:
    assert counts(one(state, accepted=True, sent=True)) == (YES, *theirs)


@pytest.mark.parametrize(("state", "theirs"), SENT_WITH_A_YES.items())
def test_an_invitation_with_their_yes(state: State, theirs: tuple[Counts, Counts]) -> None:
    assert counts(one(state, accepted=True, sent=True, replied_yes=True)) == (YES, *theirs)


def test_the_tables_hold_every_state() -> None:
    tables = (AS_A_DRAFT, AFTER_MY_YES, SENT_WITHOUT_A_YES, SENT_WITH_A_YES)
    assert {state for table in tables for state in table} == set(State)
    for start, table in ((State.DRAFTED, AS_A_DRAFT), (State.INVITED, SENT_WITHOUT_A_YES)):
        next_ones = set(STEPS[start].values()) - {State.ACCEPTED, State.CONFIRMED, State.INVITED}
        assert next_ones <= set(table)


def test_every_invitation_that_came_to_nothing_is_one_no() -> None:
    for state in (State.TURNED_DOWN, State.CANCELLED, State.MISSED, State.EXPIRED):
        for replied_yes in (False, True):
            _, agreed, held = counts(one(state, accepted=True, sent=True, replied_yes=replied_yes))
            assert [agreed, held].count(NO) == 1


def test_the_first_weeks_are_sane() -> None:
    first = experience([], NOW)
    assert (first.accepted.value, first.agreed.value, first.held.value) == (0.7, 0.75, 0.9)
    once = experience([one(State.TURNED_DOWN, accepted=True, sent=True)], NOW)
    assert once.agreed.value == pytest.approx(3 / 5)
    assert once.accepted.value == pytest.approx(3.8 / 5)


def test_after_many_answers_the_record_speaks() -> None:
    many = [
        meeting("ann", State.DECLINED if n % 4 else State.ACCEPTED, "2026-10-12 10:00", attempt=n)
        for n in range(80)
    ]
    assert experience(many, NOW).accepted.value == pytest.approx(0.25, abs=0.03)


def test_a_year_later_it_is_forgotten_but_what_is_open_counts() -> None:
    year_ago = NOW - REMEMBERED
    ended = meeting("ann", State.DECLINED, "2025-11-20 10:00", ended_at=year_ago)
    assert counts(ended)[0] == NO
    assert counts(ended._replace(ended_at=year_ago - timedelta(seconds=1)))[0] == NEITHER
    assert counts(meeting("ann", State.INVITED, "2024-05-02 10:00"))[0] == YES
    assert counts(meeting("bob", State.MET, "2024-05-02 10:00")) == (NEITHER, NEITHER, NEITHER)


def test_whom_a_yes_is_likely_from() -> None:
    when = span("2026-10-12 10:00")
    learnt = experience(
        [
            *(meeting("yea", State.MET, when, attempt=n) for n in range(3)),
            *(meeting("nay", State.TURNED_DOWN, when, attempt=n) for n in range(3)),
            meeting("out", State.INVITED, when),
            meeting("off", State.DECLINED, when),
        ],
        NOW,
    )
    everybodys = (3 + 0.75 * 4) / (6 + 4)
    assert learnt.agreed.value == pytest.approx(everybodys)
    assert learnt.agreed_by("yea") == pytest.approx((3 + 3 * everybodys) / 6)
    assert learnt.agreed_by("nay") == pytest.approx(3 * everybodys / 6)
    for unknown in ("out", "off", "new"):
        assert learnt.agreed_by(unknown) == learnt.agreed.value


def test_a_share_is_never_quite_certain() -> None:
    assert 0 < Share(0, 100, 0.7).value < 0.05
    assert 0.95 < Share(100, 100, 0.7).value < 1
    assert Experience().theirs == {}
