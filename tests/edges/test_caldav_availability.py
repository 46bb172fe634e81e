"""When a user says to be available: what servers keep of it, and say of it."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

import pytest
from accounts import server_for
from proxy import Fault, Proxy, Reply, page
from servers import Cyrus, Radicale, User

from connectd.edges.caldav_server import CalDavServer
from connectd.errors import ServerError

TEXT = "BEGIN:VCALENDAR\nBEGIN:VAVAILABILITY\nSUMMARY:<&>\nEND:VAVAILABILITY\nEND:VCALENDAR\n"
CALDAV = "urn:ietf:params:xml:ns:caldav"
OLDER = "http://calendarserver.org/ns/"


def tell(user: User, url: str, text: str = TEXT, namespace: str = CALDAV) -> None:
    body = (
        f'<propertyupdate xmlns="DAV:" xmlns:C="{namespace}"><set><prop><C:calendar-availability>'
        f"{escape(text)}</C:calendar-availability></prop></set></propertyupdate>"
    )
    reply = user.dav.proppatch(url, body).expect(207)
    assert "200 OK" in reply.text


def test_nothing_said_is_none(server: CalDavServer) -> None:
    assert server.availability(server.discover()) is None


def test_what_stands_at_the_home_is_read(radicale: Radicale) -> None:
    alice = radicale.new_user()
    server = server_for(alice)
    home = server.discover()
    tell(alice, home.home)
    assert server.availability(home) == TEXT.strip()
    server.close()


class TestOnCyrus:
    @pytest.fixture
    def alice(self, cyrus: Cyrus) -> User:
        return cyrus.new_user()

    @pytest.fixture
    def proxied(self, alice: User) -> Iterator[tuple[Proxy, CalDavServer]]:
        with Proxy(alice.url) as proxy:
            server = server_for(alice, proxy.url)
            yield proxy, server
            server.close()

    @pytest.mark.parametrize("namespace", [CALDAV, OLDER])
    def test_what_stands_at_the_inbox_is_read(self, alice: User, namespace: str) -> None:
        server = server_for(alice)
        home = server.discover()
        assert server.availability(home) is None
        tell(alice, home.inbox or "", namespace=namespace)
        assert server.availability(home) == TEXT.strip()
        server.close()

    def test_no_answer_that_tells_it_is_none_and_no_answer_at_all_is_told(
        self, proxied: tuple[Proxy, CalDavServer]
    ) -> None:
        proxy, server = proxied
        home = server.discover()
        for reply in (Reply(403), Reply(500), page()):
            proxy.inject(Fault(forward=False, reply=reply), "PROPFIND", times=2)
            assert server.availability(home) is None
        proxy.inject(Fault(drop=True), "PROPFIND", times=2)
        with pytest.raises(ServerError):
            server.availability(home)
