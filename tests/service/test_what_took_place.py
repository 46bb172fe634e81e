"""What the user says of meetings that are over, on record: each is counted once, on its day."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from connectd.domain.model import Contact, Encounter, Fact, Meeting, Span, State
from connectd.edges.store import Store
from connectd.errors import SenselessError
from connectd.service import answers

BERLIN = ZoneInfo("Europe/Berlin")
BOB = Contact("bob", "Bob Baker", ("bob@example.test",), "business")
NEED = [("need", "a designer")]


def noon(day: int) -> datetime:
    return datetime(2026, 11, day, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A record on which bob was met in October, and agreed to meet on 5 November."""
    store = Store.open(tmp_path / "connectd.db")
    store.begin(noon(1))
    store.add_contact(BOB)
    store.add_encounter(Encounter("bob", date(2026, 10, 5)))
    at = noon(5)
    planned = Span(at, at + timedelta(hours=1))
    sent = Meeting("m-1", "bob", 1, State.CONFIRMED, planned, invited_at=noon(1), drafted_at=at)
    store.save_meeting(sent, was=None)
    yield store
    store.close()


def done(store: Store, day: int, on: int | None = None, **facts: list[tuple[str, str]]) -> None:
    answers.done(store, BOB, noon(day), BERLIN, date(2026, 11, on) if on else None, **facts)


def missed(store: Store, day: int) -> date:
    return answers.missed(store, BOB, noon(day), BERLIN).on


def ticked_off(store: Store, how: str = "done") -> None:
    """Let it count as a tick does, once the task was ticked off or nobody said anything."""
    meeting = store.meeting("m-1")
    assert meeting
    met = meeting._replace(state=State.MET, ended_at=noon(6))
    assert store.save_meeting(met, was=meeting.state)
    store.add_encounter(Encounter("bob", date(2026, 11, 5), how, "m-1"))


def state(store: Store) -> State:
    meeting = store.meeting("m-1")
    assert meeting
    return meeting.state


def days(store: Store) -> list[str]:
    """Return the days on which bob was met, since October."""
    return [f"{met.on:%m-%d}" for met in store.encounters() if met.on.month > 10]


def test_held_a_day_later_it_is_that_meeting_and_counts_once(store: Store) -> None:
    done(store, day=6, on=6)
    assert (state(store), days(store)) == (State.MET, ["11-06"])
    assert store.open_meetings() == ()


def test_a_meeting_long_after_it_is_another_one(store: Store) -> None:
    done(store, day=13, on=13)
    assert (state(store), days(store)) == (State.CONFIRMED, ["11-13"])


def test_missed_is_the_meeting_that_was_asked_about(store: Store) -> None:
    done(store, day=13, on=13)
    assert missed(store, day=13) == date(2026, 11, 5)
    assert (state(store), days(store)) == (State.MISSED, ["11-13"])


def test_missed_takes_back_a_meeting_held_on_another_day(store: Store) -> None:
    done(store, day=6, on=6)
    assert missed(store, day=6) == date(2026, 11, 6)
    assert (state(store), days(store)) == (State.MISSED, [])
    store.add_encounter(Encounter("bob", date(2026, 11, 5), "assumed", "m-1"))
    assert days(store) == []


def test_missed_twice_leaves_the_meeting_of_the_month_before(store: Store) -> None:
    missed(store, day=6)
    with pytest.raises(SenselessError, match="on 2026-11-05, is noted as not held already"):
        missed(store, day=6)
    assert [met.on for met in store.encounters()] == [date(2026, 10, 5)]


def test_missed_then_found_on_another_day_is_the_one_that_was_found(store: Store) -> None:
    missed(store, day=6)
    store.add_encounter(Encounter("bob", date(2026, 11, 6), "found"), "an event")
    assert missed(store, day=7) == date(2026, 11, 6)


@pytest.mark.parametrize("how", ["done", "assumed"])
@pytest.mark.parametrize("on", [None, 5])
def test_what_came_of_a_marked_meeting_is_added_to_it(
    store: Store, how: str, on: int | None
) -> None:
    ticked_off(store, how)
    done(store, day=9, on=on, facts=NEED)
    assert store.facts("bob") == (Fact("bob", "need", "a designer", date(2026, 11, 5), "m-1"),)
    assert (state(store), days(store)) == (State.MET, ["11-05"])


def test_what_came_of_a_meeting_held_on_another_day_is_dated_that_day(store: Store) -> None:
    done(store, day=6, on=6)
    done(store, day=9, facts=NEED)
    assert store.facts("bob") == (Fact("bob", "need", "a designer", date(2026, 11, 6), "m-1"),)
    assert days(store) == ["11-06"]


@pytest.mark.parametrize("facts", [[], [("need", "  ")]])
def test_without_anything_to_add_a_marked_meeting_is_not_marked_again(
    store: Store, facts: list[tuple[str, str]]
) -> None:
    ticked_off(store)
    with pytest.raises(SenselessError, match="that is not marked already"):
        done(store, day=9, facts=facts)


def test_what_is_told_weeks_later_wants_a_day(store: Store) -> None:
    ticked_off(store)
    with pytest.raises(SenselessError, match="say when: connectd done bob --on 2026-11-30") as said:
        done(store, day=30, facts=NEED)
    assert str(said.value).endswith("To keep what you heard: connectd note bob …")
    assert store.facts("bob") == ()
