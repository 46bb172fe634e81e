"""What the calendars show of our own meetings: answers, moves, replies, absence."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from connectd.domain.model import Meeting
from connectd.domain.view import Answer, Gesture, Reply, Sighting
from connectd.edges.store import Placement
from connectd.errors import CredentialsError, ServerError, TooCostlyError
from connectd.formats.gestures import gesture_from_json, gesture_to_json
from connectd.service.means import Means
from connectd.service.reading import View
from connectd.service.survey import Chosen, Survey


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where an object of ours lies now, and in which version."""

    calendar: str
    href: str
    etag: str
    text: str | None


def look_for(
    meetings: Iterable[Meeting],
    replies: dict[str, Reply],
    means: Means,
    found: Survey,
    view: View,
    now: datetime,
) -> dict[str, Sighting]:
    """One sighting for each open meeting whose calendar was read; the others have none.

    An object that has left its calendar is asked for by itself: only the server's word that
    it is gone (404 or 410) counts, and since when is recorded; but while some calendar cannot
    be read, it may have been moved there. ``replies`` are the contacts' answers from elsewhere
    than the object, by UID.
    """
    calendars = {chosen.info.url: chosen for chosen in found.chosen}
    sightings: dict[str, Sighting] = {}
    for meeting in meetings:
        placement = means.store.placement(meeting.uid) if meeting.is_open else None
        if placement is None or placement.etag is None:
            continue
        if placement.calendar not in view.calendars:
            continue
        try:
            seen = _find(placement, means, view)
        except (CredentialsError, ServerError):
            continue
        if seen is None and view.unread:
            continue
        _note_absence(meeting, means, now, gone=seen is None)
        gesture = _gesture(meeting, placement, seen, calendars, means) if seen else None
        reply = replies.get(meeting.uid, gesture.reply if gesture else Reply.NONE)
        sightings[meeting.uid] = Sighting(gesture, reply)
    return sightings


def _find(placement: Placement, means: Means, view: View) -> _Seen | None:
    """Where the object is: at its place, in another of my calendars, or outside the window."""
    store = means.store
    entry = means.shelf.of(placement.calendar, store).get(placement.href)
    if entry:
        return _Seen(placement.calendar, placement.href, entry.etag, None)
    if elsewhere := means.shelf.find(placement.uid, view.calendars, store):
        calendar, entry = elsewhere
        return _Seen(calendar, entry.href, entry.etag, None)
    stored = means.servers[placement.account].get(placement.href)
    if stored is None or stored.etag is None:
        return None
    return _Seen(placement.calendar, placement.href, stored.etag, stored.text)


def _gesture(
    meeting: Meeting,
    placement: Placement,
    seen: _Seen,
    calendars: Mapping[str, Chosen],
    means: Means,
) -> Gesture:
    """What was done to the object; worked out once for each of its versions, then remembered."""
    if seen.etag == placement.etag and seen.href == placement.href:
        if placement.gesture is None:
            return Gesture(meeting.span)
        return gesture_from_json(json.loads(placement.gesture))
    text = seen.text or means.store.object_text(seen.calendar, seen.href)
    if text is None:
        return Gesture(meeting.span)
    gesture = read_gesture(meeting, placement, text, means)
    there = calendars[seen.calendar]
    moved_to_accepted = there.accepted and not there.drafts
    if moved_to_accepted and gesture.answer is Answer.NONE and not gesture.how:
        gesture = replace(gesture, answer=Answer.YES, how="moved to the calendar for accepted ones")
    means.store.save_placement(
        placement._replace(
            account=there.account,
            calendar=seen.calendar,
            href=seen.href,
            etag=seen.etag,
            gesture=json.dumps(gesture_to_json(gesture)),
        )
    )
    return gesture


def read_gesture(meeting: Meeting, placement: Placement, stored: str, means: Means) -> Gesture:
    """Compare the stored text with ours; one that costs too much to read says nothing."""
    contact = means.store.contact(meeting.contact)
    request = {
        "what": "gesture",
        "before": placement.written,
        "after": stored,
        "me": list(means.my_addresses),
        "contact": list(contact.emails) if contact else [],
    }
    try:
        gesture = means.reader.call(request)["gesture"]
    except TooCostlyError:
        gesture = None
    return gesture_from_json(gesture) if gesture else Gesture(meeting.span)


def _note_absence(meeting: Meeting, means: Means, now: datetime, *, gone: bool) -> None:
    """Keep since when the object is gone, from the first time that it was missed."""
    if gone == (meeting.missing_since is not None):
        return
    noted = meeting._replace(missing_since=now if gone else None)
    means.store.save_meeting(noted, was=meeting.state)
