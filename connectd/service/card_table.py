"""The cards of all address books while a reading is taken over: as they were and as they are."""

from collections.abc import Iterator

from connectd.edges.store import CardRecord
from connectd.service.address_book_reading import Place, Reading

AGAIN = ""
"""As the ETag of a card that is to be read again."""


class CardTable:
    """Cards by place, by UID and by the contact they stand for.

    ``gone`` are those that a whole listing of their book lacks. A card *lists* its contact while
    it is there and puts them on the list; one in a book that cannot be found just now counts as
    there, unless the user has configured another place meanwhile.
    """

    def __init__(self, reading: Reading) -> None:
        self.before = {(card.book, card.href): card for card in reading.known}
        self.gone = frozenset(
            place
            for place in self.before
            if place[0] in reading.listed and place not in reading.there
        )
        self._read_books = {book.url for book in reading.books}
        self._moved = reading.moved
        self._cards: dict[Place, CardRecord] = {}
        self._of_uid: dict[str, set[Place]] = {}
        self._of_contact: dict[str, set[Place]] = {}
        for card in reading.known:
            self.put(card)

    def put(self, card: CardRecord) -> None:
        """Say how a card is now."""
        place = (card.book, card.href)
        if before := self._cards.get(place):
            self._of_uid[before.uid].discard(place)
            self._of_contact.get(before.contact or "", set()).discard(place)
        self._cards[place] = card
        self._of_uid.setdefault(card.uid, set()).add(place)
        if card.contact:
            self._of_contact.setdefault(card.contact, set()).add(place)

    def at(self, place: Place) -> CardRecord:
        """The card at a place, a blank one where none is on record."""
        return self._cards.get(place) or CardRecord(*place, etag=AGAIN, uid="")

    def earlier(self, card: CardRecord) -> CardRecord | None:
        """What is on record of a card, or of one with its UID elsewhere, that had a contact."""
        known = self.before.get((card.book, card.href))
        if known and known.contact and known.uid == card.uid:
            return known
        same = (self._cards[place] for place in sorted(self._of_uid.get(card.uid, ())))
        return max((c for c in same if c.contact), key=lambda c: bool(c.said), default=None)

    def is_listed(self, contact_id: str, but: Place | None = None) -> bool:
        """Whether a card, another one than that at ``but``, lists this contact."""
        places = self._of_contact.get(contact_id, set()) - {but}
        return any(self._lists(self._cards[place]) for place in places)

    def was_listed(self, contact_id: str) -> bool:
        """Whether a card listed this contact before."""
        return any(
            card.contact == contact_id and card.said and self._counts(card)
            for card in self.before.values()
        )

    def left(self) -> Iterator[str]:
        """The ids of those whom a card listed before and none does now, each once."""
        was = dict.fromkeys(
            card.contact
            for card in self.before.values()
            if card.contact and card.said and self._counts(card)
        )
        yield from (contact_id for contact_id in was if not self.is_listed(contact_id))

    def has_any_left(self, contact_id: str) -> bool:
        """Whether a card that stands for this contact is still there."""
        return bool(self._of_contact.get(contact_id, set()) - self.gone)

    def listed_only_in(self, book: str) -> list[str]:
        """The ids of those whom cards of this book list, and no card of another."""
        theirs = {c.contact for c in self._cards.values() if c.book == book and c.said}
        return sorted(
            contact_id
            for contact_id in theirs
            if contact_id
            and not any(
                place[0] != book and self._lists(self._cards[place])
                for place in self._of_contact[contact_id]
            )
        )

    def changed(self) -> Iterator[CardRecord]:
        """The cards that are new or otherwise than before."""
        return (card for place, card in self._cards.items() if self.before.get(place) != card)

    def of_no_use(self) -> Iterator[CardRecord]:
        """The cards that are gone and by which nobody would be known again."""
        for place in self.gone:
            card = self._cards[place]
            if not card.contact or self._of_contact[card.contact] - self.gone:
                yield card

    def _lists(self, card: CardRecord) -> bool:
        is_there = (card.book, card.href) not in self.gone
        return bool(card.said) and is_there and self._counts(card)

    def _counts(self, card: CardRecord) -> bool:
        return card.book in self._read_books or not self._moved
