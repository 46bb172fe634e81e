"""What the tests of the reader share: a user, a window, and text around an event."""

from datetime import UTC, datetime

from connectd.domain.model import Span
from connectd.formats.readings import Perspective

WINDOW = Span(datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 12, 21, tzinfo=UTC))
ALICE = ("alice@example.test", "alice@work.example.test")


def perspective(window: Span = WINDOW, zone: str = "Europe/Berlin") -> Perspective:
    return Perspective("Work", "/alice/work/one.ics", zone, ALICE, window)


def span(start: str, end: str) -> Span:
    """From two UTC times, ``2026-11-03 09:00``; the end may be a time of the same day."""
    end = end if "-" in end else f"{start[:10]} {end}"
    return Span(*(datetime.fromisoformat(f"{time}+00:00").astimezone(UTC) for time in (start, end)))


def event(*lines: str) -> str:
    return "\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


def calendar(*components: str) -> str:
    return "\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *components, "END:VCALENDAR", ""))
