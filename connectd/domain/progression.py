"""The connection progression: which step a relation stands on, and what is open in it."""

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

from connectd.domain.model import Fact, Step

_MEETINGS_BEFORE_HELPING_THEM = 2
_LONG_WORD = 4
"""Words shorter than that are everybody's, and say nothing of what is meant."""


def step_of(meetings_held: int, recorded: Collection[str], pinned: Step | None = None) -> Step:
    """The step, from the number of meetings held and the kinds of facts recorded.

    ========== ======================================================
    connect    no meeting took place yet
    help_me    one did; no ask of mine has been met yet
    help_them  two did, or an ask was met (they have helped me)
    introduce  and I have helped them once, or kept a promise
    ========== ======================================================

    A step that the user ``pinned`` holds whatever is recorded.
    """
    if pinned is not None:
        return pinned
    if meetings_held == 0:
        return Step.CONNECT
    if meetings_held < _MEETINGS_BEFORE_HELPING_THEM and "helped_me" not in recorded:
        return Step.HELP_ME
    if "helped" not in recorded and "kept" not in recorded:
        return Step.HELP_THEM
    return Step.INTRODUCE


class Outstanding(NamedTuple):
    """What is open between the user and a contact, oldest first: promises of mine, and asks."""

    promises: tuple[Fact, ...] = ()
    asks: tuple[Fact, ...] = ()


def outstanding(facts: Iterable[Fact]) -> dict[str, Outstanding]:
    """What is open with each contact, from ``facts`` in the order they were recorded.

    What the user says they ``kept`` ends the promise that it names, or else the oldest one;
    that they ``helped`` ends a promise only if it names it, since help may be another. Help of
    theirs meets the ask that it names, or else the oldest.
    """
    open_now: dict[str, _Open] = {}
    for fact in facts:
        between, said = open_now.setdefault(fact.contact, _Open([], [])), _Said.of(fact)
        match fact.kind:
            case "promised":
                between.promises.append(said)
            case "kept":
                _end(_named(said, between.promises) or between.promises[:1], between.promises)
            case "helped":
                _end(_named(said, between.promises), between.promises)
            case "ask":
                between.asks.append(said)
            case "helped_me":
                _end(_named(said, between.asks) or between.asks[:1], between.asks)
    return {
        contact: Outstanding(
            tuple(said.fact for said in between.promises), tuple(said.fact for said in between.asks)
        )
        for contact, between in open_now.items()
    }


class _Said(NamedTuple):
    """A fact, its words in their order with a space around each, and those that tell something."""

    fact: Fact
    words: str
    telling: frozenset[str]

    @classmethod
    def of(cls, fact: Fact) -> "_Said":
        words = re.findall(r"\w+", fact.text.casefold())
        telling = frozenset(word for word in words if len(word) >= _LONG_WORD)
        return cls(fact, f" {' '.join(words)} " if words else "", telling)


class _Open(NamedTuple):
    promises: list[_Said]
    asks: list[_Said]


def _named(said: _Said, open_ones: list[_Said]) -> list[_Said]:
    """The one of ``open_ones`` that is meant by what was said, if any; of two alike, the older.

    It is the one with the very same words, or else the one that shares the most telling words;
    among those, one that stands there word for word.
    """

    def likeness(one: _Said) -> tuple[bool, int, bool]:
        shared = len(said.telling & one.telling)
        return one.words == said.words, shared, one.words in said.words

    named = [
        one
        for one in open_ones
        if one.words and (not said.telling.isdisjoint(one.telling) or one.words in said.words)
    ]
    return [max(named, key=likeness)] if named else []


def _end(ended: list[_Said], open_ones: list[_Said]) -> None:
    """Take out what ended; of two alike, one stays."""
    for said in ended:
        open_ones.remove(said)
