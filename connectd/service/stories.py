"""Everything on record about one person."""

from dataclasses import dataclass
from datetime import datetime

from connectd.config import Config
from connectd.domain.model import Contact, Encounter, Fact, Meeting
from connectd.edges.store import Store, TheirBusy
from connectd.service.status import Relation, relation


@dataclass(frozen=True, slots=True)
class Story:
    """A relation with its meetings and what was said, each in the order of time.

    ``their_busy`` is what came of asking when they are busy.
    """

    relation: Relation
    encounters: tuple[Encounter, ...]
    facts: tuple[Fact, ...]
    meetings: tuple[Meeting, ...]
    their_busy: tuple[TheirBusy, ...]


def story(now: datetime, config: Config, store: Store, contact: Contact) -> Story:
    """Put together what is on record about a contact."""
    return Story(
        relation=relation(now, config, store, contact),
        encounters=tuple(met for met in store.encounters() if met.contact == contact.id),
        facts=store.facts(contact.id),
        meetings=tuple(m for m in store.meetings() if m.contact == contact.id),
        their_busy=store.all_their_busy(contact.id),
    )
