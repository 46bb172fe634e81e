"""Sets connectd up: checks everything against the server first, then writes the configuration."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectd.config import Account, Config, load, parse
from connectd.domain.model import Form, Month
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Home
from connectd.edges.store import AccountRecord, Store
from connectd.errors import ConfigError, StoreError, WrongInputError
from connectd.formats.calendar_writer import href_of
from connectd.formats.config_text import config_text
from connectd.formats.probe import PROBE_UID, probe
from connectd.service.drafting import form_for
from connectd.service.survey import named

_NEEDED = {
    "url": "--url",
    "email": "--email",
    "name": "--name",
    "timezone": "--timezone",
}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for; None leaves a thing as it is configured, or to its default."""

    url: str | None = None
    username: str | None = None
    email: str | None = None
    name: str | None = None
    timezone: str | None = None
    password_command: tuple[str, ...] | None = None
    ca_file: str | None = None
    drafts: str | None = None
    busy: tuple[str, ...] | None = None
    people_per_month: int | None = None
    months: int | None = None


@dataclass(frozen=True, slots=True)
class SetUp:
    """What was set up, and what was found on the server; ``created`` says the calendar is new."""

    path: Path
    calendars: tuple[CalendarInfo, ...]
    drafts: CalendarInfo
    created: bool
    home: Home
    form: Form


def set_up(
    wishes: Wishes,
    path: Path,
    environment: Mapping[str, str],
    connect: Callable[[Account], CalDavServer],
    now: datetime,
    keep_password: Callable[[Account], AbstractContextManager[None]],
) -> SetUp:
    """Check the wishes against the server, then write the configuration to ``path``.

    ``connect`` gives the server of an account; ``keep_password`` puts a typed password
    into its place when it is entered, and undoes that after a failure. Raises ConfigError
    for what cannot be configured so, WrongInputError for what is missing, CredentialsError,
    ServerError; then nothing is left behind, on the server neither.
    """
    text, config = _configure(wishes, path, environment, now)
    account = config.drafts_account
    server = connect(account)
    try:
        home = server.discover()
        calendars = server.calendars(home)
        _check_names(account, calendars)
        with (
            keep_password(account),
            _drafts_calendar(server, home, calendars, account) as (drafts, created),
            _ready_to_write(path, text) as enter,
        ):
            _try_writing(server, drafts, account, now)
            _remember(config, account, drafts, now)
            enter()
    finally:
        server.close()
    return SetUp(path, calendars, drafts, created, home, form_for(account, home, None))


def _configure(
    wishes: Wishes, path: Path, environment: Mapping[str, str], now: datetime
) -> tuple[str, Config]:
    """The text to write and what it means; raises before any server is asked."""
    if path.exists():
        known = load(path, environment)
        text = config_text(path.read_text("utf-8-sig"), *_changes(wishes, known))
    else:
        text = config_text(None, *_from_nothing(wishes, now))
    return text, parse(text, path, environment)


Sections = tuple[dict[str, object], dict[str, object], dict[str, object]]


def _from_nothing(wishes: Wishes, now: datetime) -> Sections:
    missing = [option for field, option in _NEEDED.items() if not getattr(wishes, field)]
    if missing:
        raise WrongInputError(f"Please give {', '.join(missing)} as well.")
    return (
        {"name": wishes.name, "emails": [wishes.email], "timezone": wishes.timezone},
        {
            "people_per_month": wishes.people_per_month or 3,
            "months": wishes.months or 6,
            "starts": str(Month.of(now.date())),
        },
        _given(
            name="main",
            url=wishes.url,
            username=wishes.username or wishes.email,
            password_command=wishes.password_command,
            ca_file=wishes.ca_file,
            busy=wishes.busy or ("*",),
            drafts=wishes.drafts or "Connections",
        ),
    )


def _changes(wishes: Wishes, known: Config) -> Sections:
    """Only what is asked for; a new address goes before those that are known."""
    emails = [wishes.email, *known.me.emails] if wishes.email else []
    return (
        _given(
            name=wishes.name,
            emails=list(dict.fromkeys(emails)) or None,
            timezone=wishes.timezone,
        ),
        _given(people_per_month=wishes.people_per_month, months=wishes.months),
        _given(
            name=known.drafts_account.name,
            url=wishes.url,
            username=wishes.username,
            password_command=wishes.password_command,
            ca_file=wishes.ca_file,
            busy=wishes.busy,
            drafts=wishes.drafts,
        ),
    )


def _given(**values: object) -> dict[str, object]:
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in values.items()
        if value is not None
    }


def _check_names(account: Account, calendars: tuple[CalendarInfo, ...]) -> None:
    """Every calendar named must be there; the one for drafts may be new, but not ambiguous.

    One to be ignored may be missing: nothing is lost with it.
    """
    there = ", ".join(sorted(info.name for info in calendars)) or "none"
    wanted = [("busy", name) for name in account.busy if name not in ("*", account.drafts)]
    if account.accepted:
        wanted.append(("accepted", account.accepted))
    problems = [
        f"account “{account.name}”, {key}: there is no calendar “{name}” (there are: {there})"
        for key, name in wanted
        if not named(calendars, name)
    ]
    if len(named(calendars, account.drafts or "")) > 1:
        problems.append(
            f"account “{account.name}”, drafts: several calendars are called "
            f"“{account.drafts}”; put the URL of the right one there"
        )
    if problems:
        raise ConfigError(problems)


@contextmanager
def _drafts_calendar(
    server: CalDavServer, home: Home, calendars: tuple[CalendarInfo, ...], account: Account
) -> Iterator[tuple[CalendarInfo, bool]]:
    """The calendar for drafts, made where it is missing and unmade if anything then fails."""
    wanted = account.drafts or ""
    if there := named(calendars, wanted):
        yield there[0], False
        return
    if "://" in wanted:
        raise ConfigError([f"account “{account.name}”, drafts: there is no calendar at {wanted}"])
    made = server.make_calendar(home, wanted)
    with ExitStack() as undoing:
        undoing.callback(server.unmake_calendar, made)
        yield made, True
        undoing.pop_all()


def _try_writing(
    server: CalDavServer, drafts: CalendarInfo, account: Account, now: datetime
) -> None:
    """Write an event that blocks no time, read it back, and take it away again."""
    href = href_of(drafts.url, PROBE_UID)
    if (left_over := server.get(href)) and left_over.etag:
        server.remove(href, left_over.etag)
    stored = server.create(href, probe(account.email, now))
    if stored.etag:
        server.remove(href, stored.etag)


def _remember(config: Config, account: Account, drafts: CalendarInfo, now: datetime) -> None:
    """Tell the database which calendar the drafts go to, also after an earlier one vanished."""
    with Store.open(config.state) as store:
        store.begin(now)
        record = store.account(account.name) or AccountRecord(account.name, home="")
        store.save_account(record._replace(drafts=drafts.url))


@contextmanager
def _ready_to_write(path: Path, text: str) -> Iterator[Callable[[], None]]:
    """The file beside its place, for its owner alone; what is yielded puts it there, whole.

    Where that is not called, the file and the folders made for it are gone again.
    """
    path = path.resolve()
    with ExitStack() as undoing:
        try:
            _make_folders(path.parent, undoing)
            descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
            undoing.callback(Path(name).unlink, missing_ok=True)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise StoreError(f"{path} could not be written: {error.strerror}.") from error

        def enter() -> None:
            try:
                Path(name).replace(path)
            except OSError as error:
                raise StoreError(f"{path} could not be written: {error.strerror}.") from error
            undoing.pop_all()

        yield enter


def _make_folders(folder: Path, undoing: ExitStack) -> None:
    for missing in reversed([one for one in (folder, *folder.parents) if not one.exists()]):
        missing.mkdir(mode=0o700)
        undoing.callback(missing.rmdir)
