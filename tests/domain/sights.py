"""Meetings that lie ahead, and everything that the calendars can show of them, by name."""

from collections.abc import Callable
from datetime import datetime, timedelta

from domain_builders import NOW, meeting, policy, span

from connectd.domain.lifecycle import Circumstances, next_step
from connectd.domain.model import Meeting, State
from connectd.domain.view import Action, Answer, Gesture, Held, Reply, Sighting

TIME = span("2026-11-10 10:00", 45)
OTHER_TIME = span("2026-11-11 14:00", 45)
EARLIER = NOW - timedelta(hours=1)


def a_meeting(state: State, **given: object) -> Meeting:
    """One that lies ahead and has stood for a while, so that nothing but what is seen matters."""
    stood = {"drafted_at": NOW - timedelta(days=1)}
    if state is State.ACCEPTED:
        stood["accepted_at"] = EARLIER
    return meeting("ann", state, TIME, **(stood | given))


def circumstances(
    now: datetime = NOW,
    *,
    complete: bool = True,
    obstacle: str | None = None,
    moot: str | None = None,
    **rules: int,
) -> Circumstances:
    return Circumstances(now, policy(**rules).rules, complete, lambda _: obstacle, lambda _: moot)


def step(
    state: State, sighting: Sighting | None, seen: Circumstances | None = None, **given: object
) -> Action | Held | None:
    return next_step(a_meeting(state, **given), sighting, seen or circumstances())


def shows(
    answer: Answer = Answer.NONE,
    reply: Reply = Reply.NONE,
    *,
    moved: bool = False,
    series: bool = False,
) -> Sighting:
    where = OTHER_TIME if moved else TIME
    return Sighting(Gesture(where, answer, how="by a button", series=series), reply)


def gone(since: timedelta | None) -> Callable[[Meeting], Meeting]:
    return lambda m: m._replace(missing_since=NOW - since if since is not None else None)


def present(meeting: Meeting) -> Meeting:
    return meeting


YES, NO = Answer.YES, Answer.NO
TEN_MINUTES = timedelta(minutes=10)
SECOND = timedelta(seconds=1)

SEEN: dict[str, tuple[Callable[[Meeting], Meeting], Sighting | None]] = {
    "not looked at": (present, None),
    "not looked at, gone long before": (gone(timedelta(days=1)), None),
    "gone for the first time": (gone(None), Sighting(None)),
    "gone for less than ten minutes": (gone(TEN_MINUTES - SECOND), Sighting(None)),
    "gone for ten minutes": (gone(TEN_MINUTES), Sighting(None)),
    "back after an hour": (gone(timedelta(hours=1)), shows()),
    "untouched": (present, shows()),
    "yes": (present, shows(YES)),
    "no": (present, shows(NO)),
    "moved": (present, shows(moved=True)),
    "moved, yes": (present, shows(YES, moved=True)),
    "moved, no": (present, shows(NO, moved=True)),
    "they say yes": (present, shows(reply=Reply.ACCEPTED)),
    "they say maybe": (present, shows(reply=Reply.TENTATIVE)),
    "they say no": (present, shows(reply=Reply.DECLINED)),
    "yes, they say no": (present, shows(YES, Reply.DECLINED)),
    "no, they say yes": (present, shows(NO, Reply.ACCEPTED)),
    "no, they say no": (present, shows(NO, Reply.DECLINED)),
    "moved, they say yes": (present, shows(reply=Reply.ACCEPTED, moved=True)),
    "moved, they say no": (present, shows(reply=Reply.DECLINED, moved=True)),
    "moved, no, they say yes": (present, shows(NO, Reply.ACCEPTED, moved=True)),
    "a series": (present, shows(series=True)),
    "a series, yes": (present, shows(YES, series=True)),
    "a series, no": (present, shows(NO, series=True)),
    "a series, they say no": (present, shows(reply=Reply.DECLINED, series=True)),
}
