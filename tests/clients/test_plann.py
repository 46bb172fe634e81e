"""plann sets the status of an event."""

from pathlib import Path

import pytest
from installation import Installation
from outcomes import (
    assert_is_declined_after_ten_minutes,
    assert_leads_to_an_invitation,
    assert_takes_the_draft_away,
    draft_of,
    drafts_url,
    let,
)
from plann_client import Plann

pytestmark = [pytest.mark.client, pytest.mark.parametrize("form", ["invitation", "plain"])]


@pytest.fixture
def plann(alice: Installation, home: Path) -> Plann:
    return Plann(home, alice.user, drafts_url(alice))


def test_the_status_confirmed_leads_to_an_invitation(plann: Plann, alice: Installation) -> None:
    let(alice, lambda: plann.set_status(alice.meeting().uid, "CONFIRMED"))
    assert draft_of(alice)["STATUS"] == "CONFIRMED"
    assert_leads_to_an_invitation(alice)


def test_the_status_cancelled_takes_the_draft_away(plann: Plann, alice: Installation) -> None:
    let(alice, lambda: plann.set_status(alice.meeting().uid, "CANCELLED"))
    assert draft_of(alice)["STATUS"] == "CANCELLED"
    assert_takes_the_draft_away(alice)


def test_a_deleted_draft_is_declined_after_ten_minutes(plann: Plann, alice: Installation) -> None:
    let(alice, lambda: plann.delete(alice.meeting().uid))
    assert alice.drafted() == {}
    assert_is_declined_after_ten_minutes(alice)
