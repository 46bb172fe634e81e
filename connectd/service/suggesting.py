"""Finds, in what is on record, the pairs of people who could be introduced to each other."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.introductions import Introduction, Opting, agreed_to_meet
from connectd.domain.matching import Pair, kept_apart, needs_and_offers, pair_of, pairs
from connectd.domain.meetings_of_three import is_given_up
from connectd.domain.model import Contact, Fact
from connectd.domain.spans import local_day
from connectd.edges.store import LetterRecord, Store
from connectd.edges.store.matching import Said, matches
from connectd.service.introduction_letters import letters_to_both, question_letter


class Entry(NamedTuple):
    """An introduction on record, and what became of the letters that went by mail.

    ``letters`` are the questions, by the id of the one who is asked, ``to_both`` those that bring
    the two together, by the id of the reader. ``pair`` is why connectd suggests it, where the
    user has not taken it up. ``given_up`` says that no more meetings are drafted for two who
    agreed. ``gone`` are those of the two who are no longer on the list.
    """

    introduction: Introduction
    letters: Mapping[str, LetterRecord]
    pair: Pair | None = None
    given_up: bool = False
    to_both: Mapping[str, LetterRecord] = MappingProxyType({})
    gone: tuple[str, ...] = ()


class Overview(NamedTuple):
    """The pairs to introduce, the best first, and every introduction on record, the oldest first.

    ``names`` gives the names of all who are or were on the list, by id.
    """

    suggestions: tuple[Pair, ...]
    entries: tuple[Entry, ...]
    names: Mapping[str, str]


def overview(store: Store, now: datetime, zone: ZoneInfo) -> Overview:
    """Put together what there is to introduce, and what became of it; raises StoreError."""
    introductions = store.introductions()
    taken_up = [known for known in introductions if not _is_offer(known)]
    everybody = store.contacts(include_archived=True)
    found = suggested_pairs(everybody, store.all_facts(), taken_up, store, local_day(now, zone))
    listed = {contact.id for contact in everybody if not contact.archived}
    offered = {pair_of(*known.people) for known in introductions if _is_offer(known)}
    why = {pair_of(pair.helper, pair.helped): pair for pair in found}
    meetings = store.meetings() if agreed_to_meet(introductions) else ()
    entries = tuple(
        Entry(
            known,
            {who: sent for who in known.people if (sent := question_letter(store, known, who))},
            why.get(pair_of(*known.people)),
            is_given_up(known, meetings),
            letters_to_both(store, known),
            tuple(who for who in known.people if who not in listed),
        )
        for known in introductions
    )
    new = tuple(pair for pair in found if pair_of(pair.helper, pair.helped) not in offered)
    return Overview(new, entries, {contact.id: contact.name for contact in everybody})


def suggested_pairs(
    contacts: Iterable[Contact],
    facts: Iterable[Fact],
    introductions: Iterable[Introduction],
    store: Store,
    today: date,
) -> tuple[Pair, ...]:
    """The pairs to introduce, but those of ``introductions``, the best first; raises StoreError."""
    listed = tuple(contacts)
    needs, offers = needs_and_offers(facts, listed, today)
    if not needs or not offers:
        return ()
    hits = matches(
        [Said(fact.contact, fact.text) for fact in needs],
        [Said(fact.contact, fact.text) for fact in offers],
    )
    apart = kept_apart(store.acquaintances(), introductions)
    return pairs(hits, needs, offers, listed, apart)


def _is_offer(introduction: Introduction) -> bool:
    """Whether it is connectd's suggestion, and nothing else yet."""
    return introduction.state is Opting.SUGGESTED and not introduction.because
