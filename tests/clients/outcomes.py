"""What a client wrote, and what connectd makes of it."""

import logging
from collections.abc import Callable
from difflib import unified_diff
from urllib.parse import urljoin

from calendar_client import addresses, event_of
from icalendar import Event
from installation import Installation
from servers import wait_until

from connectd.domain.model import State

LOG = logging.getLogger(__name__)
WRITING_LIMIT_SECONDS = 30


def drafts_url(alice: Installation) -> str:
    return urljoin(alice.user.url, alice.drafts)


def draft_of(alice: Installation) -> Event:
    """Return the event of the only object in the drafts calendar."""
    (text,) = alice.drafted().values()
    return event_of(text)


def let(alice: Installation, gesture: Callable[[], None]) -> None:
    """Let a client make a gesture; returns when it has changed something on the server.

    Every line that it removed or added is logged: pytest shows them when a test fails, and
    with ``--log-cli-level=INFO``.
    """
    before = alice.drafted()
    gesture()
    wait_until(
        lambda: alice.drafted() != before, "the client to write something", WRITING_LIMIT_SECONDS
    )
    after = alice.drafted()
    changes = unified_diff(_lines(before), _lines(after), lineterm="", n=0)
    LOG.info("the client wrote:\n%s", "\n".join(changes))


def assert_leads_to_an_invitation(alice: Installation) -> None:
    """A yes: nobody is asked before the grace is over, and then the meeting stands."""
    alice.tick(minutes=1)
    assert alice.state() is State.ACCEPTED
    assert "bob@example.test" not in "".join(alice.drafted().values())
    alice.tick(minutes=2)
    assert alice.state() is State.INVITED
    event = draft_of(alice)
    assert sorted(addresses(event)) == sorted([alice.user.email, "bob@example.test"])
    assert event["STATUS"] == "CONFIRMED"
    assert event.decoded("DTSTART") == alice.meeting().span.start


def assert_takes_the_draft_away(alice: Installation) -> None:
    """A no: the time is free again, and nothing was ever sent."""
    alice.tick(minutes=1)
    assert alice.state() is State.DECLINED
    assert alice.meeting().invited_at is None
    assert alice.drafted() == {}


def assert_is_declined_after_ten_minutes(alice: Installation) -> None:
    """A deletion: it may have been a slip, so that it is no answer at once."""
    alice.tick(minutes=1)
    alice.tick(minutes=9)
    assert alice.state() is State.DRAFTED
    alice.tick(minutes=1)
    assert alice.state() is State.DECLINED
    assert alice.meeting().invited_at is None


def _lines(objects: dict[str, str]) -> list[str]:
    """Return the unfolded content lines of all objects (RFC 5545 3.1)."""
    return [line for text in objects.values() for line in text.replace("\r\n ", "").splitlines()]
