"""The copy of the week, made by ticks: out of the way, and told of when it cannot be made."""

from pathlib import Path

import pytest
from installation import Install, Installation
from servers import Radicale

from connectd.domain.view import Name
from connectd.edges.store import Store

WEEK = {"days": 7}


@pytest.fixture
def home(radicale: Radicale, install: Install) -> Installation:
    """Return connectd of today, with somebody on the list and one tick behind it."""
    alice = install(radicale.new_user())
    alice.add()
    alice.tick()
    return alice


def copies(home: Installation) -> list[Path]:
    return sorted(home.config.state.parent.glob("connectd.db.2*"))


def test_a_tick_copies_the_database_once_a_week(home: Installation) -> None:
    assert copies(home) == []
    for _ in range(15):
        assert home.tick(days=1).failures == ()
    assert [copy.name for copy in copies(home)] == [
        "connectd.db.2026-11-09",
        "connectd.db.2026-11-16",
    ]


def test_a_tick_that_copies_writes_nothing_else(home: Installation) -> None:
    home.tick(**WEEK)
    home.tick()
    before = home.store.generation()
    copies(home)[0].unlink()
    home.tick()
    assert copies(home) == [], "a daemon looks once a day"
    home.means.memory.copied_on = None
    home.tick()
    assert len(copies(home)) == 1
    assert home.store.generation() == before


def test_a_copy_that_fails_is_told_with_each_tick_and_stops_none(home: Installation) -> None:
    in_the_way = home.config.state.with_name("connectd.db.2026-11-09")
    in_the_way.mkdir()
    for later in (WEEK, {"minutes": 5}):
        (failure,) = home.tick(**later).failures
        assert (failure.action, failure.contact) == (Name.COPY, "")
        assert "could not be copied" in failure.reason
    in_the_way.rmdir()
    assert home.tick(minutes=5).failures == ()
    with Store.open(copies(home)[0]) as copied:
        assert [contact.id for contact in copied.contacts()] == ["bob-baker"]
