"""When the next tick is made."""

from datetime import timedelta

import pytest
from domain_builders import meeting
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.beat import JITTER, LONGEST_REST, MINUTE, Aftermath, may_bring_a_yes, pause
from connectd.domain.model import State

HALF_HOUR = 30 * MINUTE
FIVE = 5 * MINUTE
MIDDLE = 0.5

TABLE = [
    (5, Aftermath(), 5),
    (5, Aftermath(yes_pending=True), 1),
    (1, Aftermath(yes_pending=True), 1),
    (1, Aftermath(), 1),
    (60, Aftermath(yes_pending=True), 1),
    (5, Aftermath(on_battery=True), 10),
    (5, Aftermath(on_battery=True, yes_pending=True), 1),
    (5, Aftermath(unanswered=1), 5),
    (5, Aftermath(unanswered=2), 10),
    (5, Aftermath(unanswered=3), 15),
    (5, Aftermath(unanswered=4), 15),
    (5, Aftermath(unanswered=10_000), 15),
    (60, Aftermath(unanswered=4), 60),
    (20, Aftermath(unanswered=2, on_battery=True), 40),
    (5, Aftermath(unanswered=1, yes_pending=True), 1),
    (5, Aftermath(unanswered=4, yes_pending=True), 8),
    (5, Aftermath(unanswered=7, yes_pending=True), 15),
    (5, Aftermath(locked=1), 0.5),
    (5, Aftermath(locked=2), 1),
    (5, Aftermath(locked=4), 4),
    (5, Aftermath(locked=5), 5),
    (5, Aftermath(locked=10_000), 5),
    (5, Aftermath(locked=1, yes_pending=True, unanswered=9), 0.5),
    (5, Aftermath(retry_after=10 * MINUTE), 10.5),
    (5, Aftermath(retry_after=MINUTE), 5),
    (5, Aftermath(retry_after=10 * MINUTE, yes_pending=True), 10.5),
    (5, Aftermath(retry_after=timedelta(days=3)), 360),
    (5, Aftermath(retry_after=10 * MINUTE, unanswered=4), 15),
]


@pytest.mark.parametrize(("every", "seen", "minutes"), TABLE)
def test_the_pause_in_the_middle_of_chance(every: int, seen: Aftermath, minutes: float) -> None:
    assert pause(every * MINUTE, seen, MIDDLE) == minutes * MINUTE


AFTERMATHS = st.builds(
    Aftermath,
    yes_pending=st.booleans(),
    unanswered=st.integers(0, 60),
    locked=st.just(0),
    retry_after=st.none() | st.timedeltas(timedelta(0), timedelta(days=2)),
    on_battery=st.booleans(),
)
EVERY = st.integers(1, 1440).map(lambda minutes: minutes * MINUTE)
CHANCE = st.floats(0, 1, exclude_max=True)


@given(EVERY, AFTERMATHS, CHANCE)
def test_it_is_never_more_often_than_a_minute_and_never_too_seldom(
    every: timedelta, seen: Aftermath, chance: float
) -> None:
    waited = pause(every, seen, chance)
    usual = every * (2 if seen.on_battery else 1)
    assert MINUTE <= waited <= max(usual * (1 + JITTER), HALF_HOUR * (1 + JITTER), LONGEST_REST)
    if seen.retry_after is None and seen.unanswered < 2:
        assert waited <= max(usual * (1 + JITTER), MINUTE)


@given(EVERY, AFTERMATHS, CHANCE)
def test_what_a_server_asks_for_is_never_cut_short(
    every: timedelta, seen: Aftermath, chance: float
) -> None:
    if seen.retry_after is not None:
        assert pause(every, seen, chance) >= min(seen.retry_after, LONGEST_REST)


@given(EVERY.filter(lambda every: every > 2 * MINUTE), CHANCE, CHANCE)
def test_rounds_are_spread_by_chance(every: timedelta, one: float, other: float) -> None:
    first, second = pause(every, Aftermath(), one), pause(every, Aftermath(), other)
    assert abs(first - every) <= every * JITTER
    assert (first < second) <= (one < other)


@pytest.mark.parametrize("state", list(State))
def test_a_yes_may_come_to_drafts_and_to_what_waits_for_its_grace(state: State) -> None:
    pending = state in (State.DRAFTED, State.ACCEPTED)
    assert may_bring_a_yes([meeting("bob", state, "2026-11-04T09:00")]) is pending
    assert not may_bring_a_yes([])
