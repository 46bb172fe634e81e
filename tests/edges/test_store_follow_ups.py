"""The tasks that follow meetings up, in the store."""

import sqlite3

import pytest
from store_builders import follow_up

from connectd.edges.store import Store


def test_a_meeting_has_one_task_whose_record_is_written_anew(known: Store) -> None:
    known.save_follow_up(follow_up())
    known.save_follow_up(follow_up("m-2"))
    seen = follow_up()._replace(
        href="https://dav.example.test/x.ics", etag=None, told="done", seen_version="t-7"
    )
    known.save_follow_up(seen)
    assert known.standing_follow_ups() == (seen, follow_up("m-2"))


def test_a_removed_task_stands_no_more(known: Store) -> None:
    known.save_follow_up(follow_up())
    known.save_follow_up(follow_up("m-2"))
    known.save_follow_up(follow_up()._replace(removed=True))
    assert known.standing_follow_ups() == (follow_up("m-2"),)
    known.save_follow_up(follow_up())
    assert known.standing_follow_ups() == (follow_up(), follow_up("m-2"))


def test_a_task_belongs_to_a_meeting_on_record_and_goes_with_it(known: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        known.save_follow_up(follow_up("m-3"))
    known.save_follow_up(follow_up())
    assert known.drop_meeting("m-1")
    assert known.standing_follow_ups() == ()
