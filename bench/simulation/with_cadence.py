"""A user with a fixed cadence: each contact on an interval, always at the first free slot.

When somebody is due, the first free slot within the horizon becomes a draft. A draft that the
user declines or that lapses, an invitation that is declined, and a meeting that is called off
are put at once to the first free slot on a half-day not tried before. A meeting whose time is
taken by an event is moved to the first free slot without asking the user. There is no goal, no
limit to the drafts that stand open, and no rest.
"""

from datetime import date, timedelta
from functools import partial

from connectd.domain.model import Reply, Span
from connectd.domain.spans import local_midnight
from connectd.domain.view import Answer
from simulation.life import Life, Thing

_AT = timedelta(hours=8)
_TRIES_AGAIN = timedelta(days=1)


class Cadence:
    """Everybody is either waiting for the due day, or has one meeting that stands open."""

    def begins(self, life: Life) -> None:
        """Wait for everybody's due day."""
        self._life = life
        self._tried: dict[str, set[tuple[date, tuple[int, bool]]]] = {}
        self._number = 0
        by_due = sorted(
            life.world.people.values(),
            key=lambda p: (p.last_met or date.min, p.contact.id),
        )
        for person in by_due:
            self._wait(person.contact.id, person.last_met)

    def answered(self, thing: Thing) -> None:
        """A yes is sent, a no is put to another time."""
        if thing.answer is Answer.YES:
            self._life.send(thing)
        else:
            self._elsewhere(thing)

    def replied(self, thing: Thing) -> None:
        """A no is put to another time."""
        if thing.reply is Reply.DECLINED:
            self._elsewhere(thing)

    def taken(self, thing: Thing) -> None:
        """A draft goes to another time."""
        self._life.drop(thing)
        self._draft(thing.contact)

    def overtaken(self, thing: Thing) -> None:
        """What was agreed moves to the first free slot."""
        if span := self._first_free(thing.contact, besides=thing):
            self._life.move(thing, span)
        else:
            self.taken(thing)

    def over(self, thing: Thing) -> None:
        """Wait for an interval after a meeting, try again after one that was not held."""
        self._life.drop(thing)
        if thing.held:
            self._tried.pop(thing.contact, None)
            self._wait(thing.contact, self._life.local_day(thing.span.start))
        else:
            self._draft(thing.contact)

    def _wait(self, name: str, last_met: date | None) -> None:
        life = self._life
        today = life.local_day(life.now)
        interval = timedelta(days=life.world.people[name].interval)
        day = max(today, last_met + interval) if last_met else today
        moment = local_midnight(day, life.world.policy.zone) + _AT
        life.at(moment, partial(self._draft, name))

    def _draft(self, name: str) -> None:
        life = self._life
        span = self._first_free(name)
        if span is None:
            life.tally.counts["no free time"] += 1
            life.at(life.now + _TRIES_AGAIN, partial(self._draft, name))
            return
        self._number += 1
        thing = Thing(f"{name}/{self._number}", name, span)
        self._note(thing)
        life.show(thing)
        lapses = span.start - timedelta(hours=life.world.policy.rules.expires_hours)
        life.at(lapses, partial(self._lapses, thing))

    def _lapses(self, thing: Thing) -> None:
        if thing.stands and not thing.agreed_to:
            self._life.tally.counts["lapsed"] += 1
            self._elsewhere(thing)

    def _elsewhere(self, thing: Thing) -> None:
        self._note(thing)
        self._life.drop(thing)
        self._draft(thing.contact)

    def _note(self, thing: Thing) -> None:
        half_day = self._life.world.half_day(thing.span.start)
        self._tried.setdefault(thing.contact, set()).add(half_day)

    def _first_free(self, name: str, besides: Thing | None = None) -> Span | None:
        life = self._life
        tried = self._tried.get(name, set())
        horizon = timedelta(days=life.world.policy.rules.horizon_days)
        slots = life.free_slots(Span(life.now, life.now + horizon), besides)
        return next((s for s in slots if life.world.half_day(s.start) not in tried), None)
