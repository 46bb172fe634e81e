"""One account: its credentials, its server, what that can do, and the address book on it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from connectd.config import Account, Config
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Credential, Home
from connectd.edges.store import Store
from connectd.errors import CredentialsError, ServerError
from connectd.service.doctor.calendars import CalendarLook
from connectd.service.doctor.checks import Check, carried_out, fine, in_time, wrong
from connectd.service.doctor.instruments import Instruments, hurried, means_for
from connectd.service.local_account import is_local
from connectd.service.pausing import resume

_SECRET_SECONDS = 40.0  # a little more than commands and keyrings are given

_START_IT = "`systemctl --user start connectd-radicale`, or without systemd as docs/local.md says"


class AccountLook:
    """A visit to one account, that goes on for as long as the way leads on.

    ``store`` is a copy in memory. ``resume`` is called when the server takes the credentials
    of an account that was paused because it had refused them.
    """

    def __init__(
        self,
        account: Account,
        config: Config,
        store: Store,
        instruments: Instruments,
        resume: Callable[[str], None],
    ) -> None:
        self._account = account
        self._config = config
        self._store = store
        self._instruments = instruments
        self._resume = resume
        self._credential: Credential | None = None
        self._home: Home | None = None
        self._calendars: tuple[CalendarInfo, ...] = ()

    def checks(self, now: datetime) -> Iterator[Check]:
        """Look at everything in turn; what rests on something that failed is left out."""
        name = self._account.name
        yield from carried_out("credentials", name, self._look_for_credentials, timed=True)
        if self._credential is None:
            return
        with closing(self._instruments.connect(self._account, self._given)) as server:
            yield from carried_out("server", name, lambda: self._meet(server), timed=True)
            if self._home is None:
                return
            yield from carried_out("features", name, self._features)
            yield from carried_out("address book", name, self._address_book, timed=True)
            alone = self._config._replace(accounts=(self._account,), feeds=())
            means = means_for(alone, self._store, self._instruments, {name: server})
            limit = self._instruments.limit_seconds
            calendars = CalendarLook(self._account, means, server, self._calendars, limit)
            yield from calendars.checks(now)

    def _given(self) -> Credential:
        """What was fetched once; fetching it again would ask the user again."""
        if self._credential is None:
            raise RuntimeError("no credential was fetched")
        return self._credential

    def _look_for_credentials(self) -> Iterator[Check]:
        account = self._account
        self._credential = in_time(
            _SECRET_SECONDS, lambda: self._instruments.credential_of(account)
        )
        source = source_of(
            account.name,
            account.password_command,
            account.token_command,
            self._instruments.environment.get("CREDENTIALS_DIRECTORY"),
        )
        yield fine("credentials", f"come from {source}", account.name)

    def _meet(self, server: CalDavServer) -> Iterator[Check]:
        """Log in and find the calendars; a pause ends when that works."""
        name = self._account.name
        record = self._store.account(name)
        paused = record.paused_at if record else None
        if record and paused:
            resume(self._store, name)
        try:
            with hurried(server, self._instruments.limit_seconds):
                home = server.discover()
                self._calendars = server.calendars(home)
        except ServerError as error:
            if not is_local(self._account.url, self._config.state.parent):
                raise
            yield wrong("server", str(error), name, advice=_START_IT, status=error.exit_status)
            return
        self._home = home
        number = len(self._calendars)
        calendars = "1 calendar" if number == 1 else f"{number} calendars"
        detail = f"takes the credentials of {self._account.username}, and shows {calendars}"
        if paused:
            self._resume(name)
            detail += f"; it was left alone since {paused:%Y-%m-%d %H:%M} UTC, and goes on now"
        yield fine("server", detail, name)

    def _features(self) -> Iterator[Check]:
        """Say what the server can do, as far as it says so; none of it has to be there."""
        home, calendars = self._home, self._calendars
        if home is None:
            return
        versions = bool(calendars) and all(info.version is not None for info in calendars)
        tasks = any("VTODO" in info.components or not info.components for info in calendars)
        seen = {
            "sends invitations itself": home.schedules,
            "says when a calendar changed": versions,
            "tells when others are busy": home.schedules and home.outbox is not None,
            "keeps tasks": tasks,
        }
        has = [what for what, there in seen.items() if there]
        lacks = [what for what, there in seen.items() if not there]
        words = ", ".join(has) or "nothing beyond calendars"
        without = f"; not: {', '.join(lacks)}" if lacks else ""
        yield fine("features", words + without, self._account.name)

    def _address_book(self) -> Iterator[Check]:
        """See whether there is one; only where people come from one does it have to be."""
        people = self._config.people
        wanted = people is not None and people.account == self._account.name
        url = (people.url if people and wanted else None) or self._account.url
        with closing(self._instruments.connect_books(self._account, url, self._given)) as server:
            try:
                with hurried(server, self._instruments.limit_seconds):
                    books = server.books(server.discover())
            except (ServerError, CredentialsError):
                # a password for one program alone may be good for calendars and nothing else
                if wanted:
                    raise
                yield fine("address book", "none was found, and none is needed", self._account.name)
                return
        if wanted and not books:
            raise ServerError("there is no address book to take people from.")
        number = len(books)
        found = "1 address book" if number == 1 else f"{number} address books"
        use = "people on your list come from there" if wanted else "not used ([people] would)"
        yield fine("address book", f"{found}; {use}", self._account.name)


def source_of(
    name: str,
    password_command: tuple[str, ...] | None,
    token_command: tuple[str, ...] | None,
    credentials_directory: str | None,
) -> str:
    """Say where a secret comes from: the first source that is set counts."""
    if password_command:
        return f"the password_command ({password_command[0]})"
    if token_command:
        return f"the token_command ({token_command[0]})"
    if credentials_directory and (Path(credentials_directory) / name).exists():
        return "the service manager's credentials"
    return "the keyring"
