"""Thunderbird answers drafts, and mails nothing to anybody.

That nothing was mailed is known for certain only when something was: so each test ends with
Thunderbird's answer to an invitation that came by mail, whose reply has to be the first and
only mail since the test began.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from accounts import event
from calendar_client import attendees
from installation import Installation
from outcomes import (
    assert_is_declined_after_ten_minutes,
    assert_leads_to_an_invitation,
    assert_takes_the_draft_away,
    draft_of,
    drafts_url,
    let,
)
from programs import require
from servers import wait_until
from thunderbird import Thunderbird, started_thunderbird

from connectd.domain.model import Span

pytestmark = pytest.mark.client

CAROL = "carol@example.test"
LUNCH = Span(datetime(2026, 11, 20, 11, tzinfo=UTC), datetime(2026, 11, 20, 12, tzinfo=UTC))
NOTIFY = "send out notification"
MAIL_LIMIT_SECONDS = 30


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Thunderbird]:
    require("thunderbird xvfb openbox", "thunderbird", "Xvfb", "openbox")
    with started_thunderbird(tmp_path_factory.mktemp("thunderbird")) as running:
        yield running


@pytest.fixture
def thunderbird(running: Thunderbird, alice: Installation) -> Thunderbird:
    """Alice's Thunderbird, with her drafts and with a calendar in which Carol's invitation is."""
    invitation = event(
        carols(alice),
        LUNCH,
        "Lunch",
        f"ORGANIZER;CN=Carol:mailto:{CAROL}",
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{alice.user.email}",
    )
    alice.user.dav.put(f"{alice.user.calendar}lunch.ics", invitation, new=True).expect(201)
    running.sink.mails.clear()
    running.login(alice.user, drafts_url(alice), alice.user.calendar)
    return running


def carols(alice: Installation) -> str:
    """Return the UID of Carol's invitation."""
    return f"lunch-with-{alice.user.name}"


def assert_the_first_mail_goes_to_carol(
    thunderbird: Thunderbird, alice: Installation, gesture: Callable[[str], None]
) -> None:
    assert thunderbird.sink.mails == []
    gesture(carols(alice))
    wait_until(lambda: bool(thunderbird.sink.mails), "the mail to Carol", MAIL_LIMIT_SECONDS)
    assert [mail.recipients for mail in thunderbird.sink.mails] == [(CAROL,)]


def test_accept_leads_to_an_invitation(thunderbird: Thunderbird, alice: Installation) -> None:
    uid = alice.meeting().uid
    let(alice, lambda: thunderbird.accept(uid))
    draft = draft_of(alice)
    assert {str(who): who.params["PARTSTAT"] for who in attendees(draft)} == {
        str(draft["ORGANIZER"]): "ACCEPTED",
        f"mailto:{alice.user.email}": "ACCEPTED",
    }
    assert draft["STATUS"] == "TENTATIVE"

    assert_leads_to_an_invitation(alice)
    thunderbird.look_again(uid, "bob@example.test")
    assert_the_first_mail_goes_to_carol(thunderbird, alice, thunderbird.accept)


def test_decline_takes_the_draft_away(thunderbird: Thunderbird, alice: Installation) -> None:
    let(alice, lambda: thunderbird.decline(alice.meeting().uid))
    assert_takes_the_draft_away(alice)
    assert_the_first_mail_goes_to_carol(thunderbird, alice, thunderbird.decline)


@pytest.mark.parametrize("form", ["plain"])
def test_the_status_confirmed_leads_to_an_invitation(
    thunderbird: Thunderbird, alice: Installation
) -> None:
    uid = alice.meeting().uid
    let(alice, lambda: thunderbird.confirm(uid))
    assert draft_of(alice)["STATUS"] == "CONFIRMED"

    assert_leads_to_an_invitation(alice)
    thunderbird.look_again(uid, "bob@example.test")
    assert_the_first_mail_goes_to_carol(thunderbird, alice, thunderbird.accept)


@pytest.mark.parametrize(("form", "question"), [("invitation", NOTIFY), ("plain", None)])
def test_a_deleted_draft_is_declined_after_ten_minutes(
    thunderbird: Thunderbird, alice: Installation, question: str | None
) -> None:
    let(alice, lambda: thunderbird.delete(alice.meeting().uid, question=question))
    assert alice.drafted() == {}
    assert_is_declined_after_ten_minutes(alice)
    assert_the_first_mail_goes_to_carol(
        thunderbird, alice, lambda uid: thunderbird.delete(uid, question=NOTIFY)
    )
