"""Bob's busy time on a common server keeps drafts off it, and only its span is ever known."""

import logging
import subprocess
from collections.abc import Iterator
from datetime import timedelta

import pytest
from accounts import event
from installation import FIRST_SLOT, Install, Installation
from proxy import Fault, Proxy, Reply
from servers import Cyrus, Davical, SentMail, Sogo, User

from connectd.domain.model import Span
from connectd.domain.spans import Spans
from connectd.service.survey import survey
from connectd.service.their_busy import Patience, their_busy

BUSY = Span(FIRST_SLOT, FIRST_SLOT + timedelta(hours=3))
SECRET = "Zahnarzt Dr. Geheim"


def ask(alice: Installation, **later: float) -> dict[str, Spans]:
    """Ask about all contacts, so much later."""
    alice.now += timedelta(**later)
    found = survey(alice.means, alice.now, may_create=True)
    contacts = alice.store.contacts()
    return their_busy(contacts, alice.means, found.homes, alice.now, Patience())


def posts(proxy: Proxy) -> int:
    return sum(seen.method == "POST" for seen in proxy.requests)


def mails_of(user: User, server: Cyrus | Davical) -> list[SentMail]:
    """What the server has mailed in the user's name; other tests use it, too."""
    return [mail for mail in server.mails() if mail.sender == user.email]


class TestWhereTheServerTells:
    @pytest.fixture(params=["cyrus", "davical"])
    def somewhere(self, request: pytest.FixtureRequest) -> Cyrus | Davical:
        server: Cyrus | Davical = request.getfixturevalue(request.param)
        return server

    @pytest.fixture
    def bob(self, somewhere: Cyrus | Davical) -> User:
        bob = somewhere.new_user("bob")
        text = event("busy", BUSY, SECRET, f"DESCRIPTION:{SECRET}", f"LOCATION:{SECRET}")
        bob.dav.put(f"{bob.calendar}busy.ics", text, new=True).expect(201)
        return bob

    @pytest.fixture
    def proxy(self, somewhere: Cyrus | Davical) -> Iterator[Proxy]:
        with Proxy(somewhere.url) as proxy:
            yield proxy

    def test_a_draft_is_kept_off_it_and_no_word_is_known(
        self,
        somewhere: Cyrus | Davical,
        bob: User,
        install: Install,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        alice = install(somewhere.new_user())
        alice.add(email=bob.email)
        before = bob.dav.objects(bob.calendar)

        report = alice.tick()

        assert [deed.action for deed in report.applied] == ["draft"]
        assert not alice.meeting().span.overlaps(BUSY)
        known = alice.store.their_busy("bob-baker", "server")
        assert known is not None
        assert known.spans == (BUSY,)
        everything = "".join(alice.store.database.connection.iterdump())
        files = [f.read_bytes() for f in alice.config.state.parent.iterdir()]
        shown = subprocess.run(
            alice.command("contacts", "show", "bob", "--json"), capture_output=True, check=True
        )
        for text in (everything, caplog.text, repr(report), *alice.drafted().values()):
            assert SECRET not in text
        for data in (*files, shown.stdout, shown.stderr):
            assert SECRET.encode() not in data
        assert bob.dav.objects(bob.calendar) == before
        assert not mails_of(alice.user, somewhere)

    def test_a_stranger_is_drafted_all_the_same_and_not_asked_about_for_a_day(
        self, somewhere: Cyrus | Davical, proxy: Proxy, install: Install
    ) -> None:
        alice = install(somewhere.new_user(), url=proxy.through(somewhere.url))
        alice.add(email="stranger@elsewhere.test")
        assert ask(alice) == ask(alice, hours=23) == {}
        assert posts(proxy) == 1
        alice.tick()
        assert alice.meeting().span.start > FIRST_SLOT
        ask(alice, hours=1)
        assert posts(proxy) == 2
        assert not mails_of(alice.user, somewhere)

    def test_all_are_asked_about_at_once_and_once_an_hour(
        self, somewhere: Cyrus | Davical, bob: User, proxy: Proxy, install: Install
    ) -> None:
        alice = install(somewhere.new_user(), url=proxy.through(somewhere.url))
        alice.add(email=bob.email)
        alice.add("Carol Cole", somewhere.new_user("carol").email)
        assert ask(alice) == ask(alice, minutes=59) == {"bob-baker": (BUSY,), "carol-cole": ()}
        assert posts(proxy) == 1
        (known, _) = alice.store.contacts()
        alice.store.update_contact(known._replace(emails=("stranger@example.test",)))
        assert ask(alice) == {"carol-cole": ()}
        alice.store.update_contact(known)
        assert ask(alice)["bob-baker"] == (BUSY,)
        bob.dav.delete(f"{bob.calendar}busy.ics").expect(200, 204)
        assert ask(alice, hours=1)["bob-baker"] == ()

    @pytest.mark.parametrize("fault", [Fault(drop=True), Fault(reply=Reply(500))])
    def test_trouble_is_in_the_way_of_nothing(
        self,
        somewhere: Cyrus | Davical,
        bob: User,
        proxy: Proxy,
        install: Install,
        fault: Fault,
    ) -> None:
        alice = install(somewhere.new_user(), url=proxy.through(somewhere.url))
        alice.add(email=bob.email)
        proxy.inject(fault, "POST", times=2)
        report = alice.tick()
        assert ([deed.action for deed in report.applied], report.unread) == (["draft"], ())
        assert alice.meeting().span.start == FIRST_SLOT
        proxy.clear()
        assert ask(alice, minutes=15) == {"bob-baker": (BUSY,)}


class TestWhereTheServerHasNoAuthority:
    @pytest.fixture
    def user(self, pair: tuple[User, User]) -> User:
        return pair[0]

    def test_that_is_remembered_for_a_day(
        self, user: User, bob: User, proxy: Proxy, install: Install
    ) -> None:
        alice = install(user, url=proxy.url)
        alice.add(email=bob.email)
        alice.tick()
        assert alice.meeting().span.start == FIRST_SLOT
        assert posts(proxy) == 1
        known = alice.store.their_busy("bob-baker", "server")
        assert known is not None
        assert known.refusal == "3.8;No authority"
        assert ask(alice, hours=23) == {}
        alice.restart()
        assert ask(alice, minutes=59) == {}
        assert posts(proxy) == 1
        ask(alice, minutes=1)
        assert posts(proxy) == 2


def test_an_answer_without_busy_time_takes_none(sogo: Sogo, install: Install) -> None:
    alice, bob = install(sogo.new_user()), sogo.new_user("bob")
    alice.add(email=bob.email)
    assert ask(alice) == {"bob-baker": ()}
    alice.tick()
    assert alice.meeting().span.start == FIRST_SLOT
