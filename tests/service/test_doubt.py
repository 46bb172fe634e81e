"""What a clock that jumped makes connectd doubt, in memory and in the store."""

from datetime import timedelta

import pytest
from installation import Install, Installation
from servers import Radicale, User

from connectd.domain.model import Span
from connectd.edges.store import FeedRecord, TheirBusy
from connectd.service.doubt import doubt_what_was_read
from connectd.service.feeds import FRESH

HOUR = timedelta(hours=1)


@pytest.fixture
def alice(radicale: Radicale, install: Install) -> Installation:
    user: User = radicale.new_user()
    alice = install(user)
    alice.add()
    return alice


def test_no_version_counts_and_nothing_is_at_hand(alice: Installation) -> None:
    alice.tick()
    assert all(record.version for record in alice.store.calendars("main"))
    means = doubt_what_was_read(alice.means, alice.now)
    assert {record.version for record in alice.store.calendars("main")} == {None}
    assert means.memory.records is None
    assert means.memory is not alice.means.memory


def test_a_feed_is_sent_whole_again_at_once(alice: Installation) -> None:
    for name, ahead in (("past", -HOUR), ("fresh", -HOUR / 60), ("future", HOUR)):
        read = alice.now + ahead
        alice.store.save_feed(FeedRecord(name, "h", "v", '"1"', "yesterday", read), "text")
    alice.store.save_feed(FeedRecord("never", "h"))
    doubt_what_was_read(alice.means, alice.now)
    assert {feed.name: feed.read_at for feed in alice.store.feeds()} == {
        "past": alice.now - HOUR,
        "fresh": alice.now - FRESH,
        "future": alice.now - FRESH,
        "never": None,
    }
    assert {(feed.etag, feed.last_modified) for feed in alice.store.feeds()} == {(None, None)}
    assert alice.store.feed_text("past") == "text"


def test_answers_from_the_future_are_forgotten(alice: Installation) -> None:
    for way, ahead in (("server", -HOUR), ("url", HOUR)):
        asked = alice.now + ahead
        busy = (Span(asked, asked + HOUR),)
        alice.store.save_their_busy(
            TheirBusy("bob-baker", way, "bob", asked, asked + HOUR, spans=busy)
        )
    doubt_what_was_read(alice.means, alice.now)
    assert [known.way for known in alice.store.all_their_busy("bob-baker")] == ["server"]
