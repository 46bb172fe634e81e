"""The nouns of what is seen in the calendars and of what is decided, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from connectd.domain.introductions import Introduction
from connectd.domain.model import Contact, Encounter, Fact, Meeting, Reply, Span, State


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
    """A calendar that could not be read whole: the view is incomplete.

    ``account`` is the one it belongs to, empty for a published calendar. ``passing`` says that
    its server gave no answer that could be used, which may pass by itself; ``retry_after`` for
    how many seconds it asked to be left alone.
    """

    calendar: str
    reason: str
    account: str = ""
    passing: bool = False
    retry_after: int | None = None


class Answer(StrEnum):
    """What the user said to a draft."""

    YES = "yes"
    NO = "no"
    NONE = "none"


class Told(StrEnum):
    """What the task after a meeting says of it."""

    OPEN = "open"
    DONE = "done"
    MISSED = "missed"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Gesture:
    """What the user did to an object of ours, compared with what we last wrote.

    ``span`` is the time the object has now, ``how`` names the trace that the answer left,
    in words for the log. ``series`` says that the user made a recurring event out of it.
    ``sequence`` is the SEQUENCE of the object. ``reply`` is the contact's answer, or what those
    of two people come to: ``replies`` are these then, in the order of ``Meeting.people``.
    """

    span: Span
    answer: Answer = Answer.NONE
    how: str = ""
    reply: Reply = Reply.NONE
    series: bool = False
    sequence: int = 0
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the calendars show of one of our meetings in this tick.

    ``gesture`` is None where the object is gone; ``look_alike`` says that one with its title
    but another UID stands in the calendar then. ``reply`` is the contact's answer, from the
    object or from the schedule inbox: there it is known to be ``to_this_time``. ``told`` is
    the user's answer, by the follow-up task. ``replies`` are those of each of two people.
    """

    gesture: Gesture | None
    reply: Reply = Reply.NONE
    to_this_time: bool = False
    look_alike: bool = False
    told: Told = Told.OPEN
    replies: tuple[Reply, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything that is known at ``now`` (UTC): the facts that ``decide`` decides on.

    ``meetings`` holds every meeting on record, ended ones too; ``sightings`` is keyed by UID
    and lacks a meeting whose object could not be looked at. ``takes_tasks`` says that the
    drafts calendar takes follow-up tasks, ``early_follow_up`` that the user wants them ahead of
    the meeting, with its agenda. ``facts`` are those on record about contacts, in the
    order they were recorded. ``their_busy`` are the arbitrary spans in which contacts, by id,
    say they are busy; somebody absent says nothing. ``days_off`` names the public holidays of
    the window by local day. ``introductions`` are all on record.
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
    takes_tasks: bool = False
    early_follow_up: bool = False
    facts: tuple[Fact, ...] = ()
    their_busy: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    days_off: Mapping[date, str] = field(default_factory=dict)
    introductions: tuple[Introduction, ...] = ()

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
    CONFLICT = "conflict"
    REPLY = "reply"
    FOLLOW_UP = "follow_up"
    INTRODUCE = "introduce"
    LETTER = "letter"
    PEOPLE = "people"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Action:
    """One step in the life of a meeting: ``meeting`` is how it will be afterwards.

    ``was`` is the state the decision rests on (None for a new draft): whoever carries the
    action out refuses it when the record says otherwise by then. ``because`` is one plain
    sentence for the log. ``encounter`` is how it is known that the two met, where they did.
    ``said_by`` are those of several people whose answer the step rests on.
    """

    name: Name
    meeting: Meeting
    was: State | None
    because: str
    encounter: str = ""
    said_by: tuple[str, ...] = ()


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
