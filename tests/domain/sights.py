"""Every situation a meeting can be in, and everything that can be seen of it, by name."""

from dataclasses import replace
from datetime import datetime, timedelta

from domain_builders import NOW, meeting, policy, span

from connectd.domain.before_sending import BEFORE_CONFLICT
from connectd.domain.circumstances import Circumstances, Obstacle
from connectd.domain.model import OPEN, Meeting, Reply, Span, State
from connectd.domain.next_step import next_step
from connectd.domain.view import Action, Answer, Gesture, Held, Sighting, Told

YES, NO = Answer.YES, Answer.NO
TEN_MINUTES = timedelta(minutes=10)
SECOND = timedelta(seconds=1)

TIME = span("2026-11-10 10:00", 45)
OTHER_TIME = span("2026-11-11 14:00", 45)
BEFORE_NOW = Span(NOW - timedelta(hours=3), NOW - timedelta(hours=2))
OVER = Span(NOW - timedelta(hours=2), NOW - timedelta(hours=1))
EARLIER = NOW - timedelta(hours=1)
DENTIST = "“Dentist”"


def a_meeting(state: State, **given: object) -> Meeting:
    """One that lies ahead and has stood for a while, so that nothing but what is seen matters."""
    stood: dict[str, object] = {"drafted_at": NOW - timedelta(days=1)}
    if state is State.ACCEPTED:
        stood["accepted_at"] = EARLIER
    if state is State.CONFIRMED:
        stood["reply"] = Reply.ACCEPTED
    if state not in OPEN:
        stood["ended_at"] = EARLIER
    if conflict := given.get("conflict"):
        stood["conflicting"] = (conflict,)
    return meeting("ann", state, TIME, **(stood | given))


SITUATIONS: dict[str, Meeting] = {
    "a draft": a_meeting(State.DRAFTED),
    "a draft moved onto taken time": a_meeting(State.DRAFTED, moved=True, conflict=DENTIST),
    "accepted": a_meeting(State.ACCEPTED),
    "accepted in the shell": a_meeting(State.ACCEPTED, told_by="command"),
    "waiting for a second yes": a_meeting(
        State.ACCEPTED, told_by=BEFORE_CONFLICT, conflict=DENTIST
    ),
    "accepted twice": a_meeting(State.ACCEPTED, conflict=DENTIST, overruled=True),
    "invited": a_meeting(State.INVITED),
    "confirmed": a_meeting(State.CONFIRMED),
    "invited, over": a_meeting(State.INVITED, span=OVER),
    "confirmed, over": a_meeting(State.CONFIRMED, span=OVER),
    **{state.value: a_meeting(state) for state in State if state not in OPEN},
}
"""The states, told apart further where the record holds more that matters."""

TAKEN = frozenset({"a draft moved onto taken time", "waiting for a second yes", "accepted twice"})
"""The situations in which the time is taken by what the record says."""

SIGHTS: dict[str, Gesture | None] = {
    "untouched": Gesture(TIME),
    "yes": Gesture(TIME, YES),
    "no": Gesture(TIME, NO),
    "moved": Gesture(OTHER_TIME),
    "moved, yes": Gesture(OTHER_TIME, YES),
    "moved, no": Gesture(OTHER_TIME, NO),
    "moved into the past": Gesture(BEFORE_NOW),
    "moved into the past, yes": Gesture(BEFORE_NOW, YES),
    "moved into the past, no": Gesture(BEFORE_NOW, NO),
    "a series": Gesture(TIME, series=True),
    "a series, yes": Gesture(TIME, YES, series=True),
    "a series, no": Gesture(TIME, NO, series=True),
    "a series elsewhere": Gesture(OTHER_TIME, series=True),
    "gone": None,
    "gone for ten minutes": None,
    "gone, with a look-alike": None,
    "gone for ten minutes, with a look-alike": None,
}


def seen_in(situation: str, sight: str, reply: Reply = Reply.NONE) -> tuple[Meeting, Sighting]:
    """A meeting in a situation, as the record has it, and what is seen of it."""
    before = SITUATIONS[situation]
    gesture = SIGHTS[sight]
    if gesture:
        where = before.span if gesture.span == TIME else gesture.span
        gesture = replace(gesture, span=where, reply=reply, how="by a button")
    if "ten minutes" in sight:
        before = before._replace(missing_since=NOW - TEN_MINUTES)
    return before, Sighting(gesture, reply, look_alike="look-alike" in sight)


def around(situation: str) -> Circumstances:
    """What a situation depends on, where nothing but it and what is seen matters."""
    return circumstances(obstacle=DENTIST if situation in TAKEN else None, takes_tasks=True)


def circumstances(  # noqa: PLR0913 - one for each thing that a step depends on
    now: datetime = NOW,
    *,
    complete: bool = True,
    takes_tasks: bool = False,
    obstacle: Obstacle | str | None = None,
    moot: str | None = None,
    barred: str | None = None,
    called_off: str | None = None,
    only_at: Span | None = None,
    **rules: int,
) -> Circumstances:
    """Circumstances as given; the obstacle stands at every time, or ``only_at`` one.

    Where it is given in words alone, one event takes the time, which these tell from others.
    """
    stands = Obstacle(obstacle, (obstacle,)) if isinstance(obstacle, str) else obstacle

    def obstacle_to(meeting: Meeting) -> Obstacle | None:
        return stands if only_at in {None, meeting.span} else None

    return Circumstances(
        now=now,
        rules=policy(**rules).rules,
        complete=complete,
        takes_tasks=takes_tasks,
        early_follow_up=False,
        obstacle=obstacle_to,
        moot=lambda _: moot,
        barred=lambda _: barred,
        called_off=lambda _: called_off,
        listed=lambda _: barred is None,
    )


def step(
    state: State, sighting: Sighting | None, seen: Circumstances | None = None, **given: object
) -> Action | Held | None:
    """The next step of a meeting that lies ahead."""
    return next_step(a_meeting(state, **given), sighting, seen or circumstances())


def action(
    state: State, sighting: Sighting | None, seen: Circumstances | None = None, **given: object
) -> Action:
    """The same where it must be a step."""
    taken = step(state, sighting, seen, **given)
    assert isinstance(taken, Action), taken
    return taken


def shows(
    answer: Answer = Answer.NONE,
    reply: Reply = Reply.NONE,
    *,
    at: Span = TIME,
    sequence: int = 0,
    told: Told = Told.OPEN,
) -> Sighting:
    """The object, with what was done to it."""
    return Sighting(Gesture(at, answer, "by a button", reply, sequence=sequence), reply, told=told)
