"""Everything connectd remembers, in one SQLite file that only its owner can read."""

from connectd.edges.store.address_books import AddressBookRecord, CardRecord
from connectd.edges.store.calendars import AccountRecord, CalendarRecord, ObjectRow
from connectd.edges.store.feeds import FeedRecord
from connectd.edges.store.follow_ups import FollowUp
from connectd.edges.store.journal import Intent, Line
from connectd.edges.store.letters import LetterRecord
from connectd.edges.store.mails import Mail
from connectd.edges.store.meetings import Placement
from connectd.edges.store.store import Store
from connectd.edges.store.their_busy import TheirBusy

__all__ = [
    "AccountRecord",
    "AddressBookRecord",
    "CalendarRecord",
    "CardRecord",
    "FeedRecord",
    "FollowUp",
    "Intent",
    "LetterRecord",
    "Line",
    "Mail",
    "ObjectRow",
    "Placement",
    "Store",
    "TheirBusy",
]
