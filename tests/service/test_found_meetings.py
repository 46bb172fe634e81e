"""Meetings with contacts that stand in the calendar without connectd's doing."""

from datetime import UTC, datetime, timedelta

import pytest
from accounts import event
from installation import NOW, Install, Installation
from servers import Radicale, User

from connectd.domain.model import Encounter, Span, State
from connectd.service import answers
from connectd.service.status import status

BOB = "ATTENDEE;CN=Bob;PARTSTAT=ACCEPTED:mailto:BOB@example.test"
YESTERDAY = Span(NOW - timedelta(hours=22), NOW - timedelta(hours=21))
NEXT_WEEK = Span(datetime(2026, 11, 11, 9, tzinfo=UTC), datetime(2026, 11, 11, 10, tzinfo=UTC))


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def alice(user: User, install: Install) -> Installation:
    alice = install(user, goal=3)
    alice.add()
    return alice


def put(user: User, span: Span, *more: str, me: str = "ACCEPTED", name: str = "lunch") -> str:
    """Put a meeting of the user's with bob into the calendar."""
    people = (
        f"ORGANIZER:mailto:{user.email}",
        f"ATTENDEE;PARTSTAT={me}:mailto:{user.email}",
        *more,
    )
    href = f"{user.calendar}{name}.ics"
    user.dav.put(href, event(name, span, "Lunch", *people), new=True).expect(201)
    return href


class TestInThePast:
    def test_counts_as_met(self, alice: Installation) -> None:
        put(alice.user, YESTERDAY, BOB)
        report = alice.tick()
        assert [(d.action, d.contact) for d in report.applied] == [("complete", "bob-baker")]
        assert alice.store.encounters() == (
            Encounter("bob-baker", YESTERDAY.start.date(), "found"),
        )
        month = status(alice.now, alice.config, alice.store).months[0]
        assert (month.people, month.needed) == (("bob-baker",), 2)
        assert alice.meetings() == []

    def test_counts_once_however_often_it_is_seen(self, alice: Installation) -> None:
        put(alice.user, YESTERDAY, BOB)
        alice.tick()
        alice.restart()
        assert alice.tick(minutes=5).applied == ()
        assert len(alice.store.encounters()) == 1

    def test_counts_no_more_after_the_user_said_missed(self, alice: Installation) -> None:
        put(alice.user, YESTERDAY, BOB)
        alice.tick()
        alice.says(answers.missed)
        alice.restart()
        alice.tick(minutes=5)
        assert alice.store.encounters() == ()
        assert alice.state() is State.DRAFTED


class TestAhead:
    def test_is_scheduled_and_no_draft_comes_in_between(self, alice: Installation) -> None:
        href = put(alice.user, NEXT_WEEK, BOB)
        alice.tick()
        assert alice.meetings() == []
        month = status(alice.now, alice.config, alice.store).months[0]
        assert (month.people, month.scheduled) == ((), ("bob-baker",))

        alice.user.dav.delete(href).expect(200)
        alice.tick(minutes=5)
        assert alice.state() is State.DRAFTED

    def test_withdraws_a_draft_that_stands(self, alice: Installation) -> None:
        alice.tick()
        put(alice.user, NEXT_WEEK, BOB)
        alice.tick(minutes=5)
        assert alice.state() is State.WITHDRAWN
        assert alice.drafted() == {}

    def test_counts_as_met_when_it_is_over(self, alice: Installation) -> None:
        put(alice.user, NEXT_WEEK, BOB)
        alice.tick()
        alice.tick(days=9, hours=2)
        assert alice.store.encounters() == ()
        alice.tick(hours=2)
        assert alice.store.encounters() == (
            Encounter("bob-baker", NEXT_WEEK.start.date(), "found"),
        )


class TestWhoIsAtTheTable:
    @pytest.mark.parametrize(("others", "counts"), [(2, True), (3, False)])
    def test_with_five_it_is_no_meeting_with_one_of_them(
        self,
        alice: Installation,
        others: int,
        counts: bool,  # noqa: FBT001 - given by pytest
    ) -> None:
        more = (f"ATTENDEE:mailto:other{number}@example.test" for number in range(others))
        put(alice.user, YESTERDAY, BOB, *more)
        alice.tick()
        assert bool(alice.store.encounters()) is counts

    def test_a_stranger_is_nobody(self, alice: Installation) -> None:
        put(alice.user, YESTERDAY, "ATTENDEE:mailto:bobby@example.test")
        alice.tick()
        assert alice.store.encounters() == ()

    @pytest.mark.parametrize(
        ("me", "line"),
        [
            ("DECLINED", BOB),
            ("ACCEPTED", BOB + "\r\nSTATUS:CANCELLED"),
            ("ACCEPTED", BOB.replace("ACCEPTED", "DECLINED")),
        ],
        ids=["I declined", "cancelled", "they declined"],
    )
    def test_one_that_does_not_take_place_does_not_count(
        self, alice: Installation, me: str, line: str
    ) -> None:
        put(alice.user, YESTERDAY, line, me=me)
        alice.tick()
        assert alice.store.encounters() == ()

    def test_one_of_a_series_counts_for_its_own_day(self, alice: Installation) -> None:
        week = timedelta(days=7)
        start = Span(YESTERDAY.start - 2 * week, YESTERDAY.end - 2 * week)
        put(alice.user, start, BOB, "RRULE:FREQ=WEEKLY;COUNT=3")
        alice.tick()
        days = [met.on for met in alice.store.encounters()]
        assert sorted(days) == [(YESTERDAY.start - k * week).date() for k in (2, 1, 0)]
