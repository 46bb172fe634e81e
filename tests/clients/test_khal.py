"""khal, whose calendar vdirsyncer carries to the server and back."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from accounts import HOUR, event
from calendar_client import event_of
from installation import FIRST_SLOT, Installation
from khal import Khal
from outcomes import (
    assert_is_declined_after_ten_minutes,
    assert_leads_to_an_invitation,
    assert_takes_the_draft_away,
    draft_of,
    drafts_url,
    let,
)
from programs import require

from connectd.domain.model import State

pytestmark = [pytest.mark.client, pytest.mark.parametrize("form", ["invitation", "plain"])]

BERLIN = ZoneInfo("Europe/Berlin")
BOB = "Bob Baker"


@pytest.fixture
def khal(alice: Installation, home: Path) -> Khal:
    require("khal vdirsyncer", "khal", "vdirsyncer")
    return Khal(home, alice.user, drafts_url(alice), BERLIN.key)


def test_ok_before_the_title_leads_to_an_invitation(khal: Khal, alice: Installation) -> None:
    before = draft_of(alice)
    let(alice, lambda: khal.put_before_title(BOB, "OK", str(before["SUMMARY"])))
    after = draft_of(alice)
    assert after["SUMMARY"] == f"OK {before['SUMMARY']}"
    assert after["UID"] == before["UID"]
    assert_leads_to_an_invitation(alice)


def test_no_before_the_title_takes_the_draft_away(khal: Khal, alice: Installation) -> None:
    title = str(draft_of(alice)["SUMMARY"])
    let(alice, lambda: khal.put_before_title(BOB, "NO", title))
    assert_takes_the_draft_away(alice)


def test_a_moved_draft_is_a_draft_at_the_new_time(khal: Khal, alice: Installation) -> None:
    """khal 0.10 leaves the time zone out, which leaves the user's own."""
    start = FIRST_SLOT + timedelta(days=1, hours=1)
    end = start + timedelta(minutes=30)
    let(alice, lambda: khal.move(BOB, start.astimezone(BERLIN), end.astimezone(BERLIN)))
    alice.tick(minutes=1)
    assert alice.state() is State.DRAFTED
    assert (alice.meeting().span.start, alice.meeting().span.end) == (start, end)

    title = str(draft_of(alice)["SUMMARY"])
    let(alice, lambda: khal.put_before_title(BOB, "OK", title))
    assert_leads_to_an_invitation(alice)
    assert draft_of(alice).decoded("DTSTART") == start
    assert draft_of(alice).decoded("DTEND") == end


def test_a_deleted_draft_is_declined_after_ten_minutes(khal: Khal, alice: Installation) -> None:
    dentist = f"{alice.drafts}dentist.ics"
    alice.user.dav.put(dentist, event("dentist", HOUR, "Dentist"), new=True).expect(201)
    let(alice, lambda: khal.delete(BOB))
    (left,) = alice.drafted().values()
    assert event_of(left)["SUMMARY"] == "Dentist"
    assert_is_declined_after_ten_minutes(alice)
