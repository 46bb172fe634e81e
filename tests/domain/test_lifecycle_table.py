"""Every situation, with every gesture and every reply: what becomes of the meeting."""

from itertools import product

import pytest
from sights import DENTIST, NOW, SIGHTS, SITUATIONS, around, circumstances, seen_in

from connectd.domain.lifecycle import STEPS
from connectd.domain.model import OPEN, SENT, Reply, State
from connectd.domain.next_step import next_step
from connectd.domain.view import Action, Held, Name

HELD = "held"
Outcome = Name | str | None
"""A step, or that it waits for something, or that nothing is to be done."""

ACCEPT, DECLINE, INVITE, REOPEN = Name.ACCEPT, Name.DECLINE, Name.INVITE, Name.REOPEN
MOVE, EXPIRE, WITHDRAW, CONFLICT = Name.MOVE, Name.EXPIRE, Name.WITHDRAW, Name.CONFLICT
CONFIRM, TURN_DOWN, CANCEL, MISS = Name.CONFIRM, Name.TURN_DOWN, Name.CANCEL, Name.MISS
REPLY, FOLLOW = Name.REPLY, Name.FOLLOW_UP


BEFORE_SENDING: dict[str, tuple[Outcome, ...]] = {
    # draft, on taken time; accepted, in the shell, waiting for a second yes, with it
    "untouched": (None, None, REOPEN, INVITE, HELD, REOPEN),
    "yes": (ACCEPT, ACCEPT, INVITE, INVITE, ACCEPT, INVITE),
    "no": (DECLINE,) * 6,
    "moved": (MOVE, MOVE, REOPEN, ACCEPT, REOPEN, REOPEN),
    "moved, yes": (ACCEPT,) * 6,
    "moved, no": (DECLINE,) * 6,
    "moved into the past": (EXPIRE,) * 6,
    "moved into the past, yes": (EXPIRE,) * 6,
    "moved into the past, no": (DECLINE,) * 6,
    "a series": (WITHDRAW,) * 6,
    "a series, yes": (WITHDRAW,) * 6,
    "a series, no": (WITHDRAW,) * 6,
    "a series elsewhere": (WITHDRAW,) * 6,
    "gone": (None,) * 6,
    "gone for ten minutes": (DECLINE,) * 6,
    "gone, with a look-alike": (None,) * 6,
    "gone for ten minutes, with a look-alike": (None,) * 6,
}

ByReply = tuple[Outcome, Outcome, Outcome, Outcome]
"""What follows where they have not replied, and where they said perhaps, yes, no."""


def always(outcome: Outcome) -> ByReply:
    return (outcome, outcome, outcome, outcome)


HEARD: ByReply = (None, REPLY, CONFIRM, TURN_DOWN)
HEARD_AGAIN: ByReply = (None, REPLY, None, TURN_DOWN)
ASKED: ByReply = (FOLLOW, FOLLOW, CONFIRM, FOLLOW)
MISSED: ByReply = (MISS, MISS, CONFIRM, MISS)

AFTER_SENDING: dict[str, tuple[ByReply, ByReply, ByReply, ByReply]] = {
    # invited, confirmed; the same two when they are over
    "untouched": (HEARD, HEARD_AGAIN, ASKED, always(FOLLOW)),
    "yes": (HEARD, HEARD_AGAIN, ASKED, always(FOLLOW)),
    "no": (always(CANCEL), always(CANCEL), MISSED, always(MISS)),
    "moved": (always(MOVE),) * 4,
    "moved, yes": (always(MOVE),) * 4,
    "moved, no": (always(CANCEL),) * 4,
    "moved into the past": (always(MOVE), always(MOVE), ASKED, always(FOLLOW)),
    "moved into the past, yes": (always(MOVE), always(MOVE), ASKED, always(FOLLOW)),
    "moved into the past, no": (always(CANCEL), always(CANCEL), MISSED, always(MISS)),
    "a series": (always(WITHDRAW),) * 4,
    "a series, yes": (always(WITHDRAW),) * 4,
    "a series, no": (always(WITHDRAW),) * 4,
    "a series elsewhere": (always(WITHDRAW),) * 4,
    "gone": (always(None), always(None), always(FOLLOW), always(FOLLOW)),
    "gone for ten minutes": (always(CANCEL), always(CANCEL), always(FOLLOW), always(FOLLOW)),
    "gone, with a look-alike": (always(None), always(None), always(FOLLOW), always(FOLLOW)),
    "gone for ten minutes, with a look-alike": (
        always(CANCEL),
        always(CANCEL),
        always(FOLLOW),
        always(FOLLOW),
    ),
}
UNSENT = [name for name, meeting in SITUATIONS.items() if meeting.state in OPEN - SENT]
SENT_ONES = [name for name, meeting in SITUATIONS.items() if meeting.state in SENT]
REPLIES = (Reply.NONE, Reply.TENTATIVE, Reply.ACCEPTED, Reply.DECLINED)

NOT_SENT = (State.DRAFTED, State.ACCEPTED, State.DECLINED, State.WITHDRAWN)
CANNOT_HAPPEN = {
    (situation, reply): "nobody was asked, so nobody replies"
    for situation, reply in product(SITUATIONS, REPLIES)
    if SITUATIONS[situation].state in NOT_SENT and reply is not Reply.NONE
}


def expected(situation: str, sight: str, reply: Reply) -> Outcome:
    meeting = SITUATIONS[situation]
    if not meeting.is_open:
        return None
    if meeting.state in SENT:
        return AFTER_SENDING[sight][SENT_ONES.index(situation)][REPLIES.index(reply)]
    return BEFORE_SENDING[sight][UNSENT.index(situation)]


def test_the_tables_name_every_pair() -> None:
    assert {meeting.state for meeting in SITUATIONS.values()} == set(State)
    assert BEFORE_SENDING.keys() == AFTER_SENDING.keys() == SIGHTS.keys()
    assert {len(row) for row in BEFORE_SENDING.values()} == {len(UNSENT)}
    assert {len(row) for row in AFTER_SENDING.values()} == {len(SENT_ONES)}
    assert set(REPLIES) == set(Reply)


@pytest.mark.parametrize(("situation", "sight"), list(product(SITUATIONS, SIGHTS)))
def test_every_situation_and_everything_that_can_be_seen(situation: str, sight: str) -> None:
    for reply in REPLIES:
        if (situation, reply) in CANNOT_HAPPEN:
            continue
        before, sighting = seen_in(situation, sight, reply)
        after = next_step(before, sighting, around(situation))
        outcome = expected(situation, sight, reply)
        if outcome is None:
            assert after is None, reply
            continue
        if outcome == HELD:
            assert after == Held(before, f"not sent: the time is taken by {DENTIST}"), reply
            continue
        assert isinstance(after, Action), reply
        assert (after.name, after.was) == (outcome, before.state), reply
        assert after.meeting.state is STEPS[before.state][after.name]
        assert after.because
        assert (after.meeting.uid, after.meeting.contact) == (before.uid, before.contact)
        assert (after.meeting.ended_at == NOW) == (not after.meeting.is_open)


@pytest.mark.parametrize(("situation", "reply"), CANNOT_HAPPEN)
def test_what_cannot_happen_makes_no_difference(situation: str, reply: Reply) -> None:
    for sight in SIGHTS:
        without, impossible = (
            next_step(*seen_in(situation, sight, said), around(situation))
            for said in (Reply.NONE, reply)
        )
        assert impossible == without, (sight, CANNOT_HAPPEN[situation, reply])


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_meeting_that_could_not_be_looked_at_takes_no_step(situation: str) -> None:
    assert next_step(SITUATIONS[situation], None, around(situation)) is None


@pytest.mark.parametrize(
    ("situation", "sight"),
    [
        (situation, sight)
        for situation, sight in product(SITUATIONS, SIGHTS)
        if SITUATIONS[situation].is_open and "over" not in situation and sight.endswith("no")
    ],
)
@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("obstacle", [None, "“Standup”"])
def test_any_no_beats_any_yes_whatever_else_is_the_matter(
    situation: str,
    sight: str,
    complete: bool,  # noqa: FBT001  a column
    obstacle: str | None,
) -> None:
    seen = circumstances(complete=complete, obstacle=obstacle, moot="snoozed", barred="z")
    after = next_step(*seen_in(situation, sight, Reply.ACCEPTED), seen)
    assert isinstance(after, Action)
    if "series" in sight:
        assert after.meeting.released
        assert after.meeting.state is State.WITHDRAWN
    else:
        assert after.meeting.state in {State.DECLINED, State.CANCELLED}
