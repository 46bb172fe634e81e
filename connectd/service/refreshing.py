"""Brings the readings of one calendar up to date, asking for what changed alone."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from connectd.domain.model import Span
from connectd.edges.caldav_server import CalendarObject
from connectd.edges.store import CalendarRecord, ObjectRow
from connectd.errors import TooCostlyError
from connectd.formats.readings import (
    Perspective,
    Reading,
    decode,
    encode,
    encode_unreadable,
    perspective_to_json,
)
from connectd.formats.salvage import salvage
from connectd.service.means import Means

_MARGIN = timedelta(days=3)
_STORED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Source:
    """Where a calendar's objects come from: a server, or the copy of a published calendar.

    ``version`` changes whenever something in it does; None where it cannot tell. ``listing``
    gives the version of every object that may take time in a window, by href, ``fetch`` the
    objects with these hrefs.
    """

    account: str
    url: str
    name: str
    version: str | None
    listing: Callable[[Span], Mapping[str, str]]
    fetch: Callable[[Sequence[str]], Iterable[Iterable[CalendarObject]]]


def refresh(
    means: Means, source: Source, window: Span, now: datetime, ours: Collection[str]
) -> None:
    """Bring one calendar up to date; its version is recorded only when all is stored.

    The version was asked for before the listing, so a change in between is seen next time.
    """
    store, shelf = means.store, means.shelf
    record = store.calendar(source.url)
    slid = record is None or record.window != window
    if record and not slid and record.version is not None and record.version == source.version:
        return
    listing = source.listing(window)
    if slid:
        _read_again(means, source, window, listing, ours)
    known = {href: entry.etag for href, entry in shelf.of(source.url, store).items()}
    changed = [href for href, etag in listing.items() if known.get(href) != etag]
    for batch in source.fetch(changed):
        for objects in _portions(batch):
            rows = [_row(means, source, window, obj, listing, ours) for obj in objects]
            shelf.put(source.url, rows, store)
            means.progress()
    shelf.drop(source.url, [href for href in known if href not in listing], store)
    store.save_calendar(
        CalendarRecord(source.account, source.url, source.name, source.version, window, now)
    )


def _read_again(
    means: Means, source: Source, window: Span, listing: Mapping[str, str], ours: Collection[str]
) -> None:
    """Work out anew, in a window that slid, what is there and may look different in it."""
    kept = (
        CalendarObject(row.href, row.etag, row.text)
        for row in means.store.recurring_rows(source.url)
        if row.text is not None and listing.get(row.href) == row.etag
    )
    for objects in _portions(kept):
        rows = [_row(means, source, window, obj, listing, ours) for obj in objects]
        means.shelf.put(source.url, rows, means.store)
        means.progress()


def _portions(objects: Iterable[CalendarObject]) -> Iterator[list[CalendarObject]]:
    """Small portions: what is read is stored at once, so that a long first reading can resume."""
    waiting = iter(objects)
    while portion := list(islice(waiting, _STORED_AT_ONCE)):
        yield portion


def _row(
    means: Means,
    source: Source,
    window: Span,
    obj: CalendarObject,
    listing: Mapping[str, str],
    ours: Collection[str],
) -> ObjectRow:
    """Read one object; its text is kept where it may have to be read again."""
    reading = _read(means, source, window, obj)
    keep = reading.uid in ours or not _settled(reading, window)
    return ObjectRow(
        href=obj.href,
        etag=obj.etag or listing.get(obj.href, ""),
        uid=reading.uid,
        text=obj.text if keep else None,
        reading=encode(reading),
        unreadable=encode_unreadable(reading.unreadable) if reading.unreadable else None,
    )


def _read(means: Means, source: Source, window: Span, obj: CalendarObject) -> Reading:
    perspective = Perspective(
        calendar=source.name,
        href=obj.href,
        zone=means.config.me.timezone.key,
        addresses=means.my_addresses,
        window=Span(window.start - _MARGIN, window.end + _MARGIN),
    )
    if obj.truncated:
        return salvage(obj.text, perspective, "it is larger than connectd reads")
    try:
        answer = means.reader.call(
            {"what": "object", "text": obj.text, "perspective": perspective_to_json(perspective)}
        )
        return decode(answer["reading"])
    except TooCostlyError as error:
        return salvage(obj.text, perspective, str(error))


def _settled(reading: Reading, window: Span) -> bool:
    """Whether the reading stays right wherever the window slides: all of it lies inside."""
    return (
        not reading.recurring
        and not reading.unreadable
        and bool(reading.events)
        and all(
            window.start < event.span.start and event.span.end < window.end
            for event in reading.events
        )
    )
