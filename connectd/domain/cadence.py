"""The rhythm of a relation: the ideal gap, the last meeting, and the days overdue."""

from collections.abc import Iterable, Mapping
from datetime import date

from connectd.domain.model import Cadence, Contact, Encounter


def ideal_gap(contact: Contact, categories: Mapping[str, Cadence]) -> int:
    """The days that ideally lie between two meetings: the contact's own or the category's."""
    if contact.every_days is not None:
        return contact.every_days
    return categories.get(contact.category, Cadence()).ideal_days


def overdue_days(last_met: date | None, gap: int, today: date) -> int | None:
    """Days past the ideal gap, 0 while it lasts, None for somebody never met."""
    if last_met is None:
        return None
    return max(0, (today - last_met).days - gap)


def last_meetings(encounters: Iterable[Encounter]) -> dict[str, date]:
    """The day on which each contact was met last."""
    last: dict[str, date] = {}
    for encounter in encounters:
        day = last.get(encounter.contact)
        last[encounter.contact] = max(encounter.on, day) if day else encounter.on
    return last
