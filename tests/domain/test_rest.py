from datetime import timedelta

import pytest
from domain_builders import BERLIN, NOW, meeting, policy, span

from connectd.domain.model import Meeting, State
from connectd.domain.rest import missed_last, rest

RULES = policy().rules
MISSED, MET, TURNED_DOWN = State.MISSED, State.MET, State.TURNED_DOWN


def silent(attempt: int, days_ago: int, state: State = TURNED_DOWN, **given: object) -> Meeting:
    """One that was sent, and ended without a yes so many days ago."""
    ended = NOW - timedelta(days=days_ago)
    sent = ended - timedelta(days=3)
    when = span("2026-01-01 10:00", 45)
    return meeting(
        "ann", state, when, attempt=attempt, **({"invited_at": sent, "ended_at": ended} | given)
    )


@pytest.mark.parametrize(
    ("sent", "rests"),
    [
        ([], False),
        ([silent(1, 60), silent(2, 40)], False),
        ([silent(1, 60), silent(2, 40), silent(3, 20)], True),
        ([silent(3, 20), silent(1, 60), silent(2, 40)], True),
        ([silent(1, 60), silent(2, 40), silent(3, 20, MET)], False),
        ([silent(1, 60), silent(2, 40, replied_yes=True), silent(3, 20)], False),
        ([silent(1, 80, replied_yes=True), silent(2, 60), silent(3, 40), silent(4, 20)], True),
        ([silent(2, 60), silent(3, 40), silent(4, 20), silent(1, 80, replied_yes=True)], True),
        ([silent(1, 60), silent(2, 40, State.EXPIRED), silent(3, 20, State.CANCELLED)], True),
        ([silent(1, 60), silent(2, 40), silent(3, 20, State.WITHDRAWN, released=True)], False),
    ],
    ids=[
        "none sent",
        "two",
        "three",
        "three in another order",
        "met at last",
        "a yes between",
        "a yes before",
        "a yes before, told last",
        "no answer at all",
        "one let go of",
    ],
)
def test_three_invitations_in_a_row_without_a_yes_and_the_contact_rests(
    sent: list[Meeting],
    rests: bool,  # noqa: FBT001  a column
) -> None:
    resting = rest(sent, RULES)
    assert bool(resting) == rests
    assert not resting or resting.why == "3 invitations in a row without a yes"


@pytest.mark.parametrize(
    ("held", "rests"),
    [
        ([silent(1, 60, MISSED)], False),
        ([silent(1, 60, MISSED), silent(2, 40, MISSED)], True),
        ([silent(1, 60, MISSED), silent(2, 40, MET), silent(3, 20, MISSED)], False),
        ([silent(1, 60, MET), silent(2, 40, MISSED), silent(3, 20, MISSED)], True),
        ([silent(1, 60, MISSED), silent(2, 40, TURNED_DOWN), silent(3, 20, MISSED)], False),
    ],
    ids=["once", "twice", "met between", "twice at last", "turned down between"],
)
def test_so_they_do_after_two_meetings_in_a_row_that_did_not_take_place(
    held: list[Meeting],
    rests: bool,  # noqa: FBT001  a column
) -> None:
    accepted = [m._replace(replied_yes=True) for m in held]
    resting = rest(accepted, RULES)
    assert bool(resting) == rests
    assert not resting or resting.why == "you missed each other twice in a row"


def test_drafts_that_were_never_sent_do_not_count() -> None:
    drafts = [
        meeting("ann", State.DECLINED, "2026-09-01 10:00", attempt=n, ended_at=NOW)
        for n in range(1, 5)
    ]
    assert rest(drafts, RULES) is None


def test_an_invitation_that_still_waits_for_its_answer_does_not_count() -> None:
    waiting = meeting("ann", State.INVITED, "2026-11-10 10:00", attempt=3)
    assert rest([silent(1, 60), silent(2, 40), waiting], RULES) is None


def test_the_rest_runs_from_the_end_of_the_last_one() -> None:
    sent = [silent(n, 50 - 10 * n) for n in (1, 2, 3)]
    resting = rest(sent, policy(rest_days=30).rules)
    assert resting
    assert resting.until == NOW + timedelta(days=10)


def test_one_whose_end_is_not_on_record_ended_when_its_time_was_over() -> None:
    sent = [silent(n, 20, ended_at=None) for n in (1, 2, 3)]
    resting = rest(sent, policy(rest_days=30).rules)
    assert resting
    assert resting.until == sent[-1].span.end + timedelta(days=30)


def test_whether_the_last_meeting_that_was_to_be_did_not_take_place() -> None:
    first = meeting("ann", MISSED, "2026-09-01 10:00")
    then = meeting("ann", MET, "2026-10-01 10:00", attempt=2)
    never_sent = meeting("ann", State.EXPIRED, "2026-10-20 10:00", attempt=3)
    day = first.span.start.date()
    assert not missed_last([], None, BERLIN)
    assert missed_last([first], None, BERLIN)
    assert missed_last([first], day - timedelta(days=1), BERLIN)
    assert not missed_last([first], day + timedelta(days=1), BERLIN)
    assert missed_last([first, never_sent], None, BERLIN)
    assert not missed_last([then, first, never_sent], None, BERLIN)
    assert missed_last([first, then._replace(state=MISSED)], None, BERLIN)
