"""What a use case works with: the configuration and the edges, handed in by the caller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from connectd.config import Config
from connectd.domain.model import Month, Policy
from connectd.domain.questions import Catalogue
from connectd.edges.caldav_server import AddressBookServer, CalDavServer
from connectd.edges.confined import Confined
from connectd.edges.desktop_notice import DesktopNotice
from connectd.edges.public_holidays import PublicHolidays
from connectd.edges.smtp import MailServer
from connectd.edges.store import Store
from connectd.edges.web import Web
from connectd.service.records import Records
from connectd.service.shelf import Shelf


@dataclass(slots=True)
class Memory:
    """What a running daemon keeps between two ticks, so that a quiet one costs little.

    ``counted`` are the contacts and events found in the calendar that were recorded before,
    ``cleared`` the UIDs of ended drafts that are known to be gone from it. ``asked`` says for
    which tick each feed was asked for last, by name. ``acquainted_on`` is the local
    day on which it was last looked who stands in an event together, ``copied_on`` the UTC day on
    which the copy of the week was last seen to. ``mute`` is why the last notice could not be
    given. ``pauses_heeded_at`` is the tick for which it was last looked whether paused
    accounts have other credentials.
    """

    shelf: Shelf = field(default_factory=Shelf)
    records: Records | None = None
    counted: set[tuple[str, str]] = field(default_factory=set)
    cleared: set[str] = field(default_factory=set)
    asked: dict[str, datetime] = field(default_factory=dict)
    acquainted_on: date | None = None
    copied_on: date | None = None
    mute: str | None = None
    pauses_heeded_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """The edges of one run. ``servers`` is keyed by the account's name.

    ``reader`` runs the readings of foreign bytes (``formats.confined_readers``) in a child
    process. ``mail`` is the mail server, None where none is configured. ``holidays`` are the
    public holidays where the user lives. ``web`` fetches what others publish. ``catalogue`` are
    the questions for agendas. ``people`` is where the address book of ``[people]`` is, None
    where there is no such table. ``desktop`` shows notices, None where none are to be shown.
    ``progress`` is called whenever a tick has come a step further: whoever watches over it can
    tell a long one from one that hangs.
    """

    config: Config
    store: Store
    servers: Mapping[str, CalDavServer]
    reader: Confined
    holidays: PublicHolidays
    catalogue: Catalogue
    memory: Memory = field(default_factory=Memory)
    mail: MailServer | None = None
    web: Web = field(default_factory=Web)
    people: AddressBookServer | None = None
    desktop: DesktopNotice | None = None
    progress: Callable[[], None] = lambda: None

    @property
    def shelf(self) -> Shelf:
        """The readings of the calendars."""
        return self.memory.shelf

    @property
    def policy(self) -> Policy:
        """The policy; a goal without a start begins with the month of installation."""
        return self.config.with_start(Month.of(self.store.installed_on)).policy

    @property
    def my_addresses(self) -> tuple[str, ...]:
        """Every address by which I may stand in an event, lower-case."""
        mine = (*self.config.me.emails, *(account.email for account in self.config.accounts))
        return tuple(dict.fromkeys(address.lower() for address in mine))

    def disconnect(self) -> None:
        """Drop the connections to servers; a later request makes new ones."""
        for server in self.servers.values():
            server.close()
        if self.people:
            self.people.close()

    def close(self) -> None:
        """End the child process and the connections."""
        self.reader.close()
        self.disconnect()
        self.store.close()
