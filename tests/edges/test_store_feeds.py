"""The published calendars, in the store."""

import sqlite3

import pytest
from store_builders import feed

from connectd.edges.store import Store


def test_a_feed_has_one_record_that_is_written_anew(store: Store) -> None:
    store.save_feed(feed(), "first")
    store.save_feed(feed("family"), "other")
    later = feed()._replace(
        version=None, etag=None, last_modified="today", read_at=None, error="it is not there"
    )
    store.save_feed(later)
    assert store.feeds() == (feed("family"), later)
    assert (store.feed("work"), store.feed("none")) == (later, None)


def test_its_copy_stays_until_there_is_a_new_one(store: Store) -> None:
    store.save_feed(feed(), "first")
    store.save_feed(feed())
    assert store.feed_text("work") == "first"
    store.save_feed(feed(), "second")
    assert store.feed_text("work") == "second"


def test_one_that_is_forgotten_leaves_nothing(store: Store) -> None:
    store.save_feed(feed(), "first")
    store.save_feed(feed("family"), "other")
    store.forget_feed("work")
    assert store.feeds() == (feed("family"),)
    assert (store.feed_text("work"), store.feed_text("family")) == ("", "other")
    assert store.database.rows("SELECT 1 FROM feed_texts WHERE feed = 'work'") == []


def test_a_copy_belongs_to_a_feed_on_record(store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        store.database.write("INSERT INTO feed_texts (feed, text) VALUES ('work', '')")
