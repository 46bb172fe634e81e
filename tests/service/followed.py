"""How tests have an address book read, and what they look at afterwards."""

from datetime import timedelta

from installation import Installation

from connectd.domain.model import Contact
from connectd.service.address_book import Refreshed, refresh_people

PEOPLE = '[people]\ngroup = "connect"\n'


def refresh(alice: Installation, **later: float) -> Refreshed:
    """Read the address book, so much later than the last time."""
    alice.now += timedelta(**later)
    return refresh_people(alice.means, alice.now)


def ids(contacts: tuple[Contact, ...]) -> list[str]:
    return [contact.id for contact in contacts]


def told(refreshed: Refreshed) -> tuple[list[str], ...]:
    """Return whom a refresh added, changed, archived and brought back."""
    lists = (refreshed.added, refreshed.changed, refreshed.archived, refreshed.back)
    assert refreshed.problems == ()
    return tuple(map(ids, lists))


def contact(alice: Installation, contact_id: str) -> Contact:
    found = alice.store.contact(contact_id)
    assert found is not None
    return found


def listed(alice: Installation) -> list[str]:
    return ids(alice.store.contacts())
