"""A world in memory: what the user and others do to a calendar, and a service that obeys."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain_builders import INSTALLATION, NOW, policy

from connectd.domain.lifecycle import step
from connectd.domain.model import (
    LAPSED,
    OPEN,
    SENT,
    Cadence,
    Contact,
    Delivery,
    Encounter,
    Meeting,
    Reply,
    Span,
    State,
)
from connectd.domain.planner import decide
from connectd.domain.spans import local_day
from connectd.domain.view import (
    Action,
    Answer,
    Event,
    Gesture,
    Name,
    Sighting,
    Snapshot,
    Told,
    Unread,
    Unreadable,
)

POLICY = policy(
    people_per_month=5,
    months=60,
    categories={"business": Cadence(5, 10)},
    per_day=2,
    per_week=9,
    open_drafts=2,
    notice_hours=24,
    horizon_days=10,
    grace_minutes=2,
    expires_hours=12,
    pause_days=2,
    rest_days=20,
)


@dataclass
class Thing:
    """The object of a meeting in the user's calendar.

    ``names`` are the UIDs that its mark names as being in the way. ``yes_here`` are the user's
    yeses to the time it has now, each with what the mark named then.
    """

    span: Span
    answer: Answer = Answer.NONE
    reply: Reply = Reply.NONE
    sequence: int = 0
    series: bool = False
    there: bool = True
    look_alike: bool = False
    names: frozenset[str] = frozenset()
    yes_here: list[frozenset[str]] = field(default_factory=list)

    def say(self, answer: Answer) -> None:
        """Leave an answer in the object, or take the one there back."""
        if answer is Answer.YES and self.answer is not Answer.YES:
            self.yes_here.append(self.names)
        elif answer is not Answer.YES and self.answer is Answer.YES:
            del self.yes_here[-1:]
        self.answer = answer


@dataclass
class World:
    """The facts, and what stands in the calendars. ``hidden`` hides the drafts calendar too."""

    now: datetime = NOW
    contacts: dict[str, Contact] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    things: dict[str, Thing] = field(default_factory=dict)
    busy: dict[str, Span] = field(default_factory=dict)
    unknown: dict[str, Span] = field(default_factory=dict)
    told: dict[str, Told] = field(default_factory=dict)
    encounters: list[Encounter] = field(default_factory=list)
    unread: bool = False
    hidden: bool = False
    sender: Delivery = Delivery.SERVER

    def open_meetings(self) -> list[Meeting]:
        return [meeting for meeting in self.meetings.values() if meeting.is_open]

    def in_the_way(self, uid: str) -> frozenset[str]:
        """What takes the time of a meeting, where its record says it lies."""
        span = self.meetings[uid].span
        shown = self._shown_events()
        overlapping = {e.uid for e in shown if e.uid != uid and e.span.overlaps(span)}
        return frozenset(overlapping | {u for u, s in self.unknown.items() if s.overlaps(span)})

    def snapshot(self) -> Snapshot:
        """What connectd sees: a calendar that is unread shows nothing."""
        unread = (Unread("work", "it does not answer"),) if self.unread else ()
        return Snapshot(
            now=self.now,
            installation=INSTALLATION,
            contacts=tuple(self.contacts.values()),
            meetings=tuple(self.meetings.values()),
            encounters=tuple(self.encounters),
            events=tuple(self._shown_events()),
            unreadable=() if self.unread else tuple(self._odd_events()),
            unread=unread,
            sightings={} if self.hidden else dict(self._sightings()),
            takes_tasks=True,
        )

    def tick(self, late_yes: str | None = None) -> list[Action]:
        """Decide and obey, as the service does; then the draft ``late_yes`` says yes."""
        self._note_absence()
        decided = decide(self.snapshot(), POLICY).actions
        done = [action for action in decided if action.name is not Name.INVITE]
        for action in done:
            self._obey(action)
        due = {action.meeting.uid for action in decided} - {a.meeting.uid for a in done}
        for action in decide(self.snapshot(), POLICY).actions if due else ():
            if action.meeting.uid in due and action.name in {Name.INVITE, Name.CONFLICT}:
                self._obey(action)
                done.append(action)
        return [*done, *self._clear_away(late_yes)]

    def say(self, meeting: Meeting, action: Action) -> None:
        """Record a step that was taken in the shell."""
        self.meetings[meeting.uid] = action.meeting

    def _shown_events(self) -> Iterator[Event]:
        for uid, span in self.busy.items() if not self.unread else ():
            yield Event("work", uid, uid, "Yoga", span)
        for uid, thing in self.things.items() if not self.hidden else ():
            off = self.meetings[uid].state in {State.CANCELLED, State.TURNED_DOWN}
            for week in range(3 if thing.series else 1) if thing.there and not off else ():
                start, end = (at + timedelta(weeks=week) for at in thing.span)
                yield Event("drafts", uid, uid, uid, Span(start, end))

    def _odd_events(self) -> Iterator[Unreadable]:
        for uid, span in self.unknown.items():
            yield Unreadable("work", uid, uid, uid, "broken", "its time", (span,))

    def _sightings(self) -> Iterator[tuple[str, Sighting]]:
        for uid, thing in self.things.items():
            gesture = Gesture(
                thing.span, thing.answer, "somehow", thing.reply, thing.series, thing.sequence
            )
            told = self.told.get(uid, Told.OPEN)
            if thing.there:
                yield uid, Sighting(gesture, thing.reply, told=told)
            else:
                yield uid, Sighting(None, thing.reply, look_alike=thing.look_alike, told=told)

    def _note_absence(self) -> None:
        if self.unread:
            return
        for meeting in self.open_meetings():
            gone = not self.things[meeting.uid].there
            if gone != (meeting.missing_since is not None):
                since = self.now if gone else None
                self.meetings[meeting.uid] = meeting._replace(missing_since=since)

    def _obey(self, action: Action) -> None:
        meeting = action.meeting
        before = self.meetings.get(meeting.uid)
        assert (before.state if before else None) is action.was
        self.meetings[meeting.uid] = meeting
        if before is None:
            self.things[meeting.uid] = Thing(meeting.span)
            return
        if action.encounter:
            day = local_day(meeting.span.start, POLICY.zone)
            self.encounters += [
                Encounter(person, day, action.encounter, meeting.uid) for person in meeting.people
            ]
        thing = self.things[meeting.uid]
        if action.name is Name.INVITE:
            self._send(meeting, thing)
        elif action.name is Name.REOPEN:
            thing.yes_here = [thing.names] if thing.answer is Answer.YES else []
        if meeting.state in OPEN - SENT and not meeting.overruled:
            self._mark(before, meeting, thing)

    def _mark(self, before: Meeting, after: Meeting, thing: Thing) -> None:
        """Say in the object what is in the way; a yes that stood there is taken out."""
        changed = before.conflicting != after.conflicting
        if after.conflict and (after.state is State.ACCEPTED or changed):
            thing.names = self.in_the_way(after.uid)
            thing.answer = Answer.NONE
        elif not after.conflict and before.conflict:
            thing.names = frozenset()

    def _send(self, meeting: Meeting, thing: Thing) -> None:
        sequence = max(meeting.sequence, thing.sequence + 1)
        self.meetings[meeting.uid] = meeting._replace(sequence=sequence, delivery=self.sender)
        thing.sequence, thing.answer, thing.reply = sequence, Answer.NONE, Reply.NONE

    def _clear_away(self, late_yes: str | None) -> Iterator[Action]:
        """Remove the drafts that ended; a yes in the last moment brings one back."""
        for uid, meeting in list(self.meetings.items()):
            thing = self.things[uid]
            if meeting.state not in LAPSED or meeting.invited_at or meeting.released:
                continue
            alone = not any(m.contact == meeting.contact for m in self.open_meetings())
            if uid == late_yes and thing.there and alone and meeting.state is not State.DECLINED:
                thing.answer, thing.yes_here = Answer.YES, [thing.names]
                action = step(meeting, Name.REOPEN, "at the last moment", self.now)
                self.meetings[uid] = action.meeting
                yield action
            else:
                thing.there = False


def contacts(*names: str) -> dict[str, Contact]:
    return {
        name: Contact(name, name.title(), (f"{name}@example.test",), "business") for name in names
    }


def snoozed(contact: Contact, until: datetime) -> Contact:
    return contact._replace(snoozed_until=local_day(until, POLICY.zone))
