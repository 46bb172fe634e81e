"""When other people are busy: the question to a server, and what is published, read as spans.

Of what they publish nothing is kept but the time.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import FreeBusy, vCalAddress

from connectd.domain.model import Span
from connectd.domain.spans import Spans, clip, merge
from connectd.formats.calendar_object import calendar_with, text_of
from connectd.formats.calendar_reader import read
from connectd.formats.content_lines import take_apart
from connectd.formats.readings import Perspective, span_from_json, span_to_json

SPANS_LIMIT = 2_000
"""Separate spans that are kept of what one person publishes."""


def question(organizer: str, attendees: Sequence[str], window: Span, now: datetime) -> str:
    """Ask when the attendees are busy in the window (a REQUEST, RFC 5546 section 3.3.2).

    All people are given by their mail addresses.
    """
    asked = FreeBusy()
    asked.add("UID", str(uuid5(NAMESPACE_URL, f"mailto:{organizer}?{now.isoformat()}")))
    asked.add("DTSTAMP", now)
    asked.add("DTSTART", window.start)
    asked.add("DTEND", window.end)
    asked.add("ORGANIZER", vCalAddress(f"mailto:{organizer}"))
    for attendee in attendees:
        asked.add("ATTENDEE", vCalAddress(f"mailto:{attendee}"))
    calendar = calendar_with(asked)
    calendar.add("METHOD", "REQUEST")
    return text_of(calendar)


def busy_spans(text: str, zone: str, addresses: Sequence[str], window: Span) -> Spans | None:
    """When the person is busy in the window, by a VFREEBUSY or by events; None if it is neither.

    ``zone`` is the IANA zone they live in, ``addresses`` are theirs in lower case: what they
    declined takes none of their time. What cannot be read for certain counts as busy, unless
    that would be the whole window: what somebody publishes never blocks every plan.
    """
    if not take_apart(text).is_calendar:
        return None
    reading = read(text, Perspective("", "", zone, tuple(addresses), window))
    busy = [event.span for event in reading.events if event.busy]
    unknown = [
        span
        for entry in reading.unreadable
        for span in entry.spans
        if not (span.start <= window.start and window.end <= span.end)
    ]
    return merge(clip([*busy, *unknown], window))[:SPANS_LIMIT]


def read_confined(request: dict[str, Any]) -> dict[str, Any]:
    """Read ``{"text", "zone", "addresses", "window"}`` into ``{"spans"}``, all fit for JSON."""
    window = span_from_json(request["window"])
    spans = busy_spans(request["text"], request["zone"], request["addresses"], window)
    return {"spans": None if spans is None else [span_to_json(span) for span in spans]}
