"""A user with a reminder tool: a mail on the day on which somebody is due, and no more.

With probability `p` the user follows it: takes a free time of the coming two weeks by hand and
writes at once. A reminder that was not followed, or led to no meeting, comes again a week
later: that is generous, since a share of under a third is what was found among people who
were given the time to write there and then (Aknin & Sandstrom 2024).
"""

from datetime import date, datetime, timedelta
from functools import partial

from connectd.domain.model import Reply, Span
from connectd.domain.spans import local_midnight
from simulation.life import Life, Thing

_AT = timedelta(hours=8)
_LOOKS_AHEAD = timedelta(days=14)


class Reminders:
    """Every contact has a day on which the next mail comes."""

    def begins(self, life: Life) -> None:
        """Plan the first mail for everybody: on the due day, or at once where that is past."""
        self._life = life
        for name, person in life.world.people.items():
            self._plan(name, person.last_met)

    def answered(self, thing: Thing) -> None:
        """There are no drafts."""

    taken = answered

    def replied(self, thing: Thing) -> None:
        """A no ends it; the mail comes again."""
        if thing.reply is Reply.DECLINED:
            self._again(thing)

    def overtaken(self, thing: Thing) -> None:
        """The user moves the meeting or calls it off."""
        if span := self._life.by_hand(thing):
            self._life.move(thing, span)
        else:
            self._life.tally.counts["called off by the user"] += 1
            self._again(thing)

    def over(self, thing: Thing) -> None:
        """The next mail comes an interval after a meeting, or soon after one that was not held."""
        if not thing.held:
            self._again(thing)
            return
        self._life.drop(thing)
        self._plan(thing.contact, self._life.local_day(thing.span.start))

    def _plan(self, name: str, last_met: date | None) -> None:
        today = self._life.local_day(self._life.now)
        interval = timedelta(days=self._life.world.people[name].interval)
        day = max(today, last_met + interval) if last_met else today
        self._mail_at(name, local_midnight(day, self._life.world.policy.zone) + _AT)

    def _again(self, thing: Thing) -> None:
        self._life.drop(thing)
        self._later(thing.contact)

    def _later(self, name: str) -> None:
        setting = self._life.world.setting
        days = setting.repeat_days or self._life.world.people[name].interval
        self._mail_at(name, self._life.now + timedelta(days=days))

    def _mail_at(self, name: str, moment: datetime) -> None:
        self._life.at(moment, partial(self._mail, name))

    def _mail(self, name: str) -> None:
        life = self._life
        today = life.local_day(life.now)
        life.tally.counts["drafts"] += 1
        if not life.world.chances.happens(life.world.setting.p, "follows", name, today):
            life.tally.counts["reminders not followed"] += 1
            self._later(name)
            return
        window = Span(life.now, life.now + _LOOKS_AHEAD)
        if span := life.chosen(window, "writes", name, today):
            life.send(Thing(f"{name}/{today}", name, span))
        else:
            life.tally.counts["no free time"] += 1
            self._later(name)
