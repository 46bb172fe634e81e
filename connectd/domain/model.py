"""The nouns of what is on record and of what the user wants, as frozen values.

Every datetime is aware and in UTC; local time exists only as a ``date`` or through
``Policy.zone``. Nothing here reads a clock, a file or the network.

Most are named tuples: defining a dataclass takes eight times as long, and every command,
`status` above all, has to define these when it starts.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo


class _Ends(NamedTuple):
    start: datetime
    end: datetime


class Span(_Ends):
    """The half-open time ``[start, end)``; an empty one (start = end) covers nothing.

    Raises ValueError for anything but UTC datetimes and for an end before the start.
    """

    __slots__ = ()

    def __new__(cls, start: datetime, end: datetime) -> Self:
        """Check both ends."""
        if start.tzinfo is not UTC or end.tzinfo is not UTC:
            msg = f"a span needs UTC datetimes, not {start!r} and {end!r}"
            raise ValueError(msg)
        if end < start:
            msg = f"a span cannot end ({end}) before it starts ({start})"
            raise ValueError(msg)
        return super().__new__(cls, start, end)

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def overlaps(self, other: Self) -> bool:
        """Whether some moment belongs to both; an empty span overlaps nothing."""
        return max(self.start, other.start) < min(self.end, other.end)


class Month(NamedTuple):
    """A calendar month, written ``2026-11``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``; raises ValueError for anything else."""
        return cls.of(date.fromisoformat(f"{text}-01"))

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that holds ``day``."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        """The month so many months later, or earlier where negative."""
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


class Kind(StrEnum):
    """What two people do when they meet."""

    COFFEE = "coffee"
    LUNCH = "lunch"
    CALL = "call"
    VIDEO = "video"
    WALK = "walk"


class Step(StrEnum):
    """Where a relation stands in the connection progression."""

    CONNECT = "connect"
    HELP_ME = "help_me"
    HELP_THEM = "help_them"
    INTRODUCE = "introduce"


class Contact(NamedTuple):
    """A person on the list. ``every_days`` overrides the ideal gap of the category.

    ``timezone`` is where they live, by its IANA name; ``free_busy`` is the URL at which they
    publish when they are busy. ``step`` is the one that the user pinned, if any. ``tags`` are
    words for what they have to do with. ``birthday`` is ``1980-03-05``, or ``--03-05`` without
    the year (RFC 6350 section 4.3.1).
    """

    id: str
    name: str
    emails: tuple[str, ...]
    category: str
    every_days: int | None = None
    timezone: str | None = None
    kind: Kind = Kind.COFFEE
    note: str = ""
    snoozed_until: date | None = None
    archived: bool = False
    free_busy: str | None = None
    step: Step | None = None
    tags: tuple[str, ...] = ()
    birthday: str | None = None


class State(StrEnum):
    """Where a meeting stands in its life."""

    DRAFTED = "drafted"
    ACCEPTED = "accepted"
    INVITED = "invited"
    CONFIRMED = "confirmed"
    MET = "met"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    TURNED_DOWN = "turned_down"
    CANCELLED = "cancelled"
    MISSED = "missed"


OPEN = frozenset({State.DRAFTED, State.ACCEPTED, State.INVITED, State.CONFIRMED})
SCHEDULED = frozenset({State.ACCEPTED, State.INVITED, State.CONFIRMED})
SENT = frozenset({State.INVITED, State.CONFIRMED})
LAPSED = frozenset({State.DECLINED, State.EXPIRED, State.WITHDRAWN})


class Reply(StrEnum):
    """What the contact said to an invitation (RFC 5545 section 3.2.12)."""

    NONE = "needs-action"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


class Form(StrEnum):
    """How a draft is written: with Accept and Decline buttons, or as a plain event."""

    INVITATION = "invitation"
    PLAIN = "plain"


class Delivery(StrEnum):
    """How the invitation reached the contact."""

    SERVER = "server"
    MAIL = "mail"
    MANUAL = "manual"
    UNKNOWN = "unknown"


class Meeting(NamedTuple):
    """One intended encounter, through its whole life.

    ``told_by`` says where the user's yes stands once it was said: in the ``"calendar"``, where
    it can be taken back, or only on record, as ``"command"`` or as ``"calendar, before the
    conflict"``. ``moved`` says that the user chose the time, ``moved_from`` which start connectd
    had offered. ``conflict`` names what takes that time, as far as the user was told,
    ``conflicting`` tells each event of it from any other, and ``overruled`` says that the user
    said yes all the same.
    ``reply`` is what the contact last said; ``replied_yes`` remembers a yes of theirs even
    when things moved on. ``missing_since`` is when the object was first seen to be gone,
    ``released`` says that it is the user's own now. ``followed_up_at`` is when the task
    that asks how it was came to be. ``sequence`` is the SEQUENCE last written. ``other`` is the
    second person of a meeting in which two are introduced to each other. ``questions`` are those
    on its agenda.
    """

    uid: str
    contact: str
    attempt: int
    state: State
    span: Span
    kind: Kind = Kind.COFFEE
    reasons: tuple[str, ...] = ()
    form: Form = Form.PLAIN
    sequence: int = 0
    drafted_at: datetime | None = None
    accepted_at: datetime | None = None
    invited_at: datetime | None = None
    ended_at: datetime | None = None
    told_by: str | None = None
    moved: bool = False
    replied_yes: bool = False
    missing_since: datetime | None = None
    delivery: Delivery | None = None
    delivery_detail: str = ""
    reply: Reply = Reply.NONE
    conflict: str = ""
    conflicting: tuple[str, ...] = ()
    overruled: bool = False
    released: bool = False
    followed_up_at: datetime | None = None
    moved_from: datetime | None = None
    other: str | None = None
    questions: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of those whom the user meets."""
        return (self.contact,) if self.other is None else (self.contact, self.other)

    def named(self, names: Mapping[str, str]) -> str:
        """Whom it is with, in words; ``names`` are those of the contacts by id."""
        return " and ".join(names.get(person, person) for person in self.people)

    @property
    def is_open(self) -> bool:
        """Whether its life goes on."""
        return self.state in OPEN

    @property
    def is_contested(self) -> bool:
        """Whether its time is taken, and the user has not said yes to it all the same."""
        return bool(self.conflict) and not self.overruled


class Encounter(NamedTuple):
    """A meeting that took place on a local day.

    ``how`` is ``done`` (the user said so), ``found`` (seen in the calendar) or ``assumed``.
    """

    contact: str
    on: date
    how: str = "done"
    meeting: str | None = None


class Fact(NamedTuple):
    """Something that was said or done on a local day.

    ``kind`` is ``ask`` (I hope for), ``helped_me``, ``need`` (of theirs), ``offer`` (of
    theirs, to others), ``helped`` (by me), ``promised`` (by me, until the day ``due`` where
    one was named), ``kept`` (such a promise) or ``note``.
    """

    contact: str
    kind: str
    text: str
    on: date
    meeting: str | None = None
    due: date | None = None


class Cadence(NamedTuple):
    """The ideal and the longest gap between two meetings, in days."""

    ideal_days: int = 30
    longest_days: int = 60


class Goal(NamedTuple):
    """So many different people a month, for so many months, from ``starts`` on."""

    people_per_month: int
    months: int
    starts: Month

    def covers(self, month: Month) -> bool:
        """Whether the goal runs in ``month``."""
        return self.starts <= month < self.starts.plus(self.months)

    def all_months(self) -> tuple[Month, ...]:
        """The months of the goal, in order."""
        return tuple(self.starts.plus(i) for i in range(self.months))


class MeetingRules(NamedTuple):
    """The ``[meeting]`` table of the configuration; the units stand in the names.

    ``count_all_meetings`` lets the caps per day and week count every appointment; ``learn`` lets
    the answers to earlier drafts have a say in the choice of a time.
    """

    minutes: int = 45
    buffer_minutes: int = 15
    notice_hours: int = 48
    horizon_days: int = 28
    per_day: int = 1
    per_week: int = 3
    open_drafts: int = 3
    grace_minutes: int = 2
    expires_hours: int = 24
    pause_days: int = 7
    rest_after: int = 3
    rest_days: int = 90
    assume_met_after_days: int = 3
    count_all_meetings: bool = False
    learn: bool = True


Hours = dict[int, tuple[tuple[time, time], ...]]
"""Local working spans by weekday (Monday = 0); an end of ``time.min`` is that day's midnight."""


class Policy(NamedTuple):
    """What the user wants: everything ``decide`` needs beside the facts."""

    zone: ZoneInfo
    hours: Hours
    goal: Goal
    rules: MeetingRules = MeetingRules()
    categories: Mapping[str, Cadence] = MappingProxyType({})
