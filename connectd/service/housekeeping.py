"""Keeps memory and database from growing, once a day; what goes is told in docs/running.md."""

import logging
from datetime import date, datetime, timedelta

from connectd.errors import StoreError
from connectd.service.feeds import FEEDS
from connectd.service.means import Means

KEPT = timedelta(days=400)
"""So long the log of what was done is kept, and the texts of what is over."""
_ANSWERS_KEPT = timedelta(days=30)
_DAYS_BETWEEN_SHRINKING = 7
_TIDIED, _SHRUNK = "housekeeping.tidied", "housekeeping.shrunk"

log = logging.getLogger("connectd")


def keep_house(means: Means, now: datetime) -> None:
    """Prune what is old, and make the file smaller where that is worth it, once a UTC day.

    A database that cannot be tidied up today is tomorrow; no tick fails because of it.
    """
    store, today = means.store, now.date()
    if store.get_note(_TIDIED) == today.isoformat():
        return
    try:
        with store.transaction():
            store.set_note(_TIDIED, today.isoformat())
            store.prune(now - KEPT)
            store.forget_their_busy_before(now - _ANSWERS_KEPT)
            accounts = {account.name for account in means.config.accounts}
            store.forget_calendars_but_of({*accounts, FEEDS})
        _shrink(means, today)
    except StoreError as error:
        log.warning("the database could not be tidied up: %s", error)


def _shrink(means: Means, today: date) -> None:
    store = means.store
    last = store.get_note(_SHRUNK)
    if last and 0 <= (today - date.fromisoformat(last)).days < _DAYS_BETWEEN_SHRINKING:
        return
    if store.has_much_free_space() and store.give_free_space_back():
        store.set_note(_SHRUNK, today.isoformat())
