"""A draft out of which the user makes a series is the user's own: connectd lets go and says so."""

import pytest
from calendar_client import Change, both, edit, event_of, prefix
from icalendar import Event
from installation import Install, Installation
from servers import Radicale

from connectd.domain.model import State


def every_week(event: Event) -> None:
    event.add("RRULE", {"FREQ": "WEEKLY"})
    event["SEQUENCE"] = int(event.get("SEQUENCE", 0)) + 1


@pytest.fixture(params=["alone", "with a yes", "after sending"])
def alice(request: pytest.FixtureRequest, radicale: Radicale, install: Install) -> Installation:
    alice = install(radicale.new_user())
    alice.add()
    alice.tick()
    change: Change = every_week
    if request.param == "with a yes":
        change = both(prefix("OK"), every_week)
    if request.param == "after sending":
        edit(alice.user, alice.path(), prefix("OK"))
        alice.tick(minutes=5)
        alice.tick(minutes=5)
    edit(alice.user, alice.path(), change)
    return alice


def test_connectd_lets_go_and_says_so(alice: Installation) -> None:
    (before,) = alice.drafted().values()
    (deed,) = alice.tick(minutes=5).applied
    assert deed.action == "withdraw"
    assert "series" in deed.detail
    meeting = alice.meeting()
    assert (meeting.state, meeting.released) == (State.WITHDRAWN, True)
    for _ in range(3):
        assert alice.tick(minutes=30).applied == ()
    (after,) = alice.drafted().values()
    assert event_of(after) == event_of(before)


def test_its_meetings_count_by_themselves(alice: Installation) -> None:
    alice.tick(minutes=5)
    end = alice.meeting().span.end
    alice.now = end
    (deed,) = alice.tick().applied
    assert (deed.action, deed.contact) == ("complete", "bob-baker")
    (met,) = alice.store.encounters()
    assert met.how == "found"
    alice.tick(days=7)
    assert len(alice.store.encounters()) == 2
    assert len(alice.meetings()) == 1


def test_what_the_user_does_with_it_later_is_no_gesture(alice: Installation) -> None:
    alice.tick(minutes=5)
    edit(alice.user, alice.path(), prefix("NO"))
    alice.tick(minutes=5)
    alice.user.dav.delete(alice.path()).expect(200, 204)
    alice.tick(minutes=5)
    alice.tick(minutes=15)
    assert alice.meetings()[0].state is State.WITHDRAWN
    assert alice.tick().failures == ()
