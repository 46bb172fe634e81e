"""Who moved to another step of the connection progression since a day."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from connectd.domain.model import Contact, Encounter, Fact, Step
from connectd.domain.progression import step_of


class Moved(NamedTuple):
    """A contact, by id, who stood on one step when a day began, and stands on another now."""

    contact: str
    before: Step
    after: Step


def moved_since(
    first: date,
    contacts: Iterable[Contact],
    encounters: Iterable[Encounter],
    facts: Iterable[Fact],
) -> tuple[Moved, ...]:
    """Those of ``contacts`` who moved since the beginning of the local day ``first``.

    What happened on an earlier day counts for where they stood then, whenever it was recorded.
    Somebody whose step is pinned moves nowhere: there is no telling since when it is.
    """
    then, now = _Record(), _Record()
    for encounter in encounters:
        now.held[encounter.contact] += 1
        then.held[encounter.contact] += encounter.on < first
    for fact in facts:
        now.kinds.setdefault(fact.contact, set()).add(fact.kind)
        if fact.on < first:
            then.kinds.setdefault(fact.contact, set()).add(fact.kind)
    compared = (Moved(c.id, then.step(c), now.step(c)) for c in contacts if c.step is None)
    return tuple(moved for moved in compared if moved.before is not moved.after)


class _Record:
    """The meetings held and the kinds of facts recorded, by contact."""

    def __init__(self) -> None:
        self.held: Counter[str] = Counter()
        self.kinds: dict[str, set[str]] = {}

    def step(self, contact: Contact) -> Step:
        return step_of(self.held[contact.id], self.kinds.get(contact.id, ()))
