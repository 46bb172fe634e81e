"""What goes into and comes out of an account: its calendars and its address books."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credential:
    """A user name with its password, or with an OAuth 2 token (RFC 6750) if ``bearer``."""

    username: str
    secret: str = field(repr=False)
    bearer: bool = False


@dataclass(frozen=True, slots=True)
class Home:
    """What discovery found; every URL is absolute, every collection's ends with a slash.

    ``addresses`` are the user's own e-mail addresses there, lower-case, without ``mailto:``
    (RFC 6638 section 2.4.1). ``schedules`` says that storing an invitation sends it
    (``calendar-auto-schedule``, RFC 6638 section 2), ``sabre`` that the engine is sabre/dav.
    """

    principal: str
    home: str
    addresses: tuple[str, ...] = ()
    schedules: bool = False
    sabre: bool = False
    inbox: str | None = None
    outbox: str | None = None
    default_calendar: str | None = None


@dataclass(frozen=True, slots=True)
class CalendarInfo:
    """A calendar collection.

    ``version`` changes whenever something in it does (sync-token, RFC 6578, else the ctag);
    None where it cannot tell: the server has neither, or one more change might still get the
    same one. ``components`` is empty where the server does not say.
    """

    url: str
    name: str
    version: str | None = None
    components: frozenset[str] = frozenset()
    writable: bool = True


@dataclass(frozen=True, slots=True)
class FreeBusyAnswer:
    """What the server says of one person who was asked about (RFC 6638 section 10).

    ``address`` is lower-case, without ``mailto:``; ``status`` is the REQUEST-STATUS as the
    server wrote it, ``2.0;Success``. ``text`` is the VFREEBUSY in its calendar, if there is one.
    """

    address: str
    status: str
    text: str | None

    @property
    def told(self) -> bool:
        """Whether the server gave their busy time (the statuses 2.x, RFC 5546 section 3.6)."""
        return self.status.startswith("2.") and self.text is not None


@dataclass(frozen=True, slots=True)
class CalendarObject:
    """A calendar object resource as stored. ``truncated`` text is only the beginning of it."""

    href: str
    etag: str | None
    text: str
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class AddressBookHome:
    """Where a user's address books lie (RFC 6352 section 7.1.1).

    ``only`` is the one address book that the configured URL named itself, if it did.
    """

    url: str
    only: str | None = None


@dataclass(frozen=True, slots=True)
class AddressBookInfo:
    """An address book collection; ``version`` is as that of a calendar."""

    url: str
    name: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class CardObject:
    """A vCard as stored (an address object resource). ``truncated`` text is only its beginning."""

    href: str
    text: str
    truncated: bool = False
