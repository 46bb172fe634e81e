"""What the other person said to an invitation, and what the server said of its delivery."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from connectd.domain.model import Reply
from connectd.domain.replies import strongest
from connectd.errors import UnreadableEventError
from connectd.formats.plain_text import clean
from connectd.formats.stored_event import StoredEvent, read_stored

_BY_PARTSTAT = {
    "ACCEPTED": Reply.ACCEPTED,
    "TENTATIVE": Reply.TENTATIVE,
    "DECLINED": Reply.DECLINED,
}


def reply_in(event: StoredEvent, contact: Sequence[str]) -> Reply:
    """What the contact's ATTENDEE line says; of several, a no counts most."""
    return strongest(
        _BY_PARTSTAT.get(attendee.answer, Reply.NONE) for attendee in event.attendees_among(contact)
    )


def latest_reply(
    texts: Iterable[str],
    uid: str,
    contact: Sequence[str],
    sequence: int = 0,
    start: datetime | None = None,
) -> Reply:
    """The contact's last word on ``uid`` among messages of a schedule inbox.

    Anything but an iTIP REPLY (RFC 5546 3.2.3), unreadable text too, says nothing. The last
    is the one to the highest SEQUENCE, then the one stamped last (RFC 5546 2.1.5). An answer
    to an invitation older than ``sequence``, or for another time than ``start``, is none: not
    every client raises the SEQUENCE when its user moves an event.
    """
    said: list[StoredEvent] = []
    for text in texts:
        try:
            message = read_stored(text, times=False)
        except UnreadableEventError:
            continue
        meant = message.method == "REPLY" and message.uid == uid
        to_this_one = message.sequence >= sequence and not _at_another_time(message, start)
        if meant and to_this_one and message.attendees_among(contact):
            said.append(message)
    if not said:
        return Reply.NONE
    return reply_in(max(said, key=lambda message: (message.sequence, message.stamp)), contact)


def read_confined(request: dict[str, Any]) -> dict[str, Any]:
    """``latest_reply`` for a process of its own, for several meetings at once.

    ``texts`` are messages of an inbox, ``meetings`` maps a UID to the addresses of each person
    and the SEQUENCE and start of the invitation. The answer has one reply for each person. JSON
    in, JSON out.
    """
    return {
        "replies": {
            uid: [_latest(request["texts"], uid, person, meant) for person in meant["people"]]
            for uid, meant in request["meetings"].items()
        }
    }


def _latest(texts: Sequence[str], uid: str, person: Sequence[str], meant: dict[str, Any]) -> str:
    start = datetime.fromisoformat(meant["start"])
    return latest_reply(texts, uid, person, meant["sequence"], start).value


def _at_another_time(message: StoredEvent, start: datetime | None) -> bool:
    """Whether it names a time, without a doubt, and that is not the one asked for."""
    named = message.start
    if start is None or not isinstance(named, datetime) or named.tzinfo is None:
        return False
    return named != start


def schedule_status(text: str, contact: Sequence[str]) -> str:
    """The server's SCHEDULE-STATUS for the contact (RFC 6638 3.2.9), or an empty text."""
    try:
        event = read_stored(text, times=False)
    except UnreadableEventError:
        return ""
    said = [one.parameters.get("SCHEDULE-STATUS", "") for one in event.attendees_among(contact)]
    return clean(next((status for status in said if status), ""))
