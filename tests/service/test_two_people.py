"""Two people on one server that schedules: the invitation arrives, and so does the answer."""

import time
from datetime import timedelta

import pytest
from calendar_client import (
    addresses,
    answer,
    attendees,
    both,
    edit,
    event_of,
    move,
    set_sequence,
    set_status,
)
from installation import FIRST_SLOT, Install, Installation
from servers import User, wait_until
from whole_account import inbox_texts

from connectd.domain.model import Delivery, State

EITHER_PLACE = pytest.mark.parametrize("in_default", [True, False], ids=["default", "other"])


@pytest.fixture
def alice(pair: tuple[User, User], in_default: bool, install: Install) -> Installation:  # noqa: FBT001 - given by pytest
    """Alice, who has just invited bob from her default calendar or from another one."""
    user, bob = pair
    alice = install(user, account={"drafts": user.calendar} if in_default else {})
    alice.add(email=bob.email)
    alice.tick()
    edit(user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    assert bob.dav.objects(bob.calendar) == {}
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    return alice


def reply(bob: User, partstat: str) -> None:
    """Let bob answer in his own calendar, as his calendar program does."""
    (href,) = bob.dav.objects(bob.calendar)
    edit(bob, href, answer(bob.email, partstat))


def answer_in(alice: Installation, bob: User) -> str:
    """Return what alice's own object says of bob."""
    event = event_of(alice.user.dav.get(alice.path()).expect(200).text)
    (asked,) = [a for a in attendees(event) if str(a).lower() == f"mailto:{bob.email}"]
    return str(asked.params["PARTSTAT"])


@EITHER_PLACE
def test_bob_finds_the_invitation_in_his_calendar(alice: Installation, bob: User) -> None:
    (text,) = bob.dav.objects(bob.calendar).values()
    event = event_of(text)
    assert str(event["UID"]) == alice.meeting().uid
    assert str(event["ORGANIZER"]).lower() == f"mailto:{alice.user.email}"
    assert set(addresses(event)) == {alice.user.email, bob.email}
    assert event.decoded("DTSTART") == FIRST_SLOT
    assert "have not met yet" not in text
    assert alice.meeting().delivery is Delivery.SERVER
    assert alice.meeting().delivery_detail.startswith("2.0")


@EITHER_PLACE
def test_a_yes_of_bob_confirms_the_meeting(
    alice: Installation,
    bob: User,
    in_default: bool,  # noqa: FBT001 - given by pytest
) -> None:
    reply(bob, "ACCEPTED")
    assert answer_in(alice, bob) == ("ACCEPTED" if in_default else "NEEDS-ACTION")
    if not in_default:
        assert any("METHOD:REPLY" in message for message in inbox_texts(alice.user))
    alice.tick(minutes=5)
    assert alice.state() is State.CONFIRMED
    assert alice.meeting().replied_yes
    report = alice.tick(minutes=5)
    assert (report.applied, report.failures) == ((), ())


@EITHER_PLACE
def test_a_no_of_bob_ends_it_and_he_is_left_alone(alice: Installation, bob: User) -> None:
    reply(bob, "DECLINED")
    alice.tick(minutes=5)
    assert alice.state() is State.TURNED_DOWN
    alice.tick(days=6)
    assert len(alice.meetings()) == 1
    alice.tick(days=2)
    assert alice.state() is State.DRAFTED


@EITHER_PLACE
def test_a_no_of_bob_after_his_yes_is_his_last_word(alice: Installation, bob: User) -> None:
    reply(bob, "ACCEPTED")
    alice.tick(minutes=5)
    # the server stamps replies to the second, and the later one counts
    second = int(time.time())
    wait_until(lambda: int(time.time()) > second, "the next second")
    reply(bob, "DECLINED")
    alice.tick(minutes=5)
    assert alice.state() is State.TURNED_DOWN


@EITHER_PLACE
def test_a_yes_of_bob_is_none_to_another_time(alice: Installation, bob: User) -> None:
    """Not every program raises the SEQUENCE when its user moves an event.

    His old answer stands in his calendar, and the server passes on only what is another one.
    """
    reply(bob, "ACCEPTED")
    alice.tick(minutes=5)
    before = alice.meeting().sequence
    edit(alice.user, alice.path(), both(move(timedelta(hours=1)), set_sequence(before)))
    for _ in range(3):
        alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    reply(bob, "DECLINED")
    alice.tick(minutes=5)
    assert alice.state() is State.TURNED_DOWN


@EITHER_PLACE
def test_a_maybe_of_bob_is_neither(alice: Installation, bob: User) -> None:
    reply(bob, "TENTATIVE")
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED


@EITHER_PLACE
def test_bob_hears_when_alice_deletes_it(alice: Installation, bob: User) -> None:
    alice.user.dav.delete(alice.path()).expect(200, 204)
    alice.tick(minutes=5)
    alice.tick(minutes=10)
    assert alice.state() is State.CANCELLED
    assert any("METHOD:CANCEL" in message for message in inbox_texts(bob))
