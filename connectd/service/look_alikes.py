"""Drafts that a calendar client deleted and wrote anew under another UID."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectd.domain.model import Meeting
from connectd.domain.view import Answer, Gesture, Name
from connectd.edges.store import Placement
from connectd.formats.amendments import renamed
from connectd.formats.gestures import gesture_to_json
from connectd.formats.look_alikes import likeness
from connectd.formats.recognition import title_of
from connectd.service.gestures import read_gesture
from connectd.service.means import Means
from connectd.service.survey import Chosen


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An object of nobody's with the title of a draft; its title says yes, or nothing."""

    calendar: str
    href: str
    uid: str
    says_yes: bool


def look_alikes(
    missing: Iterable[tuple[Meeting, Placement]],
    meetings: Iterable[Meeting],
    calendars: Sequence[str],
    means: Means,
) -> dict[str, list[LookAlike]]:
    """The look-alikes of each draft in ``missing``, whose object is gone, by its UID.

    One that says no is none: the draft is gone, as the user wants it.
    """
    known = {meeting.uid for meeting in meetings}
    titles = {meeting.uid: title_of(placement.written) for meeting, placement in missing}
    found: dict[str, list[LookAlike]] = {uid: [] for uid in titles}
    for calendar in calendars:
        for entry in means.shelf.of(calendar, means.store).values():
            reading = entry.reading
            if entry.uid in known or reading.recurring or not reading.events:
                continue
            for uid, title in titles.items():
                answer = likeness(title, reading.events[0].title)
                if answer not in (None, Answer.NO):
                    found[uid].append(
                        LookAlike(calendar, entry.href, entry.uid, answer is Answer.YES)
                    )
    return found


def with_a_yes(found: Mapping[str, Sequence[LookAlike]]) -> dict[str, LookAlike]:
    """The look-alikes that say yes, by the UID of the one draft that each can mean."""
    meant = Counter(one.uid for several in found.values() for one in several)
    yes = {uid: [one for one in several if one.says_yes] for uid, several in found.items()}
    return {
        uid: several[0]
        for uid, several in yes.items()
        if len(several) == 1 and meant[several[0].uid] == 1
    }


def take_over(
    meeting: Meeting,
    placement: Placement,
    found: LookAlike,
    calendars: Mapping[str, Chosen],
    means: Means,
    now: datetime,
) -> tuple[Meeting, Gesture] | None:
    """Know the draft by its new UID from now on, at its new place; None where that is gone too.

    What connectd wrote is compared with what the client made of it, as if it had kept the
    UID. Raises CredentialsError, ServerError.
    """
    there = calendars[found.calendar]
    stored = means.servers[there.account].get(found.href)
    if stored is None or stored.etag is None:
        return None
    renamed_meeting = meeting._replace(uid=found.uid, missing_since=None)
    moved = placement._replace(
        uid=found.uid,
        account=there.account,
        calendar=found.calendar,
        href=found.href,
        etag=stored.etag,
        written=renamed(placement.written, found.uid),
    )
    gesture = read_gesture(renamed_meeting, moved, stored.text, means)
    moved = moved._replace(gesture=json.dumps(gesture_to_json(gesture)))
    with means.store.transaction():
        means.store.rename_meeting(meeting.uid, found.uid)
        means.store.save_meeting(renamed_meeting, was=meeting.state)
        means.store.save_placement(moved)
        because = "your calendar program wrote the draft anew under another UID"
        means.store.log(now, Name.MOVE, meeting.contact, found.uid, because)
    return renamed_meeting, gesture
