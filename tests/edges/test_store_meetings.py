"""Meetings and placements in the store."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from store_builders import HOUR, NOW, Other, meeting, placement

from connectd.domain.model import OPEN, Encounter, Fact, Span, State
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


def test_the_meetings_with_a_contact_are_listed_by_their_start(store: Store) -> None:
    later = meeting("later", State.MISSED)._replace(span=Span(NOW + DAY, NOW + DAY + HOUR))
    theirs = meeting("theirs")._replace(contact="carol")
    for one in (later, meeting("first", State.DECLINED), theirs):
        store.save_meeting(one, was=None)
    assert [one.uid for one in store.meetings_with("bob")] == ["first", "later"]
    assert store.meetings_with("carol") == (theirs,)
    assert store.meetings_with("dave") == ()


def test_sent_meetings_are_those_that_went_out_whatever_came_of_them(store: Store) -> None:
    def sent(uid: str, state: State, days: int) -> None:
        span = Span(NOW + days * DAY, NOW + days * DAY + HOUR)
        store.save_meeting(meeting(uid, state)._replace(span=span, invited_at=NOW), was=None)

    sent("invited", State.INVITED, 2)
    sent("cancelled", State.CANCELLED, 1)
    store.save_meeting(meeting("declined", State.DECLINED), was=None)
    store.save_meeting(meeting("accepted", State.ACCEPTED), was=None)
    assert [one.uid for one in store.sent_meetings()] == ["cancelled", "invited"]


@pytest.fixture
def noted(store: Store) -> Store:
    """A store in which a draft is named in every place where one can be."""
    store.save_meeting(meeting(), was=None)
    store.save_meeting(meeting("m-2"), was=None)
    store.save_placement(placement())
    store.begin_intent("m-1", "draft", "", NOW)
    store.add_encounter(Encounter("bob", NOW.date(), "done", "m-1"))
    store.add_fact(Fact("bob", "note", "likes tea", NOW.date(), "m-1"), NOW)
    store.log(NOW, "draft", "bob", "m-1", "it is time")
    return store


def test_a_renamed_draft_is_known_by_its_new_uid_everywhere(noted: Store) -> None:
    noted.rename_meeting("m-1", "new")
    assert noted.meeting("new") == meeting("new")
    assert noted.placement("new") == placement()._replace(uid="new")
    assert [intent.meeting for intent in noted.unfinished_intents()] == ["new"]
    assert [encounter.meeting for encounter in noted.encounters()] == ["new"]
    assert [fact.meeting for fact in noted.facts("bob")] == ["new"]
    assert (noted.meeting("m-1"), noted.placement("m-1")) == (None, None)
    assert noted.meeting("m-2") == meeting("m-2")


def test_what_was_logged_of_a_draft_keeps_the_uid_it_had_then(noted: Store) -> None:
    noted.rename_meeting("m-1", "new")
    assert [line.meeting for line in noted.journal()] == ["m-1"]


def test_a_uid_that_is_on_record_is_given_to_no_other_draft(noted: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        noted.rename_meeting("m-1", "m-2")
    assert [one.uid for one in noted.meetings()] == ["m-1", "m-2"]
    assert noted.placement("m-1") == placement()
