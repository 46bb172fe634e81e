from datetime import timedelta

import pytest
from sights import (
    NOW,
    SECOND,
    TEN_MINUTES,
    TIME,
    a_meeting,
    action,
    circumstances,
    seen_in,
    shows,
    step,
)

from connectd.domain.model import State
from connectd.domain.next_step import next_step
from connectd.domain.view import Action, Name, Sighting

OPEN = [State.DRAFTED, State.ACCEPTED, State.INVITED, State.CONFIRMED]
BEFORE_SENDING = OPEN[:2]
GONE = Sighting(None)


class TestDeletion:
    @pytest.mark.parametrize("state", OPEN)
    def test_it_counts_once_it_has_lasted_ten_minutes(self, state: State) -> None:
        early = step(state, GONE, missing_since=NOW - TEN_MINUTES + SECOND)
        late = action(state, GONE, missing_since=NOW - TEN_MINUTES)
        assert early is None
        assert late.name is (Name.DECLINE if state in BEFORE_SENDING else Name.CANCEL)

    @pytest.mark.parametrize("state", OPEN)
    def test_it_is_no_answer_while_a_calendar_is_unread(self, state: State) -> None:
        seen = circumstances(complete=False)
        assert step(state, GONE, seen, missing_since=NOW - timedelta(days=1)) is None

    @pytest.mark.parametrize("state", OPEN)
    def test_one_that_is_not_dated_yet_is_waited_for(self, state: State) -> None:
        assert step(state, GONE, missing_since=None) is None

    @pytest.mark.parametrize("state", OPEN)
    def test_an_object_that_is_back_is_there(self, state: State) -> None:
        again = step(state, shows(), missing_since=NOW - timedelta(days=1))
        assert again is None or (isinstance(again, Action) and again.name is Name.REOPEN)


class TestLookAlike:
    """Some clients write an event anew, under another UID, when its title is edited."""

    SIGHTING = Sighting(None, look_alike=True)

    @pytest.mark.parametrize("state", BEFORE_SENDING)
    def test_a_draft_that_was_rewritten_without_an_answer_stands_until_it_lapses(
        self, state: State
    ) -> None:
        lapse = TIME.start - timedelta(hours=24)
        gone_long = {"missing_since": NOW - timedelta(days=1)}
        assert step(state, self.SIGHTING, circumstances(lapse - SECOND), **gone_long) is None
        after = action(state, self.SIGHTING, circumstances(lapse), **gone_long)
        assert after.name is Name.EXPIRE

    @pytest.mark.parametrize("state", [State.INVITED, State.CONFIRMED])
    def test_an_invitation_that_is_gone_is_called_off_all_the_same(self, state: State) -> None:
        after = action(state, self.SIGHTING, missing_since=NOW - TEN_MINUTES)
        assert after.name is Name.CANCEL


class TestSeries:
    @pytest.mark.parametrize("state", OPEN)
    @pytest.mark.parametrize("complete", [True, False])
    def test_it_is_the_users_own_from_now_on(self, state: State, complete: bool) -> None:  # noqa: FBT001  a column
        seen = circumstances(complete=complete)
        sighting = seen_in("a draft", "a series")[1]
        after = next_step(a_meeting(state), sighting, seen)
        assert isinstance(after, Action)
        assert (after.meeting.state, after.meeting.released) == (State.WITHDRAWN, True)
        assert "yours now, and connectd lets go of it" in after.because
        assert next_step(after.meeting, sighting, seen) is None


@pytest.mark.parametrize("state", [state for state in State if state not in OPEN])
def test_what_has_ended_takes_no_step(state: State) -> None:
    assert step(state, shows(at=TIME), circumstances(obstacle="x", moot="y", barred="z")) is None
