"""The nouns of connectd, as frozen values.

Every datetime is aware and in UTC; local time exists only as a ``date`` or through
``Policy.zone``. Nothing here reads a clock, a file or the network.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The half-open time ``[start, end)``; an empty one (start = end) covers nothing.

    Raises ValueError for anything but UTC datetimes and for an end before the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is not UTC or self.end.tzinfo is not UTC:
            msg = f"a span needs UTC datetimes, not {self.start!r} and {self.end!r}"
            raise ValueError(msg)
        if self.end < self.start:
            msg = f"a span cannot end ({self.end}) before it starts ({self.start})"
            raise ValueError(msg)

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start

    def overlaps(self, other: Self) -> bool:
        """Whether some moment belongs to both; an empty span overlaps nothing."""
        return max(self.start, other.start) < min(self.end, other.end)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month, written ``2026-11``."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``YYYY-MM``; raises ValueError for anything else."""
        first = datetime.strptime(text, "%Y-%m").replace(tzinfo=UTC)
        return cls(first.year, first.month)

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that holds ``day``."""
        return cls(day.year, day.month)

    def plus(self, months: int) -> "Month":
        """The month so many months later, or earlier where negative."""
        year, index = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(year, index + 1)

    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

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


@dataclass(frozen=True, slots=True)
class Contact:
    """A person on the list. ``every_days`` overrides the ideal gap of the category."""

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


@dataclass(frozen=True, slots=True)
class Event:
    """One occurrence read from a calendar.

    ``busy`` says that its time may not be used. ``people`` are the lower-case addresses of
    the others in it who have not declined; ``attendee_count`` counts its ATTENDEE lines, me
    included. ``mine`` is false where somebody else organizes it and I am not asked, or where
    it is cancelled or I declined it.
    """

    calendar: str
    href: str
    uid: str
    title: str
    span: Span
    busy: bool = True
    all_day: bool = False
    mine: bool = True
    people: tuple[str, ...] = ()
    attendee_count: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that could not be read for certain, and the time it costs.

    ``blocks`` says in words what time is kept free of drafts because of it.
    """

    calendar: str
    href: str
    uid: str
    title: str
    reason: str
    blocks: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A calendar that could not be read whole: the view is incomplete."""

    calendar: str
    reason: str


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


class Answer(StrEnum):
    """What the user said to a draft."""

    YES = "yes"
    NO = "no"
    NONE = "none"


class Reply(StrEnum):
    """What the contact said to an invitation (RFC 5545 section 3.2.12)."""

    NONE = "needs-action"
    ACCEPTED = "accepted"
    TENTATIVE = "tentative"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Gesture:
    """What the user did to an object of ours, compared with what we last wrote.

    ``span`` is the time the object has now, ``how`` names the trace that the answer left,
    in words for the log. ``series`` says that the user made a recurring event out of it.
    """

    span: Span
    answer: Answer = Answer.NONE
    how: str = ""
    reply: Reply = Reply.NONE
    series: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """One intended encounter, through its whole life.

    ``told_by`` is ``"calendar"`` or ``"command"`` once the user said yes; ``moved`` says that
    the user chose the time. ``missing_since``
    is when the object was first seen to be gone. ``replied_yes`` remembers a yes of the
    contact even when the state moved on. ``sequence`` is the SEQUENCE last written.
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

    @property
    def is_open(self) -> bool:
        """Whether its life goes on."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Encounter:
    """A meeting that took place on a local day.

    ``how`` is ``done`` (the user said so), ``found`` (seen in the calendar) or ``assumed``.
    """

    contact: str
    on: date
    how: str = "done"
    meeting: str | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """A span in which a meeting may be held; a higher score is a better one."""

    span: Span
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cadence:
    """The ideal and the longest gap between two meetings, in days."""

    ideal_days: int = 30
    longest_days: int = 60


@dataclass(frozen=True, slots=True)
class Goal:
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


@dataclass(frozen=True, slots=True)
class MeetingRules:
    """The ``[meeting]`` table of the configuration; the units stand in the names."""

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


Hours = dict[int, tuple[tuple[time, time], ...]]
"""Local working spans by weekday (Monday = 0); an end of ``time.min`` is that day's midnight."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the user wants: everything ``decide`` needs beside the facts."""

    zone: ZoneInfo
    hours: Hours
    goal: Goal
    rules: MeetingRules = field(default_factory=MeetingRules)
    categories: dict[str, Cadence] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the calendars show of one of our meetings in this tick.

    ``gesture`` is None where the object is gone. ``reply`` is the contact's answer, from the
    object or from the schedule inbox.
    """

    gesture: Gesture | None
    reply: Reply = Reply.NONE


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that is known at ``now`` (UTC): the facts that ``decide`` decides on.

    ``meetings`` holds every meeting on record, ended ones too; ``sightings`` is keyed by UID
    and lacks a meeting whose object could not be looked at.
    """

    now: datetime
    installation: str = ""
    contacts: tuple[Contact, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    encounters: tuple[Encounter, ...] = ()
    events: tuple[Event, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    unread: tuple[Unread, ...] = ()
    sightings: dict[str, Sighting] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every calendar chosen for busy time was read whole."""
        return not self.unread


class Name(StrEnum):
    """What an action is called in logs and in JSON."""

    DRAFT = "draft"
    ACCEPT = "accept"
    INVITE = "invite"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    MOVE = "move"
    CONFIRM = "confirm"
    TURN_DOWN = "turn_down"
    CANCEL = "cancel"
    COMPLETE = "complete"
    MISS = "miss"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Action:
    """One step in the life of a meeting: ``meeting`` is how it will be afterwards.

    ``was`` is the state the decision rests on (None for a new draft): whoever carries the
    action out refuses it when the record says otherwise by then. ``because`` is one plain
    sentence for the log.
    """

    name: Name
    meeting: Meeting
    was: State | None
    because: str


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A contact who gets no draft now, and why."""

    contact: str
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting that should move on now and must not, and why."""

    meeting: Meeting
    reason: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do now, in order, what has to wait, and who is left out."""

    actions: tuple[Action, ...] = ()
    held: tuple[Held, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
