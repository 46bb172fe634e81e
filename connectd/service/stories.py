"""Everything on record about one person."""

from dataclasses import dataclass
from datetime import datetime

from connectd.config import Config
from connectd.domain.model import Contact
from connectd.domain.progression import Outstanding
from connectd.domain.timeline import Entry, History, timeline
from connectd.edges.store import Store, TheirBusy
from connectd.service.facts import open_with
from connectd.service.status import Relation, relation


@dataclass(frozen=True, slots=True)
class Story:
    """A relation with its history, also told as a timeline, and what is open in it.

    ``knows`` are those on the list whom they know, ``their_busy`` is what came of asking when
    they are busy.
    """

    relation: Relation
    history: History
    timeline: tuple[Entry, ...]
    outstanding: Outstanding
    knows: tuple[Contact, ...]
    their_busy: tuple[TheirBusy, ...]


def story(now: datetime, config: Config, store: Store, contact: Contact) -> Story:
    """Put together what is on record about a contact."""
    everybody = {one.id: one for one in store.contacts(include_archived=True)}
    history = _history(store, contact)
    names = {one.id: one.name for one in everybody.values()}
    known = {id_ for pair in store.acquaintances() if contact.id in pair for id_ in pair}
    return Story(
        relation=relation(now, config, store, contact),
        history=history,
        timeline=timeline(history, names, config.me.timezone),
        outstanding=open_with(store, contact),
        knows=tuple(everybody[id_] for id_ in sorted(known - {contact.id}) if id_ in everybody),
        their_busy=store.all_their_busy(contact.id),
    )


def _history(store: Store, contact: Contact) -> History:
    return History(
        contact=contact.id,
        encounters=tuple(met for met in store.encounters() if met.contact == contact.id),
        facts=store.facts(contact.id),
        meetings=store.meetings_with(contact.id),
        introductions=tuple(i for i in store.introductions() if contact.id in i.people),
    )
