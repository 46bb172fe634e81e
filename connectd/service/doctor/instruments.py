"""What the doctor works with: the edges, handed in by the caller."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import NamedTuple

from connectd.config import Account, Config, Mail
from connectd.edges.caldav_server import AddressBookServer, CalDavServer, Credential
from connectd.edges.confined import Confined
from connectd.edges.public_holidays import PublicHolidays
from connectd.edges.smtp import Login, MailServer
from connectd.edges.store import Store
from connectd.edges.web import Web
from connectd.errors import ServerError
from connectd.service.background import Standing
from connectd.service.means import Means

LIMIT_SECONDS = 20.0
"""How long one look at something outside may take."""
READING_SECONDS = 120.0
"""How long the reading of one calendar may take: the first one fetches everything."""


class Instruments(NamedTuple):
    """The edges of one examination.

    ``clock`` is the real time in UTC, whatever time is assumed otherwise. A credential is
    fetched once, and what was fetched is handed to ``connect`` and the like, so that nobody
    is asked for a password twice, and none that was refused is sent again. A look at something
    outside takes at most ``limit_seconds``, but for the readings of calendars. ``standing`` asks
    the service manager, ``systemd`` which version it is.
    """

    environment: Mapping[str, str]
    clock: Callable[[], datetime]
    credential_of: Callable[[Account], Credential]
    connect: Callable[[Account, Callable[[], Credential]], CalDavServer]
    connect_books: Callable[[Account, str, Callable[[], Credential]], AddressBookServer]
    login_of: Callable[[Mail], Login | None]
    mail_server: Callable[[Mail, Callable[[], Login] | None], MailServer]
    reader: Confined
    web: Web
    standing: Callable[[Config], Standing]
    systemd: Callable[[], str | None]
    limit_seconds: float = LIMIT_SECONDS


@contextmanager
def hurried(server: CalDavServer | AddressBookServer, seconds: float) -> Iterator[None]:
    """Let everything that is asked of a server inside end within so many seconds."""
    server.hurry(seconds)
    ends = monotonic() + seconds
    try:
        yield
    except ServerError as error:
        if monotonic() < ends:
            raise
        raise ServerError(f"It took longer than {seconds:g} seconds, and was given up.") from error


def means_for(
    config: Config, store: Store, instruments: Instruments, servers: Mapping[str, CalDavServer]
) -> Means:
    """The means of a tick, as far as reading goes; ``store`` is a copy in memory."""
    return Means(
        config=config,
        store=store,
        servers=servers,
        reader=instruments.reader,
        holidays=PublicHolidays(None, None),
        catalogue={},
        web=instruments.web,
    )
