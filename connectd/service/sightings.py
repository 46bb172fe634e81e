"""What the calendars show of our own meetings: answers, moves, replies, absence."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from connectd.domain.model import SENT, Meeting, Reply
from connectd.domain.replies import together
from connectd.domain.view import Answer, Gesture, Sighting, Told
from connectd.edges.caldav_server import CalendarObject
from connectd.edges.store import Placement
from connectd.errors import CredentialsError, ServerError
from connectd.formats.gestures import gesture_from_json, gesture_to_json
from connectd.service.following_up import what_was_told
from connectd.service.gestures import read_gesture
from connectd.service.look_alikes import look_alikes, take_over, with_a_yes
from connectd.service.means import Means
from connectd.service.reading import View
from connectd.service.sent_already import take_as_sent
from connectd.service.survey import Chosen, Survey


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where an object of ours lies now, and in which version."""

    calendar: str
    href: str
    etag: str
    text: str | None


def look_for(
    meetings: Sequence[Meeting],
    replies: Mapping[str, tuple[Reply, ...]],
    means: Means,
    found: Survey,
    view: View,
    now: datetime,
) -> dict[str, Sighting]:
    """One sighting for each open meeting whose calendar was read; the others have none.

    An object that has left its calendar is asked for by itself: only the server's word that
    it is gone (404 or 410) counts, and since when is recorded; but while some calendar cannot
    be read, it may have been moved there. A draft that is gone may have been written anew
    under another UID: one that says yes is followed there, and its meeting has that UID from
    then on. ``replies`` are the answers from elsewhere than the object, by UID.
    """
    calendars = {chosen.info.url: chosen for chosen in found.chosen}
    told = what_was_told(means, found)
    sightings: dict[str, Sighting] = {}
    gone: list[tuple[Meeting, Placement]] = []
    for meeting in meetings:
        placement = means.store.placement(meeting.uid) if meeting.is_open else None
        if placement is None or placement.etag is None:
            continue
        if placement.calendar not in view.calendars:
            continue
        means.progress()
        try:
            seen = _find(meeting, placement, means, view, now)
        except (CredentialsError, ServerError):
            continue
        if seen is None and view.unread:
            continue
        _note_absence(meeting, means, now, gone=seen is None)
        gesture = _gesture(meeting, placement, seen, found, means, now) if seen else None
        sightings[meeting.uid] = _sighting(
            gesture, replies.get(meeting.uid, ()), told.get(meeting.uid, Told.OPEN)
        )
        if seen is None and meeting.state not in SENT:
            gone.append((meeting, placement))
    if gone:
        sightings |= _written_anew(gone, meetings, view, calendars, means, now)
    return sightings


def _sighting(gesture: Gesture | None, elsewhere: tuple[Reply, ...], told: Told) -> Sighting:
    """What is seen of a meeting: an answer ``elsewhere`` outranks that person's in the object.

    It is known to be to this time, and so is what all say together if nothing else is in it.
    """
    in_object = (gesture.replies or (gesture.reply,)) if gesture else ()
    each = tuple(
        there if there is not Reply.NONE else here
        for there, here in zip_longest(elsewhere, in_object, fillvalue=Reply.NONE)
    )
    reply = together(each)
    return Sighting(
        gesture,
        reply=reply,
        to_this_time=bool(elsewhere) and together(elsewhere) is reply,
        told=told,
        replies=each if len(each) > 1 else (),
    )


def _written_anew(
    gone: Sequence[tuple[Meeting, Placement]],
    meetings: Sequence[Meeting],
    view: View,
    calendars: Mapping[str, Chosen],
    means: Means,
    now: datetime,
) -> dict[str, Sighting]:
    """The drafts among ``gone`` that stand in the calendar under another UID."""
    alike = look_alikes(gone, meetings, view.calendars, means)
    answered = with_a_yes(alike)
    sightings: dict[str, Sighting] = {}
    for meeting, placement in gone:
        if not alike[meeting.uid]:
            continue
        sightings[meeting.uid] = Sighting(None, look_alike=True)
        if one := answered.get(meeting.uid):
            with suppress(CredentialsError, ServerError):
                if taken := take_over(meeting, placement, one, calendars, means, now):
                    sightings[taken[0].uid] = Sighting(taken[1])
    return sightings


def _find(
    meeting: Meeting, placement: Placement, means: Means, view: View, now: datetime
) -> _Seen | None:
    """Where the object is: at its place, in another of my calendars, or outside the window.

    Once a meeting is over, one that is gone decides nothing: it is not asked for time and again.
    """
    store = means.store
    entry = means.shelf.of(placement.calendar, store).get(placement.href)
    if entry:
        return _Seen(placement.calendar, placement.href, entry.etag, None)
    if elsewhere := means.shelf.find(placement.uid, view.calendars, store):
        calendar, entry = elsewhere
        return _Seen(calendar, entry.href, entry.etag, None)
    if meeting.missing_since and meeting.state in SENT and meeting.span.end <= now:
        return None
    stored = means.servers[placement.account].get(placement.href)
    if stored is None or stored.etag is None:
        return None
    return _Seen(placement.calendar, placement.href, stored.etag, stored.text)


def _gesture(
    meeting: Meeting,
    placement: Placement,
    seen: _Seen,
    found: Survey,
    means: Means,
    now: datetime,
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
    stored = CalendarObject(seen.href, seen.etag, text)
    take_as_sent(meeting, gesture, stored, means, found, now)
    there = next(chosen for chosen in found.chosen if chosen.info.url == seen.calendar)
    moved_to_accepted = there.accepted and not there.drafts and not meeting.conflict
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


def _note_absence(meeting: Meeting, means: Means, now: datetime, *, gone: bool) -> None:
    """Keep since when the object is gone, from the first time that it was missed."""
    if gone == (meeting.missing_since is not None):
        return
    noted = meeting._replace(missing_since=now if gone else None)
    means.store.save_meeting(noted, was=meeting.state)
