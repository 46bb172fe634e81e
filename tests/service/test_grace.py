"""A yes can be taken back until the grace is over, and only then is anything sent."""

from collections.abc import Callable

import pytest
from calendar_client import answer, categorize, edit, prefix, retitle, set_status
from installation import Install, Installation
from servers import Radicale, User

from connectd.domain.model import State
from connectd.service import answers

TAKEN_BACK: dict[str, tuple[Callable[[Installation], object], Callable[[Installation], object]]] = {
    "partstat": (
        lambda alice: edit(alice.user, alice.path(), answer(alice.user.email, "ACCEPTED")),
        lambda alice: edit(alice.user, alice.path(), answer(alice.user.email, "NEEDS-ACTION")),
    ),
    "status": (
        lambda alice: edit(alice.user, alice.path(), set_status("CONFIRMED")),
        lambda alice: edit(alice.user, alice.path(), set_status("TENTATIVE")),
    ),
    "title": (
        lambda alice: edit(alice.user, alice.path(), prefix("OK")),
        lambda alice: edit(alice.user, alice.path(), retitle(lambda title: title[3:])),
    ),
}


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def alice(user: User, install: Install) -> Installation:
    alice = install(user, meeting={"grace_minutes": 10})
    alice.add()
    alice.tick()
    return alice


@pytest.mark.parametrize("way", TAKEN_BACK)
def test_a_yes_that_is_taken_back_is_not_sent(alice: Installation, way: str) -> None:
    yes, back = TAKEN_BACK[way]
    yes(alice)
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED
    back(alice)
    alice.tick(minutes=9)
    alice.tick(minutes=30)
    assert alice.state() is State.DRAFTED
    (text,) = alice.drafted().values()
    assert "bob@example.test" not in text

    yes(alice)
    alice.tick(minutes=5)
    alice.tick(minutes=9)
    assert alice.state() is State.ACCEPTED
    alice.tick(minutes=1)
    assert alice.state() is State.INVITED


@pytest.mark.parametrize("way", ["deletion", "no"])
def test_a_yes_that_becomes_a_no_is_never_sent(alice: Installation, way: str) -> None:
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    if way == "no":
        edit(alice.user, alice.path(), categorize("Declined"))
    else:
        alice.user.dav.delete(alice.path()).expect(200, 204)
    for _ in range(4):
        alice.tick(minutes=6)
    assert alice.state() is State.DECLINED
    assert alice.meeting().invited_at is None
    assert alice.drafted() == {}


def test_a_yes_from_the_shell_is_sent_after_the_same_grace(alice: Installation) -> None:
    alice.says(answers.accept)
    alice.tick(minutes=9)
    assert alice.state() is State.ACCEPTED
    alice.tick(minutes=1)
    assert alice.state() is State.INVITED


def test_a_no_in_the_calendar_beats_a_yes_from_the_shell(alice: Installation) -> None:
    alice.says(answers.accept)
    edit(alice.user, alice.path(), set_status("CANCELLED"))
    alice.tick(minutes=30)
    alice.tick(minutes=30)
    assert alice.state() is State.DECLINED


def test_a_no_from_the_shell_takes_the_draft_away(alice: Installation) -> None:
    alice.says(answers.decline)
    alice.tick(minutes=5)
    assert alice.drafted() == {}
