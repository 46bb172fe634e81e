"""Judges every tick of a world by the rules that must never break."""

from datetime import timedelta

from domain_builders import BERLIN
from life_world import POLICY, World

from connectd.domain.lifecycle import STEPS
from connectd.domain.model import SENT, Meeting, State
from connectd.domain.view import Action, Answer, Name

RULES = POLICY.rules
PAUSING = {
    State.DECLINED,
    State.EXPIRED,
    State.TURNED_DOWN,
    State.CANCELLED,
    State.MISSED,
}
REFUSED = {State.DECLINED, State.TURNED_DOWN, State.CANCELLED}


class Judge:
    """Sees the world before and after each tick.

    ``refused`` are the meetings whose draft the user said no to, ``reopened`` those that became
    drafts again.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.refused: set[str] = set()
        self.reopened: set[str] = set()

    def tick(self, late: str | None = None) -> None:
        """Let the world have a tick, in the last moment of which the draft ``late`` says yes."""
        world, before = self.world, dict(self.world.meetings)
        for uid, thing in world.things.items() if not world.hidden else ():
            if thing.there and not thing.series and thing.answer is Answer.NO:
                self.refused.add(uid)
        in_the_way = {uid: world.in_the_way(uid) for uid in before}
        yeses = {uid: list(thing.yes_here) for uid, thing in world.things.items()}
        gone = {uid for uid, thing in world.things.items() if not thing.there}
        for action in world.tick(late):
            self._step(action, gone)
            if action.name is Name.DRAFT:
                self._draft(action.meeting, before, late)
            if action.name is Name.INVITE:
                uid = action.meeting.uid
                self._invitation(uid, in_the_way[uid], yeses[uid])
        for uid, meeting in before.items():
            after = world.meetings[uid]
            assert after.sequence >= meeting.sequence
            assert meeting.is_open or not after.is_open or uid == late

    def _step(self, action: Action, gone: set[str]) -> None:
        """A step of the table, for a meeting that was seen; absence is no evidence."""
        world, after = self.world, action.meeting
        if action.was is None:
            return
        assert not world.hidden
        assert STEPS[action.was][action.name] is after.state
        if action.name is Name.REOPEN:
            self.reopened.add(after.uid)
        if after.uid in gone:
            assert not world.unread or (action.was in SENT and after.span.end <= world.now)
        if action.meeting.released:
            assert world.things[action.meeting.uid].series

    def _invitation(
        self, uid: str, in_the_way: frozenset[str], yeses: list[frozenset[str]]
    ) -> None:
        """Only after a yes to this time; in spite of what takes it, after two that knew of it."""
        world, sent = self.world, self.world.meetings[uid]
        assert not world.unread
        assert uid not in self.refused
        assert yeses
        assert sent.span.start > world.now
        assert not world.contacts[sent.contact].archived
        assert not in_the_way or (len(yeses) > 1 and in_the_way <= yeses[-1])

    def _draft(self, draft: Meeting, before: dict[str, Meeting], late: str | None) -> None:
        world = self.world
        contact = world.contacts[draft.contact]
        today = world.now.astimezone(BERLIN).date()
        assert not world.unread
        assert draft.uid not in before
        assert not contact.archived
        assert contact.snoozed_until is None or contact.snoozed_until <= today
        others = [m for m in world.meetings.values() if m.uid not in {draft.uid, late}]
        taken = [*world.busy.values(), *world.unknown.values()]
        taken += [m.span for m in others if m.is_open]
        assert not any(span.overlaps(draft.span) for span in taken)
        theirs = [m for m in others if m.contact == draft.contact]
        assert not any(m.is_open for m in theirs)
        assert not any(m.span.overlaps(draft.span) for m in theirs if m.state in REFUSED)
        for meeting in theirs:
            if meeting.state in PAUSING:
                assert meeting.ended_at
                assert meeting.ended_at + timedelta(days=RULES.pause_days) <= world.now
        assert not self._rests(theirs)

    def _rests(self, meetings: list[Meeting]) -> bool:
        sent = [m for m in meetings if m.invited_at and not m.released]
        sent.sort(key=lambda m: m.attempt)
        in_vain = [not m.replied_yes and m.state is not State.MET for m in sent]
        missed = [m.state is State.MISSED for m in sent]
        three_in_vain = len(sent) > 2 and all(in_vain[-3:])
        if not three_in_vain and not (len(sent) > 1 and all(missed[-2:])):
            return False
        ended = sent[-1].ended_at
        return ended is not None and self.world.now < ended + timedelta(days=RULES.rest_days)
