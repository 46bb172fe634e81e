"""Sets connectd up: checks everything against the server first, then writes it all, or nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connectd.config import Account, Config
from connectd.domain.model import Contact, Form
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Home
from connectd.edges.store import AccountRecord, Store
from connectd.formats.people import PersonRow
from connectd.service import people
from connectd.service.drafting import form_for
from connectd.service.pausing import resume
from connectd.service.setup.calendars import check_names, drafts_calendar, try_writing
from connectd.service.setup.wishes import Configured, Wishes, configured
from connectd.service.setup.writing import configuration_file, database


@dataclass(frozen=True, slots=True)
class SetUp:
    """What was set up, and what was found on the server; ``created`` says the calendar is new.

    ``added`` are the people who were put on the list.
    """

    path: Path
    config: Config
    calendars: tuple[CalendarInfo, ...]
    drafts: CalendarInfo
    created: bool
    home: Home
    form: Form
    added: tuple[Contact, ...]


def set_up(
    wishes: Wishes,
    path: Path,
    environment: Mapping[str, str],
    connect: Callable[[Account], CalDavServer],
    now: datetime,
    keep_password: Callable[[Account], AbstractContextManager[None]],
    read_people: Callable[[Sequence[str]], Iterable[PersonRow]] = lambda _categories: (),
) -> SetUp:
    """Check the wishes against the server, then write the configuration to ``path``.

    ``connect`` gives the server of an account; ``keep_password`` puts a typed password
    into its place when it is entered, and undoes that after a failure. ``read_people`` gives
    those to put on the list, in terms of these categories; who is on it already stays as
    before. Raises ConfigError for what cannot be configured so, WrongInputError for what is
    missing, ImportFileError, CredentialsError, ServerError; then nothing is left behind, on the
    server neither.
    """
    planned = configured(wishes, path, environment, now)
    config = planned.config
    newcomers = list(read_people(tuple(config.policy.categories)))
    account = config.drafts_account
    server = connect(account)
    try:
        home = server.discover()
        calendars = server.calendars(home)
        check_names(account, calendars)
        with (
            keep_password(account),
            drafts_calendar(server, home, calendars, account) as (drafts, created),
            configuration_file(path, planned.text) as enter,
        ):
            try_writing(server, drafts, account.email, now)
            with database(config.state, now) as store:
                _remember(store, account, drafts)
                _rename(store, planned)
                added = people.add_all(store, _new_ones(store, newcomers))
                enter()
    finally:
        server.close()
    form = form_for(account, home, None)
    return SetUp(path, config, calendars, drafts, created, home, form, added)


def _remember(store: Store, account: Account, drafts: CalendarInfo) -> None:
    """Tell the database which calendar the drafts go to, also after an earlier one vanished.

    The server has just let us in, so that an account that was paused is so no longer.
    """
    record = store.account(account.name) or AccountRecord(account.name, home="")
    store.save_account(record._replace(drafts=drafts.url))
    resume(store, account.name)


def _rename(store: Store, planned: Configured) -> None:
    """Let everybody follow whose category has another name now."""
    for contact in store.contacts(include_archived=True):
        if name := planned.renamed.get(contact.category):
            store.update_contact(contact._replace(category=name))


def _new_ones(store: Store, rows: Iterable[PersonRow]) -> list[PersonRow]:
    """Those with no address of anybody on the list: a setup may be run again."""
    known = {
        email.casefold()
        for contact in store.contacts(include_archived=True)
        for email in contact.emails
    }
    return [row for row in rows if not known & {email.casefold() for email in row.emails}]
