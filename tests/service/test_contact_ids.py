"""Nobody inherits what is on record about somebody else: ids are given away once."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.model import Contact, Encounter, Fact, Meeting, Span, State
from connectd.edges.store import AddressBookRecord, CardRecord, Store
from connectd.formats.people import PersonRow
from connectd.service import people

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
CATEGORIES = ("business",)
BOB = PersonRow("Bob", ("bob@example.test", "b@example.test"), "business")
A_MEETING = Meeting("m-1", "ann", 1, State.MET, Span(NOW, NOW + timedelta(hours=1)))
AN_INTRODUCTION = Introduction("ann", "cid", NOW, "both build", Bringing.MAIL)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "connectd.db") as store:
        store.begin(NOW)
        yield store


def save_card(store: Store) -> None:
    store.save_address_book(AddressBookRecord("https://b/", "main"))
    store.save_cards([CardRecord("https://b/", "https://b/1.vcf", '"1"', "card-1", "bob")])


ON_RECORD: dict[str, Callable[[Store], object]] = {
    "meeting": lambda store: store.save_meeting(A_MEETING._replace(contact="bob"), was=None),
    "meeting of three": lambda store: store.save_meeting(A_MEETING._replace(other="bob"), was=None),
    "encounter": lambda store: store.add_encounter(Encounter("bob", NOW.date())),
    "fact": lambda store: store.add_fact(Fact("bob", "note", "is ill", NOW.date()), NOW),
    "introduced first": lambda store: store.save_introduction(
        AN_INTRODUCTION._replace(first="bob")
    ),
    "introduced second": lambda store: store.save_introduction(
        AN_INTRODUCTION._replace(second="bob")
    ),
    "knows": lambda store: store.add_acquaintance("bob", "cid", "said"),
    "is known": lambda store: store.add_acquaintance("ann", "bob", "seen"),
    "card": save_card,
}


def add(store: Store, row: PersonRow) -> Contact:
    return people.add(store, row, CATEGORIES)


@pytest.mark.parametrize("what", ON_RECORD)
def test_an_id_with_anything_on_record_goes_to_nobody_else(store: Store, what: str) -> None:
    add(store, BOB)
    ON_RECORD[what](store)
    store.remove_contact("bob")
    row = PersonRow("Bob", ("another@example.test",), "business")
    assert add(store, row).id == "bob-2"
    assert people.add_all(store, [PersonRow("bob", ("third@x.test",), "business")])[0].id == "bob-3"


def test_an_id_without_anything_on_record_is_free_again(store: Store) -> None:
    add(store, BOB)
    store.remove_contact("bob")
    assert add(store, PersonRow("Bob", ("another@example.test",), "business")).id == "bob"


def test_who_comes_again_by_name_and_address_is_the_same_person(store: Store) -> None:
    add(store, BOB)
    ON_RECORD["fact"](store)
    store.remove_contact("bob")
    bill = add(store, PersonRow("Bill", ("bob@example.test",), "business"))
    assert bill.id == "bill"
    again = PersonRow(" BOB", ("new@example.test", "B@example.test"), "business")
    assert add(store, again).id == "bob"
    assert [fact.text for fact in store.facts("bob")] == ["is ill"]
    twin = again.__class__("Bob", ("twin@example.test",), "business")
    assert add(store, twin).id == "bob-2"


def test_two_who_come_at_once_are_not_both_the_one_of_then(store: Store) -> None:
    add(store, BOB)
    ON_RECORD["fact"](store)
    store.remove_contact("bob")
    rows = [PersonRow("Bob", (address,), "business") for address in reversed(BOB.emails)]
    assert [contact.id for contact in people.add_all(store, rows)] == ["bob", "bob-2"]


@pytest.mark.parametrize("name", ["Bob {}", "李 {}"])
def test_the_record_is_read_once_for_a_long_list(store: Store, name: str) -> None:
    def statements(count: int, domain: str) -> tuple[int, int]:
        """How many there are in all, and how many that read a whole table."""
        ran: list[str] = []
        rows = [
            PersonRow(name.format(chr(ord("一") + number)), (f"p{number}@{domain}",), CATEGORIES[0])
            for number in range(count)
        ]
        store.database.connection.set_trace_callback(ran.append)
        added = people.add_all(store, rows)
        store.database.connection.set_trace_callback(None)
        assert len({contact.id for contact in added}) == count
        return len(ran), sum(sql.startswith("SELECT") and " WHERE " not in sql for sql in ran)

    few, many = statements(10, "few.test"), statements(1000, "many.test")
    assert many[0] <= few[0] * 100
    assert many[1] == few[1]
