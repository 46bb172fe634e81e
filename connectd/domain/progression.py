"""The connection progression: which step a relation stands on, and what is open in it."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from connectd.domain.model import Fact, Step

_MEETINGS_BEFORE_HELPING_THEM = 2


def step_of(meetings_held: int, recorded: Collection[str]) -> Step:
    """The step, from the number of meetings held and the kinds of facts recorded.

    ========== ====================================================
    connect    no meeting took place yet
    help_me    one did; they have not helped me yet
    help_them  two did, or they have helped me
    introduce  and I have helped them
    ========== ====================================================
    """
    if meetings_held == 0:
        return Step.CONNECT
    if meetings_held < _MEETINGS_BEFORE_HELPING_THEM and "helped_me" not in recorded:
        return Step.HELP_ME
    if "helped" not in recorded:
        return Step.HELP_THEM
    return Step.INTRODUCE


class Outstanding(NamedTuple):
    """What is open between the user and a contact: promises of mine, and asks."""

    promises: int = 0
    asks: int = 0


def outstanding(facts: Iterable[Fact]) -> dict[str, Outstanding]:
    """What is open with each contact, from ``facts`` in the order they were recorded.

    Each help of mine keeps the oldest promise, each help of theirs meets the oldest ask.
    """
    open_now: dict[str, Outstanding] = {}
    for fact in facts:
        promises, asks = open_now.get(fact.contact, Outstanding())
        match fact.kind:
            case "promised":
                promises += 1
            case "helped":
                promises = max(0, promises - 1)
            case "ask":
                asks += 1
            case "helped_me":
                asks = max(0, asks - 1)
        open_now[fact.contact] = Outstanding(promises, asks)
    return open_now
