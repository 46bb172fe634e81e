"""How `status` tells who has brought an invitation to the contact."""

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
    offline.ok("contacts", "add", "Bob", "--email", "bob@example.test", "--category", "business")
    meeting = Meeting(
        uid="m-1",
        contact="bob",
        attempt=1,
        state=State.INVITED,
        span=Span(START, START + timedelta(minutes=45)),
        delivery=delivery,
        delivery_detail=detail,
    )
    with Store.open(offline.database) as store:
        store.save_meeting(meeting, was=None)

    assert told in offline.ok("status").out
