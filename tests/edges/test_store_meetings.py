"""Meetings and placements in the store."""

from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import HOUR, NOW, Other, meeting, placement

from connectd.domain.model import OPEN, Span, State
from connectd.edges.store import Store

DAY = timedelta(days=1)


def test_a_new_meeting_is_recorded_once(store: Store) -> None:
    assert store.save_meeting(meeting(), was=None)
    again = meeting()._replace(state=State.ACCEPTED)
    assert not store.save_meeting(again, was=None)
    assert store.meeting("m-1") == meeting()
    assert store.meeting("m-2") is None


def test_a_meeting_moves_on_from_the_state_on_record_only(store: Store) -> None:
    store.save_meeting(meeting(), was=None)
    accepted = meeting()._replace(state=State.ACCEPTED)
    declined = meeting()._replace(state=State.DECLINED)
    assert store.save_meeting(accepted, was=State.DRAFTED)
    assert not store.save_meeting(declined, was=State.DRAFTED)
    assert store.meeting("m-1") == accepted


def test_an_unknown_meeting_does_not_move_on(store: Store) -> None:
    assert not store.save_meeting(meeting(), was=State.DRAFTED)
    assert store.meetings() == ()


def test_of_two_processes_one_records_the_meeting(store: Store) -> None:
    script = """
from connectd.domain.model import Meeting, Span
now = datetime(2026, 12, 1, tzinfo=UTC)
say('ready'); hear()
with Store.open(path) as store:
    say(store.save_meeting(Meeting('m', 'bob', 1, State.DRAFTED, Span(now, now)), was=None))
"""
    others = [Other(script, path_of(store)) for _ in range(3)]
    assert [other.hears() for other in others] == ["ready"] * 3
    for other in others:
        other.tell()
    assert sorted(other.finish() for other in others) == ["False", "False", "True"]


def path_of(store: Store) -> Path:
    return Path(store.database.name)


@pytest.mark.parametrize("state", list(State))
def test_open_meetings_are_those_that_have_not_ended(store: Store, state: State) -> None:
    store.save_meeting(meeting(state=state), was=None)
    assert bool(store.open_meetings()) is (state in OPEN)


def test_meetings_since_are_the_open_ones_and_those_that_ended_later(store: Store) -> None:
    def ended(uid: str, days: int) -> None:
        over = meeting(uid, State.EXPIRED)._replace(ended_at=NOW + days * DAY)
        store.save_meeting(over, was=None)

    ended("before", -1)
    ended("then", 0)
    ended("after", 1)
    long_ago = Span(NOW - 99 * DAY, NOW - 99 * DAY + HOUR)
    store.save_meeting(meeting("open", State.CONFIRMED)._replace(span=long_ago), was=None)
    store.save_meeting(meeting("undated", State.MET)._replace(span=long_ago), was=None)
    assert {one.uid for one in store.meetings(since=NOW)} == {"then", "after", "open"}
    assert [one.uid for one in store.meetings()][:2] == ["open", "undated"]
    assert len(store.meetings()) == 5


def test_only_a_draft_is_dropped(store: Store) -> None:
    store.save_meeting(meeting(), was=None)
    store.save_placement(placement())
    store.save_meeting(meeting()._replace(state=State.ACCEPTED), was=State.DRAFTED)
    assert not store.drop_meeting("m-1")
    assert not store.drop_meeting("m-2")
    store.save_meeting(meeting(), was=State.ACCEPTED)
    assert store.drop_meeting("m-1")
    assert (store.meetings(), store.placement("m-1")) == ((), None)


def test_a_placement_is_written_anew(store: Store) -> None:
    store.save_meeting(meeting(), was=None)
    assert store.placement("m-1") is None
    store.save_placement(placement()._replace(etag=None))
    moved = placement()._replace(href="https://dav.example.test/x.ics", gesture="{}", removed=True)
    store.save_placement(moved)
    assert store.placement("m-1") == moved


def test_a_draft_that_got_another_uid_is_known_by_it_everywhere(store: Store) -> None:
    store.save_meeting(meeting(), was=None)
    store.save_placement(placement())
    intent = store.begin_intent("m-1", "draft", "", NOW)
    store.log(NOW, "draft", "bob", "m-1", "made")
    store.rename_meeting("m-1", "m-2")
    assert store.meeting("m-1") is None
    assert store.meeting("m-2") == meeting("m-2")
    assert store.placement("m-2") == placement()._replace(uid="m-2")
    (unfinished,) = store.unfinished_intents()
    assert (unfinished.id, unfinished.meeting) == (intent, "m-2")
    assert store.journal()[0].meeting == "m-1"


def test_the_meetings_with_one_person_and_those_that_were_sent(store: Store) -> None:
    sent = meeting("m-2", State.INVITED)._replace(invited_at=NOW)
    other = meeting("m-3")._replace(contact="carol")
    for one in (meeting(), sent, other):
        store.save_meeting(one, was=None)
    assert store.meetings_with("bob") == (meeting(), sent)
    assert store.sent_meetings() == (sent,)
