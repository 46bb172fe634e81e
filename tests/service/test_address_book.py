"""The list follows an address book: on real servers, with the user's own changes kept."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from address_book import AddressBook, address_book, card, home_of
from followed import PEOPLE, contact, listed, refresh, told
from installation import CountedReader, Install, Installation
from proxy import Proxy
from servers import Radicale, User

from connectd.domain.model import Contact, Kind
from connectd.errors import ConfigError
from connectd.service import people
from connectd.service.address_book import refresh_people
from connectd.service.people import Changes

READING = {"PROPFIND", "REPORT", "GET"}


@pytest.fixture
def book(user: User) -> AddressBook:
    return address_book(user)


@pytest.fixture
def alice(book: AddressBook, proxy: Proxy, install: Install) -> Installation:
    """Return connectd with an address book, read through the proxy."""
    return install(book.user, url=proxy.url, more=PEOPLE)


def test_those_in_the_group_come_on_the_list_with_what_their_card_says(
    alice: Installation, book: AddressBook
) -> None:
    more = ("TZ:Europe/Paris", "FBURL:https://ada.example.test/busy.ifb", "NOTE:likes tea")
    book.person("ada", *more, "BDAY:1980-03-05", categories="connect,Results,Book club")
    book.person("bob", "EMAIL;TYPE=PREF:b@example.test", categories="CONNECT/business")
    book.person("cid", categories="Friends,business")
    book.person("dan", categories="")
    assert told(refresh(alice)) == (["ada-example", "bob-example"], [], [], [])
    assert contact(alice, "ada-example") == Contact(
        id="ada-example",
        name="Ada Example",
        emails=("ada@example.test",),
        category="results",
        timezone="Europe/Paris",
        free_busy="https://ada.example.test/busy.ifb",
        note="likes tea",
        birthday="1980-03-05",
        tags=("Book-club",),
    )
    assert contact(alice, "bob-example").emails == ("b@example.test", "bob@example.test")
    assert listed(alice) == ["ada-example", "bob-example"]
    assert {line.action for line in alice.store.journal()} == {"people"}


def test_one_request_is_enough_when_nothing_changed(
    alice: Installation, book: AddressBook, proxy: Proxy
) -> None:
    book.person("ada")
    refresh(alice)
    calls = alice.reader.calls
    proxy.clear()
    assert told(refresh(alice, days=1)) == ([], [], [], [])
    alice.restart()
    assert told(refresh(alice, days=1)) == ([], [], [], [])
    assert [(seen.method, seen.headers["depth"]) for seen in proxy.requests] == [
        ("PROPFIND", "1")
    ] * 2
    assert alice.reader.calls == calls


def test_a_changed_card_costs_two_requests_more_and_nothing_is_ever_written(
    alice: Installation, book: AddressBook, proxy: Proxy
) -> None:
    for name in ("ada", "bob", "cid"):
        book.person(name)
    refresh(alice)
    assert {seen.method for seen in proxy.requests} <= READING
    book.person("bob", "NOTE:likes coffee")
    proxy.clear()
    assert told(refresh(alice, days=1)) == ([], ["bob-example"], [], [])
    assert [seen.method for seen in proxy.requests] == ["PROPFIND", "PROPFIND", "REPORT"]


def test_a_card_that_its_server_cannot_send_with_others_is_read_all_the_same(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada", "NOTE:rings a \a and \uffff")
    book.person("bob")
    assert told(refresh(alice)) == (["ada-example", "bob-example"], [], [], [])
    assert contact(alice, "ada-example").note == "rings a  and \uffff"


def test_a_rename_keeps_the_id_and_what_the_user_set_here(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada", "NOTE:from the card", "TZ:Europe/Paris")
    refresh(alice)
    own = Changes(every_days=9, kind=Kind.WALK, note="my own words", timezone="Asia/Tokyo")
    categories = alice.config.policy.categories
    people.edit(alice.store, contact(alice, "ada-example"), own, categories)
    alice.store.update_contact(contact(alice, "ada-example")._replace(tags=("mine",)))
    changed = ("FN:Ada Lovelace", "EMAIL:ada@new.example.test", "NOTE:from the card")
    book.put("ada", *changed, "CATEGORIES:connect/results,maths", uid="uid-ada")
    assert told(refresh(alice, days=1)) == ([], ["ada-example"], [], [])
    assert contact(alice, "ada-example") == Contact(
        id="ada-example",
        name="Ada Lovelace",
        emails=("ada@new.example.test",),
        category="results",
        every_days=9,
        kind=Kind.WALK,
        note="my own words",
        timezone=None,
        tags=("maths", "mine"),
    )


def test_a_card_that_moves_to_another_address_book_is_followed(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    refresh(alice)
    other = address_book(book.user, "family")
    book.delete("ada")
    other.put(
        "x", "FN:Ada Lovelace", "EMAIL:ada@x.test", "CATEGORIES:connect/business", uid="uid-ada"
    )
    assert told(refresh(alice, days=1)) == ([], ["ada-example"], [], [])
    assert contact(alice, "ada-example").name == "Ada Lovelace"
    other.delete("x")
    assert told(refresh(alice, days=1)) == ([], [], ["ada-example"], [])


def test_who_leaves_the_group_is_archived_and_comes_back_with_the_same_id(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    book.person("bob")
    refresh(alice)
    book.person("ada", categories="Friends")
    assert told(refresh(alice, days=1)) == ([], [], ["ada-example"], [])
    assert (listed(alice), contact(alice, "ada-example").archived) == (["bob-example"], True)
    assert "no longer in the group" in alice.store.journal()[0].because
    assert told(refresh(alice, days=1)) == ([], [], [], [])
    book.person("ada")
    assert told(refresh(alice, days=1)) == ([], [], [], ["ada-example"])
    assert not contact(alice, "ada-example").archived


@pytest.mark.parametrize("uid", ["uid-ada", "another"])
def test_whose_card_is_deleted_is_archived_and_known_again_by_uid_or_address(
    alice: Installation, book: AddressBook, uid: str
) -> None:
    book.person("ada")
    refresh(alice)
    book.delete("ada")
    assert told(refresh(alice, days=1)) == ([], [], ["ada-example"], [])
    assert "their card is gone" in alice.store.journal()[0].because
    lines = ("FN:Ada Example", "EMAIL:ADA@example.test", "CATEGORIES:connect/business")
    book.put("new", *lines, uid=uid)
    assert told(refresh(alice, days=1)) == ([], [], [], ["ada-example"])
    assert listed(alice) == ["ada-example"]


@pytest.mark.parametrize(("kind", "version"), [("", "4.0"), ("X-ADDRESSBOOKSERVER-", "3.0")])
def test_members_of_a_group_card_come_and_go_though_their_own_cards_stay_as_they_are(
    alice: Installation, book: AddressBook, kind: str, version: str
) -> None:
    for name in ("ada", "bob", "cid"):
        book.person(name, categories="connect/business" if name == "cid" else "Friends")

    def group(*members: str) -> None:
        lines = [f"{kind}MEMBER:urn:uuid:uid-{name}" for name in members]
        names = ("FN:Connect/Results", "N:Connect/Results;;;;", f"{kind}KIND:group")
        book.put("group", *names, *lines, version=version)

    group("ada", "cid")
    assert told(refresh(alice)) == (["ada-example", "cid-example"], [], [], [])
    assert contact(alice, "ada-example").category == "results"
    assert contact(alice, "ada-example").tags == ("Friends",)
    group("bob")
    found = refresh(alice, days=1)
    assert told(found) == (["bob-example"], [], ["ada-example"], [])
    book.delete("group")
    assert told(refresh(alice, days=1)) == ([], [], ["bob-example"], [])
    assert listed(alice) == ["cid-example"]


def test_without_the_table_the_lines_to_add_are_named(user: User, install: Install) -> None:
    with pytest.raises(ConfigError, match=r'\[people\]\n\s+group = "connect"'):
        refresh(install(user))


class Overtaken(CountedReader):
    """A child process that something else goes before, once."""

    def __init__(self, before: Callable[[], object]) -> None:
        super().__init__()
        self._before = [before]

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        while self._before:
            self._before.pop()()
        return super().call(request)


def test_a_reading_that_another_process_overtook_is_made_again(
    alice: Installation, book: AddressBook
) -> None:
    book.person("ada")
    with Overtaken(lambda: refresh(alice)) as reader:
        means = replace(alice.means, reader=reader)
        assert told(refresh_people(means, alice.now)) == ([], [], [], [])
    assert listed(alice) == ["ada-example"]
    assert [line.because for line in alice.store.journal()] == [
        "the address book puts them on the list"
    ]


@pytest.mark.timeout(400)  # the server takes half a minute for it on an idle machine
def test_five_thousand_cards_come_in_batches_and_cost_one_request_from_then_on(
    radicale: Radicale, install: Install
) -> None:
    user = radicale.new_user()
    cards = [
        card(
            f"FN:Person {number}",
            f"EMAIL:p{number}@example.test",
            f"CATEGORIES:{'connect/business' if number % 100 == 0 else 'Friends'}",
            uid=f"u-{number}",
        )
        for number in range(5000)
    ]
    user.dav.put_cards(f"{home_of(user)}bulk/", *cards).expect(201)
    with Proxy(user.url) as proxy:
        alice = install(user, url=proxy.url, more=PEOPLE)
        assert len(refresh(alice).added) == 50
        methods = [seen.method for seen in proxy.requests]
        assert methods.count("REPORT") == 25
        assert len(methods) <= 25 + 4
        assert set(methods) == {"PROPFIND", "REPORT"}
        proxy.clear()
        assert told(refresh(alice, days=1)) == ([], [], [], [])
        assert [seen.method for seen in proxy.requests] == ["PROPFIND"]
        assert len(alice.store.contacts()) == 50
