"""The user's hand wins: what the user changes while connectd is at work is never overwritten."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from accounts import event
from calendar_client import edit, event_of, move, prefix, repeat, retitle, set_status
from installation import FIRST_SLOT, Install, Installation
from mailed import mail_table
from proxy import Fault, Proxy, Reply
from servers import SmtpSink, User

from connectd.domain.model import Span, State
from connectd.service import answers

DAY = timedelta(days=1)


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install) -> Installation:
    alice = install(user, url=proxy.url)
    alice.add()
    alice.tick()
    return alice


def meanwhile(act: Callable[[], object]) -> Fault:
    """Let the user act once the server has answered, before connectd hears of it."""

    def change(reply: Reply) -> Reply:
        act()
        return reply

    return Fault(change=change)


def once_read(act: Callable[[], object]) -> Fault:
    """Let the user act, once, just after an object was read."""
    waiting = [act]

    def change(reply: Reply) -> Reply:
        if waiting and b"BEGIN:VCALENDAR" in reply.body:
            waiting.pop()()
        return reply

    return Fault(change=change)


@pytest.mark.parametrize("at", ["the last look", "the version to be sent"])
def test_a_no_between_the_last_look_and_the_sending_is_heard(
    alice: Installation, proxy: Proxy, at: str
) -> None:
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    href = alice.path()
    says_no = meanwhile(lambda: edit(alice.user, href, set_status("CANCELLED")))
    proxy.clear()
    if at == "the last look":
        proxy.inject(Fault(), "PROPFIND")  # the first one, on which the sending is decided
        proxy.inject(says_no, "PROPFIND")
    else:
        proxy.inject(says_no, "GET", part=href)
    report = alice.tick(minutes=5)
    puts = [seen for seen in proxy.requests if seen.method == "PUT"]
    assert len(puts) == (at == "the version to be sent")
    assert all(put.headers["if-match"] for put in puts)
    assert (report.applied, report.failures) == ((), ())
    assert alice.state() is State.ACCEPTED
    (text,) = alice.drafted().values()
    assert event_of(text)["STATUS"] == "CANCELLED"

    alice.tick(minutes=5)
    assert alice.state() is State.DECLINED
    assert alice.drafted() == {}


def test_another_title_between_the_last_look_and_the_sending_is_kept(
    alice: Installation, proxy: Proxy
) -> None:
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    href = alice.path()
    proxy.inject(
        meanwhile(lambda: edit(alice.user, href, retitle(lambda _: "Tea at the harbour"))),
        "GET",
        part=href,
    )
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    (text,) = alice.drafted().values()
    assert event_of(text)["SUMMARY"] == "Tea at the harbour"


@pytest.mark.parametrize("look", ["REPORT", "GET"])
def test_a_no_before_a_move_is_passed_on_is_heard(
    user: User, proxy: Proxy, install: Install, sink: SmtpSink, look: str
) -> None:
    more = f'{mail_table(sink.port)}[delivery]\nsender = "mail"\n'
    alice = install(user, url=proxy.url, more=more)
    alice.add()
    alice.tick()
    href = alice.path()
    edit(alice.user, href, set_status("CONFIRMED"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    edit(alice.user, href, move(DAY))
    says_no = once_read(lambda: edit(alice.user, href, set_status("CANCELLED")))
    proxy.inject(says_no, look, part=alice.drafts, times=10)
    report = alice.tick(minutes=5)
    assert (report.applied, report.failures) == ((), ())
    alice.tick(minutes=5)
    assert alice.state() is State.CANCELLED
    (text,) = alice.drafted().values()
    assert event_of(text)["STATUS"] == "CANCELLED"
    assert [mail.method for mail in sink.messages] == ["REQUEST", "CANCEL"]


@pytest.mark.parametrize("look", ["REPORT", "GET"])
def test_a_no_before_a_conflict_is_marked_is_heard(
    alice: Installation, proxy: Proxy, look: str
) -> None:
    taken = Span(FIRST_SLOT + DAY, FIRST_SLOT + DAY + timedelta(hours=1))
    text = event("dentist", taken, "Dentist")
    alice.user.dav.put(f"{alice.user.calendar}dentist.ics", text, new=True).expect(201)
    alice.tick(minutes=5)
    href = alice.path()
    edit(alice.user, href, move(DAY))
    says_no = once_read(lambda: edit(alice.user, href, set_status("CANCELLED")))
    proxy.inject(says_no, look, part=alice.drafts, times=10)
    report = alice.tick(minutes=5)
    assert (report.applied, report.failures) == ((), ())
    alice.tick(minutes=5)
    assert alice.state() is State.DECLINED
    assert alice.drafted() == {}


class TestARemoval:
    """The draft is to be withdrawn, since its time is taken; the user changes it just then."""

    @pytest.fixture
    def href(self, alice: Installation) -> str:
        span = Span(FIRST_SLOT, FIRST_SLOT + timedelta(hours=1))
        text = event("dentist", span, "Dentist")
        alice.user.dav.put(f"{alice.user.calendar}dentist.ics", text, new=True).expect(201)
        return alice.path()

    def test_gives_way_to_a_yes(self, alice: Installation, proxy: Proxy, href: str) -> None:
        yes = meanwhile(lambda: edit(alice.user, href, prefix("OK")))
        proxy.inject(yes, "PROPFIND", part=href)
        alice.tick(minutes=5)
        (standing,) = alice.drafted()
        assert href in standing
        alice.tick(minutes=5)
        first, instead = alice.meetings()
        assert (first.state, instead.state) == (State.ACCEPTED, State.WITHDRAWN)

    def test_gives_way_to_a_move(self, alice: Installation, proxy: Proxy, href: str) -> None:
        moved = meanwhile(lambda: edit(alice.user, href, move(DAY)))
        proxy.inject(moved, "PROPFIND", part=href)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        first, instead = alice.meetings()
        assert (first.state, instead.state) == (State.DRAFTED, State.WITHDRAWN)
        assert first.span.start == FIRST_SLOT + DAY
        assert [href in standing for standing in alice.drafted()] == [True]

    @pytest.mark.parametrize("said_no", [False, True])
    def test_leaves_a_series_to_the_user(
        self, alice: Installation, proxy: Proxy, href: str, *, said_no: bool
    ) -> None:
        if said_no:
            alice.says(answers.decline)
        series = meanwhile(lambda: edit(alice.user, href, repeat))
        proxy.inject(series, "PROPFIND", part=href)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        first = alice.meetings()[0]
        assert first.state is (State.DECLINED if said_no else State.WITHDRAWN)
        assert first.released
        assert href in "".join(alice.drafted())

    def test_heeds_no_yes_after_a_no(self, alice: Installation, proxy: Proxy) -> None:
        alice.says(answers.decline)
        href = alice.path()
        yes = meanwhile(lambda: edit(alice.user, href, prefix("OK")))
        proxy.inject(yes, "PROPFIND", part=href)
        alice.tick(minutes=5)
        assert alice.state() is State.DECLINED
        assert alice.drafted() == {}

    def test_heeds_no_yes_once_the_user_said_yes_to_the_next_draft(
        self, alice: Installation, proxy: Proxy, href: str
    ) -> None:
        proxy.inject(Fault(forward=False, reply=Reply(503)), "DELETE", times=10)
        alice.tick(minutes=5)
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=5)
        proxy.clear()
        yes = meanwhile(lambda: edit(alice.user, href, prefix("OK")))
        proxy.inject(yes, "PROPFIND", part=href)
        alice.tick(minutes=1)
        first, instead = alice.meetings()
        assert (first.state, instead.state) == (State.WITHDRAWN, State.ACCEPTED)
        assert href not in "".join(alice.drafted())

    def test_takes_another_title_along(self, alice: Installation, proxy: Proxy, href: str) -> None:
        retitled = meanwhile(lambda: edit(alice.user, href, retitle(lambda _: "Whatever")))
        proxy.inject(retitled, "PROPFIND", part=href)
        alice.tick(minutes=5)
        assert alice.meetings()[0].state is State.WITHDRAWN
        assert href not in "".join(alice.drafted())

    def test_is_made_on_the_version_last_seen_alone(
        self, alice: Installation, proxy: Proxy, href: str
    ) -> None:
        proxy.clear()
        alice.tick(minutes=5)
        (removal,) = [seen for seen in proxy.requests if seen.method == "DELETE"]
        assert removal.path == href
        assert removal.headers["if-match"]


def test_nothing_is_written_without_a_condition(alice: Installation, proxy: Proxy) -> None:
    edit(alice.user, alice.path(), prefix("yes:"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    edit(alice.user, alice.path(), set_status("CANCELLED"))
    alice.tick(minutes=5)
    alice.tick(days=8)
    edit(alice.user, alice.path(), set_status("CANCELLED"))
    alice.tick(minutes=5)
    written = [seen for seen in proxy.requests if seen.method in ("PUT", "DELETE")]
    assert {seen.method for seen in written} == {"PUT", "DELETE"}
    assert all({"if-match", "if-none-match"} & set(seen.headers) for seen in written)
    assert all("/connections/" in seen.path for seen in written)


def test_what_the_user_writes_into_a_draft_stays(alice: Installation) -> None:
    text = edit(alice.user, alice.path(), retitle(lambda title: f"Maybe: {title}"))
    for _ in range(3):
        alice.tick(minutes=5)
    assert [event_of(kept) for kept in alice.drafted().values()] == [event_of(text)]
