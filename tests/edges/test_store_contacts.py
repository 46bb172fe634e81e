"""The list of people in the store."""

import pytest
from store_builders import NOW, contact, meeting

from connectd.domain.model import Encounter, Fact, Kind
from connectd.edges.store import Store
from connectd.errors import SenselessError


def test_contacts_are_listed_by_id(store: Store) -> None:
    for name in ("carol", "bob", "alice"):
        store.add_contact(contact(name))
    assert [one.id for one in store.contacts()] == ["alice", "bob", "carol"]


def test_an_archived_contact_is_listed_on_request_only(store: Store) -> None:
    archived = contact("bob")._replace(archived=True)
    store.add_contact(archived)
    store.add_contact(contact("carol"))
    assert store.contacts() == (contact("carol"),)
    assert store.contacts(include_archived=True) == (archived, contact("carol"))
    assert store.contact("bob") == archived


def test_nobody_is_found_under_an_unknown_id(store: Store) -> None:
    assert store.contact("bob") is None


def test_an_id_is_given_once(store: Store) -> None:
    store.add_contact(contact("bob"))
    with pytest.raises(SenselessError, match=r"The id bob belongs to Bob \(bob\) already\."):
        store.add_contact(contact("bob", "other@example.test"))
    assert store.contacts() == (contact("bob"),)


@pytest.mark.parametrize("archived", [False, True])
def test_an_address_belongs_to_one_contact_whatever_its_case(
    store: Store, *, archived: bool
) -> None:
    store.add_contact(contact("bob", "bob@example.test")._replace(archived=archived))
    named = r"Bob \(bob, archived\)" if archived else r"Bob \(bob\)"
    with pytest.raises(SenselessError, match=rf"BOB@example\.test belongs to {named} already"):
        store.add_contact(contact("carol", "carol@example.test", "BOB@example.test"))
    assert store.contact("carol") is None
    store.add_contact(contact("carol", "carol@example.test"))


def test_an_address_given_twice_is_kept_once(store: Store) -> None:
    store.add_contact(contact("bob", "Bob@a.test", "b@b.test", "bob@A.test"))
    assert store.contacts()[0].emails == ("Bob@a.test", "b@b.test")


def test_a_contact_is_updated(store: Store) -> None:
    store.add_contact(contact("bob", "bob@a.test", "bob@b.test"))
    changed = contact("bob", "bob@b.test", "bob@c.test")._replace(kind=Kind.WALK, every_days=9)
    store.update_contact(changed)
    assert store.contacts() == (changed,)
    store.add_contact(contact("carol", "bob@a.test"))


def test_an_update_cannot_take_the_address_of_another(store: Store) -> None:
    store.add_contact(contact("bob"))
    store.add_contact(contact("carol"))
    with pytest.raises(SenselessError, match=r"belongs to Bob \(bob\)"):
        store.update_contact(contact("carol", "bob@example.test")._replace(name="Caroline"))
    assert store.contacts() == (contact("bob"), contact("carol"))


def test_nobody_unknown_is_updated_or_removed(store: Store) -> None:
    with pytest.raises(SenselessError, match="id bob"):
        store.update_contact(contact("bob"))
    with pytest.raises(SenselessError, match="id bob"):
        store.remove_contact("bob")


def test_a_removed_contact_leaves_the_history_and_frees_the_address(store: Store) -> None:
    store.add_contact(contact("bob"))
    store.save_meeting(meeting(attempt=3), was=None)
    store.add_encounter(Encounter("bob", NOW.date()))
    store.add_fact(Fact("bob", "need", "a plumber", NOW.date()), NOW)
    store.remove_contact("bob")
    assert store.contacts(include_archived=True) == ()
    store.add_contact(contact("robert", "bob@example.test"))
    assert len(store.meetings()) == len(store.encounters()) == len(store.facts("bob")) == 1
