"""Random lives: whatever the user, the others and the servers do, the rules are kept."""

import os
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from life_judge import RULES, Judge
from life_world import World, contacts, snoozed

from connectd.domain.before_sending import accept, overrule
from connectd.domain.lifecycle import STEPS, step
from connectd.domain.model import SENT, Delivery, Meeting, Reply, Span, State
from connectd.domain.view import Answer, Name, Told

SOON = (timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=11))
LATER = (timedelta(hours=5), timedelta(hours=5), timedelta(days=1), timedelta(days=3))
WHICH = st.integers(0, 5)
THEN = st.none() | st.sampled_from(SOON)
"""When the next tick comes after a gesture, where it comes before anything else happens."""


class Lives(RuleBasedStateMachine):
    """Three contacts and a calendar; after each tick the steps that were taken are judged."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(contacts=contacts("ann", "bob", "cy"))
        self.judge = Judge(self.world)

    @initialize(sender=st.sampled_from([Delivery.SERVER, Delivery.MAIL]))
    def begin(self, sender: Delivery) -> None:
        self.world.sender = sender
        self.judge.tick()

    @property
    def open(self) -> list[Meeting]:
        return sorted(self.world.open_meetings())

    @property
    def at_hand(self) -> list[Meeting]:
        """The open meetings whose object stands there as one event."""
        things = self.world.things
        return [m for m in self.open if things[m.uid].there and not things[m.uid].series]

    @precondition(lambda self: self.at_hand)
    @rule(which=WHICH, answer=st.sampled_from([Answer.YES, Answer.YES, *Answer]), then=THEN)
    def the_user_answers(self, which: int, answer: Answer, then: timedelta | None) -> None:
        thing = self.world.things[self.at_hand[which % len(self.at_hand)].uid]
        thing.say(answer)
        self.tick_after(then)

    @precondition(lambda self: any(m.conflict and m.state is State.ACCEPTED for m in self.at_hand))
    @rule(another=st.sampled_from(["none", "more", "instead"]))
    def the_user_says_yes_to_what_waits(self, another: str) -> None:
        meeting = next(m for m in self.at_hand if m.conflict and m.state is State.ACCEPTED)
        self.world.things[meeting.uid].say(Answer.YES)
        self.tick_after(SOON[0])
        if another == "instead":
            self.world.busy.clear()
            self.world.unknown.clear()
        if another != "none":
            self.world.busy["one more"] = meeting.span
        self.tick_after(SOON[1])

    @precondition(lambda self: self.at_hand)
    @rule(which=WHICH)
    def the_user_says_yes_and_has_time(self, which: int) -> None:
        self.world.things[self.at_hand[which % len(self.at_hand)].uid].say(Answer.YES)
        self.tick_after(SOON[1])
        self.tick_after(SOON[1])

    @precondition(lambda self: self.at_hand)
    @rule(
        which=WHICH,
        where=st.sampled_from(["ahead", "taken", "another", "past", "back"]),
        hours=st.integers(1, 200),
        yes=st.booleans(),
        then=THEN,
    )
    def the_user_moves_it(
        self,
        which: int,
        where: str,
        hours: int,
        yes: bool,  # noqa: FBT001  a part of the gesture
        then: timedelta | None,
    ) -> None:
        meeting = self.at_hand[which % len(self.at_hand)]
        thing, world = self.world.things[meeting.uid], self.world
        spans = {
            "taken": next(iter(world.busy.values()), meeting.span),
            "another": self.open[(which + 1) % len(self.open)].span,
            "past": Span(world.now - timedelta(hours=3), world.now - timedelta(hours=2)),
            "back": meeting.span,
        }
        start = world.now + timedelta(hours=hours)
        moved = spans.get(where, Span(start, start + timedelta(minutes=45)))
        if yes:
            thing.say(Answer.YES)
        if moved == thing.span:
            return
        in_the_shell = meeting.state is State.ACCEPTED and meeting.told_by == "command"
        yeses = (thing.answer is Answer.YES) + in_the_shell
        thing.yes_here = [frozenset()] * yeses
        thing.span = moved
        # some clients lose it
        thing.sequence = 0 if hours % 3 == 0 else thing.sequence + 1
        if meeting.state in SENT and meeting.delivery is Delivery.SERVER:
            thing.reply = Reply.NONE
        self.tick_after(then)

    @precondition(lambda self: self.at_hand)
    @rule(
        which=WHICH,
        how=st.sampled_from(["series", "deleted", "deleted", "written anew"]),
        then=THEN,
    )
    def the_user_changes_what_it_is(self, which: int, how: str, then: timedelta | None) -> None:
        thing = self.world.things[self.at_hand[which % len(self.at_hand)].uid]
        thing.series = how == "series"
        thing.there = how == "series"
        thing.look_alike = how == "written anew"
        self.tick_after(then)

    @rule(which=WHICH)
    def what_was_deleted_comes_back(self, which: int) -> None:
        gone = [m for m in self.open if not self.world.things[m.uid].there]
        if gone:
            thing = self.world.things[gone[which % len(gone)].uid]
            thing.there, thing.look_alike = True, False

    @precondition(lambda self: any(m.state in SENT for m in self.open))
    @rule(
        which=WHICH,
        reply=st.sampled_from([Reply.ACCEPTED, *Reply]),
        told=st.sampled_from([Told.OPEN] * 3 + list(Told)),
        then=THEN,
    )
    def they_reply_or_the_task_is_answered(
        self, which: int, reply: Reply, told: Told, then: timedelta | None
    ) -> None:
        sent = [m for m in self.open if m.state in SENT]
        meeting = sent[which % len(sent)]
        self.world.things[meeting.uid].reply = reply
        self.world.told[meeting.uid] = told
        self.tick_after(then)

    @precondition(lambda self: any(m.state in SENT for m in self.open))
    @rule(which=WHICH, later=st.sampled_from([timedelta(), timedelta(days=3), timedelta(days=14)]))
    def its_time_is_over(self, which: int, later: timedelta) -> None:
        sent = [m for m in self.open if m.state in SENT]
        self.world.now = max(self.world.now, sent[which % len(sent)].span.end + later)
        self.judge.tick()

    @rule(which=WHICH, hours=st.integers(1, 100), odd=st.booleans(), then=THEN)
    def something_else_takes_the_time(
        self,
        which: int,
        hours: int,
        odd: bool,  # noqa: FBT001  a kind of event
        then: timedelta | None,
    ) -> None:
        start = self.world.now + timedelta(hours=hours)
        when = Span(start, start + timedelta(hours=1))
        if self.open and which:
            when = self.open[which % len(self.open)].span
        events = self.world.unknown if odd else self.world.busy
        events[f"{'odd' if odd else 'event'} {which % 2}"] = when
        self.tick_after(then)

    @precondition(lambda self: self.world.busy or self.world.unknown)
    @rule()
    def what_took_the_time_is_off(self) -> None:
        events = self.world.busy or self.world.unknown
        events.pop(next(iter(events)))

    @rule(what=st.sampled_from(["all", "all", "not all", "not even our own"]))
    def so_much_of_the_calendars_can_be_read(self, what: str) -> None:
        self.world.unread = what != "all"
        self.world.hidden = what == "not even our own"

    @rule(name=st.sampled_from(["ann", "bob"]), what=st.sampled_from(["snooze", "leave", "back"]))
    def the_list_changes(self, name: str, what: str) -> None:
        contact = self.world.contacts[name]._replace(archived=what == "leave", snoozed_until=None)
        if what == "snooze":
            contact = snoozed(contact, self.world.now + timedelta(days=2))
        self.world.contacts[name] = contact

    @precondition(lambda self: self.open)
    @rule(which=WHICH, yes=st.booleans())
    def the_user_answers_in_the_shell(self, which: int, yes: bool) -> None:  # noqa: FBT001  the answer
        meeting = self.open[which % len(self.open)]
        thing, now = self.world.things[meeting.uid], self.world.now
        waits = bool(meeting.conflict) and not meeting.overruled
        if not yes and meeting.state not in SENT:
            self.judge.refused.add(meeting.uid)
            self.world.say(meeting, step(meeting, Name.DECLINE, "no", now))
        elif yes and (
            meeting.state is State.DRAFTED or (meeting.state is State.ACCEPTED and waits)
        ):
            say_yes = overrule if meeting.state is State.ACCEPTED else accept
            self.world.say(meeting, say_yes(meeting, "command", "yes", now))
            thing.yes_here.append(thing.names)

    @precondition(lambda self: self.world.meetings)
    @rule(which=st.integers(0, 20), done=st.booleans())
    def the_user_says_in_the_shell_how_it_was(self, which: int, done: bool) -> None:  # noqa: FBT001  the answer
        meetings = sorted(self.world.meetings.values())
        meeting = meetings[which % len(meetings)]
        name = Name.COMPLETE if done else Name.MISS
        may_be = meeting.is_open or meeting.invited_at is not None
        begun = meeting.span.start <= self.world.now
        if begun and may_be and name in STEPS[meeting.state]:
            self.world.say(meeting, step(meeting, name, "you said so", self.world.now))

    @rule(later=st.sampled_from(LATER), late_yes=st.integers(0, 20))
    def time_passes(self, later: timedelta, late_yes: int) -> None:
        self.world.now += later
        drafts = [m.uid for m in self.open if m.state is State.DRAFTED]
        self.judge.tick(drafts[late_yes] if late_yes < len(drafts) else None)

    @rule(then=st.sampled_from(SOON))
    def the_daemon_beats(self, then: timedelta) -> None:
        self.tick_after(then)

    def tick_after(self, then: timedelta | None) -> None:
        if then:
            self.world.now += then
            self.judge.tick()

    @invariant()
    def at_most_one_meeting_is_open_for_each_contact(self) -> None:
        people = [meeting.contact for meeting in self.open]
        assert len(set(people)) == len(people)

    @invariant()
    def only_what_was_brought_back_exceeds_the_open_drafts(self) -> None:
        made = [
            m for m in self.open if m.state is State.DRAFTED and m.uid not in self.judge.reopened
        ]
        assert len(made) <= RULES.open_drafts


Lives.TestCase.settings = settings(
    max_examples=40 * int(os.environ.get("MORE_EXAMPLES", "1")),
    stateful_step_count=40,
    deadline=None,
)
TestLives = Lives.TestCase


def test_a_yes_in_the_shell_outlives_one_in_the_object_that_was_taken_back_after_a_move() -> None:
    life = Lives()
    life.begin(Delivery.SERVER)
    life.the_user_answers(which=0, answer=Answer.YES, then=None)
    life.the_user_answers_in_the_shell(which=0, yes=True)
    chosen = life.open[0].uid
    life.the_user_moves_it(which=0, where="ahead", hours=30, yes=False, then=None)
    life.the_user_answers(which=0, answer=Answer.NONE, then=SOON[0])
    life.tick_after(SOON[-1])
    sent = life.world.meetings[chosen]
    assert (sent.state, sent.told_by) == (State.INVITED, "command")
    assert sent.span == life.world.things[chosen].span
