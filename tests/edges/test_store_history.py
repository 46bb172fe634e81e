"""Encounters and facts in the store."""

from datetime import date

from store_builders import NOW

from connectd.domain.model import Encounter, Fact
from connectd.edges.store import Store

FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 2)


def found(on: date = FIRST, contact: str = "bob") -> Encounter:
    return Encounter(contact, on, "found")


def done(on: date = FIRST, meeting: str | None = None) -> Encounter:
    return Encounter("bob", on, "done", meeting)


def assumed(on: date = FIRST, meeting: str = "m-1") -> Encounter:
    return Encounter("bob", on, "assumed", meeting)


def test_encounters_are_listed_by_day(store: Store) -> None:
    assert store.add_encounter(found(SECOND, "alice"))
    assert store.add_encounter(found(FIRST, "carol"))
    assert store.add_encounter(found(FIRST, "bob"))
    assert [one.contact for one in store.encounters()] == ["bob", "carol", "alice"]


def test_what_is_found_again_counts_once(store: Store) -> None:
    assert store.add_encounter(found(), "uid/start")
    assert not store.add_encounter(found(), "uid/start")
    assert not store.add_encounter(found(SECOND), "uid/start"), "the day moved with the zone"
    assert not store.add_encounter(found(), "another")
    assert store.encounters() == (found(),)


def test_one_event_counts_for_each_contact_in_it(store: Store) -> None:
    assert store.add_encounter(found(contact="bob"), "uid/start")
    assert store.add_encounter(found(contact="carol"), "uid/start")


def test_encounters_without_a_source_are_told_apart_by_day(store: Store) -> None:
    assert store.add_encounter(done(FIRST))
    assert store.add_encounter(found(SECOND))


def test_a_meeting_is_assumed_once(store: Store) -> None:
    assert store.add_encounter(assumed(FIRST))
    assert not store.add_encounter(assumed(SECOND))
    assert store.add_encounter(assumed(SECOND, "m-2"))


def test_what_was_denied_does_not_come_back(store: Store) -> None:
    store.add_encounter(found(), "uid/start")
    assert store.deny_encounter("bob", FIRST)
    assert not store.deny_encounter("bob", FIRST)
    assert not store.add_encounter(found(), "uid/start")
    assert not store.add_encounter(found(SECOND), "uid/start")
    assert not store.add_encounter(assumed())
    assert store.encounters() == ()
    assert store.add_encounter(found(SECOND), "another day")


def test_what_is_denied_beforehand_is_never_found(store: Store) -> None:
    assert not store.deny_encounter("bob", FIRST)
    assert not store.add_encounter(found(), "uid/start")
    assert store.add_encounter(found(contact="carol"), "uid/start")


def test_the_users_word_counts_even_after_a_denial(store: Store) -> None:
    store.add_encounter(found(), "uid/start")
    store.deny_encounter("bob", FIRST)
    assert store.add_encounter(done())
    assert store.encounters() == (done(),)
    store.deny_encounter("bob", FIRST)
    assert not store.add_encounter(found(SECOND), "uid/start"), "its source is still known"


def test_the_users_word_outranks_what_was_found(store: Store) -> None:
    store.add_encounter(found(), "uid/start")
    assert not store.add_encounter(done(meeting="m-1"))
    assert store.encounters() == (done(meeting="m-1"),)
    assert not store.add_encounter(done())
    assert store.encounters() == (done(meeting="m-1"),)


def test_the_users_word_moves_a_meeting_to_another_day(store: Store) -> None:
    store.add_encounter(assumed(FIRST))
    assert store.add_encounter(done(SECOND, "m-1"))
    assert store.encounters() == (done(SECOND, "m-1"),)


def test_facts_are_kept_in_order(store: Store) -> None:
    store.add_fact(Fact("bob", "need", "a plumber", SECOND, "m-1"), NOW)
    store.add_fact(Fact("carol", "offer", "plumbing", FIRST), NOW)
    store.add_fact(Fact("bob", "note", "likes tea", FIRST), NOW)
    assert store.facts("bob") == (
        Fact("bob", "need", "a plumber", SECOND, "m-1"),
        Fact("bob", "note", "likes tea", FIRST),
    )
    assert store.facts("dave") == ()


def test_the_kinds_of_facts_are_gathered_by_contact(store: Store) -> None:
    for kind in ("need", "offer", "need"):
        store.add_fact(Fact("bob", kind, "…", FIRST), NOW)
    store.add_fact(Fact("carol", "note", "…", FIRST), NOW)
    assert store.recorded_kinds() == {
        "bob": frozenset({"need", "offer"}),
        "carol": frozenset({"note"}),
    }
