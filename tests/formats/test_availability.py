"""The hours in which somebody says to be available (RFC 7953), read with care."""

import json
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from readers import calendar

from connectd.domain.model import Hours
from connectd.formats.availability import (
    TEXT_LIMIT,
    hours_from_json,
    hours_to_json,
    read_confined,
    weekly_availability,
)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
"""A Monday."""
MORNING = ((time(9), time(12)),)
DAILY = ("DTSTART;TZID=Europe/Berlin:20260105T090000", "DTEND;TZID=Europe/Berlin:20260105T120000")
WEEKLY = "RRULE:FREQ=WEEKLY;BYDAY=MO,WE"
AT = {0: MORNING, 2: MORNING}


def availability(*parts: str, also: tuple[str, ...] = ()) -> str:
    return "\n".join(("BEGIN:VAVAILABILITY", "UID:a", *also, *parts, "END:VAVAILABILITY"))


def available(*lines: str) -> str:
    return "\n".join(("BEGIN:AVAILABLE", "UID:b", *lines, "END:AVAILABLE"))


def hours_of(*components: str) -> Hours | None:
    return weekly_availability(calendar(*components), BERLIN, NOW)


def hours_with(*lines: str) -> Hours | None:
    return hours_of(availability(available(*lines)))


def test_weekly_hours_are_read() -> None:
    assert hours_with(*DAILY, WEEKLY) == AT


def test_parts_add_up() -> None:
    afternoon = available(
        "DTSTART:20260105T130000", "DURATION:PT4H", "RRULE:FREQ=DAILY;BYDAY=MO,FR"
    )
    midday = available("DTSTART:20260105T110000", "DTEND:20260105T123000", "RRULE:FREQ=WEEKLY")
    found = hours_of(availability(available(*DAILY, WEEKLY), afternoon, midday))
    assert found == {
        0: ((time(9), time(12, 30)), (time(13), time(17))),
        2: MORNING,
        4: ((time(13), time(17)),),
    }


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("DTSTART:20260105T090000", "DTEND:20260105T120000", MORNING),
        ("DTSTART:20260105T080000Z", "DTEND:20260105T110000Z", MORNING),
        (
            "DTSTART;TZID=America/New_York:20260105T030000",
            "DTEND;TZID=America/New_York:20260105T060000",
            MORNING,
        ),
        ("DTSTART:20260105T090000", "DURATION:PT3H", MORNING),
        ("DTSTART:20260105T220000", "DURATION:PT2H", ((time(22), time.min),)),
        ("DTSTART;VALUE=DATE:20260105", "DTEND;VALUE=DATE:20260106", ((time.min, time.min),)),
        ("DTSTART;VALUE=DATE:20260105", "SUMMARY:a day", ((time.min, time.min),)),
    ],
)
def test_times_are_those_of_the_users_clock(
    start: str, end: str, expected: tuple[tuple[time, time], ...]
) -> None:
    assert hours_with(start, end, "RRULE:FREQ=WEEKLY;BYDAY=MO") == {0: expected}


def test_a_zone_far_away_may_have_another_weekday() -> None:
    found = hours_with(
        "DTSTART;TZID=Pacific/Auckland:20260105T090000", "DURATION:PT4H", "RRULE:FREQ=WEEKLY"
    )
    assert found == {6: ((time(21), time.min),), 0: ((time(0), time(1)),)}


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "RRULE:FREQ=MONTHLY;BYDAY=MO",
        "RRULE:FREQ=WEEKLY;INTERVAL=2",
        "RRULE:FREQ=WEEKLY;BYDAY=1MO",
        "RRULE:FREQ=WEEKLY;BYMONTH=11",
        "RRULE:FREQ=HOURLY",
        "RRULE:FREQ=WEEKLY;UNTIL=20261001T000000Z",
        "RRULE:FREQ=WEEKLY;COUNT=10",
        "RRULE:FREQ=WEEKLY;BYDAY=XX",
        "RRULE:FREQ=NEVER",
        "RECURRENCE-ID:20261102T090000\nRRULE:FREQ=WEEKLY",
    ],
)
def test_what_does_not_come_again_each_week_counts_for_nothing(rule: str) -> None:
    assert hours_with(*DAILY, rule) is None
    both = availability(available(*DAILY, WEEKLY), available(*DAILY, rule))
    assert hours_of(both) == AT


@pytest.mark.parametrize("rule", [f"{WEEKLY};UNTIL=20271001T000000Z", f"{WEEKLY};COUNT=500"])
def test_what_ends_later_counts(rule: str) -> None:
    assert hours_with(*DAILY, rule) == AT


@pytest.mark.parametrize(
    "lines",
    [
        ("DTSTART:never", "DTEND:20260105T120000"),
        ("DTSTART:20260105T090000", "DTEND:20260105T090000"),
        ("DTSTART:20260105T090000", "DTEND:20260105T080000"),
        ("DTSTART:20260105T090000", "DTEND:20270105T090000"),
        ("DTSTART:20260105T090000", "DTEND;VALUE=DATE:20260106"),
        ("DTSTART;TZID=Europe/Berlin:20260105T090000", "DTEND:20260105T120000Z"),
        ("DTSTART;TZID=Nowhere/There:20260105T090000", "DTEND;TZID=Nowhere/There:20260105T120000"),
        ("DTSTART:20260105T090000",),
        ("DTEND:20260105T120000",),
        ("DTSTART:20270105T090000", "DTEND:20270105T120000"),
    ],
)
def test_what_cannot_be_told_for_certain_counts_for_nothing(lines: tuple[str, ...]) -> None:
    assert hours_with(*lines, WEEKLY) is None


def test_a_holiday_does_not_hide_the_usual_hours() -> None:
    usual = availability(available(*DAILY, WEEKLY))
    holiday = ("DTSTART:20261101T000000Z", "DTEND:20261115T000000Z", "PRIORITY:1")
    assert hours_of(usual, availability(also=holiday)) == AT


def test_of_several_the_foremost_counts() -> None:
    tuesday = available(*DAILY, "RRULE:FREQ=WEEKLY;BYDAY=TU")
    weekly = available(*DAILY, WEEKLY)
    first = availability(tuesday, also=("PRIORITY:2",))
    assert hours_of(availability(weekly), first) == {1: MORNING}
    assert hours_of(availability(weekly, also=("PRIORITY:9",)), first) == {1: MORNING}
    assert hours_of(availability(weekly), availability(tuesday)) is None
    later = availability(tuesday, also=("DTSTART:20270101T000000Z", "PRIORITY:1"))
    assert hours_of(availability(weekly), later) == AT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>",
        calendar(),
        calendar("BEGIN:VAVAILABILITY", *DAILY, WEEKLY, "END:VAVAILABILITY"),
        calendar(available(*DAILY, WEEKLY)),
        calendar(availability(available(*DAILY, WEEKLY))).replace("END:AVAILABLE\n", ""),
        calendar(availability(available(*DAILY, WEEKLY)))[:-40],
        calendar(availability(available(*DAILY, WEEKLY))).replace("END:VCALENDAR", ""),
        calendar(availability(available(*DAILY, WEEKLY))) + " " * TEXT_LIMIT,
        calendar(availability(*[available(*DAILY, WEEKLY)] * 300)),
    ],
)
def test_other_text_says_nothing(text: str) -> None:
    assert weekly_availability(text, BERLIN, NOW) is None


def test_hours_go_through_json_and_back() -> None:
    text = calendar(availability(available(*DAILY, WEEKLY)))
    request = {"text": text, "zone": "Europe/Berlin", "now": NOW.isoformat()}
    answer = json.loads(json.dumps(read_confined(request)))
    assert hours_from_json(answer["hours"]) == AT
    assert read_confined(request | {"text": ""}) == {"hours": None}
    split: Hours = {0: ((time(9), time(12)), (time(13), time.min))}
    assert hours_from_json(hours_to_json(split)) == split


LINES = st.sampled_from(
    [
        *("BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VAVAILABILITY", "END:VAVAILABILITY"),
        *("BEGIN:AVAILABLE", "END:AVAILABLE", *DAILY, WEEKLY, "PRIORITY:1", "DURATION:PT3H"),
        *("DTSTART:00010101T000000Z", "DTSTART:99991231T235959", "DURATION:P99999999W"),
        *("RRULE:FREQ=DAILY;UNTIL=99991231", "RRULE:COUNT=99999999;FREQ=DAILY", "", ":", ";=:"),
        *("DTSTART;TZID=../../etc:20260105T090000", "DTEND:20260229T090000", "PRIORITY:²"),
    ]
)


@given(st.lists(LINES, max_size=20), st.sampled_from(["Pacific/Apia", "America/Adak", "UTC"]))
def test_whatever_stands_there_is_read_without_a_fault(lines: list[str], zone: str) -> None:
    found = weekly_availability("\r\n".join(lines), ZoneInfo(zone), NOW)
    assert found is None or found.keys() <= set(range(7))
