"""Random lives of meetings with the real use cases, and every byte that they write judged."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from calendar_client import repeat
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from icalendar import Event
from memory_calendar import Mishap
from memory_judge import MemoryJudge
from memory_life import NO, YES, MemoryLife

from connectd.domain.identity import follow_up_uid
from connectd.domain.model import SENT, Meeting, Reply, Span
from connectd.edges.smtp import Stage

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WHICH = st.integers(0, 3)
THEN = st.none() | st.sampled_from([MINUTE, 3 * MINUTE, 11 * MINUTE])
"""When the next tick comes, where it comes before anything else happens."""
SENDERS = [
    ("server", "invitation"),
    ("server", "plain"),
    ("mail", "invitation"),
    ("manual", "auto"),
]


class LivesOnACalendar(RuleBasedStateMachine):
    """Alice, her calendar programs, her contacts, and a server on which things go wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()

    @initialize(how=st.sampled_from(SENDERS))
    def begin(self, how: tuple[str, str]) -> None:
        self.life = MemoryLife(Path(self.folder.name), *how)
        self.judge = MemoryJudge(self.life)
        self.judge.tick()

    def teardown(self) -> None:
        if hasattr(self, "life"):
            self.life.store.close()
        self.folder.cleanup()

    def chosen(self, which: int, *, sent: bool | None = None) -> Meeting | None:
        fitting = [m for m in self.life.at_hand() if sent in {None, m.state in SENT}]
        return fitting[which % len(fitting)] if fitting else None

    def after(self, then: timedelta | None) -> None:
        if then:
            self.life.now += then
            self.judge.tick()

    @rule(which=WHICH, way=st.sampled_from([*YES, "moved to Agreed"]), then=THEN)
    def says_yes(self, which: int, way: str, then: timedelta | None) -> None:
        if meeting := self.chosen(which, sent=False):
            self.life.says_yes(meeting, way)
            self.after(then)

    @rule(which=WHICH, way=st.sampled_from(list(YES)))
    def says_yes_and_has_time(self, which: int, way: str) -> None:
        if meeting := self.chosen(which, sent=False):
            self.life.says_yes(meeting, way)
            self.after(3 * MINUTE)
            self.after(3 * MINUTE)

    @rule(which=WHICH, way=st.sampled_from(list(NO)), then=THEN)
    def says_no(self, which: int, way: str, then: timedelta | None) -> None:
        if meeting := self.chosen(which):
            self.life.says_no(meeting, way)
            self.after(then)

    @rule(which=WHICH, then=THEN)
    def takes_the_yes_back(self, which: int, then: timedelta | None) -> None:
        if meeting := self.chosen(which, sent=False):
            self.life.takes_yes_back(meeting)
            self.after(then)

    @rule(
        which=WHICH,
        hours=st.integers(1, 200),
        where=st.sampled_from(["ahead", "taken", "past"]),
        yes=st.booleans(),
        then=THEN,
    )
    def moves_it(
        self,
        which: int,
        hours: int,
        where: str,
        yes: bool,  # noqa: FBT001  a part of the gesture
        then: timedelta | None,
    ) -> None:
        meeting, busy = self.chosen(which), [span for _, span in self.life.busy()]
        if meeting is None:
            return
        start = self.life.now.replace(minute=0) + hours * HOUR
        if where == "taken" and busy:
            start = busy[0].start
        if where == "past":
            start = self.life.now.replace(minute=0) - 5 * HOUR
        self.life.moves(meeting, start)
        if yes and meeting.state not in SENT:
            self.life.says_yes(meeting, "title")
        self.after(then)

    @rule(which=WHICH, what=st.sampled_from(["place", "series"]), then=THEN)
    def edits_it(self, which: int, what: str, then: timedelta | None) -> None:
        def change(event: Event) -> None:
            if what == "place":
                event["LOCATION"] = "Corner café"
            else:
                repeat(event)

        if meeting := self.chosen(which):
            self.life.edit(meeting, change)
            self.after(then)

    @rule(which=WHICH, anew=st.sampled_from([None, None, "OK", ""]), then=THEN)
    def deletes_it(self, which: int, anew: str | None, then: timedelta | None) -> None:
        meeting = self.chosen(which, sent=None if anew is None else False)
        if meeting is None:
            return
        if anew is None:
            self.life.deletes(meeting)
        else:
            self.life.writes_anew(meeting, ok=bool(anew))
        self.after(then)

    @rule(which=WHICH, yes=st.booleans(), then=THEN)
    def says_it_in_the_shell(self, which: int, yes: bool, then: timedelta | None) -> None:  # noqa: FBT001  the answer
        meetings = self.life.open()
        if meetings:
            self.life.in_the_shell(meetings[which % len(meetings)], yes=yes)
            self.after(then)

    @rule(which=WHICH, reply=st.sampled_from([Reply.ACCEPTED, *Reply]), then=THEN)
    def they_reply(self, which: int, reply: Reply, then: timedelta | None) -> None:
        if meeting := self.chosen(which, sent=True):
            self.life.edit(meeting, self.life.replies(meeting, reply))
            self.after(then)

    @rule(which=WHICH, later=st.sampled_from([MINUTE, 3 * DAY, 14 * DAY]), told=st.integers(0, 3))
    def its_time_is_over(self, which: int, later: timedelta, told: int) -> None:
        if meeting := self.chosen(which, sent=True):
            self.life.now = max(self.life.now, meeting.span.end)
            self.judge.tick()
            if told > 1:
                task = follow_up_uid(self.life.store.installation, meeting.uid)
                self.life.follow_up(task, done=told == 2)
            self.after(later)

    @rule(which=st.integers(0, 6), hours=st.integers(24, 100), then=THEN)
    def something_takes_the_time(self, which: int, hours: int, then: timedelta | None) -> None:
        start = self.life.now.replace(minute=0) + hours * HOUR
        meetings = self.life.open()
        at = meetings[which].span if which < len(meetings) else Span(start, start + HOUR)
        self.life.takes_time(at)
        self.after(then)

    @rule(then=THEN)
    def the_time_is_free_again(self, then: timedelta | None) -> None:
        self.life.gives_time_back()
        self.after(then)

    @rule(which=WHICH, more=st.booleans())
    def says_yes_to_taken_time_again_and_again(self, which: int, more: bool) -> None:  # noqa: FBT001  whether more comes
        meeting = self.chosen(which, sent=False)
        if meeting is None:
            return
        self.life.takes_time(meeting.span)
        for _ in range(2):
            self.life.says_yes(meeting, "title")
            self.after(3 * MINUTE)
            if meeting not in self.life.at_hand():
                return
        if more:
            self.life.takes_time(meeting.span)
        self.after(3 * MINUTE)

    @rule(
        which=WHICH,
        what=st.sampled_from(["yes", "no", "move", "place", "delete"]),
        taken=st.booleans(),
    )
    def the_hand_comes_in_between(self, which: int, what: str, taken: bool) -> None:  # noqa: FBT001  why it is written
        """Something is done to an object just when connectd is about to write it."""
        chosen = self.chosen(which, sent=False)
        if chosen is None:
            return

        def between(href: str) -> bool:
            if href != self.life.href(chosen.uid):
                return False
            if what == "yes":
                self.life.says_yes(chosen, "title")
            elif what == "no":
                self.life.says_no(chosen, "title")
            elif what == "move":
                self.life.moves(chosen, self.life.lies_at(chosen).start + DAY)
            elif what == "delete":
                self.life.deletes(chosen)
            else:
                self.life.edit(chosen, lambda event: event.update({"LOCATION": "Park"}))
            return True

        if taken:
            self.life.takes_time(chosen.span)
        else:
            self.life.says_yes(chosen, "title")
            self.after(MINUTE)
        self.life.account.between = between
        self.after(3 * MINUTE)
        self.life.account.between = lambda _: True

    @rule(mishap=st.sampled_from(Mishap), down=st.booleans())
    def a_write_goes_wrong(self, mishap: Mishap, down: bool) -> None:  # noqa: FBT001  the server's state
        self.life.account.mishap, self.life.account.down_after_it = mishap, down

    @rule(down=st.booleans(), unlisted=st.booleans(), forgetful=st.booleans())
    def the_server_is_so(self, down: bool, unlisted: bool, forgetful: bool) -> None:  # noqa: FBT001  its state
        account = self.life.account
        account.down = down and unlisted
        account.unlisted = {self.life.work} if unlisted else set()
        account.forgetful = self.life.drafts if forgetful and not unlisted else ""

    @rule()
    def all_is_well_again(self) -> None:
        account = self.life.account
        account.down, account.unlisted, account.forgetful, account.mishap = False, set(), "", None
        self.after(3 * MINUTE)

    @precondition(lambda self: self.life.sender == "mail")
    @rule(stage=st.sampled_from([s for s in Stage if s is not Stage.ACCEPTED]))
    def a_mail_breaks_off(self, stage: Stage) -> None:
        self.life.mail.breaks_off = stage

    @rule()
    def it_starts_again(self) -> None:
        self.life.restart()

    @rule(later=st.sampled_from([MINUTE, 3 * MINUTE, 11 * MINUTE, 5 * HOUR, DAY, 3 * DAY]))
    def time_passes(self, later: timedelta) -> None:
        self.after(later)


LivesOnACalendar.TestCase.settings = settings(
    max_examples=25 * int(os.environ.get("MORE_EXAMPLES", "1")),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestLivesOnACalendar = LivesOnACalendar.TestCase


def test_what_a_client_writes_anew_lies_where_the_user_moved_it() -> None:
    lives = LivesOnACalendar()
    try:
        lives.begin(("server", "invitation"))
        lives.says_yes_to_taken_time_again_and_again(which=0, more=False)
        lives.the_hand_comes_in_between(which=0, what="move", taken=False)
        (moved,) = (m for m in lives.life.at_hand() if m.overruled)
        to = lives.life.lies_at(moved)
        assert to != moved.span
        lives.life.writes_anew(moved, ok=True)
        lives.after(MINUTE)
        (anew,) = (m for m in lives.life.open() if m.contact == moved.contact)
        assert (anew.span, anew.overruled) == (to, False)
    finally:
        lives.teardown()
