"""How `status` tells who has brought an invitation, or its cancellation, to the contact."""

from datetime import UTC, datetime, timedelta

import pytest
from shell import Shell

from connectd.domain.model import Delivery, Meeting, Span, State
from connectd.edges.store import Store

START = datetime(2026, 11, 4, 8, tzinfo=UTC)
DOUBT = "it cannot be known whether the mail arrived: the connection broke off"


@pytest.mark.parametrize(
    ("delivery", "detail", "told"),
    [
        (Delivery.SERVER, "2.0;Success", "invited, no answer yet (server: 2.0;Success)"),
        (Delivery.SERVER, "", "invited, no answer yet (server)"),
        (Delivery.MAIL, "waits to be mailed", "invited, no answer yet (mail: waits to be mailed)"),
        (Delivery.MANUAL, "", "connectd has sent nothing, so please tell them yourself"),
        (Delivery.UNKNOWN, DOUBT, f"{DOUBT} (connectd resend bob sends it again)"),
    ],
)
def test_whoever_sent_it_is_named(
    offline: Shell, delivery: Delivery, detail: str, told: str
) -> None:
    record(offline, State.INVITED, delivery, detail)

    assert told in unwrapped(offline.ok("status").out)


@pytest.mark.parametrize(
    ("delivery", "detail", "told"),
    [
        (
            Delivery.MANUAL,
            "",
            "called off; connectd has sent nothing",
        ),
        (Delivery.UNKNOWN, DOUBT, f"called off; {DOUBT} (connectd resend bob sends it again)"),
    ],
)
def test_one_that_is_off_is_shown_while_they_may_not_know(
    offline: Shell, delivery: Delivery, detail: str, told: str
) -> None:
    record(offline, State.CANCELLED, delivery, detail)

    assert told in unwrapped(offline.ok("status").out)
    assert "called off" not in offline.ok("status", now="2026-11-04T08:00:00Z").out


@pytest.mark.parametrize("delivery", [Delivery.SERVER, Delivery.MAIL])
def test_one_that_is_off_and_they_know_is_over(offline: Shell, delivery: Delivery) -> None:
    record(offline, State.CANCELLED, delivery, "")

    assert "2026-11-04" not in offline.ok("status").out


def unwrapped(said: str) -> str:
    """What was said, on one line."""
    return " ".join(said.split())


def record(shell: Shell, state: State, delivery: Delivery, detail: str) -> None:
    """Put bob and a meeting with him on record."""
    shell.ok("contacts", "add", "Bob", "--email", "bob@example.test", "--category", "business")
    meeting = Meeting(
        uid="m-1",
        contact="bob",
        attempt=1,
        state=state,
        span=Span(START, START + timedelta(minutes=45)),
        delivery=delivery,
        delivery_detail=detail,
    )
    with Store.open(shell.database) as store:
        store.save_meeting(meeting, was=None)
