"""Which form a draft gets, and what becomes of one that its server changes."""

import pytest
from calendar_client import event_of
from installation import Install, Installation
from proxy import Fault, Proxy, Reply
from servers import AnyServer, Radicale

from connectd.domain.model import Form

FORMS = {
    "radicale": Form.INVITATION,
    "xandikos": Form.PLAIN,
    "cyrus": Form.PLAIN,
    "davical": Form.PLAIN,
    "sogo": Form.PLAIN,
}


@pytest.mark.parametrize("kind", FORMS)
def test_the_server_decides(request: pytest.FixtureRequest, kind: str, install: Install) -> None:
    server: AnyServer = request.getfixturevalue(kind)
    alice = install(server.new_user())
    alice.add()
    alice.tick()
    assert form_of(alice, alice.path()) is FORMS[kind] is alice.meeting().form
    assert account_form(alice) is None


def form_of(alice: Installation, path: str) -> Form:
    event = event_of(alice.user.dav.get(path).expect(200).text)
    return Form.INVITATION if "ORGANIZER" in event or "ATTENDEE" in event else Form.PLAIN


def account_form(alice: Installation) -> str | None:
    """Return what was learned of the account."""
    record = alice.store.account("main")
    assert record is not None
    return record.form


class TestAServerThatChangesWhoOrganizes:
    @pytest.fixture
    def alice(self, radicale: Radicale, proxy: Proxy, install: Install) -> Installation:
        """Return connectd after its first draft came back with another organizer."""
        alice = install(radicale.new_user(), url=proxy.url, goal=3)
        alice.add()

        def rewrite(reply: Reply) -> Reply:
            body = reply.body.replace(b"ORGANIZER;CN=connectd", b"ORGANIZER;CN=Alice")
            assert body != reply.body
            return Reply(reply.status, reply.headers, body)

        proxy.inject(Fault(change=lambda reply: reply), "GET", part=".ics")
        proxy.inject(Fault(change=rewrite), "GET", part=".ics")
        alice.tick()
        return alice

    @pytest.fixture
    def user(self, radicale: Radicale) -> object:
        return radicale.new_user()

    def test_gets_the_plain_form_instead(self, alice: Installation) -> None:
        assert len(alice.drafted()) == 1
        assert form_of(alice, alice.path()) is Form.PLAIN is alice.meeting().form

    def test_gets_it_at_once_from_then_on(self, alice: Installation, proxy: Proxy) -> None:
        alice.restart()
        alice.add("Carol Cole", "carol@example.test", "results")
        proxy.clear()
        alice.tick(minutes=5)
        assert form_of(alice, alice.path("carol-cole")) is Form.PLAIN
        written = [seen for seen in proxy.requests if seen.method == "PUT"]
        assert len(written) == 1
