"""The facts on record that a decision rests on, kept at hand while nobody changes them."""

from dataclasses import dataclass, replace

from connectd.domain.introductions import Introduction
from connectd.domain.model import Contact, Encounter, Fact, Meeting
from connectd.edges.store import Store


@dataclass(frozen=True, slots=True)
class Records:
    """Contacts, meetings, encounters, facts and introductions as of one version of the store."""

    version: tuple[int, int]
    contacts: tuple[Contact, ...]
    meetings: tuple[Meeting, ...]
    encounters: tuple[Encounter, ...]
    facts: tuple[Fact, ...]
    introductions: tuple[Introduction, ...]

    def are_current(self, store: Store) -> bool:
        """Whether nothing at all was written since they were read, by us or by others."""
        return self.version == store.generation()

    def vouched_for(self, store: Store) -> "Records":
        """The same records as of now, for whoever knows that its own last write concerned none.

        They stay as old as they are where another program has written meanwhile.
        """
        version = store.generation()
        return replace(self, version=version) if version[0] == self.version[0] else self


def read_records(store: Store) -> Records:
    """Read them all; the version is taken first, so that a write in between is noticed."""
    return Records(
        version=store.generation(),
        contacts=store.contacts(include_archived=True),
        meetings=store.meetings(),
        encounters=store.encounters(),
        facts=store.all_facts(),
        introductions=store.introductions(),
    )
