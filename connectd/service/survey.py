"""Which calendars there are, which of them count, and whether they changed."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from connectd.config import Account
from connectd.domain.view import Unread
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Home
from connectd.edges.store import AccountRecord
from connectd.errors import CredentialsError, KeyringLockedError, RefusedError, ServerError
from connectd.service.means import Means
from connectd.service.pausing import heed_pauses, record_refusals
from connectd.service.unread import unread_because


@dataclass(frozen=True, slots=True)
class Chosen:
    """A calendar that counts: it blocks time, or drafts or accepted meetings lie in it."""

    account: str
    info: CalendarInfo
    drafts: bool = False
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Survey:
    """All chosen calendars with their versions, and those that could not be had.

    ``refused`` says that some account has no credentials that its server takes,
    ``waits_for_keyring`` that those of one cannot be had while the keyring is locked.
    """

    chosen: tuple[Chosen, ...]
    unread: tuple[Unread, ...]
    homes: dict[str, Home]
    refused: bool = False
    waits_for_keyring: bool = False

    @property
    def drafts(self) -> Chosen | None:
        """The calendar that drafts are written to, if it can be had."""
        return next((chosen for chosen in self.chosen if chosen.drafts), None)


def survey(means: Means, now: datetime, *, may_create: bool) -> Survey:
    """Ask every account once what calendars it has.

    A drafts calendar that has never been there is created if ``may_create``; one that has
    vanished is not, since its drafts went with it.
    """
    heed_pauses(means, now)
    chosen: list[Chosen] = []
    unread: list[Unread] = []
    homes: dict[str, Home] = {}
    troubles: list[Exception] = []
    for account in means.config.accounts:
        server = means.servers[account.name]
        means.progress()
        try:
            home, infos = _calendars(account, server, means)
            found, missing = _choose(account, home, infos, means, may_create=may_create)
        except (CredentialsError, ServerError) as error:
            troubles.append(error)
            unread.append(unread_because(error, account.name, "all calendars"))
            continue
        homes[account.name] = home
        chosen.extend(found)
        unread.extend(missing)
    record_refusals(means, now)
    locked = [error for error in troubles if isinstance(error, KeyringLockedError)]
    credentials = [error for error in troubles if isinstance(error, CredentialsError)]
    return Survey(
        tuple(chosen),
        tuple(unread),
        homes,
        refused=len(credentials) > len(locked),
        waits_for_keyring=bool(locked),
    )


def account_record(means: Means, account: str) -> AccountRecord:
    """What is known of an account from earlier runs."""
    return means.store.account(account) or AccountRecord(account, home="")


def _calendars(
    account: Account, server: CalDavServer, means: Means
) -> tuple[Home, tuple[CalendarInfo, ...]]:
    """The home and its calendars; a remembered home that is refused is looked for again."""
    record = account_record(means, account.name)
    if record.home and (home := _known_home(record.home, account)):
        try:
            return home, server.calendars(home)
        except RefusedError:
            pass
    home = server.discover()
    remembered = json.dumps({"url": account.url, "username": account.username} | asdict(home))
    means.store.save_account(record._replace(home=remembered))
    return home, server.calendars(home)


def _known_home(text: str, account: Account) -> Home | None:
    """The remembered home, unless it belongs to another URL or user than configured now."""
    fields = json.loads(text)
    if (fields.pop("url", None), fields.pop("username", None)) != (account.url, account.username):
        return None
    return Home(**(fields | {"addresses": tuple(fields["addresses"])}))


def _choose(
    account: Account,
    home: Home,
    infos: tuple[CalendarInfo, ...],
    means: Means,
    *,
    may_create: bool,
) -> tuple[list[Chosen], list[Unread]]:
    drafts, missing_drafts = _drafts_calendar(account, home, infos, means, may_create=may_create)
    accepted = named(infos, account.accepted) if account.accepted else ()
    there = infos if drafts is None or drafts in infos else (*infos, drafts)
    chosen = [
        Chosen(account.name, info, drafts=info is drafts, accepted=info in accepted)
        for info in there
        if info is drafts or info in accepted or _blocks(info, account)
    ]
    missing = [
        Unread(f"{account.name}: {name}", "there is no such calendar on the server", account.name)
        for name in account.busy
        if name not in ("*", account.drafts) and not named(there, name)
    ]
    return chosen, [*missing_drafts, *missing]


def _drafts_calendar(
    account: Account,
    home: Home,
    infos: tuple[CalendarInfo, ...],
    means: Means,
    *,
    may_create: bool,
) -> tuple[CalendarInfo | None, list[Unread]]:
    if not account.drafts:
        return None, []
    where = f"{account.name}: {account.drafts}"
    candidates = named(infos, account.drafts)
    if len(candidates) > 1:
        reason = "several calendars have this name: put the URL of the right one under drafts"
        return None, [Unread(where, reason, account.name)]
    record = account_record(means, account.name)
    if candidates:
        if record.drafts != candidates[0].url:
            means.store.save_account(record._replace(drafts=candidates[0].url))
        return candidates[0], []
    if record.drafts:
        reason = "the calendar for drafts is gone; run connectd setup again to make a new one"
        return None, [Unread(where, reason, account.name)]
    if not may_create:
        return None, []
    made = means.servers[account.name].make_calendar(home, account.drafts)
    means.store.save_account(record._replace(drafts=made.url))
    return made, []


def named(infos: Iterable[CalendarInfo], wanted: str) -> tuple[CalendarInfo, ...]:
    """The calendars that a name or a URL from the configuration means."""
    return tuple(
        info
        for info in infos
        if wanted.casefold() == info.name.casefold() or wanted.rstrip("/") == info.url.rstrip("/")
    )


def _blocks(info: CalendarInfo, account: Account) -> bool:
    if any(named([info], name) for name in account.ignore):
        return False
    return any(name == "*" or named([info], name) for name in account.busy)
