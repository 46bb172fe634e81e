"""A keyring that is locked when connectd asks: no refusal, and soon worth another look."""

from dataclasses import dataclass, replace

import pytest
from installation import Install, Installation
from mail_sink import MailSink
from mailed import said_yes
from proxy import Proxy
from servers import Radicale, SmtpSink, User

from connectd.edges.caldav_server import CalDavServer, Credential
from connectd.edges.smtp import Login, MailServer
from connectd.errors import KeyringLockedError


@dataclass
class Drawer:
    """What a locked keyring is to an account: there is a password in it, to be had later."""

    user: User
    locked: bool = True

    def __call__(self) -> Credential:
        if self.locked:
            raise KeyringLockedError("the keyring is locked; unlock it.")
        return Credential(self.user.name, self.user.password)


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def drawer(user: User) -> Drawer:
    return Drawer(user)


@pytest.fixture
def alice(user: User, drawer: Drawer, proxy: Proxy, install: Install) -> Installation:
    alice = install(user, url=proxy.url)
    alice.add()
    servers = {"main": CalDavServer("main", proxy.url, drawer)}
    alice.means = replace(alice.means, servers=servers)
    return alice


def test_it_is_no_refusal_and_nothing_is_asked(alice: Installation, proxy: Proxy) -> None:
    report = alice.tick()

    assert report.waits_for_keyring
    assert not report.refused
    assert "the keyring is locked" in report.unread[0].reason
    assert proxy.requests == []


def test_the_next_tick_after_it_was_unlocked_goes_on(alice: Installation, drawer: Drawer) -> None:
    alice.tick()
    drawer.locked = False

    report = alice.tick(minutes=1)

    assert not report.waits_for_keyring
    assert report.complete
    assert len(alice.drafted()) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_mail_goes_out_with_the_next_tick_after_it_was_unlocked(
    user: User, drawer: Drawer, sink: SmtpSink, install: Install
) -> None:
    def login() -> Login:
        return Login("alice", drawer().secret)

    alice = said_yes(user, install, sink)
    with MailSink(users={"alice": user.password}) as locked_up:
        mail = MailServer("127.0.0.1", locked_up.port, "none", login)
        alice.means = replace(alice.means, mail=mail)
        (failure,) = alice.tick(minutes=5).failures
        assert "the keyring is locked" in failure.reason
        assert locked_up.logins == []
        drawer.locked = False

        alice.tick(minutes=1)

        assert len(locked_up.mails) == 1
