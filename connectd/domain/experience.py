"""What came of earlier drafts and invitations, as three shares and one for each contact."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from connectd.domain.model import Meeting, State

REMEMBERED = timedelta(days=365)
"""How long what came of a meeting counts: one round of the seasons, so that summer and the end
of the year have their say, and no more, since habits and the people on the list change."""

_WEIGHT = 4.0
"""How many answers the first guess is worth: about one month of them, so that one answer moves
a share by a fifth of what it is off, and a quarter of a year outweighs the guess."""
_OWN_WEIGHT = 3.0
"""The same for one contact, of whom there are a handful of answers a year at most."""

_OFF = frozenset({State.TURNED_DOWN, State.CANCELLED, State.MISSED, State.EXPIRED})
"""The ends of an invitation by which nobody met, as far as anybody said."""


class Share(NamedTuple):
    """How often the answer was yes, of so many times asked.

    ``guess`` is what is expected before anything was asked; it counts like ``weight`` answers.
    """

    yes: int
    asked: int
    guess: float
    weight: float = _WEIGHT

    @property
    def value(self) -> float:
        """The share, smoothed: strictly between 0 and 1 where the guess is."""
        return (self.yes + self.guess * self.weight) / (self.asked + self.weight)


class Experience(NamedTuple):
    """How often I say yes to a draft, they to an invitation, and what was agreed takes place.

    The first guesses are choices, no findings: a user who set connectd up wants most of the
    drafts, those who are asked know the user and like to be asked, and few break their word.
    ``theirs`` is the share of yes by contact, for those who were ever asked.
    """

    accepted: Share = Share(0, 0, 0.7)
    agreed: Share = Share(0, 0, 0.75)
    held: Share = Share(0, 0, 0.9)
    theirs: Mapping[str, Share] = MappingProxyType({})

    def agreed_by(self, contact: str) -> float:
        """How likely this contact says yes: their own share, drawn towards everybody's."""
        own = self.theirs.get(contact)
        return self.agreed.value if own is None else own.value


def experience(meetings: Iterable[Meeting], now: datetime) -> Experience:
    """What ``meetings`` tell, as far as they are open or ended within ``REMEMBERED``.

    Each one that was sent and came to nothing counts as one no, to `agreed` or to `held`, so
    that the product of the shares is the share of drafts by which people meet. What connectd
    took back and what is still open counts neither way, and so does a draft without an answer
    whose two people met all the same. What two people say to a meeting of three says nothing of
    how one person answers an invitation of their own, so `agreed` and `theirs` leave it out.
    """
    recent = [m for m in meetings if m.is_open or (m.ended_at or m.span.end) >= now - REMEMBERED]
    first = Experience()
    alone = [meeting for meeting in recent if meeting.other is None]
    agreed = _share(alone, _agreed, first.agreed)
    by_contact: dict[str, list[Meeting]] = {}
    for meeting in alone:
        if _agreed(meeting) is not None:
            by_contact.setdefault(meeting.contact, []).append(meeting)
    everybodys = Share(0, 0, agreed.value, _OWN_WEIGHT)
    return Experience(
        accepted=_share(recent, _accepted, first.accepted),
        agreed=agreed,
        held=_share(recent, _held, first.held),
        theirs={who: _share(own, _agreed, everybodys) for who, own in by_contact.items()},
    )


def _share(
    meetings: Iterable[Meeting], answer: Callable[[Meeting], bool | None], guess: Share
) -> Share:
    answers = [given for given in map(answer, meetings) if given is not None]
    return guess._replace(yes=sum(answers), asked=len(answers))


def _accepted(meeting: Meeting) -> bool | None:
    """My answer to the draft; a yes that was taken back for a no is a no."""
    if meeting.state is State.DRAFTED:
        return None
    if meeting.state is State.DECLINED:
        return False
    if meeting.accepted_at or meeting.invited_at:
        return True
    return False if meeting.state is State.EXPIRED else None


def _agreed(meeting: Meeting) -> bool | None:
    """Their answer to the invitation; who came without a word has agreed."""
    if meeting.invited_at is None:
        return None
    if meeting.replied_yes or meeting.state in (State.CONFIRMED, State.MET):
        return True
    return False if meeting.state in _OFF else None


def _held(meeting: Meeting) -> bool | None:
    """Whether what was agreed took place, once it is over."""
    if not _agreed(meeting):
        return None
    if meeting.state is State.MET:
        return True
    return False if meeting.state in _OFF else None
