"""When the user is told of trouble and of drafts: at most once a local day each."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK, ZONES
from domain_builders import at
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.notices import (
    Failing,
    Told,
    lasting,
    may_tell_of_drafts,
    may_tell_of_trouble,
    still_failing,
)
from connectd.domain.spans import local_day

NOON = at("2026-11-30 12:00")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
APART = 70 * MINUTE
TODAY = date(2026, 11, 30)


def after(*minutes: float) -> dict[str, Failing]:
    """What is known when the same thing was seen failing so long after noon, each time."""
    failing: dict[str, Failing] = {}
    for later in minutes:
        failing = still_failing(failing, ["work"], NOON + later * MINUTE, APART)
    return failing


def test_what_fails_for_an_hour_lasts() -> None:
    assert lasting(after(0, 30, 59), NOON + 59 * MINUTE) == {}
    assert lasting(after(0, 30, 60), NOON + 60 * MINUTE) == {"work": NOON}


def test_what_worked_in_between_begins_anew() -> None:
    failing = still_failing(after(0, 30), [], NOON + 35 * MINUTE, APART)
    assert failing == {}
    assert still_failing(failing, ["work"], NOON + 40 * MINUTE, APART) == {
        "work": Failing(NOON + 40 * MINUTE, NOON + 40 * MINUTE)
    }


@pytest.mark.parametrize(
    ("minutes", "began"),
    [
        ((0, 70), 0),
        ((0, 71), 71),
        ((0, 30, 480), 480),
        ((0, -5), -5),
        ((0, 300, 0, 60), 0),
    ],
    ids=["a round apart", "just too long", "asleep", "clock put back", "clock wrong for a while"],
)
def test_a_time_that_nobody_saw_counts_for_nothing(minutes: tuple[float, ...], began: int) -> None:
    assert after(*minutes)["work"].since == NOON + began * MINUTE


def test_each_thing_has_its_own_beginning() -> None:
    failing = still_failing(after(0, 30), ["work", "home"], NOON + 60 * MINUTE, APART)
    assert lasting(failing, NOON + 60 * MINUTE) == {"work": NOON}
    assert set(lasting(failing, NOON + 120 * MINUTE)) == {"work", "home"}


def test_trouble_is_told_of_each_day_anew() -> None:
    assert may_tell_of_trouble(Told(), TODAY)
    assert not may_tell_of_trouble(Told((TODAY,)), TODAY)
    assert may_tell_of_trouble(Told((TODAY,)), TODAY + DAY)


@pytest.mark.parametrize(
    ("days", "waiting", "told"),
    [
        (0, {"a", "b"}, False),
        (1, {"a"}, False),
        (1, {"a", "b"}, True),
        (1, {"b"}, True),
        (6, {"a"}, False),
        (7, {"a"}, True),
        (-7, {"a"}, True),
        (1, set[str](), False),
    ],
)
def test_drafts_are_told_of_when_one_is_new_or_after_a_week(
    days: int, waiting: set[str], *, told: bool
) -> None:
    before = Told((TODAY,), frozenset({"a"}))
    assert may_tell_of_drafts(before, waiting, TODAY + days * DAY) is told


def test_the_first_draft_is_news() -> None:
    assert may_tell_of_drafts(Told(), {"a"}, TODAY)


moments = st.datetimes(datetime(2026, 11, 20), datetime(2026, 12, 10), timezones=st.just(UTC))  # noqa: DTZ001 - the strategy adds the zone


@QUICK
@given(st.lists(st.tuples(moments, st.sets(st.sampled_from("abc")), st.sampled_from(ZONES[:3]))))
def test_no_clock_and_no_zone_make_two_on_one_local_day(
    beats: list[tuple[datetime, set[str], ZoneInfo]],
) -> None:
    trouble, drafts = Told(), Told()
    for now, waiting, zone in beats:
        today = local_day(now, zone)
        if may_tell_of_trouble(trouble, today):
            trouble = Told((*trouble.days, today))
        if may_tell_of_drafts(drafts, waiting, today):
            drafts = Told((*drafts.days, today), frozenset(waiting))
    for told in (trouble, drafts):
        assert len(set(told.days)) == len(told.days)
    assert set(trouble.days) == {local_day(now, zone) for now, _, zone in beats}
