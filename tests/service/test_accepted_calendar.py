"""Moving a draft into the calendar for accepted meetings says yes."""

import pytest
from accounts import event
from calendar_client import edit, event_of, retitle, set_status
from installation import Install, Installation, second_account
from servers import Radicale, User, Xandikos

from connectd.domain.model import State
from connectd.service import answers


@pytest.fixture
def alice(user: User, install: Install) -> Installation:
    for name in ("Work", "Home"):
        user.dav.mkcalendar(f"{user.home}{name.lower()}/", name).expect(201)
    alice = install(user, account={"accepted": "Work"})
    alice.add()
    alice.tick()
    return alice


def move_to(alice: Installation, calendar: str, *, at_once: bool) -> str:
    """Move the draft as calendar programs do: by one request, or by a copy and a deletion."""
    user, old = alice.user, alice.path()
    new = f"{user.home}{calendar}/moved.ics"
    if at_once:
        user.dav.move(old, new).expect(201, 204)
    else:
        user.dav.put(new, user.dav.get(old).expect(200).text, new=True).expect(201, 204)
        user.dav.delete(old).expect(200, 204)
    return new


def test_a_draft_that_is_moved_there_is_sent_from_there(alice: Installation) -> None:
    uid = alice.meeting().uid
    new = move_to(alice, "work", at_once=False)
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED
    assert "moved to the calendar" in alice.store.journal(1)[0].because
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    assert alice.drafted() == {}
    ((href, text),) = alice.user.dav.objects(f"{alice.user.home}work/").items()
    assert href == new
    sent = event_of(text)
    assert (str(sent["UID"]), sent["STATUS"]) == (uid, "CONFIRMED")
    assert "bob@example.test" in text
    assert alice.tick(minutes=30).applied == ()


def test_a_draft_that_is_moved_elsewhere_stays_a_draft(alice: Installation) -> None:
    move_to(alice, "home", at_once=False)
    for _ in range(4):
        alice.tick(minutes=5)
    assert alice.state() is State.DRAFTED
    move_to(alice, "work", at_once=False)
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED


def test_lying_there_is_no_second_yes_to_a_time_that_is_taken(alice: Installation) -> None:
    span = alice.meeting().span
    new = move_to(alice, "work", at_once=False)
    dentist = f"{alice.user.calendar}dentist.ics"
    alice.user.dav.put(dentist, event("dentist", span, "Dentist"), new=True).expect(201)
    alice.tick(minutes=5)
    edit(alice.user, new, retitle(lambda title: f"{title} at the harbour"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert (alice.state(), alice.meeting().overruled) == (State.ACCEPTED, False)
    assert "bob@example.test" not in alice.user.dav.get(new).expect(200).text


def test_the_calendar_of_the_drafts_says_no_yes_by_whatever_name(
    user: User, install: Install
) -> None:
    drafts = f"{user.home}connections/"
    user.dav.mkcalendar(drafts, "Connections").expect(201)
    alice = install(user, account={"accepted": drafts})
    alice.add()
    alice.tick()
    assert drafts.endswith(alice.drafts)
    edit(alice.user, alice.path(), retitle(lambda title: f"{title} at the harbour"))
    alice.tick(minutes=5)
    assert alice.state() is State.DRAFTED


def test_a_draft_that_is_moved_back_within_the_grace_is_not_sent(alice: Installation) -> None:
    old = alice.path()
    new = move_to(alice, "work", at_once=False)
    alice.tick(minutes=5)
    text = alice.user.dav.get(new).expect(200).text
    alice.user.dav.put(old, text, new=True).expect(201, 204)
    alice.user.dav.delete(new).expect(200, 204)
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert alice.state() is State.DRAFTED
    assert len(alice.drafted()) == 1


def test_a_draft_that_is_moved_by_one_request_is_accepted(alice: Installation) -> None:
    move_to(alice, "work", at_once=True)
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED


def test_a_draft_that_is_moved_to_another_account_is_sent_from_there(
    anyserver: Radicale | Xandikos, user: User, install: Install
) -> None:
    other = anyserver.new_user("work")
    alice = install(user, more=second_account(other))
    alice.add()
    alice.tick()
    new = f"{other.calendar}moved.ics"
    other.dav.put(new, user.dav.get(alice.path()).expect(200).text, new=True).expect(201, 204)
    user.dav.delete(alice.path()).expect(200, 204)
    alice.tick(minutes=5)
    assert alice.state() is State.DRAFTED
    edit(other, new, set_status("CONFIRMED"))
    alice.tick(minutes=5)
    report = alice.tick(minutes=5)
    assert report.failures == ()
    assert alice.state() is State.INVITED
    assert "bob@example.test" in other.dav.get(new).expect(200).text


def test_a_no_in_the_shell_takes_the_draft_away_wherever_it_was_moved(alice: Installation) -> None:
    new = move_to(alice, "work", at_once=False)
    alice.says(answers.decline)
    alice.tick(minutes=5)
    assert alice.drafted() == {}
    alice.user.dav.get(new).expect(404)
