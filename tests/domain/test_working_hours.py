from datetime import date, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from clocks import CHANGES, QUICK, ZONES, hours, windows
from domain_builders import ALWAYS, BERLIN, OFFICE, at, span
from hypothesis import given
from minute_grid import minutes_of, working_minutes

from connectd.domain.model import Hours, Span
from connectd.domain.spans import working_spans


@QUICK
@given(windows(), hours())
def test_working_hours_are_the_minutes_at_which_the_wall_clock_shows_them(
    place: tuple[ZoneInfo, Span], week: Hours
) -> None:
    zone, window = place
    found = working_spans(window, week, zone)
    assert minutes_of(found) == working_minutes(window, week, zone)
    assert all(s.start < s.end for s in found)
    assert all(a.end < b.start for a, b in pairwise(found))


@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_round_the_clock_hours_have_no_hole_at_any_change_of_the_clock(zone: ZoneInfo) -> None:
    for change in CHANGES[zone.key]:
        window = Span(change - timedelta(days=2), change + timedelta(days=2))
        assert working_spans(window, ALWAYS, zone) == (window,)


@pytest.mark.parametrize(
    ("zone", "day", "opens", "closes", "minutes"),
    [
        ("Europe/Berlin", "2026-03-29", "02:00", "03:00", 0),
        ("Europe/Berlin", "2026-03-29", "01:30", "03:30", 60),
        ("Europe/Berlin", "2026-10-25", "02:00", "03:00", 120),
        ("Australia/Lord_Howe", "2026-04-05", "01:00", "03:00", 150),
        ("Australia/Lord_Howe", "2026-10-04", "01:00", "03:00", 90),
        ("America/Havana", "2026-03-08", "00:00", "01:00", 0),
        ("America/Havana", "2026-11-01", "00:00", "01:00", 120),
        ("America/Santiago", "2026-04-04", "23:00", "00:00", 120),
        ("America/St_Johns", "2010-11-06", "23:00", "00:00", 119),
        ("Pacific/Apia", "2011-12-30", "00:00", "00:00", 0),
        ("Asia/Kathmandu", "1986-01-01", "00:00", "01:00", 45),
        ("Africa/Casablanca", "2026-02-15", "02:00", "03:00", 120),
    ],
)
def test_hours_on_the_day_of_a_change(
    zone: str, day: str, opens: str, closes: str, minutes: int
) -> None:
    of_day = date.fromisoformat(day)
    spoken = ((time.fromisoformat(opens), time.fromisoformat(closes)),)
    around = Span(at(f"{day} 00:00", ZoneInfo("UTC")), at(f"{day} 00:00", ZoneInfo("UTC")))
    window = Span(around.start - timedelta(days=2), around.end + timedelta(days=3))
    found = working_spans(window, {of_day.weekday(): spoken}, ZoneInfo(zone))
    assert sum((s.length for s in found), timedelta()) == timedelta(minutes=minutes)


def test_the_hours_of_a_plain_day() -> None:
    window = span("2026-11-02 00:00", 24 * 60)
    assert working_spans(window, OFFICE, BERLIN) == (
        span("2026-11-02 09:00", 180),
        span("2026-11-02 13:00", 240),
    )


def test_a_day_that_is_left_out_is_off() -> None:
    assert working_spans(span("2026-11-07 00:00", 48 * 60), OFFICE, BERLIN) == ()


def test_a_window_cuts_through_the_hours_to_the_second() -> None:
    start = at("2026-11-02 09:59:30")
    window = Span(start, start + timedelta(seconds=45))
    assert working_spans(window, OFFICE, BERLIN) == (window,)


def test_an_empty_window_has_no_hours() -> None:
    assert working_spans(span("2026-11-02 10:00", 0), OFFICE, BERLIN) == ()
