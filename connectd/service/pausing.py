"""Leaves a server alone that refused the credentials, until there are others.

Servers lock accounts after a few refusals. So an account is paused by the first one that a
fresh look at the credentials did not help, also for the processes to come. A paused account
can be read no more, and the fail-closed rule withholds what rests on it.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from connectd.config import Account
from connectd.edges.caldav_server import Access, Credential
from connectd.edges.store import AccountRecord, Store
from connectd.errors import CredentialsError
from connectd.service.means import Means

_REFUSED_SINCE = "refused_since/"
_LONGEST_WAIT = timedelta(hours=1)
_SALT_BYTES = 8
_ROUNDS = 100_000
_DIGEST_BYTES = 2
"""Deliberately tiny: it tells whether something changed, and next to nothing about a password."""


def heed_pauses(means: Means, now: datetime) -> None:
    """Let no request go out for a paused account, unless its credentials have changed.

    They are fetched at most once for the same ``now``, however often this is called.
    """
    if means.memory.pauses_heeded_at == now:
        return
    means.memory.pauses_heeded_at = now
    for account in means.config.accounts:
        record = _record(means.store, account.name)
        if record.paused_at is None:
            for access in _accesses(account, means):
                access.reopen()
        else:
            _heed(account, record, record.paused_at, means, now)


def record_refusals(means: Means, now: datetime) -> bool:
    """Pause each account whose credentials its server has just refused; whether there was one."""
    any_new = False
    for account in means.config.accounts:
        refused = means.servers[account.name].access.refused
        record = _record(means.store, account.name)
        if record.paused_at is not None:
            continue
        if refused is None:
            means.store.set_note(_REFUSED_SINCE + account.name, None)
            continue
        if means.store.get_note(_REFUSED_SINCE + account.name) is None:
            means.store.set_note(_REFUSED_SINCE + account.name, now.isoformat())
        mark = _mark(account, refused, os.urandom(_SALT_BYTES))
        means.store.save_account(record._replace(paused_at=now, refused_secret=mark))
        any_new = True
    return any_new


@contextmanager
def pauses_kept(rehearsed: Means, store: Store) -> Iterator[None]:
    """Take over the pauses that begin in a rehearsal: its requests go out for real."""
    names = [account.name for account in rehearsed.config.accounts]
    running = [name for name in names if _record(store, name).paused_at is None]
    try:
        yield
    finally:
        for name in running:
            found = _record(rehearsed.store, name)
            if found.paused_at is not None:
                known = _record(store, name)
                mark = found.refused_secret
                store.save_account(known._replace(paused_at=found.paused_at, refused_secret=mark))


def resume(store: Store, name: str) -> None:
    """End the pause of an account, if there is one: its credentials may be tried again."""
    record = _record(store, name)
    if record.paused_at is not None:
        store.save_account(record._replace(paused_at=None, refused_secret=None))


def _heed(
    account: Account, record: AccountRecord, since: datetime, means: Means, now: datetime
) -> None:
    accesses = _accesses(account, means)
    means.progress()
    try:
        found = accesses[0].look() if _may_look(account, since, means, now) else None
    except CredentialsError:
        found = None
    if found is None or _is_marked(account, found, record.refused_secret):
        local = since.astimezone(means.config.me.timezone)
        for access in accesses:
            access.close(
                f"paused since {local:%Y-%m-%d %H:%M}: the server did not accept the credentials; "
                "correct them or run `connectd doctor`"
            )
        return
    resume(means.store, account.name)
    for access in accesses:
        access.admit(found)


def _may_look(account: Account, since: datetime, means: Means, now: datetime) -> bool:
    """Whether it is time to look: a helper may print another token each time that it is asked.

    So a token is asked for again after as long as tokens have been refused so far, which is at
    once the first time, and after an hour at the latest.
    """
    first = means.store.get_note(_REFUSED_SINCE + account.name)
    if account.token_command is None or first is None:
        return True
    wait = min(since - datetime.fromisoformat(first), _LONGEST_WAIT)
    return not since <= now < since + wait


def _accesses(account: Account, means: Means) -> list[Access]:
    """The ways to the account's server, that to its address books after that to its calendars."""
    accesses = [means.servers[account.name].access]
    if means.people and means.people.account == account.name:
        accesses.append(means.people.access)
    return accesses


def _record(store: Store, name: str) -> AccountRecord:
    return store.account(name) or AccountRecord(name, home="")


def _is_marked(account: Account, credential: Credential, mark: str | None) -> bool:
    """Whether these are, in all likelihood, the credentials that were marked."""
    salt = (mark or "").partition(":")[0]
    return mark == _mark(account, credential, bytes.fromhex(salt))


def _mark(account: Account, credential: Credential, salt: bytes) -> str:
    """Tell apart what was sent where as whom, and how it was come by: ``salt:digest``."""
    told = [
        account.url,
        account.username,
        account.password_command,
        account.token_command,
        credential.username,
        credential.secret,
    ]
    # scrypt would take 16 MB, which a daemon then keeps for as long as it lives
    digest = hashlib.pbkdf2_hmac(
        "sha256", json.dumps(told).encode(), salt, _ROUNDS, dklen=_DIGEST_BYTES
    )
    return f"{salt.hex()}:{digest.hex()}"
