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
    open_now: dict[str, Outstanding] = {}
    for fact in facts:
        promises, asks = open_now.get(fact.contact, Outstanding())
        match fact.kind:
            case "promised":
                promises = (*promises, fact)
            case "kept":
                promises = _without(_named(fact, promises) or promises[:1], promises)
            case "helped":
                promises = _without(_named(fact, promises), promises)
            case "ask":
                asks = (*asks, fact)
            case "helped_me":
                asks = _without(_named(fact, asks) or asks[:1], asks)
        open_now[fact.contact] = Outstanding(promises, asks)
    return open_now


def _named(said: Fact, open_ones: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """The one of ``open_ones`` that shares the most telling words with what was said, if any."""
    words = _telling_words(said.text)
    shared = [(len(words & _telling_words(one.text)), one) for one in open_ones]
    most = max((number for number, _ in shared), default=0)
    return next(((one,) for number, one in shared if number == most), ()) if most else ()


def _without(ended: tuple[Fact, ...], open_ones: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """All but the one that ended; of two alike, one stays."""
    left = list(open_ones)
    for fact in ended:
        left.remove(fact)
    return tuple(left)


def _telling_words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", text.casefold()) if len(word) >= _LONG_WORD}
