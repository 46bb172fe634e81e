"""What a tick costs when nothing, or one event, has changed: counted in front of a real server."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from accounts import event
from calendar_client import edit, retitle, set_status
from installation import CountedReader, Install, Installation, second_account
from proxy import Proxy
from servers import Radicale, User, Xandikos

from connectd.domain.model import Span, State
from connectd.service.daemon import Daemon

EVENTS = 6
TABLES = ("contacts", "meetings", "encounters", "calendar_objects", "facts", "introductions")
FULL_READS = tuple(f"FROM {table}" for table in TABLES)
SHORT_WALKS = {
    "SCAN CONSTANT ROW",
    "SCAN intents USING INDEX intents_unfinished",  # holds the unfinished ones alone
    "SCAN follow_ups USING INDEX follow_ups_standing",  # likewise those that still stand
    "SCAN letters USING INDEX letters_waiting",
    "SCAN mails USING INDEX mails_waiting",  # and those that wait to be sent
    "SCAN feeds USING INDEX sqlite_autoindex_feeds_1",  # one row for each feed
}


@pytest.fixture
def settled(user: User, proxy: Proxy, install: Install) -> Installation:
    """Return connectd with a filled calendar, an open draft, and nothing left to do."""
    for number in range(EVENTS):
        day = datetime(2026, 11, 9 + number, 8, tzinfo=UTC)
        more = ("RRULE:FREQ=WEEKLY",) if number == 0 else ()
        text = event(f"event-{number}", Span(day, day + timedelta(hours=1)), "Work", *more)
        user.dav.put(f"{user.calendar}event-{number}.ics", text, new=True).expect(201)
    alice = install(user, url=proxy.url)
    alice.add()
    alice.add("Carol Cole", "carol@example.test", "results")
    assert [deed.action for deed in alice.tick().applied] == ["draft"]
    return alice


def changed_nothing(alice: Installation, proxy: Proxy, **later: float) -> list[str]:
    """Make a tick that must do nothing, and return the requests it made."""
    proxy.clear()
    report = alice.tick(**later)
    assert (report.applied, report.failures, report.unread) == ((), (), ())
    return [f"{seen.method} {seen.path}" for seen in proxy.requests]


class TestWithNothingChanged:
    def test_a_tick_is_one_request_and_reads_no_icalendar(
        self, settled: Installation, proxy: Proxy
    ) -> None:
        for _ in range(2):
            calls = settled.reader.calls
            (request,) = changed_nothing(settled, proxy, minutes=5)
            assert request.startswith("PROPFIND ")
            assert settled.reader.calls == calls

    def test_so_it_is_in_a_process_that_has_just_started(
        self, settled: Installation, proxy: Proxy
    ) -> None:
        with CountedReader() as never_started:
            settled.reader = never_started
            settled.restart()
            assert len(changed_nothing(settled, proxy, minutes=5)) == 1
            assert never_started.calls == 0

    def test_so_it_is_while_a_yes_waits_for_its_grace(
        self, settled: Installation, proxy: Proxy
    ) -> None:
        edit(settled.user, settled.path("bob-baker"), set_status("CONFIRMED"))
        settled.tick(minutes=5)
        assert settled.state() is State.ACCEPTED
        assert len(changed_nothing(settled, proxy, minutes=1)) == 1

    def test_so_it_is_after_the_event_of_a_meeting_that_is_over_was_deleted(
        self, settled: Installation, proxy: Proxy
    ) -> None:
        edit(settled.user, settled.path("bob-baker"), set_status("CONFIRMED"))
        settled.tick(minutes=5)
        settled.tick(minutes=5)
        settled.now = settled.meeting("bob-baker").span.end
        settled.tick()
        settled.user.dav.delete(settled.path("bob-baker")).expect(200, 204)
        settled.tick(minutes=5)
        assert settled.state() is State.INVITED
        assert len(changed_nothing(settled, proxy, minutes=5)) == 1

    def test_so_it_is_while_a_task_keeps_an_agenda(
        self, settled: Installation, proxy: Proxy
    ) -> None:
        settled.configure('where = "none"', 'where = "todo"')
        edit(settled.user, settled.path("bob-baker"), set_status("CONFIRMED"))
        settled.tick(minutes=5)
        report = settled.tick(minutes=5)
        assert "follow_up" in [deed.action for deed in report.applied]
        settled.tick(minutes=5)
        requests = changed_nothing(settled, proxy, minutes=5)
        # a server that schedules may have an answer in the inbox
        assert len(requests) == (2 if settled.user.schedules else 1)

    def test_so_it_is_for_each_of_two_accounts(
        self, anyserver: Radicale | Xandikos, user: User, proxy: Proxy, install: Install
    ) -> None:
        other = anyserver.new_user("work")
        alice = install(user, url=proxy.url, more=second_account(other, url=proxy.url))
        alice.add()
        alice.tick()
        first, second = changed_nothing(alice, proxy, minutes=5)
        assert (user.name in first, other.name in second) == (True, True)

    def test_no_table_is_read_whole(self, settled: Installation, proxy: Proxy) -> None:
        changed_nothing(settled, proxy, minutes=5)
        connection = settled.store.database.connection
        statements: list[str] = []
        connection.set_trace_callback(statements.append)
        changed_nothing(settled, proxy, minutes=5)
        connection.set_trace_callback(None)
        queries = [sql for sql in statements if sql.split()[0] in {"SELECT", "UPDATE", "DELETE"}]
        assert queries
        assert not [sql for sql in queries for whole in FULL_READS if whole in sql]
        plans = {
            row["detail"]
            for sql in queries
            for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}")
        }
        assert {plan for plan in plans if plan.startswith("SCAN")} <= SHORT_WALKS

    def test_nor_does_the_daemon_read_one(self, settled: Installation) -> None:
        connection = settled.store.database.connection
        statements: list[str] = []
        began = settled.now

        def boot() -> float:
            return (settled.now - began).total_seconds()

        beats = count()

        def sleep(_seconds: float) -> None:
            beat = next(beats)
            if beat == 1:
                connection.set_trace_callback(statements.append)
            if beat == 3:
                daemon.stop()
            settled.now += timedelta(minutes=5)

        daemon = Daemon(settled.means, lambda: settled.now, boot_clock=boot, sleep=sleep)
        daemon.run()
        connection.set_trace_callback(None)
        noted = [sql for sql in statements if "next_tick" in sql and sql.startswith("INSERT")]
        assert len(noted) == 2
        rest = [sql for sql in statements if "FROM meetings WHERE state IN" not in sql]
        assert not [sql for sql in rest for whole in FULL_READS if whole in sql]

    @pytest.mark.parametrize("hour", [8, 23], ids=["sent", "not due yet"])
    def test_so_it_is_with_a_weekly_digest(
        self, settled: Installation, proxy: Proxy, hour: int
    ) -> None:
        settled.configure("[agenda]", f'[digest]\nhour = {hour}\nby = "calendar"\n[agenda]')
        settled.tick(minutes=5)
        assert len(changed_nothing(settled, proxy, minutes=5)) == 1
        assert len(settled.drafted()) == (2 if hour == 8 else 1)

    def test_an_ended_meeting_is_not_looked_up_again(
        self, settled: Installation, proxy: Proxy
    ) -> None:
        ended = settled.path("bob-baker").rsplit("/", 1)[-1].removesuffix(".ics")
        edit(settled.user, settled.path("bob-baker"), set_status("CANCELLED"))
        settled.tick(minutes=5)
        settled.tick(minutes=5)
        statements: list[str] = []
        connection = settled.store.database.connection
        connection.set_trace_callback(statements.append)
        changed_nothing(settled, proxy, minutes=5)
        connection.set_trace_callback(None)
        assert statements
        assert not [sql for sql in statements if ended in sql]


class TestWithOneEventChanged:
    @pytest.fixture(autouse=True)
    def _quiet(self, settled: Installation, proxy: Proxy) -> None:
        changed_nothing(settled, proxy, minutes=5)

    @pytest.mark.parametrize("what", ["changed", "new", "deleted"])
    def test_a_tick_makes_three_more_requests_at_most(
        self, settled: Installation, proxy: Proxy, what: str
    ) -> None:
        user, href = settled.user, f"{settled.user.calendar}event-1.ics"
        match what:
            case "changed":
                edit(user, href, retitle(lambda title: f"{title}, not play"))
            case "new":
                noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
                text = event("new", Span(noon, noon + timedelta(hours=1)))
                user.dav.put(f"{user.calendar}new.ics", text, new=True).expect(201)
            case "deleted":
                user.dav.delete(href).expect(200, 204)
        calls = settled.reader.calls
        assert 1 < len(changed_nothing(settled, proxy, minutes=5)) <= 4
        assert settled.reader.calls - calls == (0 if what == "deleted" else 1)
        assert len(changed_nothing(settled, proxy, minutes=5)) == 1


class TestWithAnInvitationOut:
    """Its answer may come into the inbox, where the server leaves it out of other calendars."""

    @pytest.fixture
    def user(self, pair: tuple[User, User]) -> User:
        return pair[0]

    @pytest.mark.parametrize("in_default", [True, False], ids=["default", "other"])
    def test_a_quiet_tick_looks_there_only_where_it_must(
        self,
        user: User,
        bob: User,
        proxy: Proxy,
        in_default: bool,  # noqa: FBT001 - given by pytest
        install: Install,
    ) -> None:
        drafts = {"drafts": proxy.through(user.calendar)} if in_default else {}
        alice = install(user, url=proxy.url, account=drafts)
        alice.add(email=bob.email)
        alice.tick()
        edit(user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        alice.tick(minutes=5)
        calls = alice.reader.calls
        assert len(changed_nothing(alice, proxy, minutes=5)) == (1 if in_default else 2)
        assert alice.reader.calls == calls
