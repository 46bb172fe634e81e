"""A view with a hole proposes nothing and sends nothing; what the user answered is kept."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from accounts import HOUR, event
from calendar_client import edit, prefix, set_status
from installation import Install, Installation, second_account
from mail_sink import MailSink
from mailed import mail_table
from proxy import Fault, Proxy, Reply, page
from servers import Radicale, SmtpSink, User, Xandikos

from connectd.domain.model import Span, State
from connectd.service.status import status

BROKEN = {
    "500": Fault(forward=False, reply=Reply(500)),
    "404": Fault(forward=False, reply=Reply(404)),
    "a web page": Fault(forward=False, reply=page()),
    "dropped": Fault(forward=False, drop=True),
    "cut": Fault(cut=20),
    "hangs": Fault(forward=False, hang=True),
}


@pytest.fixture
def team(user: User) -> str:
    """Return the URL of a second calendar."""
    url = f"{user.home}team/"
    user.dav.mkcalendar(url, "Team").expect(201)
    return url


@pytest.fixture
def alice(user: User, proxy: Proxy, team: str, install: Install) -> Installation:
    del team  # it must be there
    alice = install(user, url=proxy.url)
    alice.add()
    return alice


def touch(user: User, calendar: str) -> None:
    """Change a calendar, so that it must be read again."""
    count = len(user.dav.hrefs(calendar))
    user.dav.put(f"{calendar}{count}.ics", event(f"uid-{count}", HOUR), new=True).expect(201)


def writes(proxy: Proxy) -> list[str]:
    return [seen.method for seen in proxy.requests if seen.method in ("PUT", "DELETE")]


class TestOneCalendarOfTwo:
    @pytest.fixture
    def user(self, radicale: Radicale) -> User:
        return radicale.new_user()

    @pytest.mark.parametrize("fault", BROKEN)
    def test_that_cannot_be_read_keeps_connectd_from_drafting(
        self, alice: Installation, proxy: Proxy, fault: str
    ) -> None:
        if BROKEN[fault].hang:
            alice.be_impatient(2)
        proxy.inject(BROKEN[fault], "REPORT", part="/team/", times=10)
        report = alice.tick()
        (unread,) = report.unread
        assert (unread.calendar, report.complete) == ("main: Team", False)
        assert unread.reason
        assert alice.meetings() == []
        assert writes(proxy) == []
        assert unread.reason in str(status(alice.now, alice.config, alice.store).last_error)

        proxy.clear()
        alice.restart()
        assert alice.tick(minutes=5).complete
        assert alice.state() is State.DRAFTED
        assert status(alice.now, alice.config, alice.store).last_error is None

    @pytest.mark.parametrize("fault", ["500", "404", "a web page", "cut"])
    def test_keeps_an_invitation_from_being_sent_but_not_a_yes_from_being_taken(
        self, alice: Installation, proxy: Proxy, team: str, fault: str
    ) -> None:
        alice.tick()
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        proxy.clear()
        touch(alice.user, team)
        proxy.inject(BROKEN[fault], "REPORT", part="/team/", times=100)
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        failure = alice.tick(minutes=5).failures[0]
        assert failure.reason == "not sent: your calendars could not be read whole"
        assert alice.state() is State.ACCEPTED
        assert writes(proxy) == []

        proxy.clear()
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED

    def test_keeps_a_mail_that_waits_from_being_sent(
        self, user: User, proxy: Proxy, team: str, install: Install, sink: SmtpSink
    ) -> None:
        alice = install(user, url=proxy.url, more=mail_table(sink.port))
        alice.add()
        alice.tick()
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        sink.stop()
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        touch(alice.user, team)
        proxy.inject(BROKEN["500"], "REPORT", part="/team/", times=100)
        with MailSink() as later:
            alice.configure(f"port = {sink.port}", f"port = {later.port}")
            assert not alice.tick(minutes=5).complete
            assert later.mails == []
            proxy.clear()
            alice.tick(minutes=5)
            assert len(later.mails) == 1

    def test_that_breaks_between_the_decision_and_the_sending_stops_it(
        self, alice: Installation, proxy: Proxy, team: str
    ) -> None:
        alice.tick()
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        proxy.clear()
        seen: list[Reply] = []

        def changed_afterwards(reply: Reply) -> Reply:
            """Let the first look find all as it was, and the second one a changed calendar."""
            seen.append(reply)
            if len(seen) == 1:
                touch(alice.user, team)
            return reply

        proxy.inject(Fault(change=changed_afterwards), "PROPFIND", times=2)
        proxy.inject(BROKEN["500"], "REPORT", part="/team/", times=100)
        alice.tick(minutes=5)
        assert len(seen) == 2
        assert alice.state() is State.ACCEPTED
        assert writes(proxy) == []

    def test_that_is_named_and_gone_counts_as_unread(self, alice: Installation, team: str) -> None:
        alice.configure('drafts = "', 'busy = ["Calendar", "Team"]\ndrafts = "')
        alice.user.dav.delete(team).expect(200, 204)
        names = {unread.calendar for unread in alice.tick().unread}
        assert "main: Team" in names
        assert alice.meetings() == []

    def test_that_no_is_said_in_is_heard(
        self, alice: Installation, proxy: Proxy, team: str
    ) -> None:
        alice.tick()
        edit(alice.user, alice.path(), prefix("NO"))
        touch(alice.user, team)
        proxy.inject(BROKEN["500"], "REPORT", part="/team/", times=100)
        alice.tick(minutes=5)
        assert alice.state() is State.DECLINED


class TestTheSecondAccount:
    """It only blocks time, and it is unreachable."""

    @pytest.fixture
    def work(self, anyserver: Radicale | Xandikos) -> Iterator[tuple[User, Proxy]]:
        other = anyserver.new_user("work")
        with Proxy(other.url) as proxy:
            yield other, proxy

    @pytest.fixture
    def alice(self, user: User, work: tuple[User, Proxy], install: Install) -> Installation:
        other, proxy = work
        alice = install(user, more=second_account(other, url=proxy.url))
        alice.add()
        return alice

    def test_keeps_connectd_from_drafting(
        self, alice: Installation, work: tuple[User, Proxy]
    ) -> None:
        work[1].close()
        report = alice.tick()
        (unread,) = report.unread
        assert unread.calendar == "work: all calendars"
        assert "nothing listens there" in unread.reason
        assert (alice.meetings(), report.refused) == ([], False)

    def test_keeps_an_invitation_from_being_sent_but_not_a_yes_from_being_taken(
        self, alice: Installation, work: tuple[User, Proxy]
    ) -> None:
        alice.tick()
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        work[1].inject(BROKEN["500"], times=100)
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        work[1].clear()
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED

    def test_that_takes_no_password_is_named_so(
        self, alice: Installation, work: tuple[User, Proxy]
    ) -> None:
        other = work[0]
        alice.configure(f'"{other.password}"', '"wrong"')
        report = alice.tick()
        (unread,) = report.unread
        assert report.refused
        assert "credentials" in unread.reason
        assert "wrong" not in str(report)
        assert alice.meetings() == []

    def test_that_takes_part_in_the_plan_blocks_time(
        self, alice: Installation, work: tuple[User, Proxy]
    ) -> None:
        other = work[0]
        morning = alice.now.replace(hour=8) + timedelta(days=2)
        text = event("busy", Span(morning, morning + timedelta(hours=3)))
        other.dav.put(f"{other.calendar}busy.ics", text, new=True).expect(201)
        alice.tick()
        assert alice.meeting().span.start >= morning + timedelta(hours=3)
