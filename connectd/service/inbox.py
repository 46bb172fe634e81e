"""Replies that a scheduling server leaves in the schedule inbox instead of the event.

RFC 6638 section 4.1 lets a server put a contact's REPLY there; at least one server applies
it to events in the default calendar only.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from connectd.domain.model import SENT, Delivery, Meeting, Reply
from connectd.edges.caldav_server import CalDavServer, Home
from connectd.errors import CredentialsError, ServerError, TooCostlyError
from connectd.service.means import Means
from connectd.service.of_three import addresses_of
from connectd.service.survey import Survey


def inbox_replies(
    meetings: Iterable[Meeting], means: Means, found: Survey, now: datetime
) -> dict[str, tuple[Reply, ...]]:
    """The answers that lie in the schedule inboxes, by UID, one of each person of the meeting.

    An inbox is looked into only while an invitation waits that its server may not bring up to
    date by itself. One that cannot be read says what it said before; one in which nothing
    lies says nothing, since other servers bring the event itself up to date.
    """
    waiting = [
        meeting
        for meeting in meetings
        if meeting.state in SENT and meeting.delivery is Delivery.SERVER and now < meeting.span.end
    ]
    replies: dict[str, tuple[Reply, ...]] = {}
    for account, home in found.homes.items():
        here = {m.uid: m for m in waiting if _needs_inbox(m, account, home, means)}
        if here:
            said = _look_into(means.servers[account], home, here, f"inbox {account}", means)
            replies |= {uid: tuple(map(Reply, each)) for uid, each in said.items() if uid in here}
    return {uid: each for uid, each in replies.items() if set(each) != {Reply.NONE}}


def _needs_inbox(meeting: Meeting, account: str, home: Home, means: Means) -> bool:
    placement = means.store.placement(meeting.uid)
    return (
        home.inbox is not None
        and placement is not None
        and placement.account == account
        and placement.calendar != home.default_calendar
    )


def _look_into(
    server: CalDavServer, home: Home, waiting: Mapping[str, Meeting], note: str, means: Means
) -> dict[str, list[str]]:
    """What each person last said, by UID; only messages that are new are fetched.

    The note keeps each message's ETag, its text where it is about one of ours, and the
    conclusion, so that an inbox in which nothing changed costs one request.
    """
    known: dict[str, Any] = json.loads(means.store.get_note(note) or "{}")
    messages: dict[str, list[str]] = known.get("messages", {})
    try:
        seen = {
            href: messages[href]
            if messages.get(href, [""])[0] == etag
            else [etag, _about_ours(server, href, waiting)]
            for href, etag in server.inbox(home).items()
        }
        meant = {uid: _meant(meeting, means) for uid, meeting in waiting.items()}
        if seen == messages and meant == known.get("meetings"):
            return dict(known["each"])
        texts = [text for _, text in seen.values() if text]
        answer = means.reader.call({"what": "replies", "texts": texts, "meetings": meant})
    except (CredentialsError, ServerError, TooCostlyError):
        return dict(known.get("each", {}))
    kept = {"messages": seen, "meetings": meant, "each": answer["replies"]}
    means.store.set_note(note, json.dumps(kept))
    return dict(answer["replies"])


def _about_ours(server: CalDavServer, href: str, waiting: Iterable[str]) -> str:
    """The text of a message that names one of the UIDs waited for, else nothing."""
    message = server.get(href)
    return message.text if message and any(uid in message.text for uid in waiting) else ""


def _meant(meeting: Meeting, means: Means) -> dict[str, Any]:
    return {
        "people": addresses_of(meeting, means.store),
        "sequence": meeting.sequence,
        "start": meeting.span.start.isoformat(),
    }
