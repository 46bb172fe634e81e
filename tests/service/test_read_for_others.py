"""What was read is read anew once it would mean something else to the user."""

import re
from datetime import datetime

import pytest
from accounts import event
from installation import FIRST_SLOT, Install, Installation
from servers import Radicale, User

from connectd.domain.model import Span

SPAN = Span(FIRST_SLOT, FIRST_SLOT.replace(hour=FIRST_SLOT.hour + 1))


@pytest.fixture
def user(radicale: Radicale) -> User:
    user = radicale.new_user()
    floating = re.sub(r"(DT(START|END):\w+)Z", r"\1", event("floating", SPAN))
    user.dav.put(f"{user.calendar}floating.ics", floating, new=True).expect(201)
    return user


def starts(alice: Installation) -> list[datetime]:
    """Return when the events begin that are at hand now."""
    means = alice.means
    calendars = [record.url for record in alice.store.calendars("main")]
    return [one.span.start for one in means.shelf.events(calendars, alice.store)]


def test_an_event_without_a_zone_moves_with_the_users_zone(user: User, install: Install) -> None:
    alice = install(user)
    alice.tick()
    (before,) = starts(alice)
    zone = alice.config.me.timezone.key
    alice.configure(f'timezone = "{zone}"', 'timezone = "America/New_York"')
    alice.tick(minutes=5)
    (after,) = starts(alice)
    wall = SPAN.start.replace(tzinfo=None)
    assert before.astimezone(alice.config.me.timezone) != after
    assert after.astimezone(alice.config.me.timezone).replace(tzinfo=None) == wall


def test_as_long_as_nothing_of_that_changes_nothing_is_read_again(
    user: User, install: Install
) -> None:
    alice = install(user)
    alice.tick()
    read = alice.reader.calls
    alice.configure("[meeting]", "[meeting]\nnotice_hours = 30")
    alice.tick(minutes=5)
    assert alice.reader.calls == read
