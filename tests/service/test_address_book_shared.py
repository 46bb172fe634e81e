"""Addresses that several people share: nobody becomes somebody else by one."""

import pytest
from address_book import AddressBook, address_book
from followed import PEOPLE, contact, ids, listed, refresh, told
from installation import Install, Installation
from proxy import Proxy
from servers import User

from connectd.service import people
from connectd.service.people import Changes

GROUP = "CATEGORIES:connect/business"


@pytest.fixture
def book(user: User) -> AddressBook:
    return address_book(user)


@pytest.fixture
def alice(book: AddressBook, proxy: Proxy, install: Install) -> Installation:
    """Return connectd with an address book, read through the proxy."""
    return install(book.user, url=proxy.url, more=PEOPLE)


def by_hand(alice: Installation, name: str, *emails: str) -> None:
    added = alice.add(name, emails[0])
    own = Changes(emails=emails, note="mine")
    people.edit(alice.store, added, own, alice.config.policy.categories)


def put(book: AddressBook, card: str, name: str, *emails: str) -> None:
    book.put(card, f"FN:{name}", *(f"EMAIL:{email}" for email in emails), GROUP)


def test_a_shared_address_turns_nobody_into_somebody_else(
    alice: Installation, book: AddressBook
) -> None:
    by_hand(alice, "Ben", "ben@example.test", "family@example.test")
    put(book, "ann", "Ann Miller", "ann@example.test", "family@example.test")
    put(book, "ben", "Ben Miller", "ben@example.test", "family@example.test")
    found = refresh(alice)
    assert found.problems == (
        ("Ann Miller", "an address on it belongs to Ben Miller (ben) already"),
    )
    assert (contact(alice, "ben").name, contact(alice, "ben").note) == ("Ben Miller", "mine")
    assert listed(alice) == ["ben"]
    put(book, "ann", "Ann Miller", "ann@example.test")
    assert told(refresh(alice, days=1)) == (["ann-miller"], [], [], [])


def test_of_several_cards_that_could_be_theirs_the_one_whose_name_fits_is(
    alice: Installation, book: AddressBook
) -> None:
    by_hand(alice, "Ben", "family@example.test")
    by_hand(alice, "Cid Cole", "office@example.test")
    put(book, "a1", "Ann Miller", "ann@example.test", "family@example.test")
    put(book, "a2", "Eve Ellis", "office@example.test")
    put(book, "b1", "Ben Miller", "ben@example.test", "family@example.test")
    put(book, "b2", "CID  Cole", "cid@example.test", "office@example.test")
    assert {card for card, _ in refresh(alice).problems} == {"Ann Miller", "Eve Ellis"}
    assert (contact(alice, "ben").name, contact(alice, "cid-cole").name) == (
        "Ben Miller",
        "CID Cole",
    )


def test_an_address_that_stands_on_cards_of_several_names_says_nothing(
    alice: Installation, book: AddressBook
) -> None:
    by_hand(alice, "Benny", "family@example.test")
    put(book, "ann", "Ann Miller", "ann@example.test", "family@example.test")
    put(book, "ben", "Ben Miller", "ben@example.test", "family@example.test")
    assert [card for card, _ in refresh(alice).problems] == ["Ann Miller", "Ben Miller"]
    assert (listed(alice), contact(alice, "benny").name) == (["benny"], "Benny")
    put(book, "ann", "Ann Miller", "ann@example.test")
    assert told(refresh(alice, days=1)) == (["ann-miller"], ["benny"], [], [])
    assert contact(alice, "benny").name == "Ben Miller"


@pytest.mark.parametrize(
    ("name", "emails"),
    [
        ("BEN", ("new@example.test", "family@example.test")),
        ("Benjamin", ("ben@example.test",)),
        ("Benjamin", ("new@example.test", "family@example.test", "ben@example.test")),
    ],
)
def test_the_name_the_first_address_or_all_of_them_say_who_it_is(
    alice: Installation, book: AddressBook, name: str, emails: tuple[str, ...]
) -> None:
    by_hand(alice, "Ben", "ben@example.test", "family@example.test")
    put(book, "card", name, *emails)
    assert told(refresh(alice)) == ([], ["ben"], [], [])


@pytest.mark.parametrize("days", [0, 1])
def test_who_has_the_address_of_one_who_left_is_a_successor_unless_the_name_is_the_same(
    alice: Installation, book: AddressBook, days: int
) -> None:
    put(book, "anna", "Anna Amm", "sales@example.test")
    refresh(alice)
    book.delete("anna")
    if days:
        assert told(refresh(alice, days=days)) == ([], [], ["anna-amm"], [])
    put(book, "bert", "Bert Bull", "sales@example.test")
    for _ in range(2):
        assert refresh(alice, days=1).problems == (
            ("Bert Bull", "an address on it belongs to Anna Amm (anna-amm, archived) already"),
        )
        assert listed(alice) == []
    put(book, "bert", "anna AMM", "sales@example.test")
    assert told(refresh(alice, days=1)) == ([], [], [], ["anna-amm"])


@pytest.mark.parametrize("word", ["", ", archived"])
def test_an_address_of_another_costs_a_followed_card_that_address_alone(
    alice: Installation, book: AddressBook, word: str
) -> None:
    put(book, "ada", "Ada Ash", "ada@example.test")
    put(book, "bob", "Bob Bell", "bob@example.test")
    refresh(alice)
    if word:
        book.delete("bob")
    put(book, "ada", "Ada Oak", "bob@example.test", "ada@example.test", "new@example.test")
    for _ in range(2):
        found = refresh(alice, days=1)
        assert found.problems == (
            ("Ada Oak", f"an address on it belongs to Bob Bell (bob-bell{word}) already"),
        )
        ada = contact(alice, "ada-ash")
        assert (ada.name, ada.emails) == ("Ada Oak", ("ada@example.test", "new@example.test"))
    assert found.changed == ()
    alice.store.remove_contact("bob-bell")
    if not word:
        book.delete("bob")
    assert ids(refresh(alice, days=1).changed) == ["ada-ash"]
    assert contact(alice, "ada-ash").emails[0] == "bob@example.test"
