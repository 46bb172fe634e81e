"""Reads the published calendars (``[[feed]]``), with their last good copy in reserve.

A feed is read as a calendar on a server is, from a copy of its text in the store. Its URL may
be a secret: nothing here, in the store or in a message shows more of it than its host.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectd.config import Feed
from connectd.domain.model import Span
from connectd.domain.view import Unread
from connectd.edges.caldav_server import CalendarObject
from connectd.edges.store import FeedRecord, Store
from connectd.errors import ServerError
from connectd.formats.published_calendar import (
    Published,
    is_whole,
    objects_near,
    version_of,
    without_stamps,
)
from connectd.service.means import Means
from connectd.service.refreshing import Source, refresh

FRESH = timedelta(minutes=5)
"""So long a copy is as good as the feed: many publishers make the whole text for each request."""
KEPT = timedelta(days=1)
"""So long the last good copy stands in for a feed that cannot be read."""

FEEDS = "[feed]"
"""What the store takes for the account of published calendars; none may be called like this."""


def read_feeds(
    means: Means, window: Span, now: datetime, *, afresh: bool
) -> tuple[tuple[str, ...], tuple[Unread, ...]]:
    """Bring the readings of all feeds up to date; return where they lie, and which are missing.

    A feed is asked for when its copy is no longer fresh, or in any case ``afresh``.
    """
    _forget_others(means)
    read: list[str] = []
    unread: list[Unread] = []
    for feed in means.config.feeds:
        means.progress()
        record = _asked(means, feed, now, afresh=afresh)
        if problem := _why_unread(record, now):
            unread.append(Unread(feed.name, problem))
            continue
        source = _source(means.store, record)
        refresh(means, source, window, now, ours=())
        read.append(source.url)
    return tuple(read), tuple(unread)


def _asked(means: Means, feed: Feed, now: datetime, *, afresh: bool) -> FeedRecord:
    """What is known of a feed, after it was asked for if it is time."""
    known = means.store.feed(feed.name) or FeedRecord(feed.name, version_of(feed.url))
    if known.address != version_of(feed.url):
        _forget(means, feed.name)
        known = FeedRecord(feed.name, version_of(feed.url))
    if not afresh and (_is_fresh(known, now) or means.memory.asked.get(feed.name) == now):
        return known
    means.memory.asked[feed.name] = now
    try:
        record, text = _fetched(means, feed, known, now)
    except ServerError as error:
        record, text = known._replace(error=str(error)), None
    _save(means, record, text)
    return record


def _is_fresh(known: FeedRecord, now: datetime) -> bool:
    """Whether there is no need to ask; a clock that was set back makes no copy a fresh one."""
    return known.read_at is not None and timedelta(0) <= now - known.read_at < FRESH


def _fetched(
    means: Means, feed: Feed, known: FeedRecord, now: datetime
) -> tuple[FeedRecord, str | None]:
    """The feed as it is now, and its text if that is another one; raises ServerError."""
    fetched = means.web.fetch(
        feed.url, etag=known.etag, last_modified=known.last_modified, ca_file=feed.ca_file
    )
    if fetched is None:
        return known._replace(read_at=now, error=None), None
    if not is_whole(fetched.text):
        raise ServerError("What its address leads to is not a whole calendar.")
    text = without_stamps(fetched.text)
    record = known._replace(
        version=version_of(text),
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        read_at=now,
        error=None,
    )
    return record, text if record.version != known.version else None


def _save(means: Means, record: FeedRecord, text: str | None) -> None:
    """Record how it went; the records that decisions rest on are as current as before."""
    records = means.memory.records
    current = records is not None and records.are_current(means.store)
    means.store.save_feed(record, text)
    if records is not None and current:
        means.memory.records = records.vouched_for(means.store)


def _why_unread(record: FeedRecord, now: datetime) -> str | None:
    """Why there is no copy that may be used, if there is none."""
    if record.read_at is None:
        return record.error or "It has not been read yet."
    if now - record.read_at < KEPT:
        return None
    return f"Its last good copy is older than a day. {record.error}"


def _source(store: Store, record: FeedRecord) -> Source:
    copy = _Copy(store, record.name)
    return Source(
        account=FEEDS,
        url=_place(record.name),
        name=record.name,
        version=record.version,
        listing=copy.listing,
        fetch=copy.fetch,
    )


@dataclass(slots=True)
class _Copy:
    """The kept text of a feed as a server of calendar objects; taken apart when it is listed."""

    store: Store
    name: str
    objects: dict[str, Published] = field(default_factory=dict)

    def listing(self, window: Span) -> dict[str, str]:
        self.objects = objects_near(self.store.feed_text(self.name), window)
        return {href: published.version for href, published in self.objects.items()}

    def fetch(self, hrefs: Sequence[str]) -> Iterator[Iterator[CalendarObject]]:
        wanted = ((href, self.objects[href]) for href in hrefs)
        yield (CalendarObject(href, one.version, one.text) for href, one in wanted)


def _place(name: str) -> str:
    """Where the readings of a feed are kept; no URL of a calendar begins like this."""
    return f"feed:{name}"


def _forget_others(means: Means) -> None:
    """Forget the feeds that are no longer in the configuration."""
    configured = {feed.name for feed in means.config.feeds}
    for record in means.store.feeds():
        if record.name not in configured:
            _forget(means, record.name)


def _forget(means: Means, name: str) -> None:
    with means.store.transaction():
        means.shelf.forget(_place(name), means.store)
        means.store.forget_feed(name)
