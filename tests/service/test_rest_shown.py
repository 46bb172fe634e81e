"""Who rests, and why, is told: by the plan, and by status."""

from datetime import timedelta

import pytest
from installation import FIRST_SLOT, Install, Installation
from servers import Radicale

from connectd.cli.status_documents import status_document
from connectd.domain.model import Meeting, Span, State
from connectd.service.status import status


@pytest.fixture
def alice(radicale: Radicale, install: Install) -> Installation:
    alice = install(radicale.new_user())
    alice.add()
    return alice


def send_in_vain(alice: Installation, times: int) -> None:
    """Put invitations on record to which bob said no."""
    for attempt in range(1, times + 1):
        start = FIRST_SLOT - timedelta(days=30 * (times + 1 - attempt))
        ended = {"invited_at": start - timedelta(days=7), "ended_at": start - timedelta(days=6)}
        span = Span(start, start + timedelta(minutes=45))
        no = Meeting(f"m-{attempt}", "bob-baker", attempt, State.TURNED_DOWN, span, **ended)
        alice.store.save_meeting(no, was=None)


def test_after_three_in_a_row_without_a_yes_they_rest(alice: Installation) -> None:
    send_in_vain(alice, 3)
    assert alice.tick().applied == ()
    (bob,) = status(alice.now, alice.config, alice.store).relations
    assert bob.rest is not None
    assert bob.rest.until == FIRST_SLOT + timedelta(days=90 - 36)
    assert bob.rest.why == "3 invitations in a row without a yes"
    (shown,) = status_document(status(alice.now, alice.config, alice.store))["contacts"]
    assert shown["resting_until"] == "2026-12-28T08:00:00Z"


def test_after_two_they_are_asked_again(alice: Installation) -> None:
    send_in_vain(alice, 2)
    assert [deed.action for deed in alice.tick().applied] == ["draft"]
    (bob,) = status(alice.now, alice.config, alice.store).relations
    assert bob.rest is None
