"""Understands what the user did to an object of ours in a calendar client.

A gesture is a transition from the version that connectd wrote last: what was there before
says nothing. Whatever is in doubt is no yes, and any no beats any yes.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

from connectd.domain.model import Reply, Span
from connectd.domain.replies import together
from connectd.domain.view import Answer, Gesture
from connectd.errors import UnreadableEventError
from connectd.formats.marks import category_answers, title_answer
from connectd.formats.replies import reply_in
from connectd.formats.stored_event import StoredEvent, read_stored

UNREADABLE = "could not be read"
WITHOUT_A_TIME = "it became an all-day event, so that there is no time to invite for"

_LENGTH_WHERE_NONE_IS_GIVEN = timedelta(hours=1)
_SPOKEN = {Answer.YES: "yes", Answer.NO: "no"}
_BY_PARTSTAT = {"ACCEPTED": Answer.YES, "DECLINED": Answer.NO}
_BY_STATUS = {"CONFIRMED": Answer.YES, "CANCELLED": Answer.NO}


def read_gesture(
    before: str, after: str, me: Sequence[str], people: Sequence[Sequence[str]]
) -> Gesture:
    """Compare ``before``, the version connectd wrote last, with ``after``, the stored one.

    Both are texts as read from the server, ``me`` all addresses of the user, ``people`` those of
    each contact the meeting is with. ``after`` may be anything: where it cannot be understood,
    the gesture has no answer, the old span, and says so in ``how``. An answer to an all-day event
    is no yes either, but its days are the span. Raises UnreadableEventError only if ``before``
    cannot be read.
    """
    old = read_stored(before)
    zone = old.zone
    old_span = old.span(zone, _LENGTH_WHERE_NONE_IS_GIVEN)
    if old_span is None:
        raise UnreadableEventError("The last version of the event has no time.")
    try:
        new = read_stored(after)
    except UnreadableEventError:
        return Gesture(old_span, how=UNREADABLE)
    if new.uid != old.uid:
        return Gesture(old_span, how=UNREADABLE)
    span = _span(new, zone, old_span)
    answer, how = _answer(old, new, me)
    if answer is Answer.YES and span is None:
        answer, how = Answer.NONE, UNREADABLE
    if answer is Answer.YES and new.all_day:
        answer, how = Answer.NONE, WITHOUT_A_TIME
    replies = tuple(reply_in(new, person) for person in people)
    return Gesture(
        span or old_span,
        answer,
        how,
        together(replies),
        series=new.recurring,
        sequence=new.sequence,
        replies=replies if len(people) > 1 else (),
    )


def read_confined(request: dict[str, Any]) -> dict[str, Any]:
    """``read_gesture`` for a process of its own: JSON in, JSON out.

    The gesture is null where ``before`` cannot be read.
    """
    try:
        gesture = read_gesture(
            request["before"], request["after"], request["me"], request["people"]
        )
    except UnreadableEventError:
        return {"gesture": None}
    return {"gesture": gesture_to_json(gesture)}


def gesture_to_json(gesture: Gesture) -> dict[str, Any]:
    """A gesture as a JSON object."""
    return {
        "start": gesture.span.start.isoformat(),
        "end": gesture.span.end.isoformat(),
        "answer": gesture.answer.value,
        "how": gesture.how,
        "reply": gesture.reply.value,
        "series": gesture.series,
        "sequence": gesture.sequence,
        "replies": [reply.value for reply in gesture.replies],
    }


def gesture_from_json(stored: dict[str, Any]) -> Gesture:
    """The reverse of ``gesture_to_json``."""
    return Gesture(
        span=Span(_moment(stored["start"]), _moment(stored["end"])),
        answer=Answer(stored["answer"]),
        how=stored["how"],
        reply=Reply(stored["reply"]),
        series=stored["series"],
        sequence=stored.get("sequence", 0),
        replies=tuple(map(Reply, stored.get("replies", ()))),
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _span(new: StoredEvent, zone: tzinfo, old: Span) -> Span | None:
    return None if new.doubtful else new.span(zone, old.length)


def _answer(old: StoredEvent, new: StoredEvent, me: Sequence[str]) -> tuple[Answer, str]:
    traces = list(_traces(old, new, me))
    for wanted in (Answer.NO, Answer.YES):
        if told := [how for answer, how in traces if answer is wanted]:
            return wanted, ", ".join(told)
    return Answer.NONE, ""


def _traces(old: StoredEvent, new: StoredEvent, me: Sequence[str]) -> Iterator[tuple[Answer, str]]:
    yield from _by_partstat(old, new, me)
    for status in sorted(new.statuses - old.statuses):
        if status in _BY_STATUS:
            yield _BY_STATUS[status], f"the status became {status.lower()}"
    answer = title_answer(old.title, new.title)
    if answer is not Answer.NONE:
        yield answer, f"the title starts with {_SPOKEN[answer]}"
    for answer in sorted(category_answers(old.categories, new.categories)):
        yield answer, f"a category says {_SPOKEN[answer]}"


def _by_partstat(
    old: StoredEvent, new: StoredEvent, me: Sequence[str]
) -> Iterator[tuple[Answer, str]]:
    """An answer to being asked; who was not asked cannot accept, but decline."""
    was = {attendee.answer for attendee in old.attendees_among(me)}
    now = {attendee.answer for attendee in new.attendees_among(me)}
    for partstat in sorted(now - was):
        answer = _BY_PARTSTAT.get(partstat)
        if answer is Answer.NO or (answer is Answer.YES and was):
            yield answer, f"you {partstat.lower()} it"
