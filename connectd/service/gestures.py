"""Has a stored object compared with what connectd last wrote, in the confined child."""

from dataclasses import replace

from connectd.domain.model import Meeting
from connectd.domain.view import Gesture
from connectd.edges.store import Placement
from connectd.errors import TooCostlyError
from connectd.formats.gestures import UNREADABLE, gesture_from_json
from connectd.service.means import Means
from connectd.service.of_three import addresses_of


def read_gesture(meeting: Meeting, placement: Placement, stored: str, means: Means) -> Gesture:
    """Compare the stored text with ours.

    One that cannot be read, or costs too much to read, says nothing, of the time neither.
    """
    request = {
        "what": "gesture",
        "before": placement.written,
        "after": stored,
        "me": list(means.my_addresses),
        "people": addresses_of(meeting, means.store),
    }
    try:
        gesture = means.reader.call(request)["gesture"]
    except TooCostlyError:
        gesture = None
    read = gesture_from_json(gesture) if gesture else Gesture(meeting.span)
    return replace(read, span=meeting.span) if read.how == UNREADABLE else read
