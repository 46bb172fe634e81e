"""calcurse-caldav deletes an event that was edited, and puts another one in its place."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from calcurse import Calcurse
from installation import Installation
from outcomes import assert_leads_to_an_invitation, draft_of, drafts_url, let
from programs import require

from connectd.domain.model import State

pytestmark = [pytest.mark.client, pytest.mark.parametrize("form", ["invitation", "plain"])]

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def calcurse(alice: Installation, home: Path) -> Calcurse:
    require("calcurse python3-httplib2", "calcurse", "calcurse-caldav", module="httplib2")
    return Calcurse(home, alice.user, drafts_url(alice), BERLIN.key)


def say_ok(calcurse: Calcurse, alice: Installation) -> None:
    day = alice.meeting().span.start.astimezone(BERLIN).date()
    title = str(draft_of(alice)["SUMMARY"])
    let(alice, lambda: calcurse.put_before_title(day, "OK", title.removeprefix("? ")))


def test_an_edited_title_comes_back_under_a_new_uid(
    calcurse: Calcurse, alice: Installation
) -> None:
    before = draft_of(alice)
    (old,) = alice.drafted()
    say_ok(calcurse, alice)
    (new,) = alice.drafted()
    after = draft_of(alice)
    assert new != old
    assert after["UID"] != before["UID"]
    assert after["SUMMARY"] == f"OK {before['SUMMARY']}"
    lost = {"ORGANIZER", "ATTENDEE", "STATUS", "SEQUENCE", "TRANSP", "X-CONNECTD-MEETING"}
    assert lost.isdisjoint(after)


def test_ok_before_the_title_leads_to_an_invitation(
    calcurse: Calcurse, alice: Installation
) -> None:
    say_ok(calcurse, alice)
    assert_leads_to_an_invitation(alice)
    assert [meeting.state for meeting in alice.meetings()] == [State.INVITED]
