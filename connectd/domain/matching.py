"""Whose offer meets whose need: the pairs of contacts who could be introduced to each other."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from connectd.domain.introductions import Introduction
from connectd.domain.model import Contact, Fact

_A_NEED_LASTS = timedelta(days=365)
_SHARED_TAG = 1.0
"""As much as a word in common that few others use adds to the score, at the least."""
_TAGS_COUNTED = 3


class Hit(NamedTuple):
    """A need and an offer that have telling words in common, by their places in the lists.

    A larger ``score`` says that they fit better; it is never 0 or less.
    """

    need: int
    offer: int
    score: float


class Pair(NamedTuple):
    """Two contacts of whom one offers what the other needs, and the ``tags`` that they share."""

    need: Fact
    offer: Fact
    tags: tuple[str, ...]
    score: float

    @property
    def helper(self) -> str:
        """The id of the one who offers; as the one who gives, they are asked first."""
        return self.offer.contact

    @property
    def helped(self) -> str:
        """The id of the one who needs it."""
        return self.need.contact


def needs_and_offers(
    facts: Iterable[Fact], contacts: Iterable[Contact], today: date
) -> tuple[tuple[Fact, ...], tuple[Fact, ...]]:
    """What those on the list need and offer; a need counts for twelve months."""
    listed = {contact.id for contact in contacts if not contact.archived}
    theirs = [fact for fact in facts if fact.contact in listed]
    needs = (f for f in theirs if f.kind == "need" and today - f.on <= _A_NEED_LASTS)
    return tuple(needs), tuple(fact for fact in theirs if fact.kind == "offer")


def kept_apart(
    acquaintances: Iterable[tuple[str, str]], introductions: Iterable[Introduction]
) -> frozenset[tuple[str, str]]:
    """The pairs of ids, each in the order of the alphabet, that are suggested no more.

    They know each other, or an introduction of theirs is on record, however it went.
    """
    return frozenset([*acquaintances, *(pair_of(*known.people) for known in introductions)])


def pairs(
    hits: Iterable[Hit],
    needs: Sequence[Fact],
    offers: Sequence[Fact],
    contacts: Iterable[Contact],
    apart: Collection[tuple[str, str]],
) -> tuple[Pair, ...]:
    """The pairs to suggest, the best first: each once, by the two facts that fit best.

    Shared tags let a pair rise; alone they make none.
    """
    tags = {contact.id: contact.tags for contact in contacts}
    best: dict[tuple[str, str], Pair] = {}
    for hit in sorted(hits, key=lambda hit: (-hit.score, hit.need, hit.offer)):
        need, offer = needs[hit.need], offers[hit.offer]
        pair = pair_of(need.contact, offer.contact)
        if need.contact == offer.contact or pair in apart or pair in best:
            continue
        shared = _shared(tags.get(offer.contact, ()), tags.get(need.contact, ()))
        score = hit.score + _SHARED_TAG * min(len(shared), _TAGS_COUNTED)
        best[pair] = Pair(need, offer, shared, score)
    return tuple(sorted(best.values(), key=lambda pair: (-pair.score, pair.helper, pair.helped)))


def pair_of(one: str, other: str) -> tuple[str, str]:
    """Two ids in the order of the alphabet."""
    return (one, other) if one <= other else (other, one)


def _shared(theirs: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """The tags that both have, as the first of them writes them."""
    also = {tag.casefold() for tag in others}
    return tuple({tag.casefold(): tag for tag in theirs if tag.casefold() in also}.values())
