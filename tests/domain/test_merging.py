"""What is taken over from another machine: completed, never lost, and nothing done twice."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectd.domain.merging import Merger, merge
from connectd.domain.model import State
from connectd.domain.moving import ENDED_STAGES, Change, Record, Row, Value

TABLES = (
    *("contacts", "contact_emails", "former_contacts", "meetings", "placements", "follow_ups"),
    *("mails", "letters", "encounters", "facts", "introductions", "acquaintances", "journal"),
    *("intents", "notes", "accounts", "address_books", "cards"),
)
WAY = ("drafted", "accepted", "invited", "confirmed")
LAST = len(WAY)


def record(installation: str = "one", **rows: Sequence[Row]) -> Record:
    return Record(installation, "2026-11-01T08:00:00Z", {t: rows.get(t, ()) for t in TABLES})


def person(called: str = "bob", **more: Value) -> Row:
    usual = {"name": called.title(), "note": "", "tags": "[]", "timezone": None, "archived": 0}
    return {"id": called, **usual, **more}


def address(contact: str = "bob", at: str = "b@x.test", position: int = 0) -> Row:
    return {"folded": at, "contact": contact, "position": position, "address": at}


def meeting(
    uid: str = "m-1", state: str = "drafted", contact: str = "bob", attempt: int = 1
) -> Row:
    return {"uid": uid, "contact": contact, "other": None, "attempt": attempt, "state": state}


def placed(uid: str = "m-1", etag: str = "1") -> Row:
    return {"uid": uid, "etag": etag}


def task(uid: str = "m-1") -> Row:
    return {"meeting": uid, "told": "open"}


def mail(stage: str = "queued", meeting: str = "m-1", message_id: str = "<1>") -> Row:
    key = {"meeting": meeting, "sequence": 1, "method": "REQUEST", "recipient": "b@x.test"}
    return {**key, "message_id": message_id, "stage": stage, "said": stage.upper()}


def met(on: str = "2026-12-01", meeting: str | None = None, how: str = "done") -> Row:
    return {"contact": "bob", "on_day": on, "meeting": meeting, "how": how}


def fact(number: int, text: str = "a book") -> Row:
    return {"id": number, "contact": "bob", "text": text}


def introduction(asked: str = "[]", agreed: str = "[]", **ends: str) -> Row:
    ended = {"introduced_at": None, "dropped_at": None, **ends}
    return {"pair": "ann bob", "asked": asked, "agreed": agreed, **ended}


class TestInstallations:
    def test_a_machine_that_has_made_nothing_yet_goes_on_as_the_other_one(self) -> None:
        here = record("new", contacts=[person()], facts=[fact(1)])
        assert merge(here, record("old", meetings=[meeting()])).adopts
        assert not merge(record("old"), record("old")).adopts

    @pytest.mark.parametrize(
        "made",
        [
            {"meetings": [meeting(state="met")]},
            {"mails": [mail("sent")]},
            {"letters": [{"key": "digest/2026-W49", "stage": "sent", "said": ""}]},
            {"intents": [{"id": 1, "meeting": "m-1"}]},
            {"notes": [{"key": "digests", "value": "{}"}]},
        ],
    )
    def test_one_that_has_keeps_its_own_id(self, made: Mapping[str, Sequence[Row]]) -> None:
        assert not merge(record("new", **made), record("old")).adopts

    def test_two_that_have_planned_are_not_mixed_while_something_is_open(self) -> None:
        here = record("new", meetings=[meeting("m-9", "met")])
        (reason,) = merge(here, record("old", meetings=[meeting()])).blocked
        assert "drafts or invitations that are still open" in reason
        past = merge(here, record("old", meetings=[meeting(state="met")], follow_ups=[task()]))
        assert past.blocked == ()
        assert changed(past, "meetings") == [meeting(state="met")]
        assert changed(past, "follow_ups") == [], "its UID is made of the other id"


class TestPeople:
    def test_what_is_empty_here_is_filled_in_and_all_else_stays_and_is_told(self) -> None:
        here = record(contacts=[person(note="tall", timezone=None)])
        there = record(contacts=[person(note="thin", timezone="Europe/Oslo", tags='["sea"]')])
        merged = merge(here, there)
        assert merged.changes == (
            Change("contacts", {"tags": '["sea"]', "timezone": "Europe/Oslo"}, {"id": "bob"}),
        )
        assert merged.told == ("bob stays as on this machine in: note",)

    def test_what_is_empty_there_empties_nothing(self) -> None:
        assert merge(record(contacts=[person(note="tall")]), record(contacts=[person()])) == Merger(
            (), adopts=False, told=(), blocked=()
        )

    def test_addresses_are_added_after_those_known_and_each_has_one_owner(self) -> None:
        here = record(
            contacts=[person(), person("eve")],
            contact_emails=[address(at="1@x.test"), address("eve", "e@x.test")],
        )
        theirs = [address(at="2@x.test"), address(at="1@x.test", position=1)]
        taken = address(at="e@x.test", position=2)
        merged = merge(here, record(contacts=[person()], contact_emails=[*theirs, taken]))
        assert changed(merged, "contact_emails") == [address(at="2@x.test", position=1)]
        assert merged.told == ("e@x.test stays with eve and is not given to bob",)

    def test_who_was_taken_off_the_list_stays_known_unless_they_are_on_it(self) -> None:
        former = [{"contact": one} for one in ("bob", "eve")]
        merged = merge(record(contacts=[person()]), record(former_contacts=former))
        assert changed(merged, "former_contacts") == [{"contact": "eve"}]
        back = merge(record(former_contacts=former), record(contacts=[person()]))
        drop = Change("former_contacts", {}, {"contact": "bob"}, drop=True)
        assert [one for one in back.changes if one.table == "former_contacts"] == [drop]


class TestMeetings:
    @pytest.mark.parametrize("mine", State)
    @pytest.mark.parametrize("theirs", State)
    def test_the_one_that_is_further_on_its_way_counts(self, mine: State, theirs: State) -> None:
        here = record(meetings=[meeting(state=mine)], placements=[placed()])
        there = record(
            meetings=[meeting(state=theirs)], placements=[placed(etag="2")], follow_ups=[task()]
        )
        merged = merge(here, there)
        way = {state: WAY.index(state) if state in WAY else LAST for state in State}
        if way[theirs] > way[mine]:
            assert merged.changes == (
                Change("meetings", meeting(state=theirs), {"uid": "m-1"}),
                Change("placements", placed(etag="2"), {"uid": "m-1"}),
                Change("follow_ups", task()),
            )
        else:
            assert merged.changes == ()
            assert len(merged.told) == (mine is not theirs)

    def test_a_draft_that_goes_by_another_uid_is_the_same_one(self) -> None:
        here = record(meetings=[meeting("m-new", "accepted")])
        assert merge(here, record(meetings=[meeting("m-old")])).changes == ()
        (reason,) = merge(here, record(meetings=[meeting("m-old", "invited")])).blocked
        assert "a meeting with bob is open" in reason

    def test_nobody_is_met_twice_at_once(self) -> None:
        here = record(meetings=[meeting("m-1", attempt=1), meeting("m-2", "met", "eve")])
        two = record(meetings=[{**meeting("m-3", attempt=2, contact="eve"), "other": "bob"}])
        (reason,) = merge(here, two).blocked
        assert "a meeting with bob is open" in reason
        assert merge(record(), record(meetings=[meeting(), meeting("m-4")])).blocked == ()

    def test_what_was_begun_moves_with_its_meeting_alone(self) -> None:
        begun = [{"id": n, "meeting": f"m-{n}"} for n in (1, 2)]
        here = record(meetings=[meeting("m-1", "invited")])
        theirs = [meeting("m-1"), meeting("m-2", "met", attempt=2)]
        there = record(meetings=theirs, intents=begun)
        assert changed(merge(here, there), "intents") == [begun[1]]


class TestMails:
    @pytest.mark.parametrize("stage", sorted(ENDED_STAGES | {"handed_over"}))
    def test_what_has_left_there_or_may_have_leaves_here_no_more(self, stage: str) -> None:
        here = record(meetings=[meeting(state="invited")], mails=[mail()])
        (change,) = merge(here, here._replace(rows={**here.rows, "mails": [mail(stage)]})).changes
        assert (change.row, change.where) == (
            {"stage": stage, "said": stage.upper()},
            {"meeting": "m-1", "sequence": 1, "method": "REQUEST", "recipient": "b@x.test"},
        )

    @pytest.mark.parametrize("stage", sorted(ENDED_STAGES))
    def test_what_has_left_here_is_not_queued_again(self, stage: str) -> None:
        here = record(meetings=[meeting(state="invited")], mails=[mail(stage)])
        there = {**here.rows, "mails": [mail("queued")]}
        assert merge(here, here._replace(rows=there)).changes == ()

    def test_a_mail_needs_its_meeting_and_a_message_id_of_its_own(self) -> None:
        here = record(meetings=[meeting(state="invited")], mails=[mail(message_id="<1>")])
        there = record(mails=[mail(meeting="m-9"), {**mail(), "sequence": 2}])
        assert merge(here, there).changes == ()


class TestHistory:
    def test_a_day_that_is_known_stays_as_it_is_and_no_meeting_counts_twice(self) -> None:
        here = record(encounters=[met("2026-12-01", how="denied"), met("2026-12-05", "m-1")])
        theirs = [met("2026-12-01"), met("2026-12-06", "m-1"), met("2026-12-07", "m-2")]
        merged = merge(here, record(encounters=theirs))
        assert changed(merged, "encounters") == [met("2026-12-07", "m-2")]

    def test_what_was_said_is_there_as_often_as_it_was_said(self) -> None:
        here = record(facts=[fact(1), fact(2, "a map")])
        merged = merge(here, record(facts=[fact(1), fact(5), fact(7, "a sail")]))
        assert changed(merged, "facts") == [fact(5), fact(7, "a sail")]

    def test_it_is_numbered_anew_where_a_number_is_taken(self) -> None:
        merged = merge(record(facts=[fact(7)]), record(facts=[fact(5, "one"), fact(7, "two")]))
        anew = [{"contact": "bob", "text": text} for text in ("one", "two")]
        assert changed(merged, "facts") == anew

    @pytest.mark.parametrize(
        ("mine", "theirs"),
        [
            (introduction(), introduction('["ann"]')),
            (introduction('["ann"]'), introduction('["ann"]', '["ann"]')),
            (introduction('["ann", "bob"]'), introduction(dropped_at="2026-12-01T09:00:00Z")),
        ],
    )
    def test_an_introduction_goes_on_from_where_it_came_to(self, mine: Row, theirs: Row) -> None:
        here, there = record(introductions=[mine]), record(introductions=[theirs])
        assert changed(merge(here, there), "introductions") == [theirs]
        assert merge(there, here).changes == ()

    def test_cards_come_with_their_address_book(self) -> None:
        books = [{"url": "u-1", "account": "main"}, {"url": "u-2", "account": "main"}]
        cards = [{"book": "u-1", "href": "1"}, {"book": "u-2", "href": "2"}]
        merged = merge(record(address_books=books[:1]), record(address_books=books, cards=cards))
        assert [one.row for one in merged.changes] == [books[1], cards[1]]

    def test_where_drafts_lie_is_learned_and_not_forgotten(self) -> None:
        here = record(accounts=[{"name": "main", "drafts": "u-1", "form": None}])
        there = record(accounts=[{"name": "main", "drafts": "u-2", "form": "plain"}])
        assert merge(here, there).changes == (
            Change("accounts", {"form": "plain"}, {"name": "main"}),
        )


def changed(merged: Merger, table: str) -> list[Row]:
    return [change.row for change in merged.changes if change.table == table]


def done(here: Record, merged: Merger, there: Record) -> Record:
    """What is on record here afterwards."""
    rows = {table: [dict(row) for row in listed] for table, listed in here.rows.items()}
    for change in merged.changes:
        if change.where is None:
            numbers = [
                int(str(row["id"]))
                for row in rows[change.table]
                if "id" in row and change.table == "facts"
            ]
            number = {"id": max(numbers, default=0) + 1} if change.table == "facts" else {}
            rows[change.table].append({**number, **change.row})
            continue
        meant = [r for r in rows[change.table] if r.items() >= change.where.items()]
        assert len(meant) == 1, change
        if change.drop:
            rows[change.table].remove(meant[0])
        else:
            meant[0].update(change.row)
    installation = there.installation if merged.adopts else here.installation
    return Record(installation, here.installed_at, rows)


STATES = st.sampled_from([state.value for state in State])
NAMES = st.sampled_from(["ann", "bob", "eve"])


def some(rows: st.SearchStrategy[Row], *key: str) -> st.SearchStrategy[list[Row]]:
    return st.lists(rows, max_size=3, unique_by=lambda row: tuple(row[column] for column in key))


@st.composite
def records(draw: st.DrawFn) -> Record:
    meetings = draw(
        some(
            st.builds(meeting, st.sampled_from(["m-1", "m-2", "m-3"]), STATES, NAMES, st.just(1)),
            *("uid",),
        ).filter(lambda rows: len({(row["contact"], row["attempt"]) for row in rows}) == len(rows))
    )
    uids = [str(row["uid"]) for row in meetings]
    stages = st.sampled_from(["queued", "offered", *sorted(ENDED_STAGES)])
    return record(
        draw(st.sampled_from(["one", "two"])),
        contacts=draw(some(st.builds(person, NAMES, note=st.sampled_from(["", "x", "y"])), "id")),
        meetings=meetings,
        placements=[placed(uid) for uid in uids],
        mails=[mail(draw(stages), uid, f"<{uid}>") for uid in uids if draw(st.booleans())],
        encounters=draw(
            some(st.builds(met, st.sampled_from(["2026-12-01", "2026-12-02"])), "on_day")
        ),
        facts=draw(
            some(st.builds(fact, st.integers(1, 4), st.sampled_from(["a book", "a map"])), "id")
        ),
    )


@settings(max_examples=80)
@given(records(), records())
def test_nothing_is_lost_and_a_second_time_changes_nothing(here: Record, there: Record) -> None:
    merged = merge(here, there)
    after = done(here, merged, there)
    assert merge(after, there).changes == ()
    for table, key in (("contacts", "id"), ("meetings", "uid"), ("mails", "message_id")):
        kept = {row[key] for row in here.rows[table]}
        assert kept <= {row[key] for row in after.rows[table]}
    left = {row["message_id"] for row in here.rows["mails"] if row["stage"] in ENDED_STAGES}
    left |= {
        row["message_id"]
        for row in there.rows["mails"]
        if row["stage"] in ENDED_STAGES
        and row["meeting"] in {m["uid"] for m in after.rows["meetings"]}
    }
    waiting = {r["message_id"] for r in after.rows["mails"] if r["stage"] not in ENDED_STAGES}
    assert not left & waiting, "what has left anywhere waits nowhere"
