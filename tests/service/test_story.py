"""The whole way from an empty calendar to a meeting that counts, on every kind of server."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from calendar_client import (
    Change,
    addresses,
    answer,
    both,
    categorize,
    edit,
    event_of,
    move,
    prefix,
    sequence_of,
    set_status,
)
from installation import FIRST_SLOT, Install, Installation
from servers import User

from connectd.domain.model import Delivery, Form, Span, State
from connectd.service import answers
from connectd.service.status import status

Gesture = Callable[[User], Change]

ASKED: dict[str, tuple[Gesture, Gesture]] = {
    "partstat": (
        lambda user: answer(user.email, "ACCEPTED"),
        lambda user: answer(user.email, "DECLINED"),
    )
}
ANYWHERE: dict[str, tuple[Gesture, Gesture]] = {
    "status": (lambda _: set_status("CONFIRMED"), lambda _: set_status("CANCELLED")),
    "title": (lambda _: prefix("OK"), lambda _: prefix("no:")),
    "category": (
        lambda _: categorize("Work", "ACCEPT"),
        lambda _: categorize("Work", "Decline"),
    ),
}
PLACES = {
    "radicale, invitation": ("radicale", "auto", ASKED | ANYWHERE),
    "radicale, plain": ("radicale", "plain", ANYWHERE),
    "xandikos, plain": ("xandikos", "auto", ANYWHERE),
}
WAYS = [(place, way) for place, (_, _, ways) in PLACES.items() for way in ways]


@pytest.fixture
def alice(request: pytest.FixtureRequest, place: str, install: Install) -> Installation:
    kind, form, _ = PLACES[place]
    user = request.getfixturevalue(kind).new_user()
    alice = install(user, account={"draft_form": form}, goal=3)
    alice.add()
    alice.tick()
    return alice


def yes(place: str, way: str, user: User) -> Change:
    return PLACES[place][2][way][0](user)


def no(place: str, way: str, user: User) -> Change:
    return PLACES[place][2][way][1](user)


def slot(later: timedelta = timedelta()) -> Span:
    return Span(FIRST_SLOT + later, FIRST_SLOT + timedelta(minutes=45) + later)


@pytest.mark.parametrize("place", ["radicale, invitation", "xandikos, plain"])
class TestADraft:
    def test_stands_in_a_calendar_of_its_own(self, alice: Installation, place: str) -> None:
        ((href, text),) = alice.drafted().items()
        assert href.endswith(alice.path())
        event = event_of(text)
        assert str(event["UID"]) == alice.meeting().uid
        assert event.decoded("DTSTART") == FIRST_SLOT
        assert event["STATUS"] == "TENTATIVE"
        assert event["SEQUENCE"] == 0
        assert alice.meeting().span == slot()
        assert alice.meeting().form is (Form.PLAIN if "plain" in place else Form.INVITATION)
        assert ("ORGANIZER" in event, "ATTENDEE" in event) == (2 * ("invitation" in place,))

    def test_stays_one_however_often_connectd_looks(self, alice: Installation) -> None:
        before = alice.drafted()
        for _ in range(3):
            assert alice.tick(minutes=5).applied == ()
        alice.restart()
        assert alice.tick(minutes=5).applied == ()
        assert alice.drafted() == before
        assert len(alice.meetings()) == 1

    def test_that_was_deleted_is_declined_after_ten_minutes(self, alice: Installation) -> None:
        alice.user.dav.delete(alice.path()).expect(200, 204)
        alice.tick(minutes=5)
        assert alice.state() is State.DRAFTED
        alice.tick(minutes=9)
        assert alice.state() is State.DRAFTED
        alice.tick(minutes=1)
        assert alice.state() is State.DECLINED
        assert alice.drafted() == {}
        self._comes_back_after_the_pause(alice)

    def test_that_was_written_anew_in_time_is_not_declined(self, alice: Installation) -> None:
        (text,) = alice.drafted().values()
        alice.user.dav.delete(alice.path()).expect(200, 204)
        alice.tick(minutes=5)
        alice.user.dav.put(alice.path(), text, new=True).expect(201, 204)
        alice.tick(minutes=9)
        alice.tick(minutes=5)
        assert alice.state() is State.DRAFTED
        assert list(alice.drafted().values()) == [text]

    def test_that_was_moved_stays_a_draft_there(self, alice: Installation) -> None:
        text = edit(alice.user, alice.path(), move(timedelta(days=1, hours=3)))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.DRAFTED
        assert alice.meeting().span == slot(timedelta(days=1, hours=3))
        assert [event_of(kept) for kept in alice.drafted().values()] == [event_of(text)]

    def test_that_was_moved_with_a_yes_is_sent_for_that_time(self, alice: Installation) -> None:
        edit(alice.user, alice.path(), both(move(timedelta(days=1)), prefix("✓")))
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        (sent,) = alice.drafted().values()
        assert event_of(sent).decoded("DTSTART") == FIRST_SLOT + timedelta(days=1)

    def test_with_a_no_beside_a_yes_is_declined(self, alice: Installation) -> None:
        edit(alice.user, alice.path(), both(categorize("ACCEPT"), set_status("CANCELLED")))
        alice.tick(minutes=5)
        assert alice.state() is State.DECLINED

    def test_whose_title_only_looks_like_a_yes_stays(self, alice: Installation) -> None:
        edit(alice.user, alice.path(), prefix("Okonomiyaki with"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.DRAFTED

    @staticmethod
    def _comes_back_after_the_pause(alice: Installation) -> None:
        alice.tick(days=6, hours=23)
        assert len(alice.meetings()) == 1
        alice.tick(hours=2)
        first, second = alice.meetings()
        assert (second.state, second.attempt) == (State.DRAFTED, 2)
        assert second.uid != first.uid
        assert len(alice.drafted()) == 1


@pytest.mark.parametrize(("place", "way"), WAYS)
class TestAnAnswer:
    def test_yes_leads_to_an_invitation_and_a_meeting_that_counts(
        self, alice: Installation, place: str, way: str
    ) -> None:
        user = alice.user
        before = alice.drafted()
        accepted = edit(user, alice.path(), yes(place, way, user))
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        alice.tick(minutes=1)
        assert alice.state() is State.ACCEPTED
        assert [event_of(text) for text in alice.drafted().values()] == [event_of(accepted)]

        alice.tick(minutes=1)
        meeting = alice.meeting()
        assert meeting.state is State.INVITED
        assert meeting.delivery is (Delivery.SERVER if user.schedules else Delivery.MANUAL)
        sent = alice.drafted()
        assert list(sent) == list(before)
        event = event_of(*sent.values())
        assert str(event["UID"]) == meeting.uid
        assert str(event["ORGANIZER"]).lower() == f"mailto:{user.email}"
        assert sorted(addresses(event)) == sorted([user.email, "bob@example.test"])
        assert event["STATUS"] == "CONFIRMED"
        assert event["SEQUENCE"] == sequence_of(accepted) + 1
        assert event.decoded("DTSTART") == FIRST_SLOT
        assert not str(event["SUMMARY"]).startswith(("?", "OK"))
        placement = alice.store.placement(meeting.uid)
        assert placement
        assert event_of(placement.written) == event

        alice.tick(days=2, hours=3)
        assert alice.state() is State.INVITED
        alice.says(answers.done)
        assert alice.state() is State.MET
        alice.tick(minutes=5)
        month = status(alice.now, alice.config, alice.store).months[0]
        assert (month.goal, month.people, month.needed) == (3, ("bob-baker",), 2)
        assert alice.drafted() == sent

    def test_no_takes_the_draft_away(self, alice: Installation, place: str, way: str) -> None:
        edit(alice.user, alice.path(), no(place, way, alice.user))
        alice.tick(minutes=5)
        assert alice.state() is State.DECLINED
        assert alice.drafted() == {}
        alice.tick(days=1)
        assert len(alice.meetings()) == 1
        assert alice.drafted() == {}
