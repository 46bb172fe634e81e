"""Follow-up tasks on record."""

from store_builders import meeting

from connectd.edges.store import FollowUp, Store

TASK = FollowUp("m-1", "main", "https://c/", "https://c/task.ics", '"1"', "open")


def test_a_task_comes_back_as_it_was_until_it_is_removed(store: Store) -> None:
    store.save_meeting(meeting(), was=None)
    assert store.standing_follow_ups() == ()
    store.save_follow_up(TASK)
    assert store.standing_follow_ups() == (TASK,)
    seen = TASK._replace(etag=None, told="done", seen_version="t-1")
    store.save_follow_up(seen)
    assert store.standing_follow_ups() == (seen,)
    store.save_follow_up(seen._replace(removed=True))
    assert store.standing_follow_ups() == ()
