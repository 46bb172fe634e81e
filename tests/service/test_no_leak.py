"""No word to a contact before the user's yes, and no trace of the contact's address anywhere."""

from datetime import timedelta

import pytest
from calendar_client import categorize, edit, move, prefix, set_status
from installation import Install, Installation
from servers import Radicale, User, Xandikos
from whole_account import every_byte, inbox_texts

from connectd.domain.model import State

TELLING = "Bob.Baker@Elsewhere.Example.TEST"
PLACES = {
    "radicale": ("radicale", "auto"),
    "radicale, plain": ("radicale", "plain"),
    "xandikos": ("xandikos", "auto"),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_address_stands_nowhere_on_the_server(
    request: pytest.FixtureRequest, place: str, install: Install
) -> None:
    kind, form = PLACES[place]
    server: Radicale | Xandikos = request.getfixturevalue(kind)
    alice = install(server.new_user(), account={"draft_form": form}, goal=3)
    alice.add(f"Bob Baker {TELLING}", TELLING)
    contact = alice.store.contacts()[0].id
    alice.tick()
    assert alice.state(contact) is State.DRAFTED
    assert_no_trace(alice.user)

    edit(alice.user, alice.path(contact), move(timedelta(hours=1)))
    alice.tick(minutes=5)
    assert_no_trace(alice.user)

    edit(alice.user, alice.path(contact), prefix("OK"))
    alice.tick(minutes=5)
    assert alice.state(contact) is State.ACCEPTED
    assert_no_trace(alice.user)

    alice.tick(minutes=5)
    assert alice.state(contact) is State.INVITED
    assert TELLING.lower() in every_byte(alice.user).lower()


def assert_no_trace(user: User) -> None:
    everything = unfolded(every_byte(user)).lower()
    assert "summary:" in everything
    assert TELLING.lower() not in everything
    assert TELLING.partition("@")[2].lower() not in everything


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "").replace("\n ", "").replace("&#13;", "").replace("%40", "@")


class TestBob:
    """Bob has an account on the same server, which would tell him at once."""

    @pytest.fixture
    def alice(self, pair: tuple[User, User], bob: User, install: Install) -> Installation:
        alice = install(pair[0])
        alice.add(email=bob.email)
        alice.tick()
        assert alice.state() is State.DRAFTED
        return alice

    def test_hears_nothing_until_the_yes(self, alice: Installation, bob: User) -> None:
        self._has_heard_nothing(bob)
        edit(alice.user, alice.path(), move(timedelta(hours=1)))
        alice.tick(minutes=5)
        self._has_heard_nothing(bob)
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        self._has_heard_nothing(bob)
        alice.tick(minutes=5)
        assert len(bob.dav.objects(bob.calendar)) == 1

    @pytest.mark.parametrize("way", ["status", "category", "deletion", "lapse"])
    def test_never_hears_of_a_no(self, alice: Installation, bob: User, way: str) -> None:
        match way:
            case "status":
                edit(alice.user, alice.path(), set_status("CANCELLED"))
            case "category":
                edit(alice.user, alice.path(), categorize("DECLINE"))
            case "deletion":
                alice.user.dav.delete(alice.path()).expect(200, 204)
                alice.tick(minutes=5)
            case "lapse":
                alice.tick(days=1, hours=1)
        alice.tick(minutes=15)
        assert alice.state() in (State.DECLINED, State.EXPIRED)
        assert alice.drafted() == {}
        alice.tick(days=3)
        self._has_heard_nothing(bob)

    def test_hears_nothing_of_a_yes_that_was_taken_back(
        self, alice: Installation, bob: User
    ) -> None:
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        edit(alice.user, alice.path(), set_status("TENTATIVE"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.DRAFTED
        self._has_heard_nothing(bob)

    @staticmethod
    def _has_heard_nothing(bob: User) -> None:
        assert bob.dav.objects(bob.calendar) == {}
        assert inbox_texts(bob) == []
