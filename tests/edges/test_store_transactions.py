"""All or nothing, alone or beside other processes; and rehearsals that leave no trace."""

from contextlib import suppress
from pathlib import Path

import pytest
from store_builders import NOW, Other, contact, meeting, object_row, placement

from connectd.domain.model import Fact
from connectd.edges.store import Store
from connectd.errors import StoreError


class OopsError(Exception):
    """Something that goes wrong in a test."""


def path_of(store: Store) -> Path:
    return Path(store.database.name)


def test_what_fails_is_undone_whole(store: Store) -> None:
    with suppress(OopsError), store.transaction():
        store.add_contact(contact())
        store.save_meeting(meeting(), was=None)
        raise OopsError
    assert (store.contacts(), store.meetings()) == ((), ())


def test_an_interruption_undoes_it_too(store: Store) -> None:
    with suppress(KeyboardInterrupt), store.transaction(), store.transaction():
        store.add_contact(contact())
        raise KeyboardInterrupt
    assert store.contacts() == ()
    store.add_contact(contact())
    assert store.contacts() == (contact(),)


def test_an_inner_transaction_is_undone_alone(store: Store) -> None:
    with store.transaction():
        store.add_contact(contact("bob"))
        with suppress(OopsError), store.transaction():
            store.add_contact(contact("carol"))
            raise OopsError
        store.add_contact(contact("dave"))
    assert [one.id for one in store.contacts()] == ["bob", "dave"]


def test_an_inner_transaction_is_undone_with_the_outer_one(store: Store) -> None:
    with suppress(OopsError), store.transaction():
        with store.transaction():
            store.add_contact(contact())
        raise OopsError
    assert store.contacts() == ()


def test_half_a_batch_is_never_stored(store: Store) -> None:
    broken = object_row(2)._replace(reading=None)  # type: ignore[arg-type] # what the test is about
    with pytest.raises(Exception, match="NOT NULL"):
        store.save_objects("c", [object_row(1), broken])
    assert list(store.object_rows("c")) == []


def test_a_placement_needs_its_meeting_by_the_end_of_the_transaction(store: Store) -> None:
    with store.transaction():
        store.save_placement(placement())
        store.save_meeting(meeting(), was=None)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        store.save_placement(placement("m-2"))
    assert store.placement("m-1") == placement()
    assert store.placement("m-2") is None


def test_text_that_is_no_unicode_is_stored_with_marks_in_its_place(store: Store) -> None:
    store.add_fact(Fact("bob", "note", "caf\udce9", NOW.date()), NOW)
    store.set_note("\ud800", "x")
    assert store.facts("bob")[0].text == "caf?"
    assert store.get_note("\ud800") == "x"


def test_foreign_text_is_never_a_statement(store: Store) -> None:
    evil = "'); DROP TABLE contacts; --"
    store.add_contact(contact("bob", evil))
    store.save_objects(evil, [object_row()._replace(uid=evil, reading=evil, unreadable=evil)])
    store.log(NOW, evil, evil, evil, evil)
    assert store.contacts()[0].emails == (evil,)
    assert [row.uid for row in store.object_rows(evil)] == [evil]
    assert store.unreadable() == (evil,)


def test_the_generation_stands_still_while_nothing_is_written(store: Store) -> None:
    before = store.generation()
    store.contacts()
    store.set_note("key", None)
    assert store.generation() == before


def test_the_generation_changes_with_own_writes(store: Store) -> None:
    before = store.generation()
    store.set_note("key", "value")
    changed = store.generation()
    store.set_note("key", "value")
    assert before != changed
    assert store.generation() == changed


def test_the_generation_changes_with_writes_of_others(store: Store) -> None:
    before = store.generation()
    Other("Store.open(path).set_note('key', 'value')", path_of(store)).finish()
    assert store.generation() != before


def test_a_rehearsal_leaves_no_trace(store: Store) -> None:
    store.add_contact(contact("bob"))
    with store.rehearsal() as rehearsal:
        before = store.generation()
        rehearsal.remove_contact("bob")
        rehearsal.add_contact(contact("carol"))
        assert rehearsal.save_meeting(meeting(), was=None)
        assert [one.id for one in rehearsal.contacts()] == ["carol"]
        store.set_note("key", "value")
        assert rehearsal.get_note("key") is None
    assert store.generation() == (before[0], before[1] + 1)
    assert (store.contacts(), store.meetings()) == ((contact("bob"),), ())


def test_a_rehearsal_keeps_the_same_rules(store: Store) -> None:
    with store.rehearsal() as rehearsal, pytest.raises(Exception, match="FOREIGN KEY"):
        rehearsal.save_placement(placement())


def test_a_rehearsal_inside_a_transaction_is_refused(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError):
        store.rehearsal()


def test_a_rehearsal_goes_on_while_another_process_writes(store: Store) -> None:
    script = "with Store.open(path) as s, s.transaction(): s.set_note('k', 'v'); say('in'); hear()"
    other = Other(script, path_of(store))
    assert other.hears() == "in"
    store.rehearsal().close()
    other.tell()
    other.finish()


def test_two_processes_write_at_once(store: Store) -> None:
    script = """
say('ready'); hear()
with Store.open(path) as store:
    for number in range(50):
        with store.transaction():
            count = int(store.get_note('count') or 0)
            store.set_note('count', str(count + 1))
            store.log(datetime.now(UTC), 'draft', sys.argv[2], None, str(number))
"""
    others = [Other(script, path_of(store), name) for name in ("one", "two")]
    assert [other.hears() for other in others] == ["ready", "ready"]
    for other in others:
        other.tell()
    for other in others:
        other.finish()
    assert store.get_note("count") == "100"
    lines = [(line.contact, line.because) for line in store.journal(limit=1000)]
    expected = {(name, str(number)) for name in ("one", "two") for number in range(50)}
    assert (len(lines), set(lines)) == (100, expected)


def test_reading_goes_on_while_another_process_writes(store: Store) -> None:
    script = "with Store.open(path) as s, s.transaction(): s.set_note('k', 'v'); say('in'); hear()"
    other = Other(script, path_of(store))
    assert other.hears() == "in"
    assert store.get_note("k") is None
    other.tell()
    other.finish()
    assert store.get_note("k") == "v"


def test_a_process_killed_in_a_transaction_loses_nothing_committed(store: Store) -> None:
    script = """
store = Store.open(path)
store.add_contact(Contact('bob', 'Bob', (), 'business'))
with store.transaction():
    store.add_contact(Contact('carol', 'Carol', (), 'business'))
    for number in range(5000):
        store.log(datetime.now(UTC), 'draft', None, None, 'because ' * 100)
    say('in'); hear()
"""
    other = Other(script, path_of(store))
    assert other.hears() == "in"
    other.kill()
    assert [one.id for one in store.contacts()] == ["bob"]
    assert store.journal() == ()
    store.add_contact(contact("dave"))
    with Store.open(path_of(store)) as again:
        assert [one.id for one in again.contacts()] == ["bob", "dave"]


def test_a_database_that_stays_locked_says_so(store: Store) -> None:
    script = "with Store.open(path) as s, s.transaction(): say('in'); hear()"
    other = Other(script, path_of(store))
    assert other.hears() == "in"
    store.database.connection.execute("PRAGMA busy_timeout = 50")
    with pytest.raises(StoreError, match="Another program"):
        store.set_note("key", "value")
    other.tell()
    other.finish()
    store.set_note("key", "value")


def test_an_installation_begins_once(store: Store) -> None:
    with pytest.raises(RuntimeError):
        _ = store.installation
    store.begin(NOW)
    first = store.installation
    store.begin(NOW.replace(year=2027))
    assert (store.installation, store.installed_at, store.installed_on) == (first, NOW, NOW.date())
    assert len(first) == 36
