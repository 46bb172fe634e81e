"""What has been read from the calendars, at hand for as long as the process lives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from connectd.domain.view import Event, Unreadable
from connectd.edges.store import ObjectRow, Store
from connectd.formats.readings import Reading, decode


@dataclass(frozen=True, slots=True)
class Entry:
    """One calendar object as it was read; ``etag`` is its version then."""

    href: str
    etag: str
    uid: str
    reading: Reading


@dataclass(slots=True)
class Shelf:
    """The readings by calendar URL and href; a calendar is taken from the store once."""

    _calendars: dict[str, dict[str, Entry]] = field(default_factory=dict)

    def of(self, calendar: str, store: Store) -> dict[str, Entry]:
        """The entries of a calendar by href."""
        if calendar not in self._calendars:
            self._calendars[calendar] = {
                row.href: _entry(row) for row in store.object_rows(calendar)
            }
        return self._calendars[calendar]

    def put(self, calendar: str, rows: Iterable[ObjectRow], store: Store) -> None:
        """Take in what was just read, in the store too."""
        entries = self.of(calendar, store)
        kept = tuple(rows)
        store.save_objects(calendar, kept)
        entries.update((row.href, _entry(row)) for row in kept)

    def drop(self, calendar: str, hrefs: Iterable[str], store: Store) -> None:
        """Forget objects that left the calendar."""
        entries = self.of(calendar, store)
        gone = tuple(hrefs)
        store.drop_objects(calendar, gone)
        for href in gone:
            entries.pop(href, None)

    def forget(self, calendar: str, store: Store) -> None:
        """Forget a calendar that no longer counts."""
        store.forget_calendar(calendar)
        self._calendars.pop(calendar, None)

    def find(self, uid: str, calendars: Iterable[str], store: Store) -> tuple[str, Entry] | None:
        """The calendar and entry that hold the object with this UID."""
        for calendar in calendars:
            for entry in self.of(calendar, store).values():
                if entry.uid == uid:
                    return calendar, entry
        return None

    def events(self, calendars: Iterable[str], store: Store) -> Iterator[Event]:
        """Every occurrence read from these calendars."""
        for calendar in calendars:
            for entry in self.of(calendar, store).values():
                yield from entry.reading.events

    def unreadable(self, calendars: Iterable[str], store: Store) -> Iterator[Unreadable]:
        """Every event of these calendars that could not be read for certain."""
        for calendar in calendars:
            for entry in self.of(calendar, store).values():
                yield from entry.reading.unreadable


def _entry(row: ObjectRow) -> Entry:
    return Entry(row.href, row.etag, row.uid, decode(row.reading, (row.href, row.uid)))
