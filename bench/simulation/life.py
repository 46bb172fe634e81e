"""The half-year of one world under one tool: a calendar in which things happen in order.

The tool puts drafts before the user and sends invitations; the world answers. The same rules
hold for everybody: working hours, buffers, notice, and the caps per day and week.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Protocol

from connectd.domain.model import Month, Reply, Span
from connectd.domain.spans import Spans, clip, local_day, merge, subtract
from connectd.domain.view import Answer, Event, Told
from simulation import answers
from simulation.calendars import Appearance
from simulation.world import World

_QUARTER = timedelta(minutes=15)
_ELSEWHERE = timedelta(days=14)
_MOVED_BY = timedelta(days=4)
_MOVED_TO_LATER = timedelta(days=10)


@dataclass(eq=False, slots=True)
class Thing:
    """A meeting with a contact in the user's calendar, as it is seen there.

    ``agreed_to`` is set by the user's yes, ``version`` counts the times it has had, and
    ``held`` says afterwards whether the two met.
    """

    uid: str
    contact: str
    span: Span
    agreed_to: bool = False
    sent: bool = False
    answer: Answer = Answer.NONE
    reply: Reply = Reply.NONE
    told: Told = Told.OPEN
    stands: bool = True
    version: int = 0
    held: bool = False


class Tool(Protocol):
    """What a way of keeping up with people is told."""

    def begins(self, life: "Life") -> None:
        """Set out, at the first moment of the world."""

    def answered(self, thing: Thing) -> None:
        """The user said yes or no to a draft, with or without another time."""

    def replied(self, thing: Thing) -> None:
        """The contact said yes or no, or called off what was agreed."""

    def taken(self, thing: Thing) -> None:
        """An event took the time of a draft."""

    def overtaken(self, thing: Thing) -> None:
        """An event took the time of a meeting that the user had said yes to."""

    def over(self, thing: Thing) -> None:
        """The time of a meeting that was sent is over, and it was held or not."""


@dataclass(slots=True)
class Tally:
    """What came of it: who was met when, and how often what happened."""

    held: list[tuple[str, Span]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    drafted: dict[Month, set[str]] = field(default_factory=dict)


class Life:
    """The clock, the calendar and the people; ``now`` moves from one happening to the next."""

    def __init__(self, world: World, tool: Tool) -> None:
        self.world = world
        self.tool = tool
        self.now = world.whole.start
        self.tally = Tally()
        self.things: list[Thing] = []
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._number = count()

    @property
    def events(self) -> list[Event]:
        """The events known by now, those of the past too."""
        return self.tally.events

    def run(self) -> Tally:
        """Live to the end of the world."""
        for appearance in self.world.calendar.appearances:
            self.at(appearance.known_at, partial(self._appears, appearance))
        self.at(self.now, partial(self.tool.begins, self))
        while self._agenda and self._agenda[0][0] < self.world.whole.end:
            self.now, _, happens = heappop(self._agenda)
            happens()
        return self.tally

    def at(self, moment: datetime, happens: Callable[[], None]) -> None:
        """Let something happen then, or now where that is past."""
        heappush(self._agenda, (max(moment, self.now), next(self._number), happens))

    def show(self, thing: Thing) -> None:
        """Put a draft before the user, who answers in time."""
        self.things.append(thing)
        self.tally.counts["drafts"] += 1
        month = Month.of(self.local_day(thing.span.start))
        self.tally.drafted.setdefault(month, set()).add(thing.contact)
        if answer := answers.of_user(self.world, thing.contact, thing.span, self.now):
            self.at(answer.at, partial(self._answers, thing, answer))

    def send(self, thing: Thing) -> None:
        """Invite the contact, who answers in time."""
        if thing not in self.things:
            self.things.append(thing)
        thing.agreed_to = thing.sent = True
        self.tally.counts["invitations"] += 1
        self._invited(thing)

    def move(self, thing: Thing, span: Span) -> None:
        """Give a meeting another time; what was said to the old one is void."""
        thing.span, thing.reply = span, Reply.NONE
        thing.version += 1
        if thing.sent:
            self.tally.counts["moved after sending"] += 1
            self._invited(thing)

    def drop(self, thing: Thing) -> None:
        """Take it out of the calendar."""
        thing.stands = False
        if thing in self.things:
            self.things.remove(thing)

    def local_day(self, moment: datetime) -> date:
        """The user's day."""
        return local_day(moment, self.world.policy.zone)

    def free_slots(self, window: Span, besides: Thing | None = None) -> Iterator[Span]:
        """Where a meeting may be put, in order, within all the rules but the horizon."""
        rules = self.world.policy.rules
        notice = self.now + timedelta(hours=rules.notice_hours)
        start = max(window.start, notice)
        if start >= window.end:
            return
        others = [t.span for t in self.things if t is not besides and t.span.end > self.now]
        held = [span for _, span in self.tally.held]
        days = Counter(self.local_day(span.start) for span in (*others, *held))
        weeks = Counter[tuple[int, int]]()
        for day, times in days.items():
            weeks[day.isocalendar()[:2]] += times
        length = timedelta(minutes=rules.minutes)
        for gap in self._free(Span(start, window.end), others):
            day = self.local_day(gap.start)
            full = days[day] >= rules.per_day or weeks[day.isocalendar()[:2]] >= rules.per_week
            begins = gap.start + (self.world.whole.start - gap.start) % _QUARTER
            while not full and begins + length <= gap.end:
                yield Span(begins, begins + length)
                begins += _QUARTER

    def chosen(self, window: Span, *key: object, besides: Thing | None = None) -> Span | None:
        """The time that the user takes by hand: any free one, of those liked if there is one."""
        free = list(self.free_slots(window, besides))
        disliked = self.world.user.disliked
        liked = [span for span in free if self.world.half_day(span.start)[1] not in disliked]
        among = liked or free
        return among[int(self.world.chances.share("chosen", *key) * len(among))] if among else None

    def by_hand(self, thing: Thing) -> Span | None:
        """Where the user puts a meeting whose time was taken; half of them are called off."""
        key = ("moves away", thing.contact, thing.span.start)
        if not self.world.chances.happens(0.5, *key):
            return None
        window = Span(self.now, thing.span.end + _MOVED_TO_LATER)
        return self.chosen(window, *key, besides=thing)

    def _free(self, window: Span, others: list[Span]) -> Spans:
        margin = timedelta(minutes=self.world.policy.rules.buffer_minutes)
        near = Span(window.start - timedelta(days=1), window.end + timedelta(days=1))
        busy = [event.span for event in self.events if event.span.overlaps(near)]
        return subtract(clip(self.world.working, window), merge([*busy, *others], margin=margin))

    def _answers(self, thing: Thing, answer: answers.UserAnswer) -> None:
        if not thing.stands or thing.agreed_to or self.now >= thing.span.start:
            return
        if not answer.yes:
            thing.answer = Answer.NO
            self.tally.counts["drafts declined"] += 1
        else:
            if answer.moves and (span := self._another_time(thing)):
                self.move(thing, span)
                self.tally.counts["drafts moved"] += 1
            thing.answer, thing.agreed_to = Answer.YES, True
        self.tool.answered(thing)

    def _another_time(self, thing: Thing) -> Span | None:
        around = Span(thing.span.start - _MOVED_BY, thing.span.end + _MOVED_BY)
        return self.chosen(around, "moves", thing.contact, thing.span.start, besides=thing)

    def _invited(self, thing: Thing) -> None:
        version = thing.version
        answer = answers.of_contact(self.world, thing.contact, thing.span, self.now)
        if answer and answer.at < thing.span.start:
            self.at(answer.at, partial(self._replies, thing, answer, version))
        elif thing.span.end < self.world.whole.end:
            self.tally.counts["invitations unanswered"] += 1
        comes = answer is not None and answer.comes
        self.at(thing.span.end, partial(self._over, thing, version, comes=comes))

    def _replies(self, thing: Thing, answer: answers.ContactAnswer, version: int) -> None:
        if not thing.stands or thing.version != version:
            return
        thing.reply = Reply.ACCEPTED if answer.yes else Reply.DECLINED
        if answer.cancels_at is not None:
            rest = (thing.span.start - self.now) * answer.cancels_at
            self.at(self.now + rest, partial(self._cancels, thing, version))
        if not answer.yes:
            self.tally.counts["invitations turned down"] += 1
        self.tool.replied(thing)

    def _cancels(self, thing: Thing, version: int) -> None:
        if not thing.stands or thing.version != version:
            return
        thing.reply = Reply.DECLINED
        self.tally.counts["cancelled by them"] += 1
        self.tool.replied(thing)

    def _over(self, thing: Thing, version: int, *, comes: bool) -> None:
        if not thing.stands or thing.version != version:
            return
        agreed = thing.reply is Reply.ACCEPTED
        thing.held = agreed and comes
        if thing.held:
            self.tally.held.append((thing.contact, thing.span))
        elif agreed:
            self.tally.counts["missed"] += 1
        self.tool.over(thing)

    def _appears(self, appearance: Appearance) -> None:
        """An event becomes known; who is told to go elsewhere for it depends on what it is."""
        event = appearance.event
        there = [t for t in self.things if t.span.overlaps(event.span)]
        if appearance.gives_way and any(thing.agreed_to for thing in there):
            moved = self._elsewhere(event)
            if moved is None:
                return
            event, there = moved, [t for t in self.things if t.span.overlaps(moved.span)]
        self.events.append(event)
        for thing in there:
            if thing.agreed_to:
                self.tally.counts["overtaken by an event"] += 1
                self.tool.overtaken(thing)
            else:
                self.tally.counts["drafts taken by an event"] += 1
                self.tool.taken(thing)

    def _elsewhere(self, event: Event) -> Event | None:
        """The next time, of the days after, at which neither events nor meetings stand."""
        agreed = [thing.span for thing in self.things if thing.agreed_to]
        busy = [other.span for other in self.events if other.span.end > event.span.start]
        window = Span(event.span.end, event.span.end + _ELSEWHERE)
        for gap in subtract(clip(self.world.working, window), merge([*busy, *agreed])):
            if gap.length >= event.span.length:
                span = Span(gap.start, gap.start + event.span.length)
                return Event(event.calendar, event.href, event.uid, event.title, span)
        return None
