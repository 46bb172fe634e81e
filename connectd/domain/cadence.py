"""The rhythm of a relation: the ideal and the longest gap, the last meeting, the days overdue."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from connectd.domain.model import Cadence, Contact, Encounter

DORMANT_GAPS = 3
"""A tie is dormant once the longest gap has passed this often."""


_USUAL = Cadence()


class Light(StrEnum):
    """How a relation stands: within the ideal gap, past it, or past the longest."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


def ideal_gap(contact: Contact, categories: Mapping[str, Cadence]) -> int:
    """The days that ideally lie between two meetings: the contact's own or the category's."""
    if contact.every_days is not None:
        return contact.every_days
    return categories.get(contact.category, _USUAL).ideal_days


def longest_gap(contact: Contact, categories: Mapping[str, Cadence]) -> int:
    """The days that lie between two meetings at most.

    A contact with an own ideal gap has an own longest one, in the proportion of the category.
    """
    cadence = categories.get(contact.category, _USUAL)
    if contact.every_days is None:
        return cadence.longest_days
    return round(contact.every_days * cadence.longest_days / cadence.ideal_days)


def light_of(
    contact: Contact, last_met: date | None, categories: Mapping[str, Cadence], today: date
) -> Light:
    """How the relation with a contact stands today."""
    days = None if last_met is None else (today - last_met).days
    return light(days, ideal_gap(contact, categories), longest_gap(contact, categories))


def light(days: int | None, ideal: int, longest: int) -> Light:
    """How a relation stands ``days`` after the last meeting; None, never met, is past the ideal."""
    if days is None:
        return Light.AMBER
    if days <= ideal:
        return Light.GREEN
    return Light.AMBER if days <= longest else Light.RED


def is_dormant(days: int | None, longest: int) -> bool:
    """Whether people met once, and the longest gap is long past."""
    return days is not None and days > DORMANT_GAPS * longest


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
