"""Reads what is new in the address books; what is known of the rest stays as it is.

Only a reading that is whole comes back. A listing that fails, an answer without address books
and a card that the listing names and the server does not give say nothing about anybody.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectd.config import People
from connectd.edges.caldav_server import (
    AddressBookHome,
    AddressBookInfo,
    AddressBookServer,
    CardObject,
)
from connectd.edges.store import AddressBookRecord, CardRecord
from connectd.errors import RefusedError, ServerError, TooCostlyError
from connectd.formats.address_cards import contents_or_problem
from connectd.formats.vcard_contents import CardContents, plain_uid
from connectd.service.means import Means

Place = tuple[str, str]
"""The URL of an address book, and that of a card in it."""

_HOME, _RULES = "address_books.home", "address_books.rules"
_GRACE = timedelta(hours=36)
"""Two daily readings miss a book until its groups count no more."""
_CARDS_AT_ONCE = 50
_CHARACTERS_AT_ONCE = 2_000_000


@dataclass(slots=True)
class Reading:
    """What the address books hold now, as far as it is news.

    ``known`` and ``records`` are what was on record before. ``there`` gives the ETag of every
    card in a book that was ``listed``, ``asked`` are the cards that were to be read, and
    ``told`` is what each of them says, or why it cannot be understood. ``groups`` are the names
    of the groups that each member is in, by UID. ``rules`` says by what people are chosen;
    ``moved`` that what is on record is of another place than the one that is configured now;
    ``lost`` are the books that have been gone for so long that their groups count no more.
    """

    home: AddressBookHome
    rules: str
    moved: bool
    books: tuple[AddressBookInfo, ...]
    records: tuple[AddressBookRecord, ...]
    known: tuple[CardRecord, ...]
    lost: frozenset[str]
    listed: set[str] = field(default_factory=set)
    there: dict[Place, str] = field(default_factory=dict)
    asked: set[Place] = field(default_factory=set)
    told: dict[Place, CardContents | str] = field(default_factory=dict)
    groups: dict[str, frozenset[str]] = field(default_factory=dict)


def read_address_books(
    means: Means, server: AddressBookServer, people: People, now: datetime
) -> Reading:
    """Read every address book that has changed; one request where none has.

    Raises CredentialsError, and ServerError where anything could not be read whole.
    """
    reading, afresh = _begun(means, server, people, now)
    versions = {record.url: record.version for record in reading.records}
    for book in reading.books:
        means.progress()
        if afresh or book.version is None or book.version != versions.get(book.url):
            _read_book(book.url, reading, means, server, afresh=afresh)
    _read_whose_groups_changed(reading, means, server, people)
    return reading


def is_of_one_moment(reading: Reading, server: AddressBookServer) -> bool:
    """Whether the address books are still as they were when the reading began.

    A card that is moved from a book not yet read to one that was read already seems to be in
    none of them. So they are looked at once more where somebody seems to have left; raises
    ServerError if that cannot be done.
    """
    seem_gone = any(
        card.said and card.book in reading.listed and (card.book, card.href) not in reading.there
        for card in reading.known
    )
    return not seem_gone or _versions(server.books(reading.home)) == _versions(reading.books)


def _versions(books: Iterable[AddressBookInfo]) -> dict[str, str | None]:
    return {book.url: book.version for book in books}


def rules_of(means: Means, people: People) -> str:
    """What decides who is on the list: where it changes, every card is looked at again."""
    ours = sorted(means.config.policy.categories)
    return json.dumps([people.group, people.category, ours])


def remember(reading: Reading, means: Means) -> None:
    """Record by what rules the record is made from now on, and where the address books lie."""
    home = [*_place(means), reading.home.url, reading.home.only]
    means.store.set_note(_HOME, json.dumps(home))
    means.store.set_note(_RULES, reading.rules)


def is_group_of_ours(name: str, group: str) -> bool:
    """Whether the members of a group of this name are on the list."""
    folded, wanted = " ".join(name.split()).casefold(), group.strip().casefold()
    return folded == wanted or folded.startswith(f"{wanted}/")


def _begun(
    means: Means, server: AddressBookServer, people: People, now: datetime
) -> tuple[Reading, bool]:
    """The address books that there are, and whether all cards are to be read again."""
    known_home = _home(means)
    home, books = _books(server, known_home)
    if not books:
        raise ServerError(
            f"There is no address book at {home.only or home.url}. That may pass, so everybody "
            "stays on the list; if not, check the url in [people]."
        )
    store, rules = means.store, rules_of(means, people)
    records, urls = store.address_books(), {book.url for book in books}
    gone = (record for record in records if record.url not in urls)
    reading = Reading(
        home=home,
        rules=rules,
        moved=known_home is None,
        books=books,
        records=records,
        known=store.cards(),
        lost=frozenset(one.url for one in gone if not _may_come_back(one, now)),
    )
    return reading, store.get_note(_RULES) != rules


def _may_come_back(book: AddressBookRecord, now: datetime) -> bool:
    return book.read_at is not None and now - book.read_at < _GRACE


def _books(
    server: AddressBookServer, known: AddressBookHome | None
) -> tuple[AddressBookHome, tuple[AddressBookInfo, ...]]:
    """The address books at the home that was found before, or is found again."""
    if known is not None:
        try:
            return known, server.books(known)
        except RefusedError:
            pass
    home = server.discover()
    return home, server.books(home)


def _home(means: Means) -> AddressBookHome | None:
    """Where the address books of the configured place lie, if that was found out before."""
    account, url, home, only = json.loads(means.store.get_note(_HOME) or "[null,null,null,null]")
    return AddressBookHome(home, only) if [account, url] == _place(means) else None


def _place(means: Means) -> list[str]:
    server = means.people
    return [server.account, server.url] if server else []


def _read_book(
    url: str, reading: Reading, means: Means, server: AddressBookServer, *, afresh: bool
) -> None:
    """List a book, and read the cards in it that are new or have changed."""
    etags = {card.href: card.etag for card in reading.known if card.book == url}
    listing = server.listing(url)
    reading.listed.add(url)
    reading.there |= {(url, href): etag for href, etag in listing.items()}
    stale = [href for href, etag in listing.items() if afresh or etags.get(href) != etag]
    _read_cards(url, stale, reading, means, server)


def _read_cards(
    url: str, hrefs: Sequence[str], reading: Reading, means: Means, server: AddressBookServer
) -> None:
    reading.asked |= {(url, href) for href in hrefs}
    for batch in server.fetch(url, hrefs):
        for href, told in _understood(batch, means):
            reading.told[url, href] = told


def _understood(
    cards: Iterable[CardObject], means: Means
) -> Iterator[tuple[str, CardContents | str]]:
    """Read cards in the child process; one that is too much for it costs that one alone."""
    whole: list[CardObject] = []
    for card in cards:
        if card.truncated:
            yield card.href, "this card is too large to be read"
        else:
            whole.append(card)
    for group in _small_groups(whole):
        yield from _read_together(group, means)


def _small_groups(cards: Iterable[CardObject]) -> Iterator[list[CardObject]]:
    group: list[CardObject] = []
    size = 0
    for card in cards:
        if group and (len(group) == _CARDS_AT_ONCE or size + len(card.text) > _CHARACTERS_AT_ONCE):
            yield group
            group, size = [], 0
        group.append(card)
        size += len(card.text)
    if group:
        yield group


def _read_together(
    cards: Sequence[CardObject], means: Means
) -> Iterator[tuple[str, CardContents | str]]:
    try:
        answer = means.reader.call({"what": "cards", "texts": [card.text for card in cards]})
    except TooCostlyError as error:
        middle = len(cards) // 2
        if not middle:
            yield cards[0].href, f"this card cannot be read: {error}"
            return
        yield from _read_together(cards[:middle], means)
        yield from _read_together(cards[middle:], means)
        return
    for card, told in zip(cards, answer["cards"], strict=True):
        yield card.href, contents_or_problem(told)


def _read_whose_groups_changed(
    reading: Reading, means: Means, server: AddressBookServer, people: People
) -> None:
    """Learn who is in which group, and read the cards of those who came or went as well."""
    before = _members(filter(None, map(group_on_record, reading.known)))
    reading.groups = _members(_groups_now(reading, people.group))
    moved = {
        uid for uid in before.keys() | reading.groups if before.get(uid) != reading.groups.get(uid)
    }
    urls = {book.url for book in reading.books}
    for url in urls:
        hrefs = [
            card.href
            for card in reading.known
            if card.book == url
            and plain_uid(card.uid) in moved
            and (url, card.href) not in reading.told
            and (url not in reading.listed or (url, card.href) in reading.there)
        ]
        _read_cards(url, hrefs, reading, means, server)


def group_on_record(card: CardRecord) -> tuple[str, tuple[str, ...]] | None:
    """The name and the members of a card that is a group of ours, None for any other."""
    said = json.loads(card.said) if card.said else {}
    return (said["group"], tuple(said["members"])) if "group" in said else None


def _groups_now(reading: Reading, group: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for card in reading.known:
        place = (card.book, card.href)
        told = reading.told.get(place)
        is_gone = card.book in reading.listed and place not in reading.there
        if isinstance(told, CardContents) or is_gone or card.book in reading.lost:
            continue
        if known := group_on_record(card):
            yield known
    for told in reading.told.values():
        if isinstance(told, CardContents) and told.is_group and is_group_of_ours(told.name, group):
            yield told.name, told.members


def _members(groups: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, frozenset[str]]:
    """The names of the groups that each member is in, by UID."""
    found: dict[str, set[str]] = {}
    for name, members in groups:
        for member in members:
            found.setdefault(member, set()).add(name)
    return {member: frozenset(names) for member, names in found.items()}
