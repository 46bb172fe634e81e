"""Two contacts who agreed to be introduced to each other by a meeting of three."""

from installation import Installation

from connectd.domain.introductions import Introduction
from connectd.domain.model import Meeting

ADA, BOB = "ada-ash", "bob-baker"
BECAUSE = "PRIVATE: both want to learn Welsh"


def agreed(alice: Installation, ada: str, bob: str) -> Installation:
    """Put ada and bob, by their addresses, on the list, and let both agree to be introduced."""
    alice.add("Ada Ash", ada, "results")
    alice.add("Bob Baker", bob)
    alice.store.save_introduction(
        Introduction(ADA, BOB, alice.now, BECAUSE, asked=(ADA, BOB), agreed=(BOB, ADA))
    )
    return alice


def introduction(alice: Installation) -> Introduction:
    found = alice.store.introduction(ADA, BOB)
    assert found is not None
    return found


def three(alice: Installation) -> Meeting:
    """Return the latest meeting of three."""
    return [meeting for meeting in alice.meetings(ADA) if meeting.other][-1]
