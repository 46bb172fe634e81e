"""What two people answer to one invitation, together and one after the other."""

import pytest
from sights import OTHER_TIME, TIME, action, circumstances, step

from connectd.domain.model import Reply, Span, State
from connectd.domain.next_step import next_step
from connectd.domain.replies import strongest, together
from connectd.domain.view import Action, Gesture, Name, Sighting

YES, NO, PERHAPS, NONE = Reply.ACCEPTED, Reply.DECLINED, Reply.TENTATIVE, Reply.NONE
BOTH = {"other": "bob"}


def answers(*replies: Reply, at: Span = TIME, fresh: bool = False) -> Sighting:
    reply = together(replies)
    gesture = Gesture(at, reply=reply, replies=replies)
    return Sighting(gesture, reply, to_this_time=fresh, replies=replies)


@pytest.mark.parametrize(
    ("replies", "comes_to"),
    [
        ((YES, YES), YES),
        ((YES, NONE), NONE),
        ((NONE, NONE), NONE),
        ((YES, PERHAPS), PERHAPS),
        ((NONE, PERHAPS), PERHAPS),
        ((YES, NO), NO),
        ((NO, NONE), NO),
        ((NO, PERHAPS), NO),
        ((YES,), YES),
        ((), NONE),
    ],
)
def test_a_yes_takes_both_and_a_no_one(replies: tuple[Reply, ...], comes_to: Reply) -> None:
    assert together(replies) is together(replies[::-1]) is comes_to


def test_the_strongest_is_a_no_then_a_yes() -> None:
    assert strongest((PERHAPS, NO, YES)) is NO
    assert strongest((NONE, YES, PERHAPS)) is YES
    assert strongest(()) is NONE


def test_the_meeting_is_confirmed_once_both_have_accepted() -> None:
    assert step(State.INVITED, answers(YES, NONE), **BOTH) is None
    confirmed = action(State.INVITED, answers(YES, YES), **BOTH)
    assert (confirmed.name, confirmed.because) == (Name.CONFIRM, "both accepted")
    assert confirmed.meeting.replied_yes


@pytest.mark.parametrize("state", [State.INVITED, State.CONFIRMED])
def test_one_no_ends_it_and_says_whose_it_was(state: State) -> None:
    no = action(state, answers(YES, NO), **BOTH)
    assert (no.name, no.because, no.said_by) == (Name.TURN_DOWN, "bob declined", ("bob",))
    neither = action(state, answers(NO, NO), **BOTH)
    assert (neither.because, neither.said_by) == ("ann and bob declined", ("ann", "bob"))


def test_a_perhaps_of_one_makes_it_wait_again() -> None:
    after = action(State.CONFIRMED, answers(PERHAPS, YES), reply=YES, **BOTH)
    assert (after.name, after.meeting.state) == (Name.REPLY, State.INVITED)
    again = next_step(after.meeting, answers(YES, YES), circumstances())
    assert isinstance(again, Action)
    assert again.name is Name.CONFIRM


class TestAfterAMove:
    """Some servers let the answers to the old time stand in the object."""

    def moved(self, *replies: Reply) -> Action:
        return action(State.CONFIRMED, answers(*replies, at=OTHER_TIME), reply=YES, **BOTH)

    @pytest.mark.parametrize("now", [(YES, YES), (YES, NONE), (YES, PERHAPS), (NONE, YES)])
    def test_what_stands_there_is_no_answer_to_the_new_time(self, now: tuple[Reply, Reply]) -> None:
        moved = self.moved(YES, YES).meeting
        assert moved.state is State.INVITED
        assert next_step(moved, answers(*now, at=OTHER_TIME), circumstances()) is None

    def test_a_yes_beside_an_old_one_confirms_nothing(self) -> None:
        moved = self.moved(YES, NONE).meeting
        assert next_step(moved, answers(YES, YES, at=OTHER_TIME), circumstances()) is None

    def test_a_no_is_news(self) -> None:
        moved = self.moved(YES, YES).meeting
        no = next_step(moved, answers(YES, NO, at=OTHER_TIME), circumstances())
        assert isinstance(no, Action)
        assert no.name is Name.TURN_DOWN

    def test_answers_known_to_be_to_the_new_time_count(self) -> None:
        moved = self.moved(YES, YES).meeting
        fresh = answers(YES, YES, at=OTHER_TIME, fresh=True)
        confirmed = next_step(moved, fresh, circumstances())
        assert isinstance(confirmed, Action)
        assert confirmed.name is Name.CONFIRM

    def test_both_are_waited_for_once_the_old_answers_are_taken_out(self) -> None:
        emptied = next_step(
            self.moved(YES, YES).meeting, answers(NONE, NONE, at=OTHER_TIME), circumstances()
        )
        assert isinstance(emptied, Action)
        assert (emptied.name, emptied.meeting.reply) == (Name.REPLY, NONE)
        waits = next_step(emptied.meeting, answers(YES, NONE, at=OTHER_TIME), circumstances())
        assert waits is None
        confirmed = next_step(emptied.meeting, answers(YES, YES, at=OTHER_TIME), circumstances())
        assert isinstance(confirmed, Action)
        assert confirmed.name is Name.CONFIRM
