"""The way from every old version to this one; what goes wrong on it changes nothing."""

import sqlite3
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from rows_of_versions import COMMON_ROWS, ROWS
from store_builders import NOW, Other, contact

from connectd.domain.introductions import Bringing, Opting
from connectd.domain.model import Reply, Step
from connectd.edges.store import FeedRecord, FollowUp, Mail, Store
from connectd.edges.store.migrations import APPLICATION_ID, MIGRATIONS
from connectd.errors import StoreError

SENT_AT = datetime(2026, 12, 6, 9, 5, tzinfo=UTC)
WAITING = Mail(
    meeting="m-2",
    sequence=1,
    method="REQUEST",
    message_id="<1@example.test>",
    sender="alice@example.test",
    recipient="bob@example.test",
    calendar="BEGIN",
    message=b"\r\xff",
    queued_at=SENT_AT,
    stage="queued",
    said="451 later",
)
LATER = "ALTER TABLE contacts ADD COLUMN nickname TEXT; CREATE TABLE extra (one TEXT);"
COUNTING = "UPDATE contacts SET every_days = COALESCE(every_days, 0) + 1"
BROKEN = "CREATE TABLE half (one TEXT); UPDATE contacts SET name = 'X'; INSERT INTO nowhere VALUES"


def version_of(path: Path) -> int:
    with reading(path) as connection:
        version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    yield connection
    connection.close()


def with_rows(path: Path, migrations: Iterable[str] = MIGRATIONS) -> Path:
    with Store.open(path, migrations=tuple(migrations)) as store:
        store.add_contact(contact())
    return path


def filled(path: Path, version: int) -> Store:
    Store.open(path, migrations=MIGRATIONS[:version]).close()
    with reading(path) as connection:
        connection.executescript(COMMON_ROWS + ROWS[version])
    return Store.open(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "connectd.db"


def test_rows_are_at_hand_for_every_version() -> None:
    assert sorted(ROWS) == list(range(1, len(MIGRATIONS) + 1))


@pytest.mark.parametrize("version", sorted(ROWS))
def test_rows_of_an_old_version_are_all_there(path: Path, version: int) -> None:
    with filled(path, version) as store:
        assert store.installation == "an-id"
        bob = store.contacts()[0]
        assert (bob.emails, bob.every_days) == (("Bob@example.test",), 21)
        met, confirmed = store.meetings()
        assert (met.reasons, met.replied_yes) == (("long ago",), True)
        assert (met.delivery_detail, met.reply) == ("1.2", Reply.NONE)
        assert (confirmed.invited_at, confirmed.reply) == (SENT_AT, Reply.ACCEPTED)
        placed = store.placement("m-1")
        assert placed is not None
        assert placed.written == "BEGIN"
        assert store.encounters()[0].meeting == "m-1"
        assert store.facts("bob")[0].text == "a plumber"
        assert store.account("main") is not None
        assert store.calendar("https://c/") is not None
        assert [row.etag for row in store.object_rows("https://c/")] == ['"1"']
        assert store.unfinished_intents()[0].meeting == "m-1"
        assert store.journal()[0].because == "long ago"
        assert store.get_note("key") == "value"


def test_meetings_of_version_1_know_of_no_conflict_and_no_follow_up(path: Path) -> None:
    with filled(path, 1) as store:
        for meeting in store.meetings():
            assert (meeting.conflict, meeting.overruled, meeting.released) == ("", False, False)
            assert meeting.followed_up_at is None
        assert (store.standing_follow_ups(), store.waiting_mails()) == ((), ())


def test_what_version_2_knows_more_is_there(path: Path) -> None:
    with filled(path, 2) as store:
        met, confirmed = store.meetings()
        assert met.followed_up_at == datetime(2026, 12, 1, 10, 30, tzinfo=UTC)
        assert (confirmed.conflict, confirmed.overruled, confirmed.released) == (
            "“Dentist”",
            True,
            True,
        )
        assert store.standing_follow_ups() == (
            FollowUp(
                "m-1", "main", "https://c/", "https://c/t-1.ics", '"1"', "open", seen_version="t-1"
            ),
        )


def test_what_version_5_knows_more_is_there(path: Path) -> None:
    with filled(path, 5) as store:
        paused = store.account("other")
        assert paused is not None
        assert paused.failing_since == SENT_AT - timedelta(hours=1)
        assert (paused.paused_at, paused.refused_secret) == (SENT_AT, "a1b2")


@pytest.mark.parametrize("version", [2, 3, 4, 5])
def test_a_mail_that_waits_is_still_the_same(path: Path, version: int) -> None:
    with filled(path, version) as store:
        assert store.waiting_mails() == (WAITING,)


def test_what_version_3_knows_more_is_there(path: Path) -> None:
    with filled(path, 3) as store:
        known = store.their_busy("bob", "url")
        assert known is not None
        assert (known.asked, known.known_since) == ("https://fb/", SENT_AT)
        assert [span.start for span in known.spans] == [datetime(2026, 12, 7, 9, tzinfo=UTC)]
        assert store.feeds() == (
            FeedRecord("work", "a-hash", "v-1", '"7"', read_at=SENT_AT, error="it broke off"),
        )
        assert store.feed_text("work") == "BEGIN:VCALENDAR"


def test_what_version_4_knows_more_is_there(path: Path) -> None:
    with filled(path, 4) as store:
        cid = store.contact("cid")
        assert cid is not None
        assert (cid.step, cid.tags, cid.birthday) == (Step.INTRODUCE, ("music",), "--03-05")
        assert store.facts("cid")[0].due == date(2026, 12, 24)
        both = store.meetings_with("cid")[0]
        assert (both.people, both.questions) == (("bob", "cid"), ("What next?",))
        assert both.conflicting == ("d “Dentist”",)
        (task,) = store.standing_follow_ups()
        assert (task.due, task.next_due) == (date(2026, 12, 2), date(2026, 12, 9))
        (letter,) = store.waiting_letters()
        assert (letter.key, letter.message) == ("digest/2026-W49", b"\r\xff")
        introduction = store.introduction("bob", "cid")
        assert introduction is not None
        assert (introduction.people, introduction.by) == (("cid", "bob"), Bringing.MAIL)
        assert introduction.state is Opting.ASKED_FIRST
        assert store.acquaintances() == {("bob", "cid")}
        assert store.former_contacts() == (("dan", "Dan", ("dan@example.test",)),)


def test_a_new_database_is_marked_as_ours(path: Path) -> None:
    Store.open(path).close()
    assert version_of(path) == len(MIGRATIONS)
    with reading(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_a_later_migration_keeps_the_rows_and_copies_them_first(path: Path) -> None:
    with_rows(path)
    later = (*MIGRATIONS, LATER)
    with Store.open(path, migrations=later) as store:
        assert store.contacts() == (contact(),)
    copy = path.with_name(f"connectd.db.before-{len(later)}")
    assert (version_of(path), version_of(copy)) == (len(later), len(MIGRATIONS))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with Store.open(copy) as before:
        assert before.contacts() == (contact(),)


def test_the_copy_holds_what_is_still_in_the_wal(path: Path) -> None:
    script = "store = Store.open(path); store.set_note('word', 'kept'); say('ready'); hear()"
    other = Other(script, path)
    assert other.hears() == "ready"
    other.kill()
    assert path.with_name("connectd.db-wal").stat().st_size > 0
    Store.open(path, migrations=(*MIGRATIONS, LATER)).close()
    copy = path.with_name(f"connectd.db.before-{len(MIGRATIONS) + 1}")
    with Store.open(copy) as before:
        assert before.get_note("word") == "kept"


def test_nothing_is_copied_without_need(path: Path) -> None:
    with_rows(path)
    Store.open(path).close()
    assert [file.name for file in path.parent.iterdir()] == ["connectd.db"]


def test_the_last_seven_copies_are_kept(path: Path) -> None:
    with_rows(path)
    path.with_name("connectd.db.before-mine").write_text("left alone")
    migrations = list(MIGRATIONS)
    for number in range(12):
        migrations.append(f"CREATE TABLE more_{number} (one TEXT)")
        Store.open(path, migrations=migrations).close()
    last = len(migrations)
    kept = {file.name for file in path.parent.iterdir()} - {path.name}
    assert kept == {f"connectd.db.before-{n}" for n in ("mine", *range(last - 6, last + 1))}


def test_a_migration_that_fails_half_way_changes_nothing(path: Path) -> None:
    with_rows(path)
    with pytest.raises(StoreError, match="could not be upgraded to version"):
        Store.open(path, migrations=(*MIGRATIONS, BROKEN))
    assert version_of(path) == len(MIGRATIONS)
    with reading(path) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall()
    with Store.open(path) as store:
        assert store.contacts() == (contact(),)


def test_what_was_migrated_before_a_failure_stays(path: Path) -> None:
    with_rows(path)
    with pytest.raises(StoreError):
        Store.open(path, migrations=(*MIGRATIONS, LATER, BROKEN))
    assert version_of(path) == len(MIGRATIONS) + 1


def test_a_copy_that_fails_stops_the_migration(path: Path) -> None:
    with_rows(path)
    path.with_name(f"connectd.db.before-{len(MIGRATIONS) + 1}").mkdir()
    with pytest.raises(StoreError, match="must be copied"):
        Store.open(path, migrations=(*MIGRATIONS, LATER))
    assert version_of(path) == len(MIGRATIONS)


def test_a_newer_database_is_refused_and_told_what_to_do(path: Path) -> None:
    with_rows(path, (*MIGRATIONS, LATER))
    newer = len(MIGRATIONS) + 1
    with pytest.raises(StoreError, match=rf"newer connectd \(version {newer}.*Upgrade connectd"):
        Store.open(path)
    assert version_of(path) == newer


def test_a_running_program_notices_that_a_newer_one_migrated(path: Path) -> None:
    with Store.open(path) as store:
        Store.open(path, migrations=(*MIGRATIONS, LATER)).close()
        with pytest.raises(StoreError, match="restart"):
            store.log(NOW, "draft", None, None, "too late")


def test_many_processes_may_open_at_once_while_it_is_created(path: Path) -> None:
    script = "say('ready'); hear(); Store.open(path).set_note(sys.argv[2], 'here')"
    others = [Other(script, path, f"note-{number}") for number in range(4)]
    assert [other.hears() for other in others] == ["ready"] * 4
    for other in others:
        other.tell()
    for other in others:
        other.finish()
    with Store.open(path) as store:
        assert [store.get_note(f"note-{number}") for number in range(4)] == ["here"] * 4


def test_many_processes_may_open_at_once_while_it_is_migrated(path: Path) -> None:
    with_rows(path)
    script = """
say('ready'); hear()
with Store.open(path, migrations=(*MIGRATIONS, *sys.argv[2:])) as store:
    say(store.contacts()[0].every_days)
"""
    others = [Other(script, path, LATER, COUNTING) for _ in range(4)]
    assert [other.hears() for other in others] == ["ready"] * 4
    for other in others:
        other.tell()
    assert [other.finish() for other in others] == ["1"] * 4
    copy = path.with_name(f"connectd.db.before-{len(MIGRATIONS) + 2}")
    assert version_of(copy) == len(MIGRATIONS)


def test_a_process_killed_while_it_migrates_changes_nothing(path: Path) -> None:
    with_rows(path)
    endless = (
        "CREATE TABLE half AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT i FROM n"
    )
    script = f"say('ready'); Store.open(path, migrations=(*MIGRATIONS, {endless!r}))"
    other = Other(script, path)
    assert other.hears() == "ready"
    copy = path.with_name(f"connectd.db.before-{len(MIGRATIONS) + 1}")
    while not copy.exists():
        assert other.process.poll() is None
    other.kill()
    with Store.open(path) as store:
        assert store.contacts() == (contact(),)
    assert version_of(path) == len(MIGRATIONS)
