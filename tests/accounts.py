"""connectd's own way to a user's account, as tests need it, and objects to put there."""

from collections.abc import Callable
from datetime import UTC, datetime

from servers import User

from connectd.domain.model import Span
from connectd.edges.caldav_server import CalDavServer, Credential

HOUR = Span(datetime(2026, 12, 1, 9, tzinfo=UTC), datetime(2026, 12, 1, 10, tzinfo=UTC))


def server_for(
    user: User,
    url: str | None = None,
    *,
    credential: Callable[[], Credential] | None = None,
    timeout_seconds: float = 30.0,
) -> CalDavServer:
    """Return connectd's edge for this user, through ``url`` (a proxy's) if given."""
    return CalDavServer(
        "main",
        url or user.url,
        credential or (lambda: Credential(user.name, user.password)),
        ca_file=user.ca_file,
        timeout_seconds=timeout_seconds,
    )


def event(uid: str, span: Span, title: str = "Something", *more: str) -> str:
    """Return one event as iCalendar text; ``more`` are further lines of it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Example//Tests//EN",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20261101T000000Z",
        f"DTSTART:{span.start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{span.end:%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title}",
        *more,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def fill(user: User, count: int) -> list[str]:
    """Put events at HOUR into the user's calendar; returns their URLs."""
    hrefs = [f"{user.calendar}event-{number}.ics" for number in range(count)]
    for number, href in enumerate(hrefs):
        user.dav.put(href, event(f"event-{number}", HOUR), new=True).expect(201)
    return hrefs
