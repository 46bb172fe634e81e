"""What happens when the time of a meeting is taken although the user wants it there."""

from datetime import timedelta

import pytest
from accounts import event
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
    retitle,
    set_status,
)
from installation import FIRST_SLOT, Install, Installation
from servers import Radicale, User

from connectd.domain.model import Span, State
from connectd.service import answers
from connectd.service.status import status

DAY = timedelta(days=1)
DENTIST = Span(FIRST_SLOT + DAY, FIRST_SLOT + DAY + timedelta(hours=2))
OTHERWISE = Span(FIRST_SLOT + 2 * DAY, FIRST_SLOT + 2 * DAY + timedelta(hours=2))
FORMS = ("invitation", "plain")


@pytest.fixture(params=FORMS)
def alice(request: pytest.FixtureRequest, radicale: Radicale, install: Install) -> Installation:
    alice = install(radicale.new_user(), account={"draft_form": request.param})
    alice.add()
    alice.tick()
    put(alice.user, "dentist", DENTIST)
    return alice


def put(user: User, name: str, span: Span) -> str:
    href = f"{user.calendar}{name}.ics"
    user.dav.put(href, event(name, span, name.capitalize()), new=True).expect(201)
    return href


def stored(alice: Installation) -> str:
    (text,) = alice.drafted().values()
    return text


def sent(alice: Installation) -> bool:
    return "bob@example.test" in stored(alice)


def yeses(alice: Installation) -> list[Change]:
    asked = [answer(alice.user.email, "ACCEPTED")] if "ORGANIZER" in stored(alice) else []
    return [*asked, prefix("OK"), set_status("CONFIRMED"), categorize("ACCEPT")]


class TestAYesToATimeThatIsTaken:
    @pytest.fixture
    def alice(self, alice: Installation) -> Installation:
        """Return connectd after alice moved the draft onto the dentist, with every kind of yes."""
        for yes in yeses(alice):
            edit(alice.user, alice.path(), yes)
        edit(alice.user, alice.path(), move(DAY))
        report = alice.tick(minutes=5)
        assert [deed.action for deed in report.applied] == ["accept"]
        assert "taken by “Dentist”" in report.applied[0].detail
        return alice

    def test_is_not_sent_and_the_draft_says_why(self, alice: Installation) -> None:
        for _ in range(3):
            (failure,) = alice.tick(minutes=5).failures
            assert failure.reason == "not sent: the time is taken by “Dentist”"
        assert alice.state() is State.ACCEPTED
        assert not sent(alice)
        marked = event_of(stored(alice))
        assert str(marked["SUMMARY"]).startswith("?! Bob Baker")
        assert "taken: “Dentist”" in str(marked["DESCRIPTION"])
        assert marked["STATUS"] == "TENTATIVE"
        assert marked.decoded("DTSTART") == DENTIST.start

    @pytest.mark.parametrize("way", range(3))
    def test_is_sent_after_a_second_yes(self, alice: Installation, way: int) -> None:
        edit(alice.user, alice.path(), yeses(alice)[way])
        report = alice.tick(minutes=5)
        assert [deed.action for deed in report.applied] == ["accept"]
        assert not sent(alice)
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        self._reads_well(alice)
        assert alice.meeting().conflict == "“Dentist”"

    def test_is_sent_after_a_second_yes_in_the_shell(self, alice: Installation) -> None:
        alice.says(answers.accept)
        alice.tick(minutes=5)
        assert sent(alice)

    def test_is_sent_when_the_time_is_free_again(self, alice: Installation) -> None:
        alice.user.dav.delete(f"{alice.user.calendar}dentist.ics").expect(200, 204)
        alice.tick(minutes=5)
        assert alice.state() is State.INVITED
        assert alice.meeting().conflict == ""
        self._reads_well(alice)

    def test_stays_back_when_something_else_comes_in_the_way(self, alice: Installation) -> None:
        edit(alice.user, alice.path(), prefix("OK"))
        alice.user.dav.delete(f"{alice.user.calendar}dentist.ics").expect(200, 204)
        put(alice.user, "audit", DENTIST)
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        assert not sent(alice)
        assert "“Audit”" in str(event_of(stored(alice))["DESCRIPTION"])

    def test_stays_back_when_another_of_the_same_name_comes_in_its_place(
        self, alice: Installation
    ) -> None:
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=1)
        assert not alice.meeting().is_contested
        alice.user.dav.delete(f"{alice.user.calendar}dentist.ics").expect(200, 204)
        another = event("another", DENTIST, "Dentist")
        alice.user.dav.put(f"{alice.user.calendar}another.ics", another, new=True).expect(201)
        for _ in range(3):
            alice.tick(minutes=5)
            assert not sent(alice)
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert sent(alice)

    def test_ends_with_a_no(self, alice: Installation) -> None:
        edit(alice.user, alice.path(), both(prefix("OK"), set_status("CANCELLED")))
        alice.tick(minutes=5)
        assert alice.state() is State.DECLINED
        assert alice.drafted() == {}

    def test_is_for_that_time_alone(self, alice: Installation) -> None:
        edit(alice.user, alice.path(), move(DAY))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert (alice.state(), alice.meeting().span.start) == (State.DRAFTED, OTHERWISE.start)
        assert str(event_of(stored(alice))["SUMMARY"]).startswith("? Bob Baker")

    @staticmethod
    def _reads_well(alice: Installation) -> None:
        event = event_of(stored(alice))
        assert "bob@example.test" in addresses(event)
        assert event["SUMMARY"] == "Coffee – Alice Example & Bob Baker"  # noqa: RUF001 (a dash between words)
        assert "Dentist" not in stored(alice)
        assert event["STATUS"] == "CONFIRMED"


class TestADraftMovedOntoTimeThatIsTaken:
    def test_stays_marked_until_it_is_moved_away(self, alice: Installation) -> None:
        own_title = retitle(lambda _: "Tea with Bob")
        edit(alice.user, alice.path(), both(own_title, move(DAY)))
        alice.tick(minutes=5)
        assert alice.tick(minutes=5).applied == ()
        assert alice.state() is State.DRAFTED
        assert event_of(stored(alice))["SUMMARY"] == "?! Tea with Bob"
        edit(alice.user, alice.path(), move(DAY))
        alice.tick(minutes=5)
        assert alice.tick(minutes=5).applied == ()
        assert alice.state() is State.DRAFTED
        assert "Tea with Bob" in str(event_of(stored(alice))["SUMMARY"])
        assert "!" not in str(event_of(stored(alice))["SUMMARY"])
        assert "Dentist" not in stored(alice)

    def test_needs_two_yeses(self, alice: Installation) -> None:
        edit(alice.user, alice.path(), both(retitle(lambda _: "Tea with Bob"), move(DAY)))
        alice.tick(minutes=5)
        edit(alice.user, alice.path(), prefix("OK"))
        for _ in range(4):
            alice.tick(minutes=5)
        assert alice.state() is State.ACCEPTED
        assert not sent(alice)
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
        assert sent(alice)
        assert event_of(stored(alice))["SUMMARY"] == "Tea with Bob"


def test_a_draft_moved_into_the_past_is_never_sent(alice: Installation) -> None:
    edit(alice.user, alice.path(), both(move(-3 * DAY), prefix("OK")))
    report = alice.tick(minutes=5)
    assert [deed.action for deed in report.applied] == ["expire"]
    assert alice.drafted() == {}


def test_a_conflict_after_sending_is_told_and_nothing_is_moved(alice: Installation) -> None:
    edit(alice.user, alice.path(), prefix("OK"))
    alice.tick(minutes=5)
    alice.tick(minutes=5)
    before = stored(alice)
    href = put(alice.user, "audit", Span(FIRST_SLOT, FIRST_SLOT + timedelta(hours=1)))
    (deed,) = alice.tick(minutes=5).applied
    assert (deed.action, deed.detail) == ("conflict", "its time is taken by “Audit”")
    assert alice.tick(minutes=5).applied == ()
    (shown,) = (m for m in status(alice.now, alice.config, alice.store).meetings if m.is_open)
    assert (shown.state, shown.conflict) == (State.INVITED, "“Audit”")
    assert stored(alice) == before
    alice.user.dav.delete(href).expect(200, 204)
    alice.tick(minutes=5)
    assert alice.meeting().conflict == ""
