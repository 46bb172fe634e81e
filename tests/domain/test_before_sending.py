from datetime import timedelta

import pytest
from domain_builders import policy
from sights import (
    BEFORE_NOW,
    DENTIST,
    EARLIER,
    NOW,
    OTHER_TIME,
    SECOND,
    TIME,
    YES,
    a_meeting,
    action,
    circumstances,
    shows,
    step,
)

from connectd.domain.before_sending import (
    BEFORE_CONFLICT,
    CALENDAR,
    accept,
    invite,
    lapses_at,
    overrule,
)
from connectd.domain.circumstances import Obstacle
from connectd.domain.model import Meeting, State
from connectd.domain.next_step import next_step
from connectd.domain.view import Action, Answer, Held, Name, Sighting


class TestDraft:
    def test_a_yes_starts_the_grace(self) -> None:
        after = action(State.DRAFTED, shows(YES))
        assert (after.meeting.accepted_at, after.meeting.told_by) == (NOW, CALENDAR)
        assert after.because == "you said yes: by a button"

    def test_a_yes_at_another_time_is_taken_there(self) -> None:
        after = action(State.DRAFTED, shows(YES, at=OTHER_TIME))
        assert after.name is Name.ACCEPT
        assert (after.meeting.span, after.meeting.moved) == (OTHER_TIME, True)

    def test_moving_alone_leaves_it_a_draft(self) -> None:
        after = action(State.DRAFTED, shows(at=OTHER_TIME))
        assert (after.meeting.state, after.meeting.span) == (State.DRAFTED, OTHER_TIME)
        assert (after.meeting.moved, after.meeting.conflict) == (True, "")

    @pytest.mark.parametrize("state", [State.DRAFTED, State.ACCEPTED])
    def test_moving_it_into_the_past_ends_it_with_or_without_a_yes(self, state: State) -> None:
        for sighting in (shows(at=BEFORE_NOW), shows(YES, at=BEFORE_NOW)):
            after = action(state, sighting)
            assert (after.name, after.meeting.ended_at) == (Name.EXPIRE, NOW)
            assert "into the past, so nothing was sent" in after.because

    def test_it_lapses_so_long_before_its_start_and_not_earlier(self) -> None:
        lapse = TIME.start - timedelta(hours=24)
        assert step(State.DRAFTED, shows(), circumstances(lapse - SECOND)) is None
        after = action(State.DRAFTED, shows(), circumstances(lapse))
        assert (after.name, after.meeting.ended_at) == (Name.EXPIRE, lapse)

    def test_a_yes_counts_even_when_it_is_seen_after_the_lapse(self) -> None:
        late = circumstances(TIME.start - timedelta(hours=1))
        assert action(State.DRAFTED, shows(YES), late).name is Name.ACCEPT

    def test_one_that_was_moved_stays_until_its_start(self) -> None:
        assert step(State.DRAFTED, shows(), circumstances(TIME.start - SECOND), moved=True) is None
        after = action(State.DRAFTED, shows(), circumstances(TIME.start), moved=True)
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
        after = action(State.DRAFTED, shows(), circumstances(moot="you met on 2026-11-01"))
        assert (after.name, after.because) == (Name.WITHDRAW, "you met on 2026-11-01")

    @pytest.mark.parametrize("complete", [True, False])
    def test_it_is_withdrawn_when_its_time_is_taken(self, complete: bool) -> None:  # noqa: FBT001  a column
        seen = circumstances(obstacle=DENTIST, complete=complete)
        after = action(State.DRAFTED, shows(), seen)
        assert (after.name, after.meeting.state) == (Name.WITHDRAW, State.WITHDRAWN)
        assert DENTIST in after.because
        assert not after.meeting.released

    def test_a_yes_beats_the_pointlessness(self) -> None:
        assert action(State.DRAFTED, shows(YES), circumstances(moot="y")).name is Name.ACCEPT

    def test_an_incomplete_view_leaves_it_alone(self) -> None:
        assert step(State.DRAFTED, shows(), circumstances(complete=False)) is None


class TestDraftMovedOntoTakenTime:
    def test_it_stays_and_is_marked(self) -> None:
        after = action(State.DRAFTED, shows(at=OTHER_TIME), circumstances(obstacle=DENTIST))
        assert (after.name, after.meeting.state) == (Name.MOVE, State.DRAFTED)
        assert after.meeting.conflict == DENTIST
        assert after.because == f"you moved the draft; that time is taken by {DENTIST}"
        assert next_step(after.meeting, shows(at=OTHER_TIME), circumstances(obstacle=DENTIST)) is (
            None
        )

    def test_one_whose_time_is_taken_later_is_marked_and_stays(self) -> None:
        after = action(State.DRAFTED, shows(), circumstances(obstacle=DENTIST), moved=True)
        assert (after.name, after.meeting.conflict) == (Name.CONFLICT, DENTIST)

    def test_it_is_a_plain_draft_again_once_the_time_is_free(self) -> None:
        after = action(State.DRAFTED, shows(), moved=True, conflict=DENTIST)
        assert (after.name, after.meeting.conflict) == (Name.CONFLICT, "")
        assert after.because == "its time is free again"

    def test_nothing_counts_as_free_while_a_calendar_is_unread(self) -> None:
        seen = circumstances(complete=False)
        assert step(State.DRAFTED, shows(), seen, moved=True, conflict=DENTIST) is None

    def test_a_first_yes_there_still_waits_for_a_second(self) -> None:
        seen = circumstances(obstacle=DENTIST)
        after = action(State.DRAFTED, shows(YES), seen, moved=True, conflict=DENTIST)
        assert (after.name, after.meeting.told_by) == (Name.ACCEPT, BEFORE_CONFLICT)
        assert (after.meeting.conflict, after.meeting.overruled) == (DENTIST, False)
        assert "waits for a second yes, or until the time is free" in after.because


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

    def test_it_is_held_back_and_not_lost_while_a_calendar_is_unread(self) -> None:
        after = step(State.ACCEPTED, shows(YES), circumstances(complete=False))
        assert isinstance(after, Held)
        assert "could not be read whole" in after.reason

    def test_within_the_grace_nothing_is_held_yet(self) -> None:
        seen = circumstances(complete=False)
        assert step(State.ACCEPTED, shows(YES), seen, accepted_at=NOW) is None

    @pytest.mark.parametrize("complete", [True, False])
    @pytest.mark.parametrize("obstacle", [None, DENTIST])
    def test_one_whose_time_has_come_is_not_sent_any_more(
        self,
        complete: bool,  # noqa: FBT001  a column
        obstacle: str | None,
    ) -> None:
        seen = circumstances(TIME.start, complete=complete, obstacle=obstacle)
        assert action(State.ACCEPTED, shows(YES), seen).name is Name.EXPIRE

    def test_moving_it_starts_the_grace_anew_and_keeps_who_said_yes(self) -> None:
        after = action(State.ACCEPTED, shows(at=OTHER_TIME), told_by="command")
        assert (after.name, after.meeting.span) == (Name.ACCEPT, OTHER_TIME)
        assert (after.meeting.accepted_at, after.meeting.told_by) == (NOW, "command")

    def test_a_yes_that_was_taken_back_makes_it_a_draft_again(self) -> None:
        after = action(State.ACCEPTED, shows())
        assert (after.name, after.meeting.state) == (Name.REOPEN, State.DRAFTED)
        assert (after.meeting.accepted_at, after.meeting.told_by) == (None, None)

    def test_a_yes_taken_back_while_moving_is_no_yes_at_the_new_time(self) -> None:
        after = action(State.ACCEPTED, shows(at=OTHER_TIME))
        assert (after.name, after.meeting.span) == (Name.REOPEN, OTHER_TIME)
        assert after.meeting.moved

    def test_a_yes_from_the_command_line_needs_no_trace_in_the_calendar(self) -> None:
        assert action(State.ACCEPTED, shows(), told_by="command").name is Name.INVITE

    def test_it_is_not_withdrawn_for_reasons_that_the_user_overruled(self) -> None:
        assert action(State.ACCEPTED, shows(YES), circumstances(moot="snoozed")).name is Name.INVITE

    def test_nothing_goes_to_somebody_who_left_the_list(self) -> None:
        after = action(
            State.ACCEPTED, shows(YES), circumstances(barred="they are no longer on your list")
        )
        assert (after.name, after.because) == (
            Name.WITHDRAW,
            "they are no longer on your list",
        )


class TestYesToATimeThatIsTaken:
    """It waits for a second yes, or until the time is free."""

    TAKEN = circumstances(obstacle=DENTIST)

    def waiting(self, **given: object) -> Meeting:
        waits = {"told_by": BEFORE_CONFLICT, "conflict": DENTIST, "accepted_at": EARLIER}
        return a_meeting(State.ACCEPTED, **(waits | given))

    @pytest.mark.parametrize("at", [TIME, OTHER_TIME])
    def test_the_first_one_is_taken_and_waits(self, at: object) -> None:
        sighting = shows(YES, at=TIME if at is TIME else OTHER_TIME)
        after = action(State.DRAFTED, sighting, self.TAKEN)
        assert (after.name, after.meeting.span) == (Name.ACCEPT, at)
        assert (after.meeting.conflict, after.meeting.overruled) == (DENTIST, False)
        assert after.meeting.told_by == BEFORE_CONFLICT
        unmarked = Sighting(shows(at=after.meeting.span).gesture)
        much_later = circumstances(NOW + timedelta(days=1), obstacle=DENTIST)
        waits = Held(after.meeting, f"not sent: the time is taken by {DENTIST}")
        assert next_step(after.meeting, unmarked, much_later) == waits

    def test_a_time_that_is_taken_after_the_yes_stops_it_too(self) -> None:
        after = action(State.ACCEPTED, shows(YES), self.TAKEN)
        assert (after.name, after.meeting.state) == (Name.CONFLICT, State.ACCEPTED)
        assert (after.meeting.conflict, after.meeting.told_by) == (DENTIST, BEFORE_CONFLICT)
        assert after.because.startswith(f"not sent: the time is taken by {DENTIST}")

    def test_a_yes_from_the_command_line_stays_one(self) -> None:
        after = action(State.ACCEPTED, shows(), self.TAKEN, told_by="command")
        assert (after.name, after.meeting.told_by) == (Name.CONFLICT, "command")

    def test_what_is_in_the_way_is_named_anew_when_it_changes(self) -> None:
        after = next_step(self.waiting(), shows(), circumstances(obstacle="“Standup”"))
        assert isinstance(after, Action)
        assert (after.name, after.meeting.conflict) == (Name.CONFLICT, "“Standup”")

    def test_a_second_yes_starts_the_grace_anew_and_then_it_is_sent_all_the_same(self) -> None:
        again = next_step(self.waiting(), shows(YES), self.TAKEN)
        assert isinstance(again, Action)
        assert (again.name, again.meeting.accepted_at) == (Name.ACCEPT, NOW)
        assert (again.meeting.overruled, again.meeting.told_by) == (True, CALENDAR)
        assert "you said yes once more" in again.because
        assert next_step(again.meeting, shows(YES), self.TAKEN) is None
        later = circumstances(NOW + timedelta(minutes=2), obstacle=DENTIST)
        sent = next_step(again.meeting, shows(YES), later)
        assert isinstance(sent, Action)
        assert (sent.name, sent.meeting.conflict) == (Name.INVITE, DENTIST)

    def test_another_obstacle_stops_it_again(self) -> None:
        twice = self.waiting(overruled=True, told_by=CALENDAR)
        after = next_step(twice, shows(YES), circumstances(obstacle="“Dentist” and “Standup”"))
        assert isinstance(after, Action)
        assert after.name is Name.CONFLICT
        assert (after.meeting.overruled, after.meeting.told_by) == (False, BEFORE_CONFLICT)

    def test_another_event_of_the_same_name_stops_it_again(self) -> None:
        twice = self.waiting(overruled=True, told_by=CALENDAR)
        instead = circumstances(obstacle=Obstacle(DENTIST, ("another",)))
        after = next_step(twice, shows(YES), instead)
        assert isinstance(after, Action)
        assert (after.name, after.meeting.overruled) == (Name.CONFLICT, False)
        waits = Held(after.meeting, f"not sent: the time is taken by {DENTIST}")
        assert next_step(after.meeting, shows(), instead) == waits

    def test_one_of_two_that_goes_stops_nothing(self) -> None:
        both = {"conflict": "“Dentist” and “Standup”", "conflicting": (DENTIST, "“Standup”")}
        twice = self.waiting(overruled=True, told_by=CALENDAR, **both)
        after = next_step(twice, shows(YES), self.TAKEN)
        assert isinstance(after, Action)
        assert (after.name, after.meeting.conflict) == (Name.INVITE, DENTIST)

    def test_a_time_that_is_free_again_sends_it_without_a_second_yes(self) -> None:
        after = next_step(self.waiting(), shows(), circumstances())
        assert isinstance(after, Action)
        assert (after.name, after.meeting.conflict) == (Name.INVITE, "")

    def test_nothing_counts_as_free_while_a_calendar_is_unread(self) -> None:
        assert isinstance(next_step(self.waiting(), shows(), circumstances(complete=False)), Held)

    def test_moving_it_elsewhere_without_a_yes_makes_it_a_draft_there(self) -> None:
        after = next_step(self.waiting(), shows(at=OTHER_TIME), circumstances())
        assert isinstance(after, Action)
        assert (after.name, after.meeting.state) == (Name.REOPEN, State.DRAFTED)
        assert (after.meeting.span, after.meeting.conflict) == (OTHER_TIME, "")

    def test_a_yes_at_another_taken_time_is_a_first_one_there(self) -> None:
        twice = self.waiting(overruled=True, told_by=CALENDAR)
        after = next_step(twice, shows(YES, at=OTHER_TIME), self.TAKEN)
        assert isinstance(after, Action)
        assert (after.name, after.meeting.span) == (Name.ACCEPT, OTHER_TIME)
        assert (after.meeting.overruled, after.meeting.told_by) == (False, BEFORE_CONFLICT)

    @pytest.mark.parametrize(("answer", "told_by"), [(YES, CALENDAR), (Answer.NONE, "command")])
    def test_two_yeses_overrule_nothing_at_another_time(self, answer: Answer, told_by: str) -> None:
        twice = self.waiting(overruled=True, told_by=told_by)
        there = shows(answer, at=OTHER_TIME)
        after = next_step(twice, there, circumstances())
        assert isinstance(after, Action)
        assert (after.name, after.meeting.told_by) == (Name.ACCEPT, told_by)
        assert (after.meeting.conflict, after.meeting.overruled) == ("", False)
        taken_as_well = circumstances(NOW + timedelta(minutes=2), obstacle=DENTIST)
        stopped = next_step(after.meeting, there, taken_as_well)
        assert isinstance(stopped, Action)
        assert stopped.name is Name.CONFLICT

    def test_a_yes_from_the_command_line_is_none_to_another_time_that_is_taken(self) -> None:
        after = action(State.ACCEPTED, shows(at=OTHER_TIME), self.TAKEN, told_by="command")
        assert (after.name, after.meeting.span) == (Name.ACCEPT, OTHER_TIME)
        assert (after.meeting.conflict, after.meeting.told_by) == (DENTIST, BEFORE_CONFLICT)

    def test_taking_the_second_yes_back_makes_it_a_draft_again(self) -> None:
        twice = self.waiting(overruled=True, told_by=CALENDAR, moved=True)
        after = next_step(twice, shows(), self.TAKEN)
        assert isinstance(after, Action)
        assert after.name is Name.REOPEN
        assert (after.meeting.conflict, after.meeting.overruled) == (DENTIST, False)


def test_a_yes_by_command_says_so() -> None:
    after = accept(a_meeting(State.DRAFTED), "command", "you said yes", NOW)
    assert (after.meeting.told_by, after.meeting.accepted_at) == ("command", NOW)


def test_a_second_yes_by_command_says_what_it_overrules() -> None:
    after = overrule(a_meeting(State.ACCEPTED, conflict=DENTIST), "command", "you said yes", NOW)
    assert (after.meeting.overruled, after.meeting.told_by) == (True, "command")
    assert after.because == f"you said yes, though the time is taken by {DENTIST}"


def test_an_invitation_is_one_version_above_the_draft() -> None:
    after = invite(a_meeting(State.ACCEPTED, sequence=4), NOW)
    assert (after.meeting.sequence, after.meeting.invited_at) == (5, NOW)
