"""What was said or done between the user and a contact, as the user tells it."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.model import Contact, Fact
from connectd.domain.progression import Outstanding, outstanding
from connectd.domain.spans import local_day
from connectd.edges.store import Store
from connectd.errors import SenselessError


class Noted(NamedTuple):
    """One fact: its kind (as ``Fact`` has them), the text, and until when it was promised."""

    kind: str
    text: str
    due: date | None = None


def record_facts(
    store: Store,
    contact: Contact,
    facts: Iterable[tuple[str, str] | Noted],
    on: date,
    now: datetime,
    meeting: str | None = None,
) -> tuple[Fact, ...]:
    """Record facts of the local day ``on``, all or none; those without words are left out."""
    told = [Noted(*fact) for fact in facts]
    recorded = tuple(
        Fact(contact.id, kind, text, on, meeting, due) for kind, text, due in told if text.strip()
    )
    with store.transaction():
        for fact in recorded:
            store.add_fact(fact, now)
    return recorded


def day_of_note(on: date | None, now: datetime, zone: ZoneInfo) -> date:
    """The local day that a note is dated: ``on``, or today.

    Raises SenselessError for a day that is still to come.
    """
    today = local_day(now, zone)
    if on is not None and on > today:
        raise SenselessError(f"{on} is still to come. Please note what has been said or done.")
    return on or today


def open_with(store: Store, contact: Contact) -> Outstanding:
    """The promises and asks that are open with a contact."""
    return outstanding(store.facts(contact.id)).get(contact.id, Outstanding())
