"""The whole life of a meeting, on every kind of server: who hears what, and how often."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta

import pytest
from calendar_client import answer, both, edit, event_of, move, sequence_of, set_status
from icalendar import Event
from installation import Install, Installation
from mailed import mail_table
from servers import AnyServer, SmtpSink, User
from servers.outgoing import to
from whole_account import inbox_of

from connectd.domain.model import Delivery, State

DAY = timedelta(days=1)
TITLE = "Coffee – Alice Example & Bob Baker"  # noqa: RUF001 (a dash between words)

SCHEDULING = ("xandikos", "cyrus", "davical", "sogo")
KEEPS_EVERY_MESSAGE = ("xandikos", "cyrus")
"""DAViCal keeps the last message about an event in the inbox, SOGo none, but it mails each."""
ASKS_ANEW = ("cyrus", "davical", "sogo")
"""Xandikos lets bob's answer to the old time stand, in his calendar too."""

MAILS_TO_OUTSIDERS = {
    "radicale": ("REQUEST", "REQUEST", "CANCEL"),  # connectd's own
    "xandikos": ("REQUEST", "REQUEST", "CANCEL"),
    "cyrus": ("REQUEST", "REQUEST", "CANCEL"),
    "sogo": ("REQUEST", "REQUEST", "CANCEL"),
    "davical": ("CANCEL",),  # it never mails a REQUEST
}


@pytest.fixture
def server(request: pytest.FixtureRequest, kind: str) -> AnyServer:
    server: AnyServer = request.getfixturevalue(kind)
    return server


def drafted(install: Install, user: User, email: str, sink: SmtpSink) -> Installation:
    """Return connectd with a draft for bob."""
    now = ahead()
    alice = install(user, now=now, starts=f"{now:%Y-%m}", more=mail_table(sink.port))
    alice.add(email=email)
    alice.tick()
    assert alice.state() is State.DRAFTED
    return alice


def ahead() -> datetime:
    """Return a Monday morning that is really ahead: SOGo mails nothing about the past."""
    today = datetime.now(UTC).date()
    monday = today + timedelta(days=14 - today.weekday())
    return datetime.combine(monday, time(7), UTC)


def say_yes(alice: Installation) -> None:
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED


def delete(alice: Installation) -> None:
    alice.user.dav.delete(alice.path()).expect(200, 204)
    alice.tick(minutes=5)
    alice.tick(minutes=10)
    assert alice.state() is State.CANCELLED


@pytest.mark.parametrize("kind", SCHEDULING)
class TestWithBobOnTheSameServer:
    """The server brings the invitation to bob, and bob's answer to alice."""

    @pytest.fixture
    def bob(self, server: AnyServer) -> User:
        return server.new_user("bob")

    @pytest.fixture
    def alice(self, server: AnyServer, bob: User, install: Install, sink: SmtpSink) -> Installation:
        return drafted(install, server.new_user("alice"), bob.email, sink)

    def test_every_step_reaches_bob_once(
        self, kind: str, alice: Installation, bob: User, server: AnyServer, sink: SmtpSink
    ) -> None:
        say_yes(alice)
        assert (in_calendar(bob), in_inbox(bob)) == ({}, Counter())

        alice.tick(minutes=5)
        meeting = alice.meeting()
        assert (meeting.state, meeting.delivery) == (State.INVITED, Delivery.SERVER)
        ((href, copy),) = in_calendar(bob).items()
        assert event_of(copy)["SUMMARY"] == TITLE
        sent = sequence_of(copy)

        edit(bob, href, answer(bob.email, "ACCEPTED"))
        alice.tick(minutes=5)
        assert alice.state() is State.CONFIRMED

        edit(alice.user, alice.path(), move(DAY))
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        ((href, copy),) = in_calendar(bob).items()
        assert event_of(copy).decoded("DTSTART") == alice.meeting().span.start
        assert sequence_of(copy) > sent
        assert alice.tick(minutes=5).applied == ()

        if kind in ASKS_ANEW:
            edit(bob, href, both(answer(bob.email, "ACCEPTED"), one_transparency))
            alice.tick(minutes=5)
            assert alice.state() is State.CONFIRMED

        delete(alice)
        assert all(event_of(copy)["STATUS"] == "CANCELLED" for copy in in_calendar(bob).values())
        if kind in KEEPS_EVERY_MESSAGE:
            assert in_inbox(bob) == Counter(REQUEST=2, CANCEL=1)
        mails = [mail.method for mail in to(bob.email, server.mails())]
        assert mails == (["REQUEST", "REQUEST", "CANCEL"] if kind == "sogo" else [])
        assert sink.messages == []

    def test_a_no_of_bob_frees_the_time(self, alice: Installation, bob: User, kind: str) -> None:
        say_yes(alice)
        alice.tick(minutes=5)
        (href,) = in_calendar(bob)
        edit(bob, href, answer(bob.email, "DECLINED"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.TURNED_DOWN, kind
        (text,) = alice.drafted().values()
        assert event_of(text)["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("kind", MAILS_TO_OUTSIDERS)
def test_every_step_reaches_somebody_elsewhere_by_one_mail_at_most(
    kind: str, server: AnyServer, install: Install, sink: SmtpSink
) -> None:
    """What a server does for people it does not know differs; nobody hears a thing twice."""
    user = server.new_user("alice")
    bob = f"bob-of-{user.name}@elsewhere.test"
    alice = drafted(install, user, bob, sink)

    def mails() -> tuple[str, ...]:
        return tuple(mail.method for mail in to(bob, [*server.mails(), *sink.messages]))

    def reached(step: int) -> None:
        expected = MAILS_TO_OUTSIDERS[kind]
        told = expected[:step] if "REQUEST" in expected else expected[: max(step - 2, 0)]
        assert mails() == told

    say_yes(alice)
    reached(0)
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    reached(1)
    edit(alice.user, alice.path(), move(DAY))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    reached(2)
    delete(alice)
    alice.tick(minutes=5)
    reached(3)


def one_transparency(event: Event) -> None:
    """Cyrus writes TRANSP into bob's copy a second time, and refuses it when it comes back."""
    event["TRANSP"] = "OPAQUE"


def in_calendar(bob: User) -> dict[str, str]:
    return bob.dav.objects(bob.calendar)


def in_inbox(bob: User) -> Counter[str]:
    """Return how many messages of each METHOD the server has put into bob's schedule inbox."""
    texts = bob.dav.objects(inbox_of(bob)).values()
    lines = (line for text in texts for line in text.splitlines())
    return Counter(line.partition(":")[2] for line in lines if line.startswith("METHOD:"))
