"""A user with connectd: the real ``decide`` decides, this module only carries it out."""

from datetime import datetime, time, timedelta

from connectd.domain.lifecycle import encounters_of
from connectd.domain.model import Delivery, Encounter, Meeting
from connectd.domain.planner import decide
from connectd.domain.spans import local_midnight
from connectd.domain.view import Action, Answer, Gesture, Name, Sighting, Snapshot, Told
from simulation import answers
from simulation.life import Life, Thing

_TICKS = (time(7), time(15))
_DAYS_BACK = timedelta(days=31)
_MORE_AHEAD = timedelta(days=1)
_COUNTED = {
    Name.EXPIRE: "lapsed",
    Name.WITHDRAW: "withdrawn",
    Name.MISS: "told as missed",
}


class Connectd:
    """Ticks twice a day, and whenever something happened to a meeting."""

    def __init__(self) -> None:
        self._things: dict[str, Thing] = {}
        self._meetings: dict[str, Meeting] = {}
        self._due: set[datetime] = set()

    def begins(self, life: Life) -> None:
        """Put on record when people were met last, and start to tick."""
        self._life = life
        people = life.world.people.values()
        self._contacts = tuple(person.contact for person in people)
        self._encounters = [Encounter(p.contact.id, p.last_met) for p in people if p.last_met]
        day = life.local_day(life.now)
        while (midnight := local_midnight(day, life.world.policy.zone)) < life.world.whole.end:
            for clock in _TICKS:
                self._tick_at(midnight + timedelta(hours=clock.hour))
            day += timedelta(days=1)

    def answered(self, thing: Thing) -> None:
        """Look at the calendar now: the answer stands there."""
        del thing
        self._tick_at(self._life.now)

    replied = answered
    taken = answered

    def overtaken(self, thing: Thing) -> None:
        """The user moves the meeting or calls it off."""
        if span := self._life.by_hand(thing):
            self._life.move(thing, span)
        else:
            thing.answer = Answer.NO
            self._life.tally.counts["called off by the user"] += 1
        self.answered(thing)

    def over(self, thing: Thing) -> None:
        """The next tick asks how it was."""

    def _tick_at(self, moment: datetime) -> None:
        if moment not in self._due:
            self._due.add(moment)
            self._life.at(moment, self._tick)

    def _tick(self) -> None:
        self._due.discard(self._life.now)
        snapshot = self._snapshot()
        for action in decide(snapshot, self._life.world.policy).actions:
            self._carry_out(action)

    def _snapshot(self) -> Snapshot:
        now, policy = self._life.now, self._life.world.policy
        since = now - _DAYS_BACK
        until = now + timedelta(days=policy.rules.horizon_days) + _MORE_AHEAD
        return Snapshot(
            now,
            installation=self._life.world.installation,
            contacts=self._contacts,
            meetings=tuple(self._meetings.values()),
            encounters=tuple(self._encounters),
            events=tuple(
                e for e in self._life.events if e.span.end > since and e.span.start < until
            ),
            sightings={uid: _seen(thing) for uid, thing in self._things.items()},
            takes_tasks=True,
        )

    def _carry_out(self, action: Action) -> None:
        meeting, life = action.meeting, self._life
        if action.name is Name.DRAFT:
            thing = self._things[meeting.uid] = Thing(meeting.uid, meeting.contact, meeting.span)
            life.show(thing)
        thing = self._things[meeting.uid]
        if action.name is Name.ACCEPT:
            self._tick_at(life.now + timedelta(minutes=life.world.policy.rules.grace_minutes))
        elif action.name is Name.INVITE:
            meeting = meeting._replace(delivery=Delivery.SERVER)
            life.send(thing)
        elif action.name is Name.FOLLOW_UP:
            self._ask(thing)
        self._meetings[meeting.uid] = meeting
        self._encounters += encounters_of(action, life.world.policy.zone)
        if action.name is Name.COMPLETE and not thing.held:
            life.tally.counts["taken for met, wrongly"] += 1
        if noted := _COUNTED.get(action.name):
            life.tally.counts[noted] += 1
        if not meeting.is_open:
            life.drop(self._things.pop(meeting.uid))

    def _ask(self, thing: Thing) -> None:
        """Ask how it was; the user ticks the task off, or cancels it, or forgets it."""
        if at := answers.told_at(self._life.world, thing.uid, self._life.now):

            def tell() -> None:
                thing.told = Told.DONE if thing.held else Told.MISSED

            self._life.at(at, tell)


def _seen(thing: Thing) -> Sighting:
    gesture = Gesture(thing.span, thing.answer, "in the calendar", thing.reply)
    return Sighting(gesture, thing.reply, told=thing.told)
