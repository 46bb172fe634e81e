"""The only way to a CalDAV or CardDAV server: discovery, reading, and conditional writing."""

from connectd.edges.caldav_server.access import Access
from connectd.edges.caldav_server.account import CalDavServer
from connectd.edges.caldav_server.address_book_server import AddressBookServer
from connectd.edges.caldav_server.values import (
    AddressBookHome,
    AddressBookInfo,
    CalendarInfo,
    CalendarObject,
    CardObject,
    Credential,
    FreeBusyAnswer,
    Home,
)

__all__ = [
    "Access",
    "AddressBookHome",
    "AddressBookInfo",
    "AddressBookServer",
    "CalDavServer",
    "CalendarInfo",
    "CalendarObject",
    "CardObject",
    "Credential",
    "FreeBusyAnswer",
    "Home",
]
