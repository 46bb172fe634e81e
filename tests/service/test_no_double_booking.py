"""A draft keeps away from what is in the calendars; what comes in its way later drives it off."""

from datetime import timedelta

import pytest
from accounts import event
from calendar_client import addresses, both, edit, event_of, move, prefix, set_status
from installation import FIRST_SLOT, Install, Installation
from proxy import Fault, Proxy, Reply
from servers import Radicale, User

from connectd.domain.model import Span, State

MORNING = Span(FIRST_SLOT, FIRST_SLOT + timedelta(hours=3))


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install) -> Installation:
    alice = install(user, url=proxy.url)
    alice.add()
    alice.tick()
    assert alice.meeting().span.start == FIRST_SLOT
    return alice


def put_dentist(user: User, span: Span = MORNING) -> str:
    href = f"{user.calendar}dentist.ics"
    user.dav.put(href, event("dentist", span, "Dentist"), new=True).expect(201)
    return href


def test_a_draft_is_made_where_there_is_time(user: User, install: Install) -> None:
    put_dentist(user)
    alice = install(user)
    alice.add()
    alice.tick()
    day_later = FIRST_SLOT + timedelta(days=1)
    assert alice.meeting().span.start == day_later  # the day of the dentist is rather full


class TestAnEventOnTheTimeOfADraft:
    def test_drives_it_off_to_another_time(self, alice: Installation) -> None:
        put_dentist(alice.user)
        report = alice.tick(minutes=5)
        assert [deed.action for deed in report.applied] == ["withdraw", "draft"]
        assert "“Dentist”" in report.applied[0].detail
        first, second = alice.meetings()
        assert first.state is State.WITHDRAWN
        assert second.state is State.DRAFTED
        assert not second.span.overlaps(MORNING)
        ((href, _),) = alice.drafted().items()
        assert second.uid in href

    def test_but_beside_it_leaves_it_alone(self, alice: Installation) -> None:
        after = FIRST_SLOT + timedelta(minutes=45)
        put_dentist(alice.user, Span(after, after + timedelta(hours=2)))
        assert alice.tick(minutes=5).applied == ()
        assert alice.state() is State.DRAFTED

    def test_to_which_the_user_moved_it_leaves_it_alone(self, alice: Installation) -> None:
        day = timedelta(days=1)
        put_dentist(alice.user, Span(MORNING.start + day, MORNING.end + day))
        edit(alice.user, alice.path(), move(day))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        (meeting,) = alice.meetings()
        assert (meeting.state, meeting.span.start) == (State.DRAFTED, FIRST_SLOT + day)


class TestAnEventOnTheTimeOfAYes:
    def test_keeps_the_invitation_back_until_it_is_gone(self, alice: Installation) -> None:
        accepted = edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)
        href = put_dentist(alice.user)
        (deed,) = alice.tick(minutes=5).applied
        assert deed.action == "conflict"
        assert deed.detail.startswith("not sent: the time is taken by “Dentist”")
        for _ in range(2):
            (failure,) = alice.tick(minutes=5).failures
            assert (failure.action, failure.contact) == ("invite", "bob-baker")
            assert failure.reason == "not sent: the time is taken by “Dentist”"
        assert alice.state() is State.ACCEPTED
        (waiting,) = map(event_of, alice.drafted().values())
        assert waiting.decoded("DTSTART") == event_of(accepted).decoded("DTSTART")
        assert "bob@example.test" not in addresses(waiting)

        alice.user.dav.delete(href).expect(200, 204)
        report = alice.tick(minutes=5)
        assert ([deed.action for deed in report.applied], report.failures) == (["invite"], ())

    def test_that_was_given_by_moving_keeps_it_back_too(self, alice: Installation) -> None:
        day = timedelta(days=1)
        put_dentist(alice.user, Span(MORNING.start + day, MORNING.end + day))
        edit(alice.user, alice.path(), both(move(day), prefix("OK")))
        alice.tick(minutes=5)
        (failure,) = alice.tick(minutes=5).failures
        assert "Dentist" in failure.reason
        assert alice.state() is State.ACCEPTED

    def test_is_seen_even_if_it_comes_after_the_decision(
        self, alice: Installation, proxy: Proxy
    ) -> None:
        """The view that an invitation is sent on is read after everything else was done."""
        edit(alice.user, alice.path(), set_status("CONFIRMED"))
        alice.tick(minutes=5)

        def booked_meanwhile(reply: Reply) -> Reply:
            put_dentist(alice.user)
            return reply

        proxy.clear()
        proxy.inject(Fault(change=booked_meanwhile), "PROPFIND")
        (deed,) = alice.tick(minutes=5).applied
        assert (deed.action, "Dentist" in deed.detail) == ("conflict", True)
        assert alice.state() is State.ACCEPTED
        (text,) = alice.drafted().values()
        assert "bob@example.test" not in addresses(event_of(text))
