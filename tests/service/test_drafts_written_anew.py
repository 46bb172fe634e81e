"""Drafts that a calendar program deleted and wrote anew under another UID."""

from uuid import uuid4

import pytest
from calendar_client import addresses, edit, edited, event_of, prefix
from icalendar import Event
from installation import Install, Installation
from servers import User

from connectd.domain.model import State


@pytest.fixture
def alice(user: User, install: Install) -> Installation:
    alice = install(user, goal=3)
    alice.add()
    alice.tick()
    return alice


def stripped(event: Event) -> None:
    """Lose what calcurse-caldav loses, and the UID."""
    event["UID"] = uuid4().hex
    for name in ("ORGANIZER", "ATTENDEE", "STATUS", "SEQUENCE", "TRANSP", "X-CONNECTD-MEETING"):
        event.pop(name, None)


def write_anew(alice: Installation, word: str = "", contact: str = "bob-baker") -> str:
    """Do what calcurse-caldav does: delete the object, and put it somewhere else; gives its UID."""
    path = alice.path(contact)
    text = edited(alice.user.dav.get(path).expect(200).text, stripped)
    if word:
        text = edited(text, prefix(word))
    uid = str(event_of(text)["UID"])
    alice.user.dav.delete(path).expect(200, 204)
    alice.user.dav.put(f"{alice.drafts}{uid}.ics", text, new=True).expect(201, 204)
    return uid


def test_a_yes_there_is_heard_at_once_and_sent_from_there(alice: Installation) -> None:
    uid = write_anew(alice, "OK")
    (deed,) = alice.tick(minutes=5).applied
    assert (deed.action, deed.meeting) == ("accept", uid)
    alice.restart()
    alice.tick(minutes=5)
    assert (alice.state(), alice.meeting().uid) == (State.INVITED, uid)
    (text,) = alice.drafted().values()
    assert str(event_of(text)["UID"]) == uid
    assert "bob@example.test" in addresses(event_of(text))
    assert len(alice.meetings()) == 1


def test_without_an_answer_it_is_no_no_either(alice: Installation) -> None:
    write_anew(alice)
    for _ in range(4):
        assert alice.tick(minutes=10).applied == ()
    assert alice.state() is State.DRAFTED
    assert len(alice.drafted()) == 1


@pytest.mark.parametrize("word", ["NO", "✗"])
def test_a_no_there_is_a_deletion(alice: Installation, word: str) -> None:
    write_anew(alice, word)
    alice.tick(minutes=5)
    alice.tick(minutes=10)
    assert alice.state() is State.DECLINED


def test_a_yes_that_could_mean_two_drafts_means_none(alice: Installation) -> None:
    alice.add("Bob Baker", "bob.the.other@example.test", "results")
    alice.tick(minutes=5)
    alice.user.dav.delete(alice.path()).expect(200, 204)
    write_anew(alice, "OK", "bob-baker-2")
    alice.tick(minutes=5)
    assert alice.state() is State.DRAFTED
    assert alice.state("bob-baker-2") is State.DRAFTED


def test_a_copy_beside_the_draft_is_none(alice: Installation) -> None:
    text = edited(alice.user.dav.get(alice.path()).expect(200).text, stripped)
    uid = str(event_of(text)["UID"])
    copy = edited(text, prefix("OK"))
    alice.user.dav.put(f"{alice.user.calendar}{uid}.ics", copy, new=True).expect(201, 204)
    alice.tick(minutes=5)
    assert alice.meetings()[0].state is not State.ACCEPTED
    assert "bob@example.test" not in "".join(alice.drafted().values())


def test_another_draft_of_connectds_own_is_none(alice: Installation) -> None:
    alice.add("Bob Baker", "bob.the.other@example.test", "results")
    alice.tick(minutes=5)
    alice.user.dav.delete(alice.path()).expect(200, 204)
    edit(alice.user, alice.path("bob-baker-2"), prefix("OK"))
    alice.tick(minutes=5)
    assert alice.state("bob-baker-2") is State.ACCEPTED
    assert alice.state() is State.DRAFTED
    alice.tick(minutes=10)
    assert alice.state("bob-baker-2") is State.INVITED
    assert alice.state() is State.DECLINED
