"""Has the address book read once a day by the tick; whatever goes wrong stops no tick."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from connectd.domain.view import Name
from connectd.errors import (
    AccountPausedError,
    CredentialsError,
    KeyringLockedError,
    ServerError,
)
from connectd.formats.plain_text import clean
from connectd.service.address_book import Refreshed, people_of, refresh_people
from connectd.service.address_book_reading import rules_of
from connectd.service.means import Means
from connectd.service.notes import leave_people_error
from connectd.service.outcomes import Applied, Deed, Failure

EVERY = timedelta(days=1)
AFTER_TROUBLE = timedelta(hours=1)
_DUE = "address_books.due"
_LONGEST_PROBLEM = 300
_NOT_REFUSED_NOW = (ServerError, KeyringLockedError, AccountPausedError)


def follow_address_book(means: Means, now: datetime) -> list[Deed]:
    """Refresh the list if that is due, and say what came of it.

    It is due once a day, an hour after a server did not answer or was not asked, and at once
    where the configuration says otherwise whom to take from where. The time lies in the store
    in UTC.
    """
    if means.config.people is None or not _is_due(means, now):
        return []
    # before anything else: what fails in an unforeseen way must not fail with each tick
    _be_due(means, now + EVERY)
    try:
        refreshed = refresh_people(means, now)
    except (CredentialsError, ServerError) as error:
        if isinstance(error, _NOT_REFUSED_NOW):
            _be_due(means, now + AFTER_TROUBLE)
        leave_people_error(means.store, str(error))
        return [Failure(Name.PEOPLE, "", f"the address book was not read: {error}")]
    leave_refreshed(refreshed, means, now)
    return list(deeds_of(refreshed))


def leave_refreshed(refreshed: Refreshed, means: Means, now: datetime) -> None:
    """Say in the record when the address book is to be read next, and what was wrong with it."""
    _be_due(means, now + EVERY)
    leave_people_error(means.store, "; ".join(_problems(refreshed)) or None)


def deeds_of(refreshed: Refreshed) -> Iterator[Deed]:
    """What a refresh did and could not do, as a tick tells it."""
    told = {
        "added from the address book": refreshed.added,
        "changed as in the address book": refreshed.changed,
        "archived: no longer in the group of the address book": refreshed.archived,
        "on the list again, as in the address book": refreshed.back,
    }
    for detail, contacts in told.items():
        for contact in contacts:
            yield Applied(Name.PEOPLE, "", contact.id, detail)
    for problem in _problems(refreshed):
        yield Failure(Name.PEOPLE, "", problem)


def _problems(refreshed: Refreshed) -> list[str]:
    """What is wrong with which card, safe to be logged: both come from outside."""
    return [clean(f"{one.card}: {one.reason}", _LONGEST_PROBLEM) for one in refreshed.problems]


def _be_due(means: Means, moment: datetime) -> None:
    means.store.set_note(_DUE, json.dumps([moment.isoformat(), *_asked_for(means)]))


def _is_due(means: Means, now: datetime) -> bool:
    """Whether it is time; one further ahead than a day is the mistake of a clock."""
    note = means.store.get_note(_DUE)
    if note is None:
        return True
    due, *asked_for = json.loads(note)
    is_ahead = now < datetime.fromisoformat(due) <= now + EVERY
    return not is_ahead or asked_for != _asked_for(means)


def _asked_for(means: Means) -> list[str | None]:
    """Where the address book is, and whom to take from it."""
    people, server = people_of(means), means.people
    return [server.url if server else None, people.account, rules_of(means, people)]
