"""Sees to it once a day that the database was copied within the last week."""

from datetime import datetime

from connectd.domain.view import Name
from connectd.edges.store.copying import copy_weekly
from connectd.errors import StoreError
from connectd.service.means import Means
from connectd.service.outcomes import Failure


def copy_of_the_week(means: Means, now: datetime) -> list[Failure]:
    """Copy the database if its last weekly copy is a week old; a copy that fails stops no tick.

    A running daemon looks once a UTC day, and with every tick while copying fails, so that it
    is told of until somebody has made room. Nothing is written to the database itself.
    """
    today, store = now.date(), means.store
    if means.memory.copied_on == today:
        return []
    try:
        copy_weekly(store.database, means.config.state, today, store.installed_on)
    except StoreError as error:
        return [Failure(Name.COPY, "", str(error))]
    means.memory.copied_on = today
    return []
