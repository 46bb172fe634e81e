"""Has everything read again, where what was read may no longer hold."""

from dataclasses import replace
from datetime import datetime

from connectd.service.feeds import FRESH
from connectd.service.means import Means, Memory
from connectd.service.notices import forget_beginnings


def doubt_what_was_read(means: Means, now: datetime) -> Means:
    """Drop what is at hand, and take no version for a sign that nothing has changed.

    The doubt lies in the store, so that it outlives the process. Times ahead of ``now`` are
    the mistakes of a clock that has been put right.
    """
    with means.store.transaction():
        means.store.doubt_calendars()
        means.store.doubt_feeds(now - FRESH)
        means.store.forget_their_busy_after(now)
        forget_beginnings(means.store)
    return replace(means, memory=Memory())
