"""Asking a server when others are busy: nobody is told, and every answer is understood."""

from datetime import datetime, timedelta

import pytest
from accounts import HOUR, event, server_for
from proxy import Fault, Proxy, Reply, page
from servers import AnyServer, Cyrus, Davical, Sogo, User, Xandikos

from connectd.domain.model import Span
from connectd.edges.caldav_server import CalDavServer, FreeBusyAnswer, Home
from connectd.errors import RefusedError, ServerError

DAYS = timedelta(days=30)
WINDOW = Span(HOUR.start - DAYS, HOUR.start + DAYS)


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y%m%dT%H%M%SZ}"


def asking(me: str, *others: str) -> str:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Tests//EN", "METHOD:REQUEST"),
        *("BEGIN:VFREEBUSY", "UID:question", "DTSTAMP:20261101T000000Z"),
        *(f"DTSTART:{_stamp(WINDOW.start)}", f"DTEND:{_stamp(WINDOW.end)}"),
        f"ORGANIZER:mailto:{me}",
        *(f"ATTENDEE:mailto:{other}" for other in others),
        *("END:VFREEBUSY", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines)


class TestOnEveryServerThatSchedules:
    @pytest.fixture(params=["xandikos", "cyrus", "davical", "sogo"])
    def somewhere(self, request: pytest.FixtureRequest) -> AnyServer:
        server: AnyServer = request.getfixturevalue(request.param)
        return server

    def test_bob_is_told_apart_from_strangers_and_nobody_hears_of_it(
        self, somewhere: AnyServer
    ) -> None:
        alice, bob = somewhere.new_user("alice"), somewhere.new_user("bob")
        text = event("secret", HOUR, "Doctor")
        bob.dav.put(f"{bob.calendar}secret.ics", text, new=True).expect(201)
        before = bob.dav.objects(bob.calendar)
        others = (bob.email, "nobody@example.test", "somebody@elsewhere.test")
        server = server_for(alice)
        home = server.discover()

        answers = server.free_busy(home, asking(alice.email, *others), 10)

        server.close()
        told = {answer.address: answer for answer in answers}
        assert set(told) == set(others)
        assert not any(told[stranger].told for stranger in others[1:])
        assert told[bob.email].told is not isinstance(somewhere, Xandikos)
        if isinstance(somewhere, Cyrus | Davical):
            assert f"{_stamp(HOUR.start)}/{_stamp(HOUR.end)}" in (told[bob.email].text or "")
        if isinstance(somewhere, Xandikos):
            assert told[bob.email] == FreeBusyAnswer(bob.email, "3.8;No authority", None)
        assert bob.dav.objects(bob.calendar) == before
        if not isinstance(somewhere, Sogo):
            assert alice.email not in {mail.sender for mail in somewhere.mails()}


def test_a_server_without_an_outbox_is_not_asked(server: CalDavServer) -> None:
    server.discover()
    requests = server.requests
    home = Home(principal="https://dav.example.test/alice/", home="https://dav.example.test/")
    with pytest.raises(RefusedError, match="no schedule outbox"):
        server.free_busy(home, asking("alice@example.test", "bob@example.test"), 10)
    assert server.requests == requests


class TestBehindAProxy:
    @pytest.fixture
    def user(self, pair: tuple[User, User]) -> User:
        return pair[0]

    @pytest.fixture
    def home(self, behind: CalDavServer) -> Home:
        return behind.discover()

    @pytest.mark.parametrize(
        ("reply", "refused"),
        [
            (Reply(403), True),
            (Reply(404), True),
            (Reply(500), False),
            (Reply(503), False),
            (Reply(302, {"Location": "http://127.0.0.1:1/"}), False),
            (page(), False),
            (Reply(200, {"Content-Type": "text/xml"}, b"<torn"), False),
            (Reply(200, {"Content-Type": "text/xml"}, b"<multistatus xmlns='DAV:'/>"), False),
            (Reply(200, {"Content-Type": "text/xml"}, b"<a>" + b"x" * 3_000_000), False),
        ],
        ids=["403", "404", "500", "503", "redirect", "page", "torn", "another", "large"],
    )
    def test_what_is_no_answer_is_said(
        self,
        home: Home,
        proxy: Proxy,
        behind: CalDavServer,
        reply: Reply,
        refused: bool,  # noqa: FBT001 - a column
    ) -> None:
        proxy.inject(Fault(forward=False, reply=reply), "POST")
        with pytest.raises(ServerError) as raised:
            behind.free_busy(home, asking("alice@example.test", "bob@example.test"), 10)
        assert isinstance(raised.value, RefusedError) is refused

    def test_a_document_type_is_not_even_looked_at(
        self, home: Home, proxy: Proxy, behind: CalDavServer
    ) -> None:
        bomb = b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        proxy.inject(Fault(reply=Reply(200, {"Content-Type": "text/xml"}, bomb)), "POST")
        with pytest.raises(ServerError):
            behind.free_busy(home, asking("alice@example.test", "bob@example.test"), 10)

    def test_it_waits_no_longer_than_it_is_told_to(
        self, home: Home, proxy: Proxy, behind: CalDavServer
    ) -> None:
        proxy.inject(Fault(hang=True), "POST")
        with pytest.raises(ServerError, match=r"no whole answer in 0\.[3-9]"):
            behind.free_busy(home, asking("alice@example.test", "bob@example.test"), 0.3)
