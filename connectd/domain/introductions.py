"""An introduction of two contacts to each other, and where it stands."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from connectd.domain.model import Meeting


class Opting(StrEnum):
    """Where an introduction stands: both are asked, each alone, before they hear of each other."""

    SUGGESTED = "suggested"
    ASKED_FIRST = "asked_first"
    ASKED_SECOND = "asked_second"
    AGREED = "agreed"
    INTRODUCED = "introduced"
    DROPPED = "dropped"


class Bringing(StrEnum):
    """How two who agreed are brought together."""

    MEETING = "meeting"
    MAIL = "mail"


class Introduction(NamedTuple):
    """Two contacts who may be brought together; ``first`` is the one who is asked first.

    ``because`` is why, in the user's words. ``asked`` and ``agreed`` hold the ids of those who
    were asked and who agreed, in that order; ``declined`` of the one who did not. ``texts`` is
    what each is asked, the first's and the second's. ``meeting`` is the UID of the meeting of
    three that was drafted last.
    """

    first: str
    second: str
    began_at: datetime
    because: str = ""
    by: Bringing = Bringing.MEETING
    texts: tuple[str, str] = ("", "")
    asked: tuple[str, ...] = ()
    agreed: tuple[str, ...] = ()
    declined: str | None = None
    meeting: str | None = None
    introduced_at: datetime | None = None
    dropped_at: datetime | None = None

    @property
    def people(self) -> tuple[str, str]:
        """Both of them."""
        return self.first, self.second

    @property
    def state(self) -> Opting:
        """Where it stands, from what was said and done."""
        if self.dropped_at:
            return Opting.DROPPED
        if self.introduced_at:
            return Opting.INTRODUCED
        if set(self.people) <= set(self.agreed):
            return Opting.AGREED
        if set(self.people) <= set(self.asked):
            return Opting.ASKED_SECOND
        return Opting.ASKED_FIRST if self.asked else Opting.SUGGESTED

    @property
    def is_open(self) -> bool:
        """Whether something is still to come of it."""
        return not (self.dropped_at or self.introduced_at)


def called_off(introductions: Iterable[Introduction], meeting: Meeting) -> bool:
    """Whether two who were invited to a meeting of three are not to be introduced after all.

    With the invitation they count as introduced; it was dropped while that was under way.
    """
    both = frozenset(meeting.people)
    return meeting.other is not None and any(
        frozenset(one.people) == both and one.introduced_at is None for one in introductions
    )


def agreed_to_meet(introductions: Iterable[Introduction]) -> tuple[Introduction, ...]:
    """Those in which both agreed, and a meeting of three is to bring them together."""
    return tuple(
        one for one in introductions if one.state is Opting.AGREED and one.by is Bringing.MEETING
    )
