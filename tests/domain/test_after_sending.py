from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sights import (
    BEFORE_NOW,
    DENTIST,
    EARLIER,
    NO,
    NOW,
    OTHER_TIME,
    OVER,
    SECOND,
    TIME,
    a_meeting,
    action,
    circumstances,
    shows,
    step,
)

from connectd.domain.after_sending import FORGOTTEN_AFTER
from connectd.domain.circumstances import Circumstances
from connectd.domain.model import Delivery, Meeting, Reply, Span, State
from connectd.domain.next_step import next_step
from connectd.domain.view import Action, Name, Sighting, Told

SENT = [State.INVITED, State.CONFIRMED]
DAY = timedelta(days=1)


class TestReply:
    def test_a_yes_of_theirs_is_remembered(self) -> None:
        after = action(State.INVITED, shows(reply=Reply.ACCEPTED))
        assert (after.meeting.replied_yes, after.meeting.reply) == (True, Reply.ACCEPTED)

    def test_a_perhaps_after_a_yes_makes_it_wait_again_and_the_yes_is_remembered(self) -> None:
        after = action(State.CONFIRMED, shows(reply=Reply.TENTATIVE))
        assert (after.name, after.meeting.state) == (Name.REPLY, State.INVITED)
        assert (after.meeting.reply, after.meeting.replied_yes) == (Reply.TENTATIVE, True)

    def test_a_perhaps_is_told_once(self) -> None:
        seen = shows(reply=Reply.TENTATIVE)
        assert step(State.INVITED, seen, reply=Reply.TENTATIVE) is None

    @pytest.mark.parametrize("state", SENT)
    def test_a_no_of_theirs_counts_until_its_end(self, state: State) -> None:
        no = shows(reply=Reply.DECLINED)
        assert action(state, no, circumstances(TIME.end - SECOND)).name is Name.TURN_DOWN
        assert step(state, no, circumstances(TIME.end)) is None

    def test_a_yes_of_theirs_that_is_seen_after_the_end_still_counts(self) -> None:
        after = action(State.INVITED, shows(reply=Reply.ACCEPTED), circumstances(TIME.end))
        assert after.name is Name.CONFIRM


class TestCalledOff:
    @pytest.mark.parametrize("state", SENT)
    @pytest.mark.parametrize("seen", [shows(), shows(at=OTHER_TIME), shows(reply=Reply.ACCEPTED)])
    def test_it_is_cancelled_whatever_else_is_seen(self, state: State, seen: Sighting) -> None:
        after = action(state, seen, circumstances(called_off="they are not to meet"))
        assert (after.name, after.because) == (Name.CANCEL, "they are not to meet")
        assert after.said_by == (), "nobody knows of it"

    @pytest.mark.parametrize("state", SENT)
    def test_but_not_when_it_is_over(self, state: State) -> None:
        over = circumstances(TIME.end, called_off="they are not to meet")
        assert step(state, shows(), over) is None


class TestMoved:
    def test_the_contact_is_asked_anew(self) -> None:
        after = action(
            State.CONFIRMED, shows(at=OTHER_TIME, sequence=4), delivery=Delivery.SERVER, sequence=1
        )
        assert (after.name, after.meeting.state) == (Name.MOVE, State.INVITED)
        assert (after.meeting.span, after.meeting.sequence) == (OTHER_TIME, 4)
        assert (after.meeting.reply, after.meeting.replied_yes) == (Reply.NONE, True)

    def test_the_sequence_never_falls(self) -> None:
        after = action(State.INVITED, shows(at=OTHER_TIME, sequence=0), sequence=3)
        assert after.meeting.sequence == 3

    @pytest.mark.parametrize("reply", [Reply.ACCEPTED, Reply.DECLINED])
    def test_an_answer_known_to_be_to_the_new_time_is_news(self, reply: Reply) -> None:
        moved = action(State.CONFIRMED, shows(at=OTHER_TIME, reply=reply)).meeting
        said = replace(shows(at=OTHER_TIME, reply=reply), to_this_time=True)
        after = next_step(moved, said, circumstances())
        assert isinstance(after, Action)
        assert after.name in {Name.CONFIRM, Name.TURN_DOWN}

    @pytest.mark.parametrize("delivery", list(Delivery))
    @pytest.mark.parametrize("old", [Reply.ACCEPTED, Reply.DECLINED])
    def test_the_answer_that_stood_there_is_no_news(self, delivery: Delivery, old: Reply) -> None:
        moved = action(State.CONFIRMED, shows(at=OTHER_TIME, reply=old), delivery=delivery).meeting
        assert next_step(moved, shows(at=OTHER_TIME, reply=old), circumstances()) is None
        over = circumstances(OTHER_TIME.end, takes_tasks=True)
        after = next_step(moved, shows(at=OTHER_TIME, reply=old), over)
        assert isinstance(after, Action)
        assert after.name is Name.FOLLOW_UP

    def test_once_it_was_taken_out_the_same_answer_is_news(self) -> None:
        moved = action(
            State.CONFIRMED, shows(at=OTHER_TIME, reply=Reply.ACCEPTED), delivery=Delivery.MAIL
        ).meeting
        emptied = next_step(moved, shows(at=OTHER_TIME), circumstances())
        assert isinstance(emptied, Action)
        assert (emptied.name, emptied.meeting.reply) == (Name.REPLY, Reply.NONE)
        again = next_step(
            emptied.meeting, shows(at=OTHER_TIME, reply=Reply.ACCEPTED), circumstances()
        )
        assert isinstance(again, Action)
        assert again.name is Name.CONFIRM

    @pytest.mark.parametrize("state", SENT)
    def test_a_time_that_is_taken_is_noted(self, state: State) -> None:
        seen = circumstances(obstacle=DENTIST, only_at=OTHER_TIME)
        after = action(state, shows(at=OTHER_TIME), seen)
        assert (after.name, after.meeting.conflict) == (Name.MOVE, DENTIST)
        assert after.because == f"you moved the meeting; that time is taken by {DENTIST}"

    @pytest.mark.parametrize("state", SENT)
    def test_one_that_is_over_may_still_be_moved_ahead(self, state: State) -> None:
        after = action(state, shows(at=OTHER_TIME), span=BEFORE_NOW)
        assert (after.name, after.meeting.state) == (Name.MOVE, State.INVITED)

    def test_one_that_is_going_on_may_be_moved_into_the_past(self) -> None:
        after = action(State.INVITED, shows(at=BEFORE_NOW))
        assert (after.name, after.meeting.span) == (Name.MOVE, BEFORE_NOW)
        assert step(State.INVITED, shows(at=BEFORE_NOW), span=BEFORE_NOW) is None


class TestConflict:
    @pytest.mark.parametrize("state", SENT)
    @pytest.mark.parametrize("complete", [True, False])
    def test_one_that_comes_later_is_noted_and_the_meeting_stays_where_it_is(
        self,
        state: State,
        complete: bool,  # noqa: FBT001  a column
    ) -> None:
        seen = circumstances(obstacle=DENTIST, moot="y", barred="z", complete=complete)
        after = action(state, shows(), seen)
        assert (after.name, after.meeting.state) == (Name.CONFLICT, state)
        assert (after.meeting.conflict, after.meeting.span) == (DENTIST, TIME)
        assert next_step(after.meeting, shows(), seen) is None

    @pytest.mark.parametrize("state", SENT)
    def test_it_is_struck_out_when_the_time_is_free_again(self, state: State) -> None:
        after = action(state, shows(), conflict=DENTIST)
        assert (after.name, after.meeting.conflict) == (Name.CONFLICT, "")

    @pytest.mark.parametrize("state", SENT)
    def test_nothing_counts_as_free_while_a_calendar_is_unread(self, state: State) -> None:
        assert step(state, shows(), circumstances(complete=False), conflict=DENTIST) is None

    @pytest.mark.parametrize(
        ("now_taken_by", "holds"), [(DENTIST, True), ("“Standup”", False), (None, True)]
    )
    def test_two_yeses_hold_for_what_was_there_alone(
        self,
        now_taken_by: str | None,
        holds: bool,  # noqa: FBT001  a column
    ) -> None:
        both = ("“Audit”", DENTIST)
        seen = circumstances(obstacle=now_taken_by)
        after = action(
            State.INVITED, shows(), seen, conflict="both", conflicting=both, overruled=True
        )
        assert (after.name, after.meeting.overruled) == (Name.CONFLICT, holds)

    def test_an_answer_of_theirs_comes_first(self) -> None:
        seen = circumstances(obstacle=DENTIST)
        assert action(State.INVITED, shows(reply=Reply.ACCEPTED), seen).name is Name.CONFIRM


class TestNo:
    @pytest.mark.parametrize("state", SENT)
    def test_before_the_end_it_calls_the_meeting_off_afterwards_it_was_missed(
        self, state: State
    ) -> None:
        before = action(state, shows(NO), circumstances(TIME.end - SECOND))
        after = action(state, shows(NO), circumstances(TIME.end))
        assert (before.name, after.name) == (Name.CANCEL, Name.MISS)
        assert "by a button" in before.because
        assert "did not take place: by a button" in after.because

    @pytest.mark.parametrize("state", SENT)
    def test_a_deletion_calls_it_off_after_ten_minutes_afterwards_it_only_tidies_up(
        self, state: State
    ) -> None:
        gone = Sighting(None)
        since = TIME.end - timedelta(minutes=10)
        before = next_step(
            a_meeting(state, missing_since=since), gone, circumstances(TIME.end - SECOND)
        )
        assert before is None
        earlier = a_meeting(state, missing_since=since - SECOND)
        called_off = next_step(earlier, gone, circumstances(TIME.end - SECOND))
        assert isinstance(called_off, Action)
        assert called_off.name is Name.CANCEL
        assert next_step(earlier, gone, circumstances(TIME.end)) is None


def with_agenda(now: datetime = NOW, **given: Any) -> Circumstances:  # noqa: ANN401  any field
    """Circumstances in which the task is wanted as soon as the invitation is out."""
    return replace(circumstances(now), **({"takes_tasks": True, "early_follow_up": True} | given))


class TestAgenda:
    @pytest.mark.parametrize("state", SENT)
    def test_a_task_keeps_it_once_others_can_read_the_event(self, state: State) -> None:
        after = action(state, shows(), with_agenda())
        assert (after.name, after.meeting.followed_up_at) == (Name.FOLLOW_UP, NOW)
        assert after.meeting == a_meeting(state)._replace(followed_up_at=NOW)
        assert next_step(after.meeting, shows(), with_agenda()) is None
        over = with_agenda(TIME.end)
        assert next_step(after.meeting, shows(), over) is None

    @pytest.mark.parametrize("state", sorted({*State} - {*SENT}))
    def test_nothing_keeps_it_before_or_after_that(self, state: State) -> None:
        after = step(state, shows(), with_agenda())
        assert not isinstance(after, Action) or after.name is not Name.FOLLOW_UP

    @pytest.mark.parametrize(
        "given",
        [
            {"early_follow_up": False},
            {"takes_tasks": False},
            {"listed": lambda _: False},
        ],
    )
    def test_no_task_is_written_where_none_is_wanted_or_taken(self, given: dict[str, Any]) -> None:
        assert step(State.INVITED, shows(), with_agenda(**given)) is None

    def test_it_is_of_no_haste(self) -> None:
        moved = action(State.INVITED, shows(at=OTHER_TIME), with_agenda())
        replied = action(State.INVITED, shows(reply=Reply.ACCEPTED), with_agenda())
        gone = step(State.INVITED, Sighting(None), with_agenda())
        assert (moved.name, replied.name, gone) == (Name.MOVE, Name.CONFIRM, None)


class TestOver:
    @pytest.mark.parametrize("state", SENT)
    def test_the_user_is_asked_once_how_it_was_where_tasks_are_taken(self, state: State) -> None:
        seen = circumstances(TIME.end, takes_tasks=True)
        after = action(state, shows(), seen)
        assert (after.name, after.meeting.followed_up_at) == (Name.FOLLOW_UP, TIME.end)
        assert after.meeting.state is state
        assert next_step(after.meeting, shows(), seen) is None
        assert step(state, shows(), circumstances(TIME.end)) is None

    @pytest.mark.parametrize("state", SENT)
    @pytest.mark.parametrize("gone", [True, False])
    def test_what_the_task_says_counts(self, state: State, gone: bool) -> None:  # noqa: FBT001  a column
        over = a_meeting(state, span=OVER, followed_up_at=EARLIER)
        outcomes = {}
        for told in Told:
            sighting = Sighting(None if gone else shows(at=OVER).gesture, told=told)
            after = next_step(over, sighting, circumstances(takes_tasks=True))
            assert after is None or isinstance(after, Action)
            outcomes[told] = after and (after.name, after.encounter)
        assert outcomes == {
            Told.OPEN: None,
            Told.UNREADABLE: None,
            Told.DONE: (Name.COMPLETE, "done"),
            Told.MISSED: (Name.MISS, ""),
        }

    def test_one_that_they_accepted_counts_as_held_some_days_after_its_end(self) -> None:
        due = TIME.end + 3 * DAY
        assert step(State.CONFIRMED, shows(), circumstances(due - SECOND)) is None
        after = action(State.CONFIRMED, shows(), circumstances(due))
        assert (after.name, after.meeting.state) == (Name.COMPLETE, State.MET)
        assert after.encounter == "assumed"

    def test_the_assumption_waits_as_long_as_it_is_told_to(self) -> None:
        due = TIME.end + 30 * DAY
        waiting = circumstances(due - SECOND, assume_met_after_days=30)
        assert step(State.CONFIRMED, shows(), waiting) is None
        after = action(State.CONFIRMED, shows(), circumstances(due, assume_met_after_days=30))
        assert after.name is Name.COMPLETE

    @pytest.mark.parametrize(
        ("state", "days"), [(State.INVITED, 3), (State.INVITED, 0), (State.CONFIRMED, 0)]
    )
    def test_one_of_which_nobody_spoke_is_forgotten_after_two_weeks(
        self, state: State, days: int
    ) -> None:
        due = TIME.end + FORGOTTEN_AFTER
        waiting = circumstances(due - SECOND, assume_met_after_days=days)
        assert step(state, shows(), waiting) is None
        after = action(state, shows(), circumstances(due, assume_met_after_days=days))
        assert (after.name, after.meeting.state) == (Name.EXPIRE, State.EXPIRED)

    @pytest.mark.parametrize("state", SENT)
    def test_a_task_that_is_there_already_is_not_written_again(self, state: State) -> None:
        seen = circumstances(TIME.end, takes_tasks=True)
        assert step(state, shows(), seen, followed_up_at=EARLIER) is None

    @pytest.mark.parametrize("told", [Told.DONE, Told.MISSED])
    def test_before_the_end_a_task_says_nothing(self, told: Told) -> None:
        for seen in (circumstances(), with_agenda()):
            assert step(State.CONFIRMED, shows(told=told), seen, followed_up_at=EARLIER) is None


def test_one_that_was_moved_within_the_past_stays_over() -> None:
    moved = Span(OVER.start - DAY, OVER.end - DAY)
    waiting: Meeting = a_meeting(State.CONFIRMED, span=OVER)
    assert next_step(waiting, shows(at=moved), circumstances()) is None
