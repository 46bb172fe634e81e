"""When each account was read whole last, and what has been wrong with it since.

While all is well nothing is written for an account: the time of the last look is enough.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from connectd.edges.store import AccountRecord, Store

if TYPE_CHECKING:
    from connectd.domain.view import Unread

_LOOKED = "last_look"


class AccountHealth(NamedTuple):
    """How it is with an account.

    ``last_success`` is when all of it could be read last, ``last_error`` why that is not so any
    more, ``failing_since`` since when. ``paused_since`` is when its server refused the
    credentials for good.
    """

    name: str
    last_success: datetime | None = None
    last_error: str | None = None
    failing_since: datetime | None = None
    paused_since: datetime | None = None


def leave_account_health(
    store: Store, accounts: Iterable[str], unread: Iterable["Unread"], now: datetime
) -> None:
    """Remember of each account whether it was read whole just now, and why not."""
    troubles: dict[str, list[str]] = {}
    for one in unread:
        calendar = one.calendar.removeprefix(f"{one.account}: ")
        troubles.setdefault(one.account, []).append(f"{calendar}: {one.reason}")
    looked_before = _last_look(store)
    for name in accounts:
        record = store.account(name) or AccountRecord(name, home="")
        health = _after(record, "; ".join(troubles.get(name, ())), looked_before, now)
        if health != record:
            store.save_account(health)
    store.set_note(_LOOKED, now.isoformat())


def account_health(store: Store, accounts: Iterable[str]) -> tuple[AccountHealth, ...]:
    """How it is with each account, as the last tick left it."""
    looked = _last_look(store)
    return tuple(_health(store.account(name), name, looked) for name in accounts)


def _after(
    record: AccountRecord, error: str, looked_before: datetime | None, now: datetime
) -> AccountRecord:
    if not error:
        if record.last_success and not record.failing_since:
            return record
        return record._replace(last_success=now, last_error=None, failing_since=None)
    if record.failing_since is None:
        success = record.last_success and (looked_before or record.last_success)
        record = record._replace(last_success=success, failing_since=now)
    if record.last_error == error:
        return record
    return record._replace(last_error=error, last_error_at=now)


def _health(record: AccountRecord | None, name: str, looked: datetime | None) -> AccountHealth:
    if record is None:
        return AccountHealth(name)
    well = record.last_success is not None and record.failing_since is None
    return AccountHealth(
        name=name,
        last_success=looked if well and looked else record.last_success,
        last_error=record.last_error,
        failing_since=record.failing_since,
        paused_since=record.paused_at,
    )


def _last_look(store: Store) -> datetime | None:
    looked = store.get_note(_LOOKED)
    return datetime.fromisoformat(looked) if looked else None
