"""What waits for the user: answers, promises, introductions, and people to be told."""

from collections.abc import Callable, Container, Iterable, Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectd.domain.introductions import Bringing, Introduction, Opting
from connectd.domain.model import SENT, Delivery, Fact, Meeting, State
from connectd.domain.spans import local_day

_PROMISES_AHEAD = timedelta(days=7)
_MAY_NOT_KNOW = frozenset({Delivery.MANUAL, Delivery.UNKNOWN})


class Awaited(StrEnum):
    """What the user is to do."""

    DRAFT = "draft"
    SECOND_YES = "second_yes"
    DONE = "done"
    PROMISE = "promise"
    INTRODUCTION = "introduction"
    TELL = "tell"


class Waiting(NamedTuple):
    """One thing that waits for the user.

    It concerns ``contact``, and ``other`` where a second person takes part. ``text`` says in
    words what is to be done, or what was promised, as it was written. ``on`` is the local day
    of the meeting, or the day on which the promise is due.
    """

    kind: Awaited
    contact: str
    other: str | None
    text: str
    on: date | None


def waiting(
    now: datetime,
    zone: ZoneInfo,
    meetings: Iterable[Meeting],
    promises: Iterable[Fact],
    introductions: Iterable[Introduction],
    given_up: Container[Introduction] = (),
) -> tuple[Waiting, ...]:
    """Everything that waits for the user, each kind by day.

    ``meetings`` are the open ones and those that ended of late, ``promises`` those that are
    open, of which the ones due within a week or overdue wait. An introduction waits while it is
    to be decided on, while somebody's answer is out (the user hears it), while the mail that
    brings two together is to be sent, and where no meeting of three came about, ``given_up``.
    """
    today = local_day(now, zone)
    found = [
        *(one for meeting in meetings for one in _of_meeting(meeting, now, zone)),
        *(
            Waiting(Awaited.PROMISE, promise.contact, None, promise.text, promise.due)
            for promise in promises
            if promise.due is not None and promise.due <= today + _PROMISES_AHEAD
        ),
        *(
            one
            for introduction in introductions
            for one in _of_introduction(introduction, given_up)
        ),
    ]
    order = list(Awaited)
    return tuple(sorted(found, key=lambda one: (order.index(one.kind), one.on or date.max)))


def may_not_know(meeting: Meeting, now: datetime) -> bool:
    """Whether it is off, and somebody may come all the same; of two, one may have declined."""
    off = meeting.state is State.CANCELLED or _is_off_for_one_of_two(meeting)
    return off and meeting.delivery in _MAY_NOT_KNOW and now < meeting.span.start


def _is_off_for_one_of_two(meeting: Meeting) -> bool:
    return meeting.state is State.TURNED_DOWN and meeting.other is not None


def _of_meeting(meeting: Meeting, now: datetime, zone: ZoneInfo) -> Iterator[Waiting]:
    def one(kind: Awaited, text: str) -> Waiting:
        day = local_day(meeting.span.start, zone)
        return Waiting(kind, meeting.contact, meeting.other, text, day)

    if meeting.state is State.DRAFTED:
        yield one(Awaited.DRAFT, "say yes or no to the draft")
    elif meeting.state is State.ACCEPTED and meeting.is_contested:
        yield one(Awaited.SECOND_YES, f"say yes once more, or free the time: {meeting.conflict}")
    elif meeting.state in SENT and meeting.span.end <= now:
        yield one(Awaited.DONE, "say whether the meeting took place")
    elif meeting.state is State.INVITED or may_not_know(meeting, now):
        yield from _to_tell(meeting, one)


def _to_tell(meeting: Meeting, one: Callable[[Awaited, str], Waiting]) -> Iterator[Waiting]:
    what = "of the meeting" if meeting.is_open else "that the meeting is off"
    if meeting.delivery is Delivery.MANUAL:
        yield one(Awaited.TELL, f"tell them {what}, connectd has sent nothing")
    elif meeting.delivery is Delivery.UNKNOWN:
        yield one(Awaited.TELL, f"make sure that they know {what}: {meeting.delivery_detail}")


def _of_introduction(
    introduction: Introduction, given_up: Container[Introduction]
) -> Iterator[Waiting]:
    match introduction.state:
        case Opting.SUGGESTED:
            text = "to decide"
        case Opting.ASKED_FIRST | Opting.ASKED_SECOND:
            text = _asking(introduction)
        case Opting.AGREED if introduction.by is Bringing.MAIL:
            text = "the mail is to be sent"
        case Opting.AGREED if introduction in given_up:
            text = "no draft came to a meeting: write to both, or drop it"
        case _:
            return
    first, second = introduction.people
    yield Waiting(Awaited.INTRODUCTION, first, second, text, None)


def _asking(introduction: Introduction) -> str:
    """What goes on while both are asked, each alone."""
    out = [who for who in introduction.asked if who not in introduction.agreed]
    if out:
        return f"{' and '.join(out)} {'was' if len(out) == 1 else 'were'} asked"
    return f"{' and '.join(w for w in introduction.people if w not in introduction.asked)} is next"
