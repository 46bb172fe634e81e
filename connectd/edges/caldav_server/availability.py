"""When a user says to be available, as the server keeps it (RFC 7953 section 7.2)."""

from connectd.edges.caldav_server import multistatus as xml
from connectd.edges.caldav_server.multistatus import CALDAV, CALENDARSERVER
from connectd.edges.caldav_server.transport import Transport
from connectd.edges.caldav_server.values import Home

# the second one is older than the RFC, and some servers know that alone
_NAMES = (CALDAV + "calendar-availability", CALENDARSERVER + "calendar-availability")
_MULTISTATUS = 207


def ask(transport: Transport, home: Home) -> str | None:
    """Return the calendar that stands at the schedule inbox, else at the calendar home."""
    for url in filter(None, (home.inbox, home.home)):
        # one server in the field (Xandikos) answers with 500 at the inbox
        answer = transport.read("PROPFIND", url, xml.propfind(_NAMES), depth=0)
        if answer.status != _MULTISTATUS or answer.tree is None:
            continue
        for resource in xml.resources(answer, transport):
            for name in _NAMES:
                if text := resource.text(name):
                    return text
    return None
