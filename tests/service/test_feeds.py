"""A published calendar of one's own blocks time, and its last good copy does for a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from accounts import event
from calendar_client import edit, set_status
from installation import FIRST_SLOT, Install, Installation
from servers import Radicale, User
from web_server import Page, WebServer

from connectd.domain.model import Span, State
from connectd.edges.web import Web
from connectd.service.status import status

SECRET = "/private-5ecret/work.ics"
HOUR = timedelta(hours=1)
BUSY = event("busy", Span(FIRST_SLOT, FIRST_SLOT + HOUR), "Board meeting")
EMPTY = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Tests//EN\r\nEND:VCALENDAR\r\n"
LATER = FIRST_SLOT + HOUR + timedelta(minutes=30)
"""The first slot after BUSY and its buffer."""


def feed_table(url: str, name: str = "work") -> str:
    return f'[[feed]]\nname = "{name}"\nurl = "{url}"\n'


def together(*texts: str) -> str:
    """Return one calendar with the events of all of them."""
    parts = [text.partition("BEGIN:VEVENT")[2].partition("END:VCALENDAR")[0] for text in texts]
    return EMPTY.replace("END:", "".join(f"BEGIN:VEVENT{part}" for part in parts) + "END:")


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def site() -> Iterator[WebServer]:
    with WebServer() as site:
        yield site


@pytest.fixture
def alice(user: User, site: WebServer, install: Install) -> Installation:
    """Return connectd with a feed that says BUSY, and bob on the list."""
    alice: Installation = install(user, more=feed_table(site.publish(SECRET, BUSY)))
    alice.add()
    return alice


def start(alice: Installation) -> datetime:
    return alice.meeting().span.start


def told(alice: Installation) -> tuple[datetime | None, str | None]:
    """Return what ``status`` knows of the feed: when it was read last, and its trouble."""
    (feed,) = status(alice.now, alice.config, alice.store).feeds
    return feed.read_at, feed.error


class TestWhatItSays:
    def test_its_events_keep_drafts_off(self, alice: Installation) -> None:
        report = alice.tick()
        assert report.complete
        assert start(alice) == LATER
        assert told(alice) == (alice.now, None)

    def test_those_that_block_no_time_do_not(self, alice: Installation, site: WebServer) -> None:
        site.publish(SECRET, BUSY.replace("UID:", "TRANSP:TRANSPARENT\r\nUID:"))
        alice.tick()
        assert start(alice) == FIRST_SLOT

    def test_an_event_that_comes_later_takes_the_time_of_a_draft(
        self, alice: Installation, site: WebServer
    ) -> None:
        site.publish(SECRET, EMPTY)
        alice.tick()
        assert start(alice) == FIRST_SLOT
        site.publish(SECRET, BUSY)
        alice.tick(minutes=5)
        assert [meeting.state for meeting in alice.meetings()] == [State.WITHDRAWN, State.DRAFTED]

    def test_a_bad_event_costs_only_its_own_span(
        self, alice: Installation, site: WebServer
    ) -> None:
        bad = BUSY.replace("Board", "Moon").replace(
            "DTSTART:20261104T080000Z", "DTSTART;TZID=Mars/Phobos:20261104T090000"
        )
        site.publish(SECRET, together(bad, event("far", Span(LATER + 9 * HOUR, LATER + 10 * HOUR))))
        report = alice.tick()
        assert report.complete
        assert [(bad.calendar, bad.title) for bad in report.unreadable] == [
            ("work", "Moon meeting")
        ]
        assert alice.state() is State.DRAFTED
        assert start(alice).date() <= (FIRST_SLOT + timedelta(days=2)).date()

    def test_a_meeting_with_a_contact_that_stands_there_counts(
        self, alice: Installation, site: WebServer
    ) -> None:
        past = Span(alice.now - 3 * HOUR, alice.now - 2 * HOUR)
        more = ("ORGANIZER:mailto:{0}", "ATTENDEE:mailto:{0}", "ATTENDEE:mailto:bob@example.test")
        lines = [line.format(alice.user.email) for line in more]
        site.publish(SECRET, event("past", past, "Coffee", *lines))
        report = alice.tick()
        assert ("complete", "bob-baker") in [(d.action, d.contact) for d in report.applied]

    def test_an_object_of_ours_that_is_published_there_is_not_taken_for_ours(
        self, alice: Installation, site: WebServer
    ) -> None:
        alice.tick()
        before, (text,) = alice.meetings(), alice.drafted().values()
        site.publish(SECRET, together(text.replace("CONFIRMED", "CANCELLED"), BUSY))
        report = alice.tick(minutes=5)
        assert (report.applied, report.failures) == ((), ())
        alice.user.dav.delete(alice.path()).expect(200, 204)
        alice.tick(minutes=5)
        alice.tick(minutes=11)
        assert alice.meetings()[0] != before[0]
        assert alice.meetings()[0].state is State.DECLINED


class TestWhatItCosts:
    def test_an_unchanged_one_costs_a_request_and_no_reading(
        self, alice: Installation, site: WebServer
    ) -> None:
        alice.tick()
        assert site.answers() == [200]
        for _ in range(2):
            calls = alice.reader.calls
            alice.tick(minutes=5)
            assert (site.answers(), alice.reader.calls) == ([304], calls)
        alice.restart()
        calls = alice.reader.calls
        alice.tick(minutes=5)
        assert (site.answers(), alice.reader.calls) == ([304], calls)

    def test_no_record_is_read_again_for_it(self, alice: Installation, site: WebServer) -> None:
        alice.tick()
        alice.tick(minutes=5)
        records = alice.means.memory.records
        assert records is not None
        alice.tick(minutes=5)
        assert site.answers() == [200, 304, 304]
        assert alice.means.memory.records is not None
        assert alice.means.memory.records.contacts is records.contacts

    def test_for_five_minutes_its_copy_does(self, alice: Installation, site: WebServer) -> None:
        alice.tick()
        alice.tick(minutes=4)
        assert site.answers() == [200]
        alice.tick(minutes=1)
        assert site.answers() == [304]

    def test_a_clock_that_was_set_back_makes_no_copy_fresh(
        self, alice: Installation, site: WebServer
    ) -> None:
        alice.tick()
        alice.tick(hours=-1)
        assert site.answers() == [200, 304]

    def test_only_the_event_that_changed_is_read(
        self, alice: Installation, site: WebServer
    ) -> None:
        spans = [Span(LATER + day * timedelta(days=1), LATER + timedelta(days=day, hours=1))
                 for day in range(8)]  # fmt: skip
        texts = [event(f"uid-{number}", span) for number, span in enumerate(spans)]
        site.publish(SECRET, together(*texts))
        alice.tick()
        calls = alice.reader.calls
        texts[3] = texts[3].replace("Something", "Else")
        site.publish(SECRET, together(*texts))
        alice.tick(minutes=5)
        assert alice.reader.calls == calls + 1
        site.publish(SECRET, together(*texts[:5]))
        alice.tick(minutes=5)
        assert alice.reader.calls == calls + 1
        assert len(list(alice.store.object_rows("feed:work"))) == 5

    def test_the_time_of_the_request_in_it_is_no_change(
        self, alice: Installation, site: WebServer
    ) -> None:
        alice.tick()
        site.publish(SECRET, BUSY.replace("DTSTAMP:20261101T000000Z", "DTSTAMP:20261102T080000Z"))
        calls = alice.reader.calls
        alice.tick(minutes=5)
        assert (site.answers(), alice.reader.calls) == ([200, 200], calls)


class TestBeforeAnInvitation:
    @pytest.fixture(autouse=True)
    def _accepted(self, alice: Installation, site: WebServer) -> None:
        alice.tick()
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        site.answers()

    def test_it_is_asked_again(self, alice: Installation, site: WebServer) -> None:
        alice.tick(minutes=3)
        assert alice.state() is State.INVITED
        assert site.answers() == [304]

    def test_what_stands_there_by_then_stops_it(self, alice: Installation, site: WebServer) -> None:
        site.publish(SECRET, together(BUSY, event("new", alice.meeting().span, "Call")))
        report = alice.tick(minutes=3)
        assert alice.state() is State.ACCEPTED
        assert "“Call”" in str(report)

    def test_nothing_is_sent_when_it_is_unread_too_long(
        self, alice: Installation, site: WebServer
    ) -> None:
        site.pages.clear()
        (feed,) = alice.store.feeds()
        alice.store.save_feed(feed._replace(read_at=alice.now - timedelta(days=1)))
        report = alice.tick(minutes=3)
        assert not report.complete
        assert alice.state() is State.ACCEPTED


BROKEN = {
    "gone": Page(status=404),
    "out of order": Page(status=503),
    "a web page": Page(b"<!DOCTYPE html><html>Please log in, 5ecret</html>"),
    "torn": Page(BUSY.partition("END:VEVENT")[0].encode()),
    "empty": Page(b""),
    "elsewhere": Page(status=302, headers={"Location": "https://example.test/5ecret"}),
    "too slow": Page(EMPTY.encode(), drip=0.2),
    "cut": Page(BUSY.encode(), announced=9000),
}


class TestWhenItCannotBeRead:
    @pytest.mark.parametrize("what", BROKEN)
    def test_its_last_good_copy_does_for_a_day(
        self, alice: Installation, site: WebServer, what: str
    ) -> None:
        alice.means = replace(alice.means, web=Web(timeout_seconds=1))
        alice.add("Carol Cole", "carol@example.test", "results")
        site.publish(SECRET, together(BUSY, event("noon", Span(LATER, LATER + HOUR))))
        read_at = alice.now
        assert alice.tick().complete
        busy = [Span(FIRST_SLOT, FIRST_SLOT + HOUR), Span(LATER, LATER + HOUR)]
        site.pages[SECRET] = BROKEN[what]

        assert alice.tick(hours=2).complete
        seen_at, error = told(alice)
        assert seen_at == read_at
        assert error
        assert "5ecret" not in error
        assert alice.tick(hours=21, minutes=59).complete
        for meeting in alice.store.meetings():
            assert not any(meeting.span.overlaps(span) for span in busy)

        report = alice.tick(hours=1, minutes=1)
        assert [unread.calendar for unread in report.unread] == ["work"]
        assert "older than a day" in report.unread[0].reason
        assert "5ecret" not in str(report)

        site.publish(SECRET, EMPTY)
        assert alice.tick(minutes=5).complete
        assert told(alice) == (alice.now, None)

    def test_one_that_was_never_read_keeps_connectd_from_drafting(
        self, alice: Installation, site: WebServer
    ) -> None:
        site.pages.clear()
        report = alice.tick()
        assert [unread.calendar for unread in report.unread] == ["work"]
        assert report.applied == ()
        assert told(alice)[0] is None
        site.publish(SECRET, BUSY)
        assert alice.tick(minutes=1).complete
        assert start(alice) == LATER

    def test_it_is_asked_once_in_a_tick(
        self, user: User, site: WebServer, install: Install
    ) -> None:
        alice: Installation = install(user, more=feed_table(site.publish(SECRET, EMPTY)))
        alice.tick()
        alice.add()
        site.pages.clear()
        report = alice.tick(minutes=5)
        assert [deed.action for deed in report.applied] == ["draft"]
        assert site.answers() == [200, 404]
        alice.tick(minutes=1)
        assert site.answers() == [404]

    def test_the_window_slides_over_the_copy(
        self, user: User, site: WebServer, install: Install
    ) -> None:
        daily = BUSY.replace("UID:", "RRULE:FREQ=DAILY\r\nUID:")
        alice: Installation = install(
            user, more=feed_table(site.publish(SECRET, daily)), meeting={"horizon_days": 7}
        )
        alice.tick()
        before = {event.span for event in alice.means.shelf.events(["feed:work"], alice.store)}
        site.pages.clear()
        alice.tick(hours=20)
        after = {event.span for event in alice.means.shelf.events(["feed:work"], alice.store)}
        last = FIRST_SLOT + timedelta(days=10)
        assert Span(last, last + HOUR) in after - before

    def test_an_event_far_ahead_comes_into_sight_from_the_copy(
        self, user: User, site: WebServer, install: Install
    ) -> None:
        far = Span(FIRST_SLOT + timedelta(days=40), FIRST_SLOT + timedelta(days=40, hours=1))
        url = site.publish(SECRET, event("far", far))
        alice: Installation = install(user, more=feed_table(url))
        alice.tick()
        assert list(alice.store.object_rows("feed:work")) == []
        alice.tick(days=20)
        assert site.answers() == [200, 304]
        (seen,) = alice.means.shelf.events(["feed:work"], alice.store)
        assert seen.span == far


class TestWhenTheConfigurationChanges:
    def test_a_feed_that_left_it_is_forgotten(self, alice: Installation, site: WebServer) -> None:
        alice.tick()
        alice.configure(feed_table(site.url + SECRET), "")
        alice.tick(minutes=5)
        assert alice.store.feeds() == ()
        assert alice.store.feed_text("work") == ""
        assert alice.store.calendar("feed:work") is None
        assert list(alice.store.object_rows("feed:work")) == []
        assert status(alice.now, alice.config, alice.store).feeds == ()

    def test_what_another_address_said_counts_no_more(
        self, alice: Installation, site: WebServer
    ) -> None:
        alice.tick()
        alice.configure(SECRET, "/other.ics")
        site.answers()
        report = alice.tick(minutes=1)
        assert site.answers() == [404]
        assert not report.complete
        assert told(alice)[0] is None
        assert list(alice.store.object_rows("feed:work")) == []


def test_two_feeds_are_read_each_for_itself(user: User, site: WebServer, install: Install) -> None:
    family = event("family", Span(LATER, LATER + HOUR), "School")
    tables = feed_table(site.publish(SECRET, BUSY)) + feed_table(
        site.publish("/family.ics", family), "family"
    )
    alice: Installation = install(user, more=tables)
    alice.add()
    alice.tick()
    assert start(alice) >= LATER + HOUR + timedelta(minutes=15)
    del site.pages["/family.ics"]
    alice.tick(minutes=5)
    errors = [feed.error is None for feed in status(alice.now, alice.config, alice.store).feeds]
    assert errors == [True, False]


def test_its_address_is_nowhere(
    alice: Installation, site: WebServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    alice.tick()
    site.pages.clear()
    reports = [alice.tick(minutes=5), alice.tick(hours=25)]
    alice.store.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = b"".join(
        path.read_bytes() for path in alice.config.state.parent.iterdir() if path.is_file()
    )
    assert b"feed:work" in files
    assert b"5ecret" not in files
    assert "5ecret" not in str(reports)
    assert "5ecret" not in caplog.text
