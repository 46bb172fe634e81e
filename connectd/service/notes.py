"""What a tick leaves in the store for ``status``, which reads no calendar itself."""

import json
from collections.abc import Iterable
from datetime import datetime

from connectd.domain.found import Found
from connectd.domain.model import Span
from connectd.edges.store import Store

_UPCOMING, _SUCCESS, _ERROR = "upcoming", "last_success", "last_error"
_PEOPLE_ERROR = "address_books.error"


def leave_upcoming(store: Store, upcoming: Iterable[Found]) -> None:
    """Remember the meetings with contacts that stand in the calendar and are still ahead."""
    rows = [
        [f.contact, f.span.start.isoformat(), f.span.end.isoformat(), f.uid, f.title]
        for f in upcoming
    ]
    store.set_note(_UPCOMING, json.dumps(rows))


def upcoming(store: Store) -> tuple[Found, ...]:
    """The meetings that the last tick saw ahead."""
    rows = json.loads(store.get_note(_UPCOMING) or "[]")
    return tuple(
        Found(contact, Span(datetime.fromisoformat(start), datetime.fromisoformat(end)), uid, title)
        for contact, start, end, uid, title in rows
    )


def leave_health(store: Store, success: datetime | None, error: str | None) -> None:
    """Remember when all went well (unchanged where ``success`` is None), and what went wrong."""
    if success:
        store.set_note(_SUCCESS, success.isoformat())
    store.set_note(_ERROR, error)


def health(store: Store) -> tuple[datetime | None, str | None]:
    """When a tick last read everything, and what the last one complained of."""
    success = store.get_note(_SUCCESS)
    return (datetime.fromisoformat(success) if success else None), store.get_note(_ERROR)


def leave_people_error(store: Store, error: str | None) -> None:
    """Remember what was wrong with the address book when it was last read, None for nothing."""
    store.set_note(_PEOPLE_ERROR, error)


def people_error(store: Store) -> str | None:
    """What was wrong with the address book when it was last read."""
    return store.get_note(_PEOPLE_ERROR)
