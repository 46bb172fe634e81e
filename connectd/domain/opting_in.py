"""The double opt-in as one table: what is said or done, and where the introduction stands then.

`docs/introductions.md` shows the same table; a test compares the two.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from connectd.domain.introductions import Introduction, Opting


class Turn(StrEnum):
    """What the user does or reports: the first three are about one of the two."""

    ASK = "ask"
    AGREE = "agree"
    DECLINE = "decline"
    DROP = "drop"
    INTRODUCE = "introduce"


TURNS: Mapping[Opting, Mapping[Turn, frozenset[Opting]]] = {
    Opting.SUGGESTED: {
        Turn.ASK: frozenset({Opting.ASKED_FIRST}),
        Turn.AGREE: frozenset({Opting.ASKED_FIRST}),
        Turn.DECLINE: frozenset({Opting.DROPPED}),
        Turn.DROP: frozenset({Opting.DROPPED}),
    },
    Opting.ASKED_FIRST: {
        Turn.ASK: frozenset({Opting.ASKED_FIRST, Opting.ASKED_SECOND}),
        Turn.AGREE: frozenset({Opting.ASKED_FIRST, Opting.ASKED_SECOND, Opting.AGREED}),
        Turn.DECLINE: frozenset({Opting.DROPPED}),
        Turn.DROP: frozenset({Opting.DROPPED}),
    },
    Opting.ASKED_SECOND: {
        Turn.ASK: frozenset({Opting.ASKED_SECOND}),
        Turn.AGREE: frozenset({Opting.ASKED_SECOND, Opting.AGREED}),
        Turn.DECLINE: frozenset({Opting.DROPPED}),
        Turn.DROP: frozenset({Opting.DROPPED}),
    },
    Opting.AGREED: {
        Turn.ASK: frozenset({Opting.AGREED}),
        Turn.AGREE: frozenset({Opting.AGREED}),
        Turn.DECLINE: frozenset({Opting.DROPPED}),
        Turn.DROP: frozenset({Opting.DROPPED}),
        Turn.INTRODUCE: frozenset({Opting.INTRODUCED}),
    },
    Opting.INTRODUCED: {Turn.INTRODUCE: frozenset({Opting.INTRODUCED})},
    Opting.DROPPED: {
        Turn.DECLINE: frozenset({Opting.DROPPED}),
        Turn.DROP: frozenset({Opting.DROPPED}),
    },
}
"""Where each turn may lead, by the state it is taken in; a turn that is left out is refused.

Which of several states it is follows from whose turn it was. Whoever agrees without having been
asked on record counts as asked. A turn taken before changes nothing when it is taken again.
"""


def ask(introduction: Introduction, who: str) -> Introduction | None:
    """The same with ``who`` asked; None where nobody is asked any more."""
    if _refuses(introduction, Turn.ASK):
        return None
    return introduction._replace(asked=_with(who, introduction.asked))


def agree(introduction: Introduction, who: str) -> Introduction | None:
    """The same with the yes of ``who``; None where it comes too late."""
    if _refuses(introduction, Turn.AGREE):
        return None
    return introduction._replace(
        asked=_with(who, introduction.asked), agreed=_with(who, introduction.agreed)
    )


def decline(introduction: Introduction, who: str, now: datetime) -> Introduction | None:
    """The same, dropped since ``who`` would rather not, also after a yes; None when too late."""
    if _refuses(introduction, Turn.DECLINE):
        return None
    if introduction.dropped_at:
        return introduction
    return introduction._replace(declined=who, dropped_at=now)


def drop(introduction: Introduction, now: datetime) -> Introduction | None:
    """The same, given up by the user; None where the two are introduced already."""
    if _refuses(introduction, Turn.DROP):
        return None
    return introduction._replace(dropped_at=introduction.dropped_at or now)


def introduce(introduction: Introduction, now: datetime) -> Introduction | None:
    """The same with both introduced to each other; None unless both have agreed."""
    if _refuses(introduction, Turn.INTRODUCE):
        return None
    return introduction._replace(introduced_at=introduction.introduced_at or now)


def _refuses(introduction: Introduction, turn: Turn) -> bool:
    return turn not in TURNS[introduction.state]


def _with(who: str, people: tuple[str, ...]) -> tuple[str, ...]:
    return people if who in people else (*people, who)
