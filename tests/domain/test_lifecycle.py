from datetime import timedelta
from itertools import product

import pytest
from domain_builders import NOW, policy
from sights import (
    EARLIER,
    OTHER_TIME,
    SECOND,
    SEEN,
    TIME,
    YES,
    a_meeting,
    circumstances,
    shows,
    step,
)

from connectd.domain.lifecycle import Circumstances, accept, end, lapses_at, next_step
from connectd.domain.model import OPEN, State
from connectd.domain.view import Action, Held, Name, Reply

HELD = "held"
ACCEPT, DECLINE, INVITE, REOPEN = Name.ACCEPT, Name.DECLINE, Name.INVITE, Name.REOPEN
MOVE, CONFIRM, TURN_DOWN, CANCEL = Name.MOVE, Name.CONFIRM, Name.TURN_DOWN, Name.CANCEL

TABLE: dict[str, tuple[str | None, str | None, str | None, str | None]] = {
    # what is seen: what becomes of a draft, an accepted draft, an invitation, a confirmed one
    "not looked at": (None, None, None, None),
    "not looked at, gone long before": (None, None, None, None),
    "gone for the first time": (None, None, None, None),
    "gone for less than ten minutes": (None, None, None, None),
    "gone for ten minutes": (DECLINE, DECLINE, CANCEL, CANCEL),
    "back after an hour": (None, REOPEN, None, None),
    "untouched": (None, REOPEN, None, None),
    "yes": (ACCEPT, INVITE, None, None),
    "no": (DECLINE, DECLINE, CANCEL, CANCEL),
    "moved": (MOVE, REOPEN, MOVE, MOVE),
    "moved, yes": (ACCEPT, ACCEPT, MOVE, MOVE),
    "moved, no": (DECLINE, DECLINE, CANCEL, CANCEL),
    "they say yes": (None, REOPEN, CONFIRM, None),
    "they say maybe": (None, REOPEN, None, None),
    "they say no": (None, REOPEN, TURN_DOWN, TURN_DOWN),
    "yes, they say no": (ACCEPT, INVITE, TURN_DOWN, TURN_DOWN),
    "no, they say yes": (DECLINE, DECLINE, CANCEL, CANCEL),
    "no, they say no": (DECLINE, DECLINE, CANCEL, CANCEL),
    "moved, they say yes": (MOVE, REOPEN, CONFIRM, MOVE),
    "moved, they say no": (MOVE, REOPEN, TURN_DOWN, TURN_DOWN),
    "moved, no, they say yes": (DECLINE, DECLINE, CANCEL, CANCEL),
    "a series": (HELD, HELD, HELD, HELD),
    "a series, yes": (HELD, HELD, HELD, HELD),
    "a series, no": (HELD, HELD, HELD, HELD),
    "a series, they say no": (HELD, HELD, HELD, HELD),
}
COLUMNS = (State.DRAFTED, State.ACCEPTED, State.INVITED, State.CONFIRMED)

AFTERWARDS = {
    Name.ACCEPT: State.ACCEPTED,
    Name.DECLINE: State.DECLINED,
    Name.INVITE: State.INVITED,
    Name.REOPEN: State.DRAFTED,
    Name.CONFIRM: State.CONFIRMED,
    Name.TURN_DOWN: State.TURNED_DOWN,
    Name.CANCEL: State.CANCELLED,
}


def test_the_table_names_every_pair() -> None:
    assert TABLE.keys() == SEEN.keys()
    assert set(COLUMNS) == OPEN


@pytest.mark.parametrize(("state", "what"), list(product(State, SEEN)))
def test_every_state_and_everything_that_can_be_seen(state: State, what: str) -> None:
    condition, sighting = SEEN[what]
    before = condition(a_meeting(state))
    expected = TABLE[what][COLUMNS.index(state)] if state in COLUMNS else None
    after = next_step(before, sighting, circumstances())
    if expected is None:
        assert after is None
    elif expected == HELD:
        assert isinstance(after, Held)
        assert after.meeting == before
    else:
        assert isinstance(after, Action)
        assert (after.name, after.was) == (expected, state)
        assert after.meeting.state is AFTERWARDS.get(after.name, state)
        assert after.because
        assert (after.meeting.uid, after.meeting.contact) == (before.uid, before.contact)


@pytest.mark.parametrize(
    "what", [what for what in SEEN if what.startswith(("no", "moved, no")) and "looked" not in what]
)
@pytest.mark.parametrize("state", COLUMNS)
@pytest.mark.parametrize("complete", [True, False])
@pytest.mark.parametrize("obstacle", [None, "“Dentist”"])
def test_any_no_beats_any_yes_whatever_else_is_the_matter(
    state: State,
    what: str,
    complete: bool,  # noqa: FBT001  a column
    obstacle: str | None,
) -> None:
    seen = circumstances(complete=complete, obstacle=obstacle, moot="snoozed")
    after = step(state, SEEN[what][1], seen)
    assert isinstance(after, Action)
    assert after.meeting.state in {State.DECLINED, State.CANCELLED}
    assert after.meeting.ended_at == NOW


class TestDraft:
    def test_a_yes_starts_the_grace(self) -> None:
        after = step(State.DRAFTED, shows(YES))
        assert isinstance(after, Action)
        assert (after.meeting.accepted_at, after.meeting.told_by) == (NOW, "calendar")
        assert after.because == "you said yes: by a button"

    def test_a_yes_at_another_time_is_taken_there(self) -> None:
        after = step(State.DRAFTED, shows(YES, moved=True))
        assert isinstance(after, Action)
        assert (after.meeting.span, after.meeting.moved) == (OTHER_TIME, True)

    def test_moving_alone_leaves_it_a_draft(self) -> None:
        after = step(State.DRAFTED, shows(moved=True))
        assert isinstance(after, Action)
        assert (after.meeting.state, after.meeting.span) == (State.DRAFTED, OTHER_TIME)
        assert after.meeting.moved

    def test_it_lapses_so_long_before_its_start_and_not_earlier(self) -> None:
        lapse = TIME.start - timedelta(hours=24)
        assert step(State.DRAFTED, shows(), circumstances(lapse - SECOND)) is None
        after = step(State.DRAFTED, shows(), circumstances(lapse))
        assert isinstance(after, Action)
        assert (after.name, after.meeting.ended_at) == (Name.EXPIRE, lapse)

    def test_a_yes_counts_even_when_it_is_seen_after_the_lapse(self) -> None:
        late = circumstances(TIME.start - timedelta(hours=1))
        after = step(State.DRAFTED, shows(YES), late)
        assert isinstance(after, Action)
        assert after.name is Name.ACCEPT

    def test_one_that_was_moved_stays_until_its_start(self) -> None:
        assert step(State.DRAFTED, shows(), circumstances(TIME.start - SECOND), moved=True) is None
        after = step(State.DRAFTED, shows(), circumstances(TIME.start), moved=True)
        assert isinstance(after, Action)
        assert after.name is Name.EXPIRE

    def test_one_made_at_short_notice_can_be_seen_before_it_lapses(self) -> None:
        drafted = TIME.start - timedelta(hours=3)
        made = a_meeting(State.DRAFTED, drafted_at=drafted)
        assert lapses_at(made, policy().rules) == drafted + timedelta(hours=1, minutes=30)
        assert lapses_at(made, policy(expires_hours=1).rules) == TIME.start - timedelta(hours=1)

    def test_one_of_unknown_age_lapses_at_the_usual_time(self) -> None:
        made = a_meeting(State.DRAFTED, drafted_at=None)
        assert lapses_at(made, policy().rules) == TIME.start - timedelta(hours=24)

    def test_it_is_withdrawn_when_nobody_wants_it_any_more(self) -> None:
        after = step(State.DRAFTED, shows(), circumstances(moot="you met on 2026-11-01"))
        assert isinstance(after, Action)
        assert (after.name, after.because) == (Name.WITHDRAW, "you met on 2026-11-01")

    @pytest.mark.parametrize("complete", [True, False])
    def test_it_is_withdrawn_when_its_time_is_taken(self, complete: bool) -> None:  # noqa: FBT001  a column
        seen = circumstances(obstacle="“Dentist”", complete=complete)
        after = step(State.DRAFTED, shows(), seen)
        assert isinstance(after, Action)
        assert (after.name, after.meeting.state) == (Name.WITHDRAW, State.WITHDRAWN)
        assert "“Dentist”" in after.because

    def test_one_that_the_user_moved_onto_busy_time_stays(self) -> None:
        assert step(State.DRAFTED, shows(), circumstances(obstacle="x"), moved=True) is None

    def test_a_yes_beats_an_obstacle_and_the_pointlessness(self) -> None:
        after = step(State.DRAFTED, shows(YES), circumstances(obstacle="x", moot="y"))
        assert isinstance(after, Action)
        assert after.name is Name.ACCEPT

    def test_an_incomplete_view_leaves_it_alone(self) -> None:
        assert step(State.DRAFTED, shows(), circumstances(complete=False)) is None


class TestAcceptedDraft:
    def test_it_is_sent_when_the_grace_is_over_and_not_earlier(self) -> None:
        graces = (timedelta(minutes=2) - SECOND, timedelta(minutes=2))
        early, late = (
            step(State.ACCEPTED, shows(YES), accepted_at=NOW - grace) for grace in graces
        )
        assert early is None
        assert isinstance(late, Action)
        assert (late.name, late.meeting.invited_at) == (Name.INVITE, NOW)
        assert late.meeting.sequence == 1

    @pytest.mark.parametrize(
        ("seen", "reason"),
        [
            (circumstances(obstacle="“Dentist”"), "the time is taken by “Dentist”"),
            (circumstances(complete=False), "could not be read whole"),
            (circumstances(complete=False, obstacle="“Dentist”"), "could not be read whole"),
        ],
        ids=["obstacle", "incomplete view", "both"],
    )
    def test_it_is_held_back_and_not_lost(self, seen: Circumstances, reason: str) -> None:
        after = step(State.ACCEPTED, shows(YES), seen)
        assert isinstance(after, Held)
        assert reason in after.reason

    def test_within_the_grace_nothing_is_held_yet(self) -> None:
        seen = circumstances(obstacle="x", complete=False)
        assert step(State.ACCEPTED, shows(YES), seen, accepted_at=NOW) is None

    @pytest.mark.parametrize("complete", [True, False])
    def test_one_whose_time_has_come_is_not_sent_any_more(self, complete: bool) -> None:  # noqa: FBT001  a column
        seen = circumstances(TIME.start, complete=complete, obstacle="x")
        after = step(State.ACCEPTED, shows(YES), seen)
        assert isinstance(after, Action)
        assert after.name is Name.EXPIRE

    def test_moving_it_starts_the_grace_anew_and_keeps_who_said_yes(self) -> None:
        after = step(State.ACCEPTED, shows(moved=True), told_by="command")
        assert isinstance(after, Action)
        assert (after.name, after.meeting.span) == (Name.ACCEPT, OTHER_TIME)
        assert (after.meeting.accepted_at, after.meeting.told_by) == (NOW, "command")

    def test_a_yes_that_was_taken_back_makes_it_a_draft_again(self) -> None:
        after = step(State.ACCEPTED, shows())
        assert isinstance(after, Action)
        assert (after.name, after.meeting.state) == (Name.REOPEN, State.DRAFTED)
        assert (after.meeting.accepted_at, after.meeting.told_by) == (None, None)

    def test_a_yes_taken_back_while_moving_is_no_yes_at_the_new_time(self) -> None:
        after = step(State.ACCEPTED, shows(moved=True))
        assert isinstance(after, Action)
        assert (after.name, after.meeting.span) == (Name.REOPEN, OTHER_TIME)
        assert after.meeting.moved

    def test_a_yes_from_the_command_line_needs_no_trace_in_the_calendar(self) -> None:
        after = step(State.ACCEPTED, shows(), told_by="command")
        assert isinstance(after, Action)
        assert after.name is Name.INVITE

    def test_it_is_not_withdrawn_for_reasons_that_the_user_overruled(self) -> None:
        after = step(State.ACCEPTED, shows(YES), circumstances(moot="snoozed"))
        assert isinstance(after, Action)
        assert after.name is Name.INVITE


class TestInvitation:
    def test_a_yes_of_theirs_is_remembered(self) -> None:
        after = step(State.INVITED, shows(reply=Reply.ACCEPTED))
        assert isinstance(after, Action)
        assert after.meeting.replied_yes

    @pytest.mark.parametrize("state", [State.INVITED, State.CONFIRMED])
    def test_connectd_never_takes_it_back_itself(self, state: State) -> None:
        seen = circumstances(obstacle="x", moot="y", complete=False)
        assert step(state, shows(), seen) is None

    @pytest.mark.parametrize("state", [State.INVITED, State.CONFIRMED])
    def test_a_no_of_theirs_counts_until_its_end(self, state: State) -> None:
        during = step(state, shows(reply=Reply.DECLINED), circumstances(TIME.end - SECOND))
        assert isinstance(during, Action)
        assert during.name is Name.TURN_DOWN
        assert step(state, shows(reply=Reply.DECLINED), circumstances(TIME.end)) is None

    def test_one_that_they_accepted_counts_as_held_some_days_after_its_end(self) -> None:
        due = TIME.end + timedelta(days=3)
        assert step(State.CONFIRMED, shows(), circumstances(due - SECOND)) is None
        after = step(State.CONFIRMED, shows(), circumstances(due))
        assert isinstance(after, Action)
        assert (after.name, after.meeting.state) == (Name.COMPLETE, State.MET)

    def test_the_assumption_waits_as_long_as_it_is_told_to(self) -> None:
        patient = {"assume_met_after_days": 30}
        waiting = circumstances(TIME.end + timedelta(days=20), **patient)
        assert step(State.CONFIRMED, shows(), waiting) is None
        after = step(
            State.CONFIRMED, shows(), circumstances(TIME.end + timedelta(days=30), **patient)
        )
        assert isinstance(after, Action)
        assert after.name is Name.COMPLETE

    @pytest.mark.parametrize(
        ("state", "days"), [(State.INVITED, 3), (State.INVITED, 0), (State.CONFIRMED, 0)]
    )
    def test_one_of_which_nobody_spoke_is_forgotten_after_two_weeks(
        self, state: State, days: int
    ) -> None:
        due = TIME.end + timedelta(days=14)
        waiting = circumstances(due - SECOND, assume_met_after_days=days)
        assert step(state, shows(), waiting) is None
        after = step(state, shows(), circumstances(due, assume_met_after_days=days))
        assert isinstance(after, Action)
        assert (after.name, after.meeting.state) == (Name.EXPIRE, State.EXPIRED)


def test_an_end_clears_what_was_waited_for() -> None:
    before = a_meeting(State.DRAFTED, missing_since=EARLIER)
    action = end(before, State.DECLINED, "you deleted the draft", NOW)
    assert (action.meeting.missing_since, action.meeting.ended_at) == (None, NOW)
    assert action.was is State.DRAFTED


def test_a_yes_by_command_says_so() -> None:
    action = accept(a_meeting(State.DRAFTED), "command", "you said yes", NOW)
    assert (action.meeting.told_by, action.meeting.accepted_at) == ("command", NOW)
