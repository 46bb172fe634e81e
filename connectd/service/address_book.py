"""Follows the people of an address book: who came, changed, left and came back.

The address book is never written, and nobody is removed from the list: who left is archived.
"""

from datetime import datetime
from typing import NamedTuple

from connectd.config import People
from connectd.domain.model import Contact
from connectd.domain.view import Name
from connectd.errors import ConfigError, ServerError
from connectd.service.address_book_reading import (
    Reading,
    is_of_one_moment,
    read_address_books,
    remember,
)
from connectd.service.card_following import Following
from connectd.service.means import Means
from connectd.service.pausing import heed_pauses

_TRIES = 3


class CardProblem(NamedTuple):
    """A card, or a whole address book, that could not be followed, and why."""

    card: str
    reason: str


class Refreshed(NamedTuple):
    """What a look into the address books changed on the list."""

    added: tuple[Contact, ...] = ()
    changed: tuple[Contact, ...] = ()
    archived: tuple[Contact, ...] = ()
    back: tuple[Contact, ...] = ()
    problems: tuple[CardProblem, ...] = ()


def people_of(means: Means) -> People:
    """The ``[people]`` table; raises ConfigError where there is none."""
    people = means.config.people
    if people is None:
        missing = (
            f"people: {means.config.path} has no such table, so it is not known which address "
            "book to read and whom to take from it; add the lines\n"
            "    [people]\n"
            '    group = "connect"   # the people with this category, or in this group'
        )
        raise ConfigError([missing])
    return people


def refresh_people(means: Means, now: datetime) -> Refreshed:
    """Bring the list in line with the address books, all of it or nothing, and journal it.

    Raises ConfigError without a ``[people]`` table, CredentialsError, and ServerError where
    anything could not be read whole: then nothing is changed.
    """
    heed_pauses(means, now)
    people, server = people_of(means), means.people
    if server is None:
        raise RuntimeError("these means were built without the address books")
    for _ in range(_TRIES):
        reading = read_address_books(means, server, people, now)
        if not is_of_one_moment(reading, server):
            continue
        with means.store.transaction():
            if _is_current(reading, means):
                return _taken_over(reading, means, people, now)
    raise ServerError("The address book keeps changing while it is read: try again later.")


def _is_current(reading: Reading, means: Means) -> bool:
    """Whether no other process has recorded a reading since this one began."""
    store = means.store
    return reading.known == store.cards() and reading.records == store.address_books()


def _taken_over(reading: Reading, means: Means, people: People, now: datetime) -> Refreshed:
    following = Following(reading, means.store, people, means.config.policy.categories)
    following.follow_cards()
    following.archive_who_left()
    following.record(people.account, now)
    remember(reading, means)
    for contact, because in following.journal:
        means.store.log(now, Name.PEOPLE, contact.id, None, because)
    return Refreshed(
        added=tuple(following.added),
        changed=tuple(following.changed),
        archived=tuple(following.archived),
        back=tuple(following.back),
        problems=tuple(CardProblem(card, reason) for card, reason in following.problems),
    )
