"""After the end: a task asks how it was, and whatever the user says there or elsewhere counts."""

from datetime import timedelta

import pytest
from accounts import event
from calendar_client import edit, prefix
from icalendar import Calendar
from installation import FIRST_SLOT, Answer, Install, Installation
from proxy import Fault, Proxy
from servers import Radicale, User, Xandikos

from connectd.domain.model import Span, State
from connectd.service import answers

END = FIRST_SLOT + timedelta(minutes=45)


@pytest.fixture
def invited(user: User, install: Install) -> Installation:
    """Return connectd after the sending of an invitation."""
    alice = install(user, meeting={"horizon_days": 7})
    alice.add()
    alice.tick()
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert alice.state() is State.INVITED
    assert tasks(alice) == {}
    return alice


@pytest.fixture
def alice(invited: Installation) -> Installation:
    """Return connectd a moment after the end of a meeting that was sent."""
    invited.now = END
    report = invited.tick()
    assert [deed.action for deed in report.applied] == ["follow_up"]
    return invited


def tasks(alice: Installation) -> dict[str, str]:
    return {href: text for href, text in alice.drafted().items() if "BEGIN:VTODO" in text}


def tick_off(alice: Installation, status: str) -> None:
    """Do what a task list does when its user ticks something off, or cancels it."""
    ((href, text),) = tasks(alice).items()
    calendar = Calendar.from_ical(text)
    (task,) = calendar.walk("VTODO")
    task.pop("STATUS", None)
    task.add("STATUS", status)
    if status == "COMPLETED":
        task.add("COMPLETED", alice.now)
        task.add("PERCENT-COMPLETE", 100)
    stored = alice.user.dav.get(href).expect(200)
    changed = calendar.to_ical().decode()
    alice.user.dav.put(href, changed, etag=stored.etag).expect(200, 201, 204)


def test_the_task_is_due_the_next_day_and_tells_nobody(alice: Installation) -> None:
    (text,) = tasks(alice).values()
    (task,) = Calendar.from_ical(text).walk("VTODO")
    assert task["SUMMARY"] == "How was it with Bob?"
    assert task.decoded("DUE").isoformat() == "2026-11-05"
    assert "ATTENDEE" not in task
    assert "ORGANIZER" not in task
    assert "bob@example.test" not in text


def test_the_task_names_what_took_the_time_as_well(invited: Installation) -> None:
    text = event("dentist", Span(FIRST_SLOT, END), "Dentist")
    invited.user.dav.put(f"{invited.user.calendar}dentist.ics", text, new=True).expect(201)
    invited.tick(minutes=5)
    invited.now = END
    invited.tick()
    (task,) = tasks(invited).values()
    assert "At the same time there was “Dentist”" in task.replace("\r\n ", "")


def test_it_is_written_once(alice: Installation) -> None:
    before = tasks(alice)
    alice.restart()
    for _ in range(3):
        assert alice.tick(hours=1).applied == ()
    assert tasks(alice) == before


def test_ticking_it_off_completes_the_meeting_and_it_stays_ticked(alice: Installation) -> None:
    tick_off(alice, "COMPLETED")
    (deed,) = alice.tick(minutes=5).applied
    assert (deed.action, alice.state()) == ("complete", State.MET)
    (met,) = alice.store.encounters()
    assert (met.contact, met.how) == ("bob-baker", "done")
    alice.tick(minutes=5)
    assert len(tasks(alice)) == 1


def test_what_is_ticked_off_before_connectd_knows_that_it_wrote_it_counts_too(
    user: User, proxy: Proxy, install: Install
) -> None:
    alice = install(user, url=proxy.url)
    alice.add()
    alice.tick()
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    proxy.inject(Fault(drop=True), "PUT")
    alice.now = END
    assert len(alice.tick().failures) == 1
    tick_off(alice, "COMPLETED")
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    assert alice.state() is State.MET


def test_cancelling_it_says_that_the_meeting_was_missed(alice: Installation) -> None:
    tick_off(alice, "CANCELLED")
    alice.tick(minutes=5)
    assert alice.state() is State.MISSED
    assert alice.store.encounters() == ()


@pytest.mark.parametrize("answer", [answers.done, answers.missed])
def test_what_is_said_in_the_shell_takes_the_task_away(alice: Installation, answer: Answer) -> None:
    alice.says(answer)
    alice.tick(minutes=5)
    assert tasks(alice) == {}
    assert alice.tick(minutes=5).applied == ()


def test_a_task_that_was_deleted_is_not_written_again(alice: Installation) -> None:
    ((href, _),) = tasks(alice).items()
    alice.user.dav.delete(href).expect(200, 204)
    for _ in range(2):
        assert alice.tick(hours=1).applied == ()
    assert tasks(alice) == {}
    assert alice.state() is State.INVITED


def test_deleting_the_event_afterwards_only_tidies_up(alice: Installation) -> None:
    alice.user.dav.delete(alice.path()).expect(200, 204)
    alice.tick(minutes=5)
    alice.tick(minutes=15)
    assert alice.state() is State.INVITED
    tick_off(alice, "COMPLETED")
    alice.tick(minutes=5)
    assert alice.state() is State.MET


def test_an_invitation_of_which_nobody_spoke_stays_in_the_calendar(alice: Installation) -> None:
    href = alice.path()
    before = alice.user.dav.get(href).expect(200).text
    alice.tick(days=14)
    alice.tick(minutes=5)
    assert alice.meetings()[0].state is State.EXPIRED
    assert alice.user.dav.get(href).expect(200).text == before


def test_a_missed_meeting_is_offered_again_once_and_then_the_person_rests(
    alice: Installation,
) -> None:
    tick_off(alice, "CANCELLED")
    alice.tick(minutes=5)
    assert len(alice.meetings()) == 1
    alice.tick(days=7)
    second = alice.meeting()
    assert (second.attempt, second.state) == (2, State.DRAFTED)
    assert "it did not work out last time; offered again once" in second.reasons
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    alice.now = second.span.end
    alice.tick()
    alice.says(answers.missed)
    alice.tick(days=60)
    assert len(alice.meetings()) == 2
    alice.tick(days=31)
    assert len(alice.meetings()) == 3


def test_what_was_called_off_is_not_touched_once_it_is_over(user: User, install: Install) -> None:
    alice = install(user)
    alice.add()
    alice.tick()
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    off = alice.meeting()._replace(state=State.TURNED_DOWN, ended_at=alice.now)
    alice.store.save_meeting(off, was=State.INVITED)
    before = alice.drafted()
    alice.now = END
    alice.tick()
    assert {href: alice.drafted()[href] for href in before} == before


@pytest.mark.parametrize("server", ["radicale", "xandikos"])
def test_a_calendar_that_takes_no_tasks_gets_none(
    request: pytest.FixtureRequest, server: str, install: Install
) -> None:
    made: Radicale | Xandikos = request.getfixturevalue(server)
    user = made.new_user()
    user.dav.mkcalendar(f"{user.home}events-only/", "Events only").expect(201)
    alice = install(user, account={"drafts": "Events only"})
    alice.add()
    alice.tick()
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    alice.now = END
    assert alice.tick().applied == ()
    assert tasks(alice) == {}
