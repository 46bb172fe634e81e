"""The only way to a CalDAV server: discovery, reading, and conditional writing."""

from connectd.edges.caldav_server.account import CalDavServer
from connectd.edges.caldav_server.values import (
    CalendarInfo,
    CalendarObject,
    Credential,
    FreeBusyAnswer,
    Home,
)

__all__ = [
    "CalDavServer",
    "CalendarInfo",
    "CalendarObject",
    "Credential",
    "FreeBusyAnswer",
    "Home",
]
