"""Where cards, the configuration and the user differ: who is on the list then, and as what."""

import pytest
from address_book import AddressBook, address_book
from followed import PEOPLE, contact, ids, listed, refresh, told
from installation import Install, Installation
from proxy import Proxy
from servers import User

from connectd.domain.model import Fact
from connectd.service import people
from connectd.service.people import Changes

WITH_DEFAULT = PEOPLE + 'category = "results"\n'


@pytest.fixture
def book(user: User) -> AddressBook:
    return address_book(user)


@pytest.fixture
def alice(book: AddressBook, proxy: Proxy, install: Install) -> Installation:
    """Return connectd with an address book, read through the proxy."""
    return install(book.user, url=proxy.url, more=PEOPLE)


def test_somebody_who_was_on_the_list_before_is_adopted(
    alice: Installation, book: AddressBook
) -> None:
    alice.add("Bobby", "Bob@Example.test", "organization")
    categories = alice.config.policy.categories
    people.edit(
        alice.store,
        contact(alice, "bobby"),
        Changes(emails=("bob@example.test", "private@example.test"), note="mine", every_days=7),
        categories,
    )
    book.person("bob")
    assert told(refresh(alice)) == ([], ["bobby"], [], [])
    adopted = contact(alice, "bobby")
    assert (adopted.name, adopted.category) == ("Bob Example", "business")
    assert adopted.emails == ("bob@example.test", "private@example.test")
    assert (adopted.note, adopted.every_days) == ("mine", 7)


def test_an_address_belongs_to_the_first_card_and_the_other_is_a_problem_until_it_is_solved(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    book.put("zoe", "FN:Zoe", "EMAIL:ada@example.test", "CATEGORIES:connect/business")
    found = refresh(alice)
    assert ids(found.added) == ["ada-example"]
    ((card, reason),) = found.problems
    assert (card, reason) == (
        "Zoe",
        "an address on it belongs to Ada Example (ada-example) already",
    )
    assert refresh(alice, days=1).problems == found.problems
    book.delete("zoe")
    assert told(refresh(alice, days=1)) == ([], [], [], [])


def test_addresses_that_move_from_one_card_to_the_next_are_no_conflict(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    book.person("bob")
    refresh(alice)
    known = ("CATEGORIES:connect/business", "N:Example;;;;")
    book.put("ada", "FN:Ada Example", "EMAIL:bob@example.test", *known)
    book.put("bob", "FN:Bob Example", "EMAIL:new@example.test", *known)
    assert sorted(told(refresh(alice, days=1))[1]) == ["ada-example", "bob-example"]
    assert contact(alice, "ada-example").emails == ("bob@example.test",)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("FN:Ada",), "there is no e-mail address"),
        (("FN:Ada", "EMAIL:ada@"), "'ada@' is not an e-mail address"),
    ],
)
def test_a_card_that_makes_no_contact_is_a_problem_and_keeps_whom_it_made(
    alice: Installation, book: AddressBook, lines: tuple[str, ...], reason: str
) -> None:
    book.person("ada")
    book.person("bob")
    refresh(alice)
    book.put("ada", *lines, "CATEGORIES:connect/business")
    book.put("new", *lines, "CATEGORIES:connect/business")
    found = refresh(alice, days=1)
    assert [reason for _, reason in found.problems] == [reason, reason]
    assert (found.archived, listed(alice)) == ((), ["ada-example", "bob-example"])
    book.person("ada", "NOTE:well again")
    book.delete("new")
    assert told(refresh(alice, days=1)) == ([], ["ada-example"], [], [])


def test_without_any_category_of_ours_the_configuration_may_name_one(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada", categories="connect")
    (problem,) = refresh(alice).problems
    assert problem.reason.startswith("it has none of the categories business, organization")
    alice.configure(PEOPLE, WITH_DEFAULT)
    assert told(refresh(alice, days=1)) == (["ada-example"], [], [], [])
    assert contact(alice, "ada-example").category == "results"


def test_another_group_in_the_configuration_means_other_people(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada", categories="connect,friends,business")
    book.person("bob", categories="connect,business")
    book.person("cid", categories="friends/results")
    refresh(alice)
    alice.configure('group = "connect"', 'group = "Friends"')
    assert told(refresh(alice, days=1)) == (["cid-example"], ["ada-example"], ["bob-example"], [])
    assert contact(alice, "ada-example").tags == ("connect",)


def test_whom_the_user_removed_stays_away_while_the_card_is_in_the_group(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    refresh(alice)
    alice.store.remove_contact("ada-example")
    book.person("ada", "NOTE:changed")
    assert told(refresh(alice, days=1)) == ([], [], [], [])
    assert listed(alice) == []
    book.person("ada", categories="")
    refresh(alice, days=1)
    book.person("ada")
    assert told(refresh(alice, days=1)) == (["ada-example"], [], [], [])


def test_a_card_of_one_who_was_removed_does_nothing_to_another_of_the_same_name(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    refresh(alice)
    alice.store.remove_contact("ada-example")
    namesake = alice.add("Ada Example", "other@elsewhere.test")
    assert namesake.id == "ada-example-2"
    book.person("ada", "NOTE:changed")
    assert told(refresh(alice, days=1)) == ([], [], [], [])
    book.put("a2", "FN:Ada Example", "EMAIL:third@x.test", "CATEGORIES:connect/business")
    assert told(refresh(alice, days=1)) == (["ada-example-3"], [], [], [])
    book.delete("ada")
    assert told(refresh(alice, days=1)) == ([], [], [], [])
    assert listed(alice) == ["ada-example-2", "ada-example-3"]
    assert contact(alice, namesake.id) == namesake


def test_whom_another_card_brings_back_has_the_record_of_then_only_by_name_and_address(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    refresh(alice)
    alice.store.add_fact(Fact("ada-example", "note", "private", alice.now.date()), alice.now)
    alice.store.remove_contact("ada-example")
    book.delete("ada")
    refresh(alice, days=1)
    book.put("a2", "FN:Ada Example", "EMAIL:other@y.test", "CATEGORIES:connect/business")
    book.put("a3", "FN:Ada Example", "EMAIL:ada@example.test", "CATEGORIES:connect/business")
    found = told(refresh(alice, days=1))
    assert found == (["ada-example-2", "ada-example"], [], [], [])
    assert contact(alice, "ada-example-2").emails == ("other@y.test",)


def test_the_same_card_in_two_address_books_is_one_person(
    alice: Installation, book: AddressBook
) -> None:
    other = address_book(book.user, "zebra")
    book.person("ada")
    other.person("ada")
    assert told(refresh(alice)) == (["ada-example"], [], [], [])
    book.delete("ada")
    assert told(refresh(alice, days=1)) == ([], [], [], [])
    other.delete("ada")
    assert told(refresh(alice, days=1)) == ([], [], ["ada-example"], [])


def test_another_place_in_the_configuration_leaves_those_from_the_first_on_the_list(
    alice: Installation, book: AddressBook, proxy: Proxy
) -> None:
    other = address_book(book.user, "family")
    book.person("ada")
    book.person("bob")
    other.person("cid")
    refresh(alice)
    other.put(
        "b", "FN:Bob Moved", "EMAIL:bob@example.test", "CATEGORIES:connect/business", uid="uid-bob"
    )
    alice.configure(PEOPLE, f'{PEOPLE}url = "{proxy.through(other.url)}"\n')
    assert told(refresh(alice, days=1)) == ([], ["bob-example"], [], [])
    assert listed(alice) == ["ada-example", "bob-example", "cid-example"]
    assert [record.url for record in alice.store.address_books()] == [proxy.through(other.url)]
