"""What was read of address books comes back as it was written."""

from datetime import UTC, datetime

import pytest

from connectd.edges.store import AddressBookRecord, CardRecord, Store

READ = datetime(2026, 11, 2, 7, tzinfo=UTC)
BOOK = AddressBookRecord("https://x.test/b/", "main", "v-1", READ)
ADA = CardRecord(BOOK.url, f"{BOOK.url}a.vcf", '"1"', "uid-a", "ada", "{}")
BOB = CardRecord(BOOK.url, f"{BOOK.url}b.vcf", '"1"', "uid-b")


@pytest.fixture
def filled(store: Store) -> Store:
    store.save_address_book(BOOK)
    store.save_cards([BOB, ADA])
    return store


def test_books_and_cards_come_back_in_order(filled: Store) -> None:
    other = AddressBookRecord("https://x.test/a/", "main")
    filled.save_address_book(other)
    assert filled.address_books() == (other, BOOK)
    assert filled.cards() == (ADA, BOB)


def test_both_are_written_over(filled: Store) -> None:
    newer = BOOK._replace(version=None, account="work")
    left = ADA._replace(etag="", said=None, uid="other")
    filled.save_address_book(newer)
    filled.save_cards([left])
    assert (filled.address_books(), filled.cards()) == ((newer,), (left, BOB))


def test_cards_go_alone_or_with_their_book(filled: Store) -> None:
    filled.drop_cards([BOB])
    assert filled.cards() == (ADA,)
    filled.forget_address_book(BOOK.url)
    assert (filled.address_books(), filled.cards()) == ((), ())


def test_the_uid_of_a_contact_is_that_of_the_card_that_lists_them(filled: Store) -> None:
    copies = [
        CardRecord(BOOK.url, f"{BOOK.url}0.vcf", '"1"', "uid-left", "ada"),
        CardRecord(BOOK.url, f"{BOOK.url}n.vcf", '"1"', f"{BOOK.url}n.vcf", "nameless", "{}"),
    ]
    filled.save_cards(copies)
    assert filled.card_uids() == {"ada": "uid-a"}
