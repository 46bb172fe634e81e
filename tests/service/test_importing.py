"""Exports are read and taken over: whatever was on record comes along, and no fault with it."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.introductions import Bringing, Introduction
from connectd.domain.merging import merge
from connectd.domain.model import (
    Contact,
    Delivery,
    Encounter,
    Fact,
    Form,
    Kind,
    Meeting,
    Reply,
    Span,
    State,
    Step,
)
from connectd.domain.moving import Record
from connectd.edges.store import FollowUp, LetterRecord, Mail, Placement, Store
from connectd.edges.store.migrations import MIGRATIONS
from connectd.edges.store.moving import adopt, read_record, store_of, take_over
from connectd.errors import ImportFileError
from connectd.formats.export_document import Export, export_text
from connectd.service.importing import nothing_on_record, read_import

NEWEST = len(MIGRATIONS)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
FOLDER = "https://dav.example.test/alice/"
INSTALLATION = "7e3c8f0e-6d5e-4a39-9d6d-2b3f6a8f5c11"

# each example makes several databases
unhurried = settings(deadline=None, max_examples=20)

texts = st.text(max_size=20)
ids = st.sampled_from(["ann-arc", "bob", "cid-2", "eve"])
times = st.integers(-(10**5), 10**5).map(lambda minutes: NOW + timedelta(minutes=minutes))
maybe = st.none() | times
lists = st.lists(texts, max_size=2).map(tuple)
contacts = st.builds(
    Contact,
    id=ids,
    name=texts,
    emails=st.just(()),
    category=texts,
    every_days=st.none() | st.integers(1, 99),
    timezone=st.sampled_from([None, "Europe/Oslo"]),
    kind=st.sampled_from(Kind),
    note=texts,
    snoozed_until=st.none() | st.dates(),
    archived=st.booleans(),
    free_busy=st.sampled_from([None, "https://x.test/fb"]),
    step=st.none() | st.sampled_from(Step),
    tags=lists,
    birthday=st.sampled_from([None, "1980-03-05", "--03-05"]),
)
meetings = st.builds(
    Meeting,
    uid=st.uuids().map(str),
    contact=ids,
    attempt=st.integers(1, 9),
    state=st.sampled_from(State),
    span=times.map(lambda start: Span(start, start + timedelta(minutes=45))),
    kind=st.sampled_from(Kind),
    reasons=lists,
    form=st.sampled_from(Form),
    sequence=st.integers(0, 9),
    drafted_at=maybe,
    accepted_at=maybe,
    invited_at=maybe,
    ended_at=maybe,
    told_by=st.none() | texts,
    moved=st.booleans(),
    replied_yes=st.booleans(),
    missing_since=maybe,
    overruled=st.booleans(),
    released=st.booleans(),
    followed_up_at=maybe,
    moved_from=maybe,
    delivery=st.none() | st.sampled_from(Delivery),
    delivery_detail=texts,
    reply=st.sampled_from(Reply),
    conflict=texts,
    conflicting=lists,
    questions=lists,
    other=st.none() | ids,
)
stages = st.sampled_from(["queued", "offered", "handed_over", "sent", "refused", "unknown"])
facts = st.builds(
    Fact,
    contact=ids,
    kind=st.sampled_from(["ask", "need", "offer", "promised", "note"]),
    text=texts,
    on=st.dates(),
    meeting=st.none() | texts,
    due=st.none() | st.dates(),
)
encounters = st.builds(
    Encounter, ids, st.dates(), st.sampled_from(["done", "found", "assumed"]), st.none() | texts
)


@contextmanager
def in_memory(record: Record) -> Iterator[Store]:
    store, problems = store_of(record, NEWEST)
    assert problems == []
    with closing(store):
        yield store


def fill(store: Store, draw: st.DrawFn) -> None:
    """Put people and meetings on record, each with whatever may belong to them."""
    for number, contact in enumerate(
        draw(st.lists(contacts, max_size=3, unique_by=lambda c: c.id))
    ):
        addresses = tuple(f"p{number}.{n}@Example.test" for n in range(draw(st.integers(0, 2))))
        store.add_contact(contact._replace(emails=addresses))
    for number, meeting in enumerate(draw(st.lists(meetings, max_size=3))):
        store.save_meeting(meeting, was=None)
        href = f"{FOLDER}{number}.ics"
        written = draw(texts)
        store.save_placement(Placement(meeting.uid, "main", FOLDER, href, None, written))
        store.save_follow_up(FollowUp(meeting.uid, "main", FOLDER, href, '"1"', "open"))
        store.queue_mail(
            Mail(
                meeting.uid,
                *(1, "REQUEST", f"<{number}@x.test>", "alice@x.test", "bob@x.test", draw(texts)),
                draw(st.binary(max_size=20)),
                draw(times),
                draw(stages),
                draw(texts),
            )
        )
        store.begin_intent(meeting.uid, "draft", draw(texts), draw(times))
    for fact in draw(st.lists(facts, max_size=3)):
        store.add_fact(fact, NOW)
        store.log(draw(times), "draft", draw(st.none() | ids), None, draw(texts))
    for encounter in draw(st.lists(encounters, max_size=3)):
        store.add_encounter(encounter, draw(texts))
        store.deny_encounter("eve", draw(st.dates()))
    store.queue_letter(LetterRecord("k", "<l>", "a@x.test", "b@x.test", draw(st.binary()), NOW))
    asked = draw(st.sampled_from([(), ("bob",), ("bob", "eve")]))
    because = draw(texts)
    store.save_introduction(Introduction("bob", "eve", NOW, because, Bringing.MAIL, asked=asked))
    store.add_acquaintance("eve", "bob", "said")


@st.composite
def exports(draw: st.DrawFn) -> Export:
    """An export of a random store."""
    empty = nothing_on_record()._replace(
        installation=INSTALLATION, installed_at="2026-11-01T08:00:00Z"
    )
    with in_memory(empty) as store:
        fill(store, draw)
        return Export(NEWEST, "connectd", "2026-12-01T09:00:00Z", {}, read_record(store))


@unhurried
@given(exports())
def test_an_export_comes_to_an_empty_machine_whole_and_stays_as_it_is(export: Export) -> None:
    imported = read_import(export_text(export).encode())
    assert imported.record == export.record
    with in_memory(nothing_on_record()) as store:
        for _ in range(2):
            merged = merge(read_record(store), imported.record)
            take_over(store, merged.changes)
            if merged.adopts:
                adopt(store, imported.record)
            assert read_record(store) == export.record


@unhurried
@given(exports(), exports())
def test_what_is_taken_over_beside_a_record_can_be_read(one: Export, other: Export) -> None:
    with in_memory(one.record) as store:
        merged = merge(one.record, other.record)
        if not merged.blocked:
            take_over(store, merged.changes)
        after = read_record(store)
        again = Export(NEWEST, "connectd", "2026-12-01T09:00:00Z", {}, after)
        assert read_import(export_text(again).encode()).record == after


VALUES = (
    st.none()
    | st.integers(-1, 2**70)
    | st.text(max_size=9)
    | st.booleans()
    | st.floats()
    | st.sampled_from(
        ["[]", "{}", '["a"]', "2026-12-01", "9999-12-31T23:59:59Z", "[[[[", "0001-01-01"]
    )
    | st.fixed_dictionaries({"base64": st.sampled_from(["", "AA==", "A"])})
)


@unhurried
@given(exports(), st.data())
def test_a_file_that_was_tampered_with_is_taken_as_it_is_or_refused(
    export: Export, data: st.DataObject
) -> None:
    document = json.loads(export_text(export))
    tables = [table for table, rows in document["records"].items() if rows]
    for _ in range(3):
        row = data.draw(st.sampled_from(document["records"][data.draw(st.sampled_from(tables))]))
        row[data.draw(st.sampled_from(sorted(row)))] = data.draw(VALUES)
    text = json.dumps(document, allow_nan=True).encode()
    try:
        imported = read_import(text)
    except ImportFileError:
        return
    with in_memory(nothing_on_record()) as store:
        take_over(store, merge(read_record(store), imported.record).changes)
        assert read_record(store).rows == imported.record.rows
