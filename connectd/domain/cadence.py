"""The rhythm of a relation: the ideal and the longest gap, the last meeting, the days overdue."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from connectd.domain.model import Cadence, Contact, Encounter

DORMANT_GAPS = 3
"""A tie is dormant once the longest gap has passed this often."""


class Light(StrEnum):
    """How a relation stands: within the ideal gap, past it, or past the longest."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def ideal_gap(contact: Contact, categories: Mapping[str, Cadence]) -> int:
    """The days that ideally lie between two meetings: the contact's own or the category's."""
    if contact.every_days is not None:
        return contact.every_days
    return categories.get(contact.category, Cadence()).ideal_days


def longest_gap(contact: Contact, categories: Mapping[str, Cadence]) -> int:
    """The days that lie between two meetings at most.

    A contact with an own ideal gap has an own longest one, in the proportion of the category.
    """
    cadence = categories.get(contact.category, Cadence())
    if contact.every_days is None:
        return cadence.longest_days
    return round(contact.every_days * cadence.longest_days / cadence.ideal_days)


def light(
    contact: Contact, last_met: date | None, categories: Mapping[str, Cadence], today: date
) -> Light:
    """How the relation stands today; somebody never met is past the ideal gap."""
    if last_met is None:
        return Light.AMBER
    days = (today - last_met).days
    if days <= ideal_gap(contact, categories):
        return Light.GREEN
    return Light.AMBER if days <= longest_gap(contact, categories) else Light.RED


def is_dormant(
    contact: Contact, last_met: date | None, categories: Mapping[str, Cadence], today: date
) -> bool:
    """Whether they were close enough to meet once, and the longest gap is long past."""
    if last_met is None:
        return False
    return (today - last_met).days > DORMANT_GAPS * longest_gap(contact, categories)


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
