from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from clocks import QUICK, ZONES, hours, moments, spans
from domain_builders import ALWAYS, NOW, OFFICE, at, day, policy, span
from hypothesis import given
from hypothesis import strategies as st
from minute_grid import index, minutes_of, possible_starts

from connectd.domain.model import Policy, Span
from connectd.domain.slots import MINUTE, free_time, in_waking_hours, open_window, slots


def found(now: datetime, taken: Iterable[Span], wanted: Policy) -> list[Span]:
    return list(slots(free_time(now, taken, wanted), timedelta(minutes=wanted.rules.minutes)))


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[datetime, list[Span], Policy]:
    zone = draw(st.sampled_from(ZONES))
    now = draw(moments(zone))
    wanted = policy(
        zone=zone,
        hours=draw(st.just(ALWAYS) | hours()),
        minutes=draw(st.integers(5, 150)),
        buffer_minutes=draw(st.integers(0, 60)),
        notice_hours=draw(st.integers(0, 30)),
        horizon_days=draw(st.integers(1, 3)),
    )
    return now, draw(st.lists(spans(now, 3), max_size=8)), wanted


@QUICK
@given(puzzles())
def test_there_is_a_slot_if_and_only_if_some_minute_could_start_a_meeting(
    puzzle: tuple[datetime, list[Span], Policy],
) -> None:
    now, taken, wanted = puzzle
    starts = {index(slot.start) for slot in found(now, taken, wanted)}
    possible = possible_starts(now, taken, wanted)
    assert starts <= possible
    assert bool(starts) == bool(possible)


@QUICK
@given(puzzles())
def test_every_possible_start_on_the_quarter_hour_is_a_slot(
    puzzle: tuple[datetime, list[Span], Policy],
) -> None:
    now, taken, wanted = puzzle
    starts = [index(slot.start) for slot in found(now, taken, wanted)]
    quarters = [n for n in sorted(possible_starts(now, taken, wanted)) if n % 15 == 0]
    assert [n for n in starts if n % 15 == 0] == quarters
    assert starts == sorted(starts)


@QUICK
@given(puzzles())
def test_free_time_keeps_the_buffer_from_what_is_taken(
    puzzle: tuple[datetime, list[Span], Policy],
) -> None:
    now, taken, wanted = puzzle
    free = minutes_of(free_time(now, taken, wanted))
    assert not free & minutes_of(taken, wanted.rules.buffer_minutes)


def test_the_buffer_is_not_kept_from_the_edges_of_the_working_hours() -> None:
    wanted = policy(minutes=60, buffer_minutes=30, notice_hours=0, horizon_days=1)
    starts = [slot.start for slot in found(at("2026-11-02 00:00"), [], wanted)]
    assert starts[0] == at("2026-11-02 09:00")
    assert at("2026-11-02 11:00") in starts
    assert at("2026-11-02 13:00") in starts
    assert starts[-1] == at("2026-11-02 16:00")


def test_the_buffer_is_kept_on_both_sides_and_no_longer() -> None:
    wanted = policy(minutes=45, buffer_minutes=15, notice_hours=0, horizon_days=1)
    taken = [span("2026-11-02 10:00", 30), span("2026-11-02 14:00", 180)]
    starts = [slot.start for slot in found(at("2026-11-02 00:00"), taken, wanted)]
    assert starts == [
        at("2026-11-02 09:00"),
        at("2026-11-02 10:45"),
        at("2026-11-02 11:00"),
        at("2026-11-02 11:15"),
        at("2026-11-02 13:00"),
    ]


def test_a_slot_may_end_exactly_at_the_horizon_and_not_later() -> None:
    wanted = policy(hours=ALWAYS, minutes=60, notice_hours=0, horizon_days=2)
    assert found(NOW, [], wanted)[-1].end == NOW + timedelta(days=2)


def test_a_slot_may_start_exactly_after_the_notice_and_not_earlier() -> None:
    wanted = policy(hours=ALWAYS, notice_hours=24, horizon_days=2)
    assert found(NOW, [], wanted)[0].start == NOW + timedelta(hours=24)


def test_a_notice_beyond_the_horizon_leaves_no_time() -> None:
    wanted = policy(hours=ALWAYS, notice_hours=80, horizon_days=2)
    assert open_window(NOW, wanted.rules).length == timedelta()
    assert found(NOW, [], wanted) == []


def test_a_gap_between_two_quarter_hours_gives_its_own_start() -> None:
    wanted = policy(minutes=20, buffer_minutes=0, notice_hours=0, horizon_days=1)
    taken = [span("2026-11-02 09:00", 62), span("2026-11-02 10:24", 400)]
    spans_found = found(at("2026-11-02 00:00"), taken, wanted)
    assert spans_found == [span("2026-11-02 10:02", 20)]


@pytest.mark.parametrize("start", ["10:02:01", "10:02:30.250000"])
def test_a_slot_starts_on_a_whole_minute_even_if_the_gap_does_not(start: str) -> None:
    wanted = policy(minutes=20, buffer_minutes=0, notice_hours=0, horizon_days=1)
    taken = [
        Span(at("2026-11-02 09:00"), at(f"2026-11-02 {start}")),
        span("2026-11-02 10:24", 400),
    ]
    spans_found = found(at("2026-11-02 00:00"), taken, wanted)
    assert spans_found == [span("2026-11-02 10:03", 20)]


def test_a_gap_without_a_whole_minute_to_start_at_gives_no_slot() -> None:
    wanted = policy(minutes=20, buffer_minutes=0, notice_hours=0, horizon_days=1)
    taken = [
        Span(at("2026-11-02 09:00"), at("2026-11-02 10:02:30")),
        Span(at("2026-11-02 10:22:40"), at("2026-11-02 17:00")),
    ]
    assert found(at("2026-11-02 00:00"), taken, wanted) == []


@QUICK
@given(puzzles())
def test_on_the_grid_of_minutes_every_possible_minute_starts_a_slot(
    puzzle: tuple[datetime, list[Span], Policy],
) -> None:
    now, taken, wanted = puzzle
    length = timedelta(minutes=wanted.rules.minutes)
    every = [index(s.start) for s in slots(free_time(now, taken, wanted), length, MINUTE)]
    assert every == sorted(possible_starts(now, taken, wanted))


@pytest.mark.parametrize(
    ("zone", "off", "first"),
    [
        ("Europe/Berlin", "2026-11-03", "2026-11-04 09:00"),
        ("Pacific/Kiritimati", "2026-11-03", "2026-11-04 09:00"),
        ("Pacific/Pago_Pago", "2026-11-03", "2026-11-04 09:00"),
        ("Europe/Berlin", "2026-11-04", "2026-11-03 09:00"),
    ],
)
def test_nobody_works_on_a_day_off_from_local_midnight_to_midnight(
    zone: str, off: str, first: str
) -> None:
    here = ZoneInfo(zone)
    wanted = policy(zone=here, hours=ALWAYS, notice_hours=0, horizon_days=9)
    free = free_time(at("2026-11-02 12:00", here), (), wanted, [day(off)])
    assert minutes_of(free) & minutes_of([span(f"{off} 00:00", 24 * 60, here)]) == set()
    assert sum((s.length for s in free), timedelta()) == timedelta(days=8)
    office = free_time(at("2026-11-02 18:00", here), (), wanted._replace(hours=OFFICE), [day(off)])
    assert office[0].start == at(first, here)


def test_a_day_off_keeps_no_buffer() -> None:
    wanted = policy(hours=ALWAYS, buffer_minutes=60, notice_hours=0, horizon_days=9)
    free = free_time(NOW, (), wanted, [day("2026-11-05")])
    assert free[0].end == at("2026-11-05 00:00")
    assert free[1].start == at("2026-11-06 00:00")


@pytest.mark.parametrize(
    ("start", "minutes", "zone", "awake"),
    [
        ("2026-11-05 08:00", 45, "Europe/Berlin", True),
        ("2026-11-05 07:59", 45, "Europe/Berlin", False),
        ("2026-11-05 20:15", 45, "Europe/Berlin", True),
        ("2026-11-05 20:16", 45, "Europe/Berlin", False),
        ("2026-11-05 10:00", 45, "America/New_York", False),
        ("2026-11-05 14:00", 45, "America/New_York", True),
        ("2026-11-05 13:30", 45, "Asia/Kolkata", True),
        ("2026-11-05 16:30", 45, "Asia/Kolkata", False),
        ("2026-11-05 12:00", 720, "Europe/Berlin", False),
        ("2026-11-05 20:00", 14 * 60, "Europe/Berlin", False),
        ("2026-10-25 02:30", 45, "America/New_York", False),
        ("2026-10-25 13:00", 45, "America/New_York", True),
        ("2026-10-25 12:59", 45, "America/New_York", False),
    ],
)
def test_when_somebody_in_their_own_zone_is_awake(
    start: str,
    minutes: int,
    zone: str,
    awake: bool,  # noqa: FBT001  a column
) -> None:
    assert in_waking_hours(span(start, minutes), ZoneInfo(zone)) is awake
