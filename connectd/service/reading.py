"""Brings the readings of the chosen calendars up to date, asking for what changed alone."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice

from connectd.domain.model import Span
from connectd.domain.view import Unread
from connectd.edges.caldav_server import CalendarObject
from connectd.edges.store import CalendarRecord, ObjectRow
from connectd.errors import CredentialsError, RefusedError, ServerError, TooCostlyError
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
from connectd.service.survey import Chosen, Survey

_LOOK_BACK = timedelta(days=32)
_DAY = timedelta(days=1)
_MARGIN = 3 * _DAY
_STORED_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class View:
    """What the chosen calendars show: the URLs read whole, and what could not be read."""

    calendars: tuple[str, ...]
    unread: tuple[Unread, ...]


def window_at(now: datetime, horizon_days: int) -> Span:
    """The window that is read: it slides once a day, at midnight UTC."""
    midnight = datetime.combine(now.date(), time.min, UTC)
    return Span(midnight - _LOOK_BACK, midnight + timedelta(days=horizon_days) + 2 * _DAY)


def read_calendars(means: Means, found: Survey, now: datetime, ours: Collection[str]) -> View:
    """Read every chosen calendar that changed since the last time, or whose window slid.

    ``ours`` are the UIDs of our own meetings, whose text is kept. A calendar that cannot be
    read whole is named and does not count as read; the others are read all the same.
    """
    window = window_at(now, means.policy.rules.horizon_days)
    read: list[str] = []
    unread: list[Unread] = []
    for chosen in found.chosen:
        try:
            _refresh(means, chosen, window, now, ours)
        except (CredentialsError, ServerError) as error:
            unread.append(Unread(f"{chosen.account}: {chosen.info.name}", str(error)))
        else:
            read.append(chosen.info.url)
    if not found.unread:
        _forget_others(means, {chosen.info.url for chosen in found.chosen})
    return View(tuple(read), (*found.unread, *unread))


def _refresh(
    means: Means, chosen: Chosen, window: Span, now: datetime, ours: Collection[str]
) -> None:
    """Bring one calendar up to date; its version is recorded only when all is stored.

    The version was asked for before the listing, so a change in between is seen next time.
    """
    info, store, shelf = chosen.info, means.store, means.shelf
    record = store.calendar(info.url)
    slid = record is None or record.window != window
    if record and not slid and record.version is not None and record.version == info.version:
        return
    listing = _listing(means, chosen, window)
    if slid:
        _read_again(means, chosen, window, listing, ours)
    known = {href: entry.etag for href, entry in shelf.of(info.url, store).items()}
    changed = [href for href, etag in listing.items() if known.get(href) != etag]
    for batch in means.servers[chosen.account].fetch(info.url, changed):
        for objects in _portions(batch):
            rows = [_row(means, chosen, window, obj, listing, ours) for obj in objects]
            shelf.put(info.url, rows, store)
    shelf.drop(info.url, [href for href in known if href not in listing], store)
    store.save_calendar(
        CalendarRecord(chosen.account, info.url, info.name, info.version, window, now)
    )


def _listing(means: Means, chosen: Chosen, window: Span) -> dict[str, str]:
    """Every object with an event or a published free/busy time near the window.

    Servers read floating times and whole days in a zone of their choice, hence a day more.
    """
    server = means.servers[chosen.account]
    asked = Span(window.start - _DAY, window.end + _DAY)
    listing = server.listing(chosen.info.url, asked)
    if not chosen.info.components or "VFREEBUSY" in chosen.info.components:
        try:
            listing |= server.listing(chosen.info.url, asked, "VFREEBUSY")
        except RefusedError:
            return listing
    return listing


def _read_again(
    means: Means, chosen: Chosen, window: Span, listing: dict[str, str], ours: Collection[str]
) -> None:
    """Work out anew, in a window that slid, what is there and may look different in it."""
    url = chosen.info.url
    kept = (
        CalendarObject(row.href, row.etag, row.text)
        for row in means.store.recurring_rows(url)
        if row.text is not None and listing.get(row.href) == row.etag
    )
    for objects in _portions(kept):
        rows = [_row(means, chosen, window, obj, listing, ours) for obj in objects]
        means.shelf.put(url, rows, means.store)


def _portions(objects: Iterable[CalendarObject]) -> Iterator[list[CalendarObject]]:
    """Small portions: what is read is stored at once, so that a long first reading can resume."""
    waiting = iter(objects)
    while portion := list(islice(waiting, _STORED_AT_ONCE)):
        yield portion


def _row(
    means: Means,
    chosen: Chosen,
    window: Span,
    obj: CalendarObject,
    listing: dict[str, str],
    ours: Collection[str],
) -> ObjectRow:
    """Read one object; its text is kept where it may have to be read again."""
    reading = _read(means, chosen, window, obj)
    keep = reading.uid in ours or not _settled(reading, window)
    return ObjectRow(
        href=obj.href,
        etag=obj.etag or listing.get(obj.href, ""),
        uid=reading.uid,
        text=obj.text if keep else None,
        reading=encode(reading),
        unreadable=encode_unreadable(reading.unreadable) if reading.unreadable else None,
    )


def _read(means: Means, chosen: Chosen, window: Span, obj: CalendarObject) -> Reading:
    perspective = Perspective(
        calendar=chosen.info.name,
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


def _forget_others(means: Means, chosen: set[str]) -> None:
    for account in means.config.accounts:
        for record in means.store.calendars(account.name):
            if record.url not in chosen:
                means.shelf.forget(record.url, means.store)
