"""Takes what a reading of the address books found over into the list, within one transaction."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from connectd.config import People
from connectd.domain.card_changes import (
    CardPerson,
    contact_of,
    follow,
    is_surely,
    names_differ,
)
from connectd.domain.card_groups import membership
from connectd.domain.contacts import check_person
from connectd.domain.model import Contact
from connectd.edges.store import AddressBookRecord, CardRecord, Store
from connectd.formats.vcard_contents import CardContents, plain_uid
from connectd.service.address_book_reading import (
    Place,
    Reading,
    group_on_record,
    is_group_of_ours,
)
from connectd.service.card_table import AGAIN, CardTable
from connectd.service.contact_ids import ContactIds


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A card that puts somebody on the list."""

    card: CardRecord
    person: CardPerson

    @property
    def place(self) -> Place:
        return self.card.book, self.card.href


class Following:
    """One reading on its way into the record; what came of it stands in the lists."""

    def __init__(
        self, reading: Reading, store: Store, people: People, categories: Collection[str]
    ) -> None:
        self.added: list[Contact] = []
        self.changed: list[Contact] = []
        self.archived: list[Contact] = []
        self.back: list[Contact] = []
        self.problems: list[tuple[str, str]] = []
        self.journal: list[tuple[Contact, str]] = []
        self._reading = reading
        self._store = store
        self._people = people
        self._categories = categories
        self._table = CardTable(reading)
        self._ids = ContactIds(store)
        self._contacts = {one.id: one for one in store.contacts(include_archived=True)}
        self._owners = {
            address.casefold(): one.id for one in self._contacts.values() for address in one.emails
        }
        self._unsettled: set[str] = set()
        self._names_with: dict[str, set[str]] = {}

    def follow_cards(self) -> None:
        """Add and change whom the cards put on the list.

        Those whose name fits best come first. One whose address belongs to somebody else is
        tried once more after the others: they may have given it up.
        """
        waiting = sorted(self._candidates(), key=self._strangeness)
        for one in waiting:
            for address in one.person.emails:
                self._names_with.setdefault(address.casefold(), set()).add(one.person.name)
        tried = len(waiting) + 1
        while waiting and len(waiting) < tried:
            tried = len(waiting)
            waiting = [one for one in waiting if not self._take(one)]
        for one in waiting:
            self._follow_the_rest(one)
        for place in sorted(self._reading.asked - self._reading.told.keys()):
            self._unsettled.add(place[0])
            if place in self._table.before:
                self._table.put(self._table.at(place)._replace(etag=AGAIN))

    def archive_who_left(self) -> None:
        """Archive those whom no card puts on the list any more."""
        for contact_id in self._table.left():
            contact = self._contacts.get(contact_id)
            if contact and not contact.archived:
                left = contact._replace(archived=True)
                self._save(left)
                self.archived.append(left)
                self.journal.append((left, self._why_left(contact_id)))
        for place in self._table.gone:
            self._table.put(self._table.at(place)._replace(etag=AGAIN, said=None))

    def record(self, account: str, now: datetime) -> None:
        """Write down what is known of the books and the cards now."""
        records = {record.url: record for record in self._reading.records}
        for book in self._reading.books:
            known = records.pop(book.url, AddressBookRecord(book.url, account))
            if book.url in self._reading.listed:
                known = known._replace(version=book.version)
            if book.url in self._unsettled:
                known = known._replace(version=None)
            self._store.save_address_book(known._replace(account=account, read_at=now))
        self._store.save_cards(self._table.changed())
        self._store.drop_cards(self._table.of_no_use())
        for url in records:
            self._lose_book(url)

    def _lose_book(self, url: str) -> None:
        """Forget a book that is not there any more, unless it may put people on the list yet."""
        here = [
            self._contacts[one] for one in self._table.listed_only_in(url) if one in self._contacts
        ]
        has_group = url not in self._reading.lost and any(
            card.book == url and group_on_record(card) for card in self._reading.known
        )
        if self._reading.moved or not (here or has_group):
            self._store.forget_address_book(url)
            return
        stay = [f"{one.name} ({one.id})" for one in here]
        stay += ["the members of its groups, for a day or two"] if has_group else []
        reason = "this address book is gone, which may pass, so they stay on the list"
        self.problems.append((url, f"{reason}: {', '.join(stay)}"))

    def _candidates(self) -> Iterator[_Candidate]:
        """Read each card that is news: those of people on the list are yielded, in order."""
        for place, told in sorted(self._reading.told.items()):
            known = self._table.at(place)
            if isinstance(told, str):
                self._complain(known, told)
                continue
            etag = self._reading.there.get(place, known.etag)
            card = known._replace(etag=etag, uid=told.uid or known.href)
            if told.is_group:
                ours = is_group_of_ours(told.name, self._people.group)
                said = json.dumps({"group": told.name, "members": told.members}) if ours else None
                self._table.put(card._replace(contact=None, said=said))
            elif person := self._person(card, told):
                yield _Candidate(card, person)

    def _person(self, card: CardRecord, told: CardContents) -> CardPerson | None:
        """The person whom a card puts on the list, if it does and they can be there."""
        words = (*told.categories, *sorted(self._reading.groups.get(plain_uid(card.uid), ())))
        ours, otherwise = self._categories, self._people.category
        member = membership(words, self._people.group, ours, otherwise)
        if member is None:
            self._table.put(card._replace(contact=self._contact_id(card), said=None))
            return None
        category = member.category or ""
        problems = check_person(
            told.name, told.emails, category, categories=ours if category else ("",)
        )
        if not category:
            known = ", ".join(sorted(ours))
            problems.append(f"it has none of the categories {known}, nor has [people] a category")
        if problems:
            self._complain(card, "; ".join(problems), told.name)
            return None
        return CardPerson(
            name=told.name,
            emails=told.emails,
            category=category,
            timezone=told.timezone,
            free_busy=told.free_busy,
            note=told.note,
            birthday=told.birthday,
            tags=member.tags,
        )

    def _take(self, one: _Candidate) -> bool:
        """Put the person of a card on the list, or follow them; False if an address is taken."""
        earlier = self._table.earlier(one.card)
        contact_id = earlier.contact if earlier else None
        former = None
        if contact_id and contact_id not in self._contacts:
            if earlier and earlier.said:
                self._settle(one, contact_id)  # the user took them off the list, which counts
                return True
            former, contact_id = contact_id, None
        if owners := self._taken_by(one, contact_id):
            if contact_id or len(owners) > 1 or not self._is_theirs(one, owners[0]):
                return False
            contact_id = owners[0]
        if contact_id is None:
            self._add(one, former or self._ids.give(one.person.name, one.person.emails))
        else:
            self._follow(one, contact_id)
        return True

    def _is_theirs(self, one: _Candidate, contact_id: str) -> bool:
        """Whether a card is surely that of somebody whom no other card lists.

        The name alone says so of those who have left, or are about to: who has their address
        now may be their successor. It has to fit where cards of several names have an address
        of theirs.
        """
        if self._table.is_listed(contact_id, but=one.place):
            return False
        contact = self._contacts[contact_id]
        difference = names_differ(contact.name, one.person.name)
        if contact.archived or self._table.was_listed(contact_id):
            return difference == 0
        names = [self._names_with.get(address.casefold(), ()) for address in contact.emails]
        is_shared = max(map(len, names), default=0) > 1
        return is_surely(contact, one.person) and not (is_shared and difference > 1)

    def _follow_the_rest(self, one: _Candidate) -> None:
        """Say whose address is on a card; if somebody is followed by it, leave that one out."""
        contact_id = self._contact_id(one.card)
        owner = self._contacts[self._taken_by(one, contact_id)[0]]
        free = tuple(
            address
            for address in one.person.emails
            if self._owners.get(address.casefold()) in {None, contact_id}
        )
        if contact_id and contact_id in self._contacts and free:
            self._follow(replace(one, person=one.person._replace(emails=free)), contact_id)
        archived = ", archived" if self._has_left(owner) else ""
        reason = f"an address on it belongs to {owner.name} ({owner.id}{archived}) already"
        self._complain(self._table.at(one.place), reason, one.person.name)

    def _add(self, one: _Candidate, contact_id: str) -> None:
        contact = contact_of(contact_id, one.person)
        self._settle(one, contact.id)
        self._store.add_contact(contact)
        self._remember(contact)
        self.added.append(contact)
        self.journal.append((contact, "the address book puts them on the list"))

    def _follow(self, one: _Candidate, contact_id: str) -> None:
        """Take over what changed, unless this is a copy of a card that is followed already."""
        is_copy = one.place not in self._table.before and self._table.is_listed(contact_id)
        before = _said(self._table.earlier(one.card))
        self._settle(one, contact_id)
        if not is_copy:
            self._change(one, contact_id, before)

    def _change(self, one: _Candidate, contact_id: str, before: CardPerson | None) -> None:
        contact = self._contacts[contact_id]
        changed = follow(contact, one.person, before)
        if changed == contact:
            return
        self._save(changed)
        if contact.archived:
            self.back.append(changed)
            self.journal.append((changed, "the address book puts them on the list again"))
        else:
            self.changed.append(changed)
            fields = [f for f in Contact._fields if getattr(changed, f) != getattr(contact, f)]
            self.journal.append((changed, f"changed in the address book: {', '.join(fields)}"))

    def _settle(self, one: _Candidate, contact_id: str) -> None:
        said = json.dumps(one.person._asdict())
        self._table.put(one.card._replace(contact=contact_id, said=said))

    def _save(self, contact: Contact) -> None:
        self._store.update_contact(contact)
        self._remember(contact)

    def _remember(self, contact: Contact) -> None:
        known = self._contacts.get(contact.id)
        for address in known.emails if known else ():
            self._owners.pop(address.casefold(), None)
        self._contacts[contact.id] = contact
        self._owners |= {address.casefold(): contact.id for address in contact.emails}

    def _complain(self, card: CardRecord, reason: str, name: str = "") -> None:
        """Say what is wrong with a card, which is read again next time; who it lists stays."""
        self._table.put(card._replace(etag=AGAIN))
        self._unsettled.add(card.book)
        self.problems.append((name or card.href.rpartition("/")[2], reason))

    def _contact_id(self, card: CardRecord) -> str | None:
        """Whom a card stands for, on the list or off it."""
        earlier = self._table.earlier(card)
        return earlier.contact if earlier else None

    def _taken_by(self, one: _Candidate, contact_id: str | None) -> list[str]:
        """Whose the addresses of the card are, where they are somebody else's."""
        owners = (self._owners.get(address.casefold()) for address in one.person.emails)
        return list(dict.fromkeys(owner for owner in owners if owner and owner != contact_id))

    def _strangeness(self, one: _Candidate) -> int:
        """How far the name on a card is from the nearest one of those who have its addresses."""
        owners = (self._contacts[owner].name for owner in self._taken_by(one, None))
        return min((names_differ(name, one.person.name) for name in owners), default=0)

    def _has_left(self, contact: Contact) -> bool:
        was, is_ = self._table.was_listed(contact.id), self._table.is_listed(contact.id)
        return contact.archived or (was and not is_)

    def _why_left(self, contact_id: str) -> str:
        if self._table.has_any_left(contact_id):
            return f"archived: no longer in the group “{self._people.group}” of the address book"
        return "archived: their card is gone from the address book"


def _said(card: CardRecord | None) -> CardPerson | None:
    """What a card said of its person when it was read last."""
    if card is None or not card.said:
        return None
    said = json.loads(card.said)
    lists = {name: tuple(value) for name, value in said.items() if isinstance(value, list)}
    return CardPerson(**said | lists)
