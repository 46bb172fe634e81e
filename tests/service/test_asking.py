"""Who asks the contact, and in whose words, on a server that schedules."""

import pytest
from calendar_client import edit, event_of, set_status
from installation import Install, Installation
from proxy import Fault, Proxy
from servers import User
from whole_account import inbox_texts

from connectd.domain.model import Delivery, State
from connectd.formats.stored_event import read_stored

BY_HAND = '[delivery]\nsender = "manual"\n'
WORDS = '[invitation]\ntext = """\nHi {first_name},\n{activity} on {day}?\n{me}"""\n'


@pytest.fixture
def user(pair: tuple[User, User]) -> User:
    return pair[0]


def says_yes(alice: Installation, bob: User) -> None:
    """Let alice say yes to a meeting with bob; the grace is over at the next tick."""
    alice.add("Bob Baker", bob.email)
    alice.tick()
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED


def assert_bob_hears_nothing(alice: Installation, bob: User) -> None:
    assert bob.dav.objects(bob.calendar) == {}
    assert inbox_texts(bob) == []
    stored = alice.user.dav.get(alice.path()).expect(200).text
    assert bob.email not in stored.replace("\r\n ", "")
    event = read_stored(stored)
    assert event.statuses == {"CONFIRMED"}
    assert (event.organizer, event.attendees) == (None, ())


def test_the_server_is_not_told_of_bob_where_alice_tells_him_herself(
    user: User, bob: User, install: Install
) -> None:
    alice = install(user, more=BY_HAND)
    says_yes(alice, bob)
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    assert alice.meeting().delivery is Delivery.MANUAL
    assert_bob_hears_nothing(alice, bob)


def test_an_invitation_that_names_nobody_is_found_again_when_its_answer_is_lost(
    user: User, bob: User, proxy: Proxy, install: Install
) -> None:
    alice = install(user, url=proxy.url, more=BY_HAND)
    says_yes(alice, bob)
    proxy.inject(Fault(drop=True), "PUT")
    assert [deed.action for deed in alice.tick(minutes=5).applied] == ["invite"]
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    assert_bob_hears_nothing(alice, bob)


def test_one_that_never_arrived_is_not_taken_for_written(
    user: User, bob: User, proxy: Proxy, install: Install
) -> None:
    alice = install(user, url=proxy.url, more=BY_HAND)
    says_yes(alice, bob)
    proxy.inject(Fault(forward=False, drop=True), "PUT")
    (failure,) = alice.tick(minutes=5).failures
    assert failure.action == "invite"
    assert alice.state() is State.ACCEPTED


def test_bob_reads_the_words_that_alice_has_configured(
    user: User, bob: User, install: Install
) -> None:
    alice = install(user, more=WORDS)
    says_yes(alice, bob)
    alice.tick(minutes=5)
    (text,) = bob.dav.objects(bob.calendar).values()
    assert str(event_of(text)["DESCRIPTION"]) == (
        "Hi Bob,\ncoffee on Wednesday 4 November?\nAlice Example"
    )
