"""Notices to the user: of trouble that lasts, and of drafts that wait, at most once a day each."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from desktop import Notifications, session_bus
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from installation import Install, Installation
from kept_notices import KeptNotices
from mailed import mail_table, words_of
from proxy import Fault, Proxy, Reply
from rhythm import Rhythm
from servers import Radicale, SmtpSink, User

from connectd.domain.spans import local_day
from connectd.domain.view import Name, Unread
from connectd.edges.desktop_notice import DesktopNotice
from connectd.service.doubt import doubt_what_was_read
from connectd.service.means import Means
from connectd.service.notices import give_notices
from connectd.service.outcomes import Failure
from connectd.service.tick import Report

MINUTE = timedelta(minutes=1)
TROUBLE = "connectd needs your help"
DOWN = Unread("main: all calendars", "the server is busy (503)")


def report(now: datetime, *unread: Unread, failures: tuple[Failure, ...] = ()) -> Report:
    return Report(now, unread, (), (), failures, refused=False)


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def desktop() -> KeptNotices:
    return KeptNotices()


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install, desktop: KeptNotices) -> Installation:
    alice = install(user, url=proxy.url, notices="desktop")
    alice.means = replace(alice.means, desktop=desktop)
    return alice


def tell(alice: Installation, *unread: Unread, **later: float) -> None:
    """Let a tick have ended so much later, with these calendars unread."""
    alice.now += timedelta(**later)
    give_notices(alice.means, alice.now, report(alice.now, *unread))


class TestOfTrouble:
    def test_it_is_told_after_an_hour_once_a_day(
        self, alice: Installation, desktop: KeptNotices
    ) -> None:
        for _ in range(12):
            tell(alice, DOWN)
            assert desktop.shown == []
            alice.now += 5 * MINUTE
        for _ in range(12):
            tell(alice, DOWN, minutes=5)
        ((title, text),) = desktop.shown
        assert title == TROUBLE
        assert "main: all calendars, since Mon 2 Nov, 08:00: the server is busy (503)" in text
        for _ in range(24):
            tell(alice, DOWN, hours=1)
        assert len(desktop.shown) == 2

    def test_trouble_that_passes_is_not_told(
        self, alice: Installation, desktop: KeptNotices
    ) -> None:
        for unread in ([DOWN], [DOWN], [], [DOWN], [DOWN], []):
            tell(alice, *unread, minutes=31)
        assert desktop.shown == []

    def test_an_hour_asleep_is_no_hour_of_trouble(
        self, alice: Installation, desktop: KeptNotices
    ) -> None:
        tell(alice, DOWN)
        tell(alice, DOWN, hours=8)
        alice.means = doubt_what_was_read(alice.means, alice.now)
        tell(alice, DOWN, hours=1)
        assert desktop.shown == []

    def test_a_restart_forgets_neither_its_beginning_nor_that_it_was_told(
        self, alice: Installation, desktop: KeptNotices
    ) -> None:
        for _ in range(2):
            for _ in range(3):
                tell(alice, DOWN, minutes=30)
                alice.restart()
                alice.means = replace(alice.means, desktop=desktop)
        assert len(desktop.shown) == 1

    def test_a_deed_that_fails_again_and_again_is_told_too(
        self, alice: Installation, desktop: KeptNotices
    ) -> None:
        failures = (Failure(Name.DRAFT, "bob-baker", "the server refused it (507)"),)
        for _ in range(3):
            alice.now += 30 * MINUTE
            give_notices(alice.means, alice.now, report(alice.now, failures=failures))
        ((_, text),) = desktop.shown
        assert "draft bob-baker, since Mon 2 Nov, 08:30: the server refused it (507)" in text


class TestOfDrafts:
    def test_a_new_one_is_told_with_its_name_and_time(
        self, alice: Installation, desktop: KeptNotices
    ) -> None:
        alice.add("Bøb <b>Baker")
        alice.tick()
        for _ in range(3):
            tell(alice, minutes=5)
        ((title, text),) = desktop.shown
        assert title == "One draft waits for your answer"
        assert text.startswith("Bøb <b>Baker: Wed 4 Nov, 09:00\n")

    def test_the_same_ones_are_told_of_again_after_a_week(
        self, alice: Installation, desktop: KeptNotices
    ) -> None:
        alice.configure("[meeting]", "[meeting]\nnotice_hours = 240")
        alice.means = replace(alice.means, desktop=desktop)
        alice.add()
        alice.tick()
        for _ in range(8):
            tell(alice, days=1)
        assert len(desktop.shown) == 2

    def test_without_any_nothing_is_said(self, alice: Installation, desktop: KeptNotices) -> None:
        tell(alice)
        assert desktop.shown == []


class TestGiving:
    def test_what_is_not_shown_is_not_tried_again_that_day_and_logged_once(
        self, alice: Installation, desktop: KeptNotices, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "connectd")
        desktop.broken = "there is no desktop session here"
        alice.add()
        alice.tick()
        for _ in range(4):
            tell(alice, DOWN, minutes=40)
        assert len(desktop.shown) == 2
        assert caplog.text.count("there is no desktop session here") == 1
        assert "Baker" not in caplog.text

    def test_none_means_none(self, alice: Installation, desktop: KeptNotices) -> None:
        alice.configure('notices = "desktop"', 'notices = "none"')
        alice.means = replace(alice.means, desktop=desktop)
        alice.add()
        alice.tick()
        for _ in range(4):
            tell(alice, DOWN, minutes=40)
        assert desktop.shown == []

    def test_by_mail_it_goes_to_oneself_and_the_subject_names_nobody(
        self, user: User, install: Install, sink: SmtpSink
    ) -> None:
        alice = install(user, notices="mail", more=mail_table(sink.port))
        alice.add()
        alice.tick()
        for _ in range(6):
            tell(alice, DOWN, minutes=40)
        drafts, trouble = sink.messages
        assert drafts.recipients == trouble.recipients == (alice.user.email,)
        assert "Bob Baker: Wed 4 Nov, 09:00" in words_of(drafts)
        assert "Subject: One draft waits for your answer" in drafts.text
        assert "main: all calendars, since" in words_of(trouble)

    def test_a_mail_that_cannot_leave_waits_and_is_one(
        self, user: User, install: Install, sink: SmtpSink
    ) -> None:
        alice = install(user, notices="mail", more=mail_table(sink.port))
        alice.configure(f"port = {sink.port}", "port = 9")
        alice.add()
        alice.tick()
        tell(alice, minutes=5)
        assert sink.messages == []
        alice.configure("port = 9", f"port = {sink.port}")
        for _ in range(2):
            alice.tick(minutes=5)
            tell(alice)
        assert len(sink.messages) == 1


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    with session_bus() as address:
        yield address


def test_the_daemon_shows_them_on_the_desktop(alice: Installation, proxy: Proxy, bus: str) -> None:
    shown = Notifications(bus, "body").shown
    notice = DesktopNotice({"DBUS_SESSION_BUS_ADDRESS": bus})
    alice.means = replace(alice.means, desktop=notice)
    alice.add()

    def break_down() -> None:
        proxy.inject(Fault(forward=False, reply=Reply(503)), times=1000)

    Rhythm(alice).run([(0, lambda: None), (60, break_down), (60, lambda: None)])
    alice.restart()
    assert [one.title for one in shown] == [
        "One draft waits for your answer",
        TROUBLE,
    ]


moments = st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 8), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


class TestWhateverTheClockDoes:
    @pytest.fixture
    def means(self, alice: Installation, desktop: KeptNotices) -> Means:
        alice.add()
        alice.tick()
        return replace(alice.means, desktop=desktop, store=alice.store.rehearsal())

    # the fixtures stay as they are: each example works on a copy of the database
    @settings(
        max_examples=30,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(st.lists(st.tuples(moments, st.booleans()), max_size=25))
    def test_each_kind_comes_once_a_local_day_at_most(
        self, means: Means, desktop: KeptNotices, beats: list[tuple[datetime, bool]]
    ) -> None:
        fresh = replace(means, store=means.store.rehearsal())
        days: list[tuple[str, object]] = []
        for now, fails in beats:
            for moment in (now, now + 60 * MINUTE):
                desktop.shown.clear()
                give_notices(fresh, moment, report(moment, *([DOWN] if fails else [])))
                days += [
                    (title, local_day(moment, fresh.policy.zone)) for title, _ in desktop.shown
                ]
        assert len(set(days)) == len(days)
        zone = fresh.policy.zone
        troubled = {local_day(now + 60 * MINUTE, zone) for now, fails in beats if fails}
        assert troubled <= {day for title, day in days if title == TROUBLE}
