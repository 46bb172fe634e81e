"""The readings of foreign bytes that a child process is asked for, by name."""

from typing import Any

from connectd.formats import (
    address_cards,
    availability,
    calendar_reader,
    free_busy,
    gestures,
    replies,
)

_READERS = {
    "availability": availability.read_confined,
    "cards": address_cards.read_confined,
    "object": calendar_reader.read_confined,
    "free_busy": free_busy.read_confined,
    "gesture": gestures.read_confined,
    "replies": replies.read_confined,
}


def read(request: dict[str, Any]) -> dict[str, Any]:
    """Answer one request (``what`` names the reading); JSON in, JSON out."""
    return _READERS[request["what"]](request)
