"""Makes an account on a calendar server of the user's own, on this machine alone."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from connectd.edges.calendar_client import CalendarClient
from connectd.edges.local_server import KeptServer
from connectd.edges.user_units import UserUnits
from connectd.formats.unit_text import Particulars, unit_text
from connectd.service.unit_files import check, enter, passed_on, put_back_later, shipped

UNIT = "connectd-radicale.service"
FOLDER = "radicale"
CALENDAR, ADDRESS_BOOK = "Calendar", "Contacts"
# without letters that look alike: some will type it into a phone
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 5, 4


@dataclass(frozen=True, slots=True)
class LocalAccount:
    """What calendar programs are told. ``home`` holds the calendars and the address book.

    ``absence`` says why there is no service manager to keep the server running, None where it
    does that; ``command`` is what runs the server then.
    """

    url: str
    username: str
    password: str = field(repr=False)
    calendar: str
    address_book: str
    absence: str | None
    command: tuple[str, ...]


def is_local(url: str, state: Path) -> bool:
    """Whether this is the URL of the server whose folder lies in ``state``."""
    return (state / FOLDER).is_dir() and url == KeptServer(state / FOLDER).url


@contextmanager
def making_local_account(
    state: Path,
    username: str,
    known_password: str | None,
    units: UserUnits,
    interpreter: str,
    environment: Mapping[str, str],
) -> Iterator[LocalAccount]:
    """Have the server run as a service, with a calendar and an address book for ``username``.

    All of it lies in a folder in ``state``, the directory of the database. What is there already
    stays; the password becomes ``known_password``, or a new one where that is None. Without a
    service manager the server runs inside the context alone. Leaving it by an exception undoes
    what was done. Raises SenselessError where Radicale is not installed, StoreError, ServerError,
    ServiceManagerError.
    """
    server = KeptServer(state / FOLDER)
    password = known_password or _new_password()
    absence = units.absence()
    command = server.command(interpreter)
    running = (
        server.running_meanwhile()
        if absence
        else _as_a_service(server, units, unit_of(command, state, environment))
    )
    with server.preparing(username, password), running:
        home = f"{server.url}{username}/"
        client = CalendarClient(home, username, password)
        yield LocalAccount(
            url=server.url,
            username=username,
            password=password,
            calendar=_made(client, home, CALENDAR),
            address_book=_made(client, home, ADDRESS_BOOK),
            absence=absence,
            command=tuple(command),
        )


@contextmanager
def _as_a_service(server: KeptServer, units: UserUnits, text: str) -> Iterator[None]:
    if _runs_like_that(server, units, text):
        # not started anew, since connectd may be reading from it just now
        yield
        return
    with ExitStack() as undoing:
        put_back_later(units, [UNIT], [UNIT], undoing)
        units.disable(UNIT)
        server.refuse_strangers()
        enter(units, {UNIT: text}, UNIT)
        server.wait(
            lambda: units.state(UNIT).active == "active",
            lambda: f"`journalctl --user --unit={UNIT}` shows why.",
        )
        yield
        undoing.pop_all()


def _runs_like_that(server: KeptServer, units: UserUnits, text: str) -> bool:
    state = units.state(UNIT)
    is_on = state.active == "active" and state.enabled and server.listens()
    return is_on and units.read(UNIT) == text


def unit_of(command: list[str], state: Path, environment: Mapping[str, str]) -> str:
    """The text of the unit that runs this command; raises SenselessError for unusable paths."""
    particulars = Particulars(
        command=command,
        environment=passed_on(environment),
        writable=[str(state / FOLDER)],
    )
    check(particulars)
    return unit_text(shipped(UNIT), particulars)


def _made(client: CalendarClient, home: str, name: str) -> str:
    """The URL of a collection, which is made where it is missing."""
    url = f"{home}{name.lower()}/"
    if client.get(url) is not None:
        return url
    return client.make_calendar(name) if name == CALENDAR else client.make_address_book(name)


def _new_password() -> str:
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
