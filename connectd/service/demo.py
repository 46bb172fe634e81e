"""The demo: a month with connectd, played on a real server by the code that a user runs.

Alice answers her drafts in another calendar client, and the clock is moved; everything else
is as it always is. No step is told that was not looked at.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Event

from connectd.domain.model import Meeting, Span, State
from connectd.domain.view import Name
from connectd.errors import ConnectdError, DemoError
from connectd.formats import client_edits
from connectd.service.demo_scenes import (
    Line,
    Scene,
    delivery,
    draft,
    invitation,
    point,
    progress,
    say,
    two_weeks,
    when,
)
from connectd.service.demo_stage import Stage, expect
from connectd.service.demo_world import BACK_FROM_VACATION, MET_IN_CALENDAR, MY_ADDRESS, ZONE
from connectd.service.tick import Report, tick

_MOVED_TO = (BACK_FROM_VACATION + 1, "15:00")
_ALL_ARE_OVER = 18
_LAST_DAY = 21
_AT_ONCE = 3
_NEED = "a mentor for a new colleague"
_LOOK_EVERY_SECONDS = 5.0

Told = Iterator[Line]


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of the story: on which day and when, what it is called, and what it does."""

    days: int
    clock: str
    title: str
    act: Callable[[datetime], Told]


class Story:
    """What happens on a stage whose server is empty."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._accepted: Meeting
        self._declined: Meeting
        self._moved: Meeting
        self._instead: Meeting

    def scenes(self) -> Iterator[Scene]:
        """Play one step after the other; raises DemoError naming the one that went wrong."""
        for step in self._steps():
            at = self._stage.moment(step.days, step.clock)
            try:
                lines = tuple(step.act(at))
            except ConnectdError as error:
                reason = str(error).removesuffix(".")
                raise DemoError(f"The demo went wrong at “{step.title}”: {reason}.") from error
            last = step.days == _LAST_DAY
            yield Scene(at, step.title, lines, self._stage.status(at) if last else None)

    def _steps(self) -> tuple[_Step, ...]:
        return (
            _Step(0, "08:00", "Alice makes a list and sets a goal", self._begin),
            _Step(
                0, "08:05", "connectd tick: it reads her calendars and writes drafts", self._draft
            ),
            _Step(0, "12:00", "Alice answers in her calendar client", self._answer),
            _Step(0, "12:05", "connectd tick: it sees her answers", self._listen),
            _Step(0, "12:10", "connectd tick: a yes becomes an invitation", self._invite),
            _Step(1, "18:00", "Alice answers on a phone that has no buttons for it", self._say_ok),
            _Step(3, "17:30", "Alice marks the first meeting as done", self._meet_first),
            _Step(_ALL_ARE_OVER, "17:30", "Alice marks the other two", self._meet_others),
            _Step(_LAST_DAY, "08:00", "connectd tick, connectd status", self._go_on),
        )

    def _begin(self, at: datetime) -> Told:
        calendars = self._stage.fill_calendars()
        added = self._stage.import_people(at)
        goal = self._stage.means.policy.goal
        categories = dict.fromkeys(contact.category for contact in added)
        yield say(
            f"Her goal: {goal.people_per_month} different people a month. On her list: "
            f"{len(added)} people, in the categories {_and(categories)}."
        )
        yield say(
            f"Her calendars {_and(calendars)} hold meetings that recur, a call in New York time, "
            "a vacation from Friday on, and a sales pitch on Thursday that she has declined."
        )

    def _draft(self, at: datetime) -> Told:
        stage = self._stage
        report = stage.tick(at)
        drafts = sorted(_drafted(report, stage), key=lambda meeting: meeting.span)
        expect(len(drafts) == _AT_ONCE, f"{len(drafts)} drafts were made instead of {_AT_ONCE}")
        self._accepted, self._declined, self._moved = drafts
        snapshot = stage.look(at)
        yield from two_weeks(snapshot, stage.means.config, at)
        for meeting in drafts:
            stage.expect_draft(meeting, snapshot)
            yield from draft(meeting, stage.contact(meeting), ZONE)
        yield say("The drafts stand in Alice's own calendar; nobody else knows of them.")
        found = [deed for deed in report.applied if deed.contact == MET_IN_CALENDAR]
        expect(len(found) == 1, "the meeting that took place already was not found")
        yield say(f"She met Noor Nasser without connectd's doing: {found[0].detail}.")

    def _answer(self, at: datetime) -> Told:
        del at  # a calendar client asks nobody for the time
        stage = self._stage
        start = stage.moment(*_MOVED_TO)
        elsewhere = Span(start, start + self._moved.span.length)

        def accept(text: str) -> str:
            return client_edits.answered(text, MY_ADDRESS, "ACCEPTED")

        def decline(text: str) -> str:
            return client_edits.answered(text, MY_ADDRESS, "DECLINED")

        stage.edit(self._accepted, accept)
        yield point(f"{stage.name(self._accepted)}: she presses Accept.")
        stage.edit(self._declined, decline)
        yield point(f"{stage.name(self._declined)}: she presses Decline.")
        stage.edit(self._moved, lambda text: accept(client_edits.moved(text, elsewhere)))
        yield point(
            f"{stage.name(self._moved)}: she drags it to {when(elsewhere, ZONE)}, and presses "
            "Accept."
        )

    def _listen(self, at: datetime) -> Told:
        stage = self._stage
        report = stage.tick(at)
        stage.expect_state(self._accepted, State.ACCEPTED)
        stage.expect_state(self._declined, State.DECLINED)
        stage.expect_gone(self._declined)
        moved = stage.expect_state(self._moved, State.ACCEPTED)
        expect(moved.span.start == stage.moment(*_MOVED_TO), "the new time was not seen")
        for meeting in (self._accepted, self._declined, moved):
            yield point(f"{stage.name(meeting)}: {_detail(report, meeting)}.")
        person, rules = stage.first_name(self._declined), stage.means.policy.rules
        yield say(
            f"The draft for {person} is gone, {person} never hears of it, and is left alone for "
            f"{rules.pause_days} days. Somebody else is due instead:"
        )
        self._instead = min(_drafted(report, stage), key=lambda meeting: meeting.span)
        stage.expect_draft(self._instead, stage.look(at))
        yield from draft(self._instead, stage.contact(self._instead), ZONE)

    def _invite(self, at: datetime) -> Told:
        stage = self._stage
        stage.tick(at)
        grace = stage.means.policy.rules.grace_minutes
        yield say(
            f"The {grace} minutes in which she could think again are over. Each draft is now, in "
            "its place and under its UID, her invitation:"
        )
        for meeting in (self._accepted, self._moved):
            yield from invitation(stage.expect_invitation(meeting), stage.current(meeting), ZONE)
        yield delivery(stage.current(self._accepted))

    def _say_ok(self, at: datetime) -> Told:
        stage = self._stage
        written = stage.edit(self._instead, lambda text: client_edits.retitled(text, "OK "))
        report = stage.tick(at)
        stage.expect_state(self._instead, State.ACCEPTED)
        yield say(f"She puts OK in front of the title: “{written.title}”. On the next tick:")
        yield point(f"{stage.name(self._instead)}: {_detail(report, self._instead)}.")
        stage.tick(at + timedelta(minutes=stage.means.policy.rules.grace_minutes))
        sent = stage.expect_invitation(self._instead)
        yield say("And on the one after that:")
        yield from invitation(sent, stage.current(self._instead), ZONE)

    def _meet_first(self, at: datetime) -> Told:
        stage = self._stage
        yield from two_weeks(stage.look(at), stage.means.config, at)
        stage.done(self._accepted, at, [("need", _NEED)])
        yield point(f'$ connectd done {stage.first_name(self._accepted)} --need "{_NEED}"')
        yield progress(stage.standing(at))

    def _meet_others(self, at: datetime) -> Told:
        stage = self._stage
        for meeting in (self._moved, self._instead):
            stage.done(meeting, at)
            yield point(f"$ connectd done {stage.first_name(meeting)}")
        standing = stage.standing(at)
        expect(standing.met == standing.goal, f"{standing.met} people count as met")
        yield progress(standing)

    def _go_on(self, at: datetime) -> Told:
        stage = self._stage
        stage.tick(at)
        waiting = [m for m in stage.means.store.open_meetings() if m.state is State.DRAFTED]
        expect(len(waiting) == _AT_ONCE, f"{len(waiting)} drafts stand for the next month")
        yield say("This month needs nobody more. For the next one, drafts stand already:")


def watch(stage: Stage, clock: Callable[[], datetime], stopping: Event) -> Iterator[Report]:
    """Go on ticking until ``stopping`` is set; yields what is news."""
    last: tuple[object, ...] = ()
    while not stopping.wait(_LOOK_EVERY_SECONDS):
        report = tick(clock(), stage.means)
        happened = (*report.applied, *report.failures, *report.unread)
        if happened and happened != last:
            yield report
        last = happened


def _drafted(report: Report, stage: Stage) -> Iterator[Meeting]:
    """The drafts that a tick has made."""
    made = {deed.meeting for deed in report.applied if deed.action is Name.DRAFT}
    return (meeting for meeting in stage.means.store.open_meetings() if meeting.uid in made)


def _detail(report: Report, meeting: Meeting) -> str:
    """What a tick had to say about a meeting."""
    told = [deed.detail for deed in report.applied if deed.meeting == meeting.uid]
    expect(bool(told), f"the tick said nothing about {meeting.contact}")
    return "; ".join(told)


def _and(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
