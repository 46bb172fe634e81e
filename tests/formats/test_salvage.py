"""What is kept free because of objects that the reader could not finish."""

import subprocess
import sys
import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import WINDOW, calendar, event, perspective, span

from connectd.domain.model import Span
from connectd.domain.view import Unreadable
from connectd.formats.content_lines import COMPONENTS_LIMIT
from connectd.formats.readings import Reading
from connectd.formats.salvage import NAMED_LIMIT, salvage
from connectd.formats.unknown_time import SPANS_LIMIT

WHY = "it takes too long to read"
BERLIN = "TZID=Europe/Berlin"
START = f"DTSTART;{BERLIN}:20261103T100000"
END = f"DTEND;{BERLIN}:20261103T110000"


def salvaged(*components: str) -> Reading:
    return salvage(calendar(*components), perspective(), WHY)


def only(*lines: str) -> Unreadable:
    (entry,) = salvaged(event(*lines)).unreadable
    return entry


def test_names_the_event_the_reason_and_the_time() -> None:
    entry = only("UID:one@example.test", "SUMMARY:\x1b[31mLunch\u202e", START, END)
    assert entry == Unreadable(
        calendar="Work",
        href="/alice/work/one.ics",
        uid="one@example.test",
        title="[31mLunch",
        reason=WHY,
        blocks="Tuesday 3 November 2026, 10:00-11:00 (Europe/Berlin)",
        spans=(span("2026-11-03 09:00", "10:00"),),
    )


@pytest.mark.parametrize(
    ("lines", "spans"),
    [
        (["DTSTART:20261103T100000Z", "DURATION:PT90M"], [("2026-11-03 10:00", "11:30")]),
        (["DTSTART;VALUE=DATE:20261103"], [("2026-11-02 23:00", "2026-11-03 23:00")]),
        ([START, f"DTEND;{BERLIN}:nonsense"], [("2026-11-02 23:00", "2026-11-03 23:00")]),
        (
            [START, f"DTEND;{BERLIN}:2026-11-05 noon"],
            [("2026-11-02 23:00", "2026-11-03 23:00"), ("2026-11-04 23:00", "2026-11-05 23:00")],
        ),
        (["DTSTART:2026-11-03T10:00:00"], [("2026-11-02 23:00", "2026-11-03 23:00")]),
        (["DTSTART:20261103T100000+0900"], [("2026-11-02 10:00", "2026-11-04 12:00")]),
        (["DTSTART:20261103T250000"], [("2026-11-02 23:00", "2026-11-03 23:00")]),
        ([f"DTEND;{BERLIN}:20261103T110000"], [("2026-11-02 23:00", "2026-11-03 23:00")]),
        (
            [START, END, f"DTSTART;{BERLIN}:20261104T100000"],
            [
                ("2026-11-03 09:00", "10:00"),
                ("2026-11-03 23:00", "2026-11-04 23:00"),
                ("2026-11-02 23:00", "2026-11-03 23:00"),
            ],
        ),
        ([START, END, "DURATION:PT3H"], [("2026-11-03 09:00", "12:00")]),
        ([START, END, "X-APPLE-TRAVEL-DURATION:PT30M"], [("2026-11-03 08:30", "10:00")]),
        (
            [START, END, f"RDATE;{BERLIN}:20261105T140000,20261106T14"],
            [
                ("2026-11-03 09:00", "10:00"),
                ("2026-11-05 13:00", "14:00"),
                ("2026-11-05 23:00", "2026-11-06 23:00"),
            ],
        ),
        (
            [START, END, "RDATE;VALUE=PERIOD:20261001T080000Z/P20D"],
            [("2026-10-19 00:00", "2026-10-21 08:00"), ("2026-11-03 09:00", "10:00")],
        ),
    ],
)
def test_keeps_free_what_can_be_read(lines: list[str], spans: list[tuple[str, str]]) -> None:
    union = {moment for pair in spans for moment in minutes(span(*pair))}
    assert {moment for each in only(*lines).spans for moment in minutes(each)} == union


def minutes(taken: Span) -> set[int]:
    return set(range(int(taken.start.timestamp()) // 60, int(taken.end.timestamp()) // 60))


def test_a_series_costs_its_time_of_day_on_every_day_of_its_life() -> None:
    entry = only(START, END, "RRULE:FREQ=MONTHLY;BYDAY=3TU;UNTIL=20261106T090000Z")
    assert entry.spans == tuple(span(f"2026-11-0{day} 09:00", "10:00") for day in (3, 4, 5, 6))
    assert entry.blocks == "10:00-11:00 (Europe/Berlin) every day from 2026-11-03 to 2026-11-06"


def test_a_series_without_an_end_reaches_to_the_end_of_the_window() -> None:
    entry = only("DTSTART:20200101T100000Z", "DURATION:PT1H", "RRULE:FREQ=WEEKLY")
    assert len(entry.spans) == WINDOW.length.days
    assert entry.blocks == "10:00-11:00 (UTC) every day from 2020-01-01"


def test_a_counted_series_ends_where_it_surely_has_ended() -> None:
    assert (
        salvaged(
            event("DTSTART:20200101T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=9")
        ).unreadable
        == ()
    )
    assert only(
        "DTSTART:20200101T100000Z", "DURATION:PT1H", "RRULE:FREQ=MONTHLY;BYDAY=5FR;COUNT=9"
    ).spans


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY;COUNT=3", 5),
        ("FREQ=DAILY;INTERVAL=2;COUNT=3", 7),
        ("FREQ=WEEKLY;COUNT=2", 10),
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=1", 10),
    ],
)
def test_how_long_a_counted_series_may_last(rule: str, last: int) -> None:
    spans = only(START, END, f"RRULE:{rule}").spans
    assert [each.start.day for each in spans] == list(range(3, last + 1))


def test_a_rule_that_moves_the_clock_costs_whole_days() -> None:
    entry = only(START, END, "RRULE:FREQ=DAILY;BYHOUR=8,20;UNTIL=20261104")
    assert entry.spans == (span("2026-11-02 23:00", "2026-11-05 00:00"),)
    assert entry.blocks == "all day, every day from 2026-11-03 to 2026-11-04"


def test_a_change_of_all_later_occurrences_costs_whole_days_from_then_on() -> None:
    entry = only(
        f"RECURRENCE-ID;RANGE=THISANDFUTURE;{BERLIN}:20261215T100000",
        START.replace("1103", "1216"),
        END.replace("1103", "1216"),
    )
    assert entry.spans == (Span(span("2026-12-14 23:00", "23:00").start, WINDOW.end),)


def test_a_zone_that_the_object_defines_may_have_any_offset_it_mentions() -> None:
    standard = "BEGIN:STANDARD\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0200\nEND:STANDARD"
    zone = f"BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n{standard}\nEND:VTIMEZONE"
    (entry,) = salvaged(zone, event(START, END)).unreadable
    assert entry.spans == (span("2026-11-03 07:00", "10:00"),)


def test_a_zone_that_nobody_knows_may_be_anywhere() -> None:
    entry = only(
        "DTSTART;TZID=Atlantis:20261103T100000",
        "DTEND;TZID=Atlantis:20261103T110000",
        "RRULE:FREQ=DAILY;UNTIL=20261103",
    )
    assert entry.spans == (span("2026-11-02 20:00", "2026-11-03 23:00"),)
    assert "Atlantis, an unknown time zone" in entry.blocks


@pytest.mark.parametrize(
    "line",
    [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "X-MICROSOFT-CDO-BUSYSTATUS:FREE",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:alice@example.test",
    ],
)
def test_what_is_known_to_be_free_costs_nothing(line: str) -> None:
    assert salvaged(event(START, END, line)).unreadable == ()


def test_what_lies_outside_the_window_costs_nothing() -> None:
    assert salvaged(event("DTSTART:20250101T100000Z", "DURATION:PT1H")).unreadable == ()


def test_what_has_no_date_says_that_it_costs_nothing() -> None:
    entry = only("SUMMARY:Some time")
    assert entry.spans == ()
    assert entry.blocks == "no time, because not even its date can be read"


def test_published_busy_time_counts() -> None:
    lines = ["BEGIN:VFREEBUSY", "DTSTART:20261101T000000Z", "DTEND:20261201T000000Z"]
    lines += [
        "FREEBUSY:20261103T090000Z/PT1H,20261104T09/PT1H",
        "FREEBUSY;FBTYPE=FREE:20261105T090000Z/PT1H",
        "END:VFREEBUSY",
    ]
    (entry,) = salvaged("\n".join(lines)).unreadable
    assert entry.spans == (
        span("2026-11-03 09:00", "10:00"),
        span("2026-11-03 23:00", "2026-11-04 23:00"),
    )


def test_a_torn_event_may_have_lost_its_end() -> None:
    (entry,) = salvage("BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + START, perspective(), WHY).unreadable
    assert entry.spans == (span("2026-11-02 23:00", "2026-11-03 23:00"),)


@pytest.mark.parametrize("text", ["", "<html>Log in</html>", "\x00" * 1000])
def test_what_is_no_calendar_is_named(text: str) -> None:
    (entry,) = salvage(text, perspective(), WHY).unreadable
    assert entry.reason == "it is not a calendar object"
    assert entry.spans == ()


def test_an_object_without_events_costs_nothing() -> None:
    assert salvaged("BEGIN:VTODO\nUID:1\nEND:VTODO") == Reading("")


def test_too_many_dates_cost_all_time() -> None:
    dates = ",".join(
        f"202611{day:02d}T{hour:02d}{minute:02d}{second:02d}Z"
        for day in range(1, 20)
        for hour in range(24)
        for minute in range(0, 60, 2)
        for second in (0, 30)
    )
    assert only("DTSTART:20261101T000000Z", "DURATION:PT1S", "RDATE:" + dates).spans == (WINDOW,)


def test_many_separate_times_are_drawn_together() -> None:
    dates = ",".join(
        f"202611{day:02d}T{hour:02d}{minute:02d}00Z"
        for day in range(1, 20)
        for hour in range(24)
        for minute in (0, 20, 40)
    )
    entry = only("DTSTART:20261101T000000Z", "DURATION:PT1M", "RDATE:" + dates)
    assert len(entry.spans) <= SPANS_LIMIT
    assert any(
        each.start <= span("2026-11-10 12:40", "12:41").start < each.end for each in entry.spans
    )


def test_more_events_than_can_be_named_cost_all_time() -> None:
    many = [event(f"UID:{number}", START, END) for number in range(NAMED_LIMIT + 1)]
    unreadable = salvaged(*many).unreadable
    assert len(unreadable) == NAMED_LIMIT + 1
    assert unreadable[-1].spans == (WINDOW,)


def test_more_events_than_are_looked_at_cost_all_time() -> None:
    text = "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * (COMPONENTS_LIMIT + 1)
    assert salvage(text, perspective(), WHY).unreadable[-1].spans == (WINDOW,)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "DTSTART:00010101T000000Z",
                "DTSTART:99991231T235959Z",
                "DTSTART;TZID=America/New_York:99991231T235959",
                "DTSTART;VALUE=DATE:00010101",
                START,
                "DTEND:99991231T235959Z",
                "DTEND;TZID=Asia/Tokyo:00010101T000000",
                "DURATION:P999999999W",
                "DURATION:-P1D",
                "X-APPLE-TRAVEL-DURATION:PT999999999H",
                "RRULE:FREQ=DAILY;COUNT=999999999999999999999",
                "RRULE:FREQ=YEARLY;INTERVAL=-1;COUNT=1",
                "RRULE:FREQ=SECONDLY;UNTIL=00010101T000000Z",
                "RRULE:COUNT=x;UNTIL=99991231",
                "RRULE:;;=;FREQ=FREQ",
                "RDATE:00010101T000000Z,99991231",
                "RDATE;VALUE=PERIOD:99991231T235959Z/P999999999D,/,/P",
                "RECURRENCE-ID;RANGE=THISANDFUTURE:00010101T000000Z",
                "TZID:x",
            ]
        ),
        max_size=7,
    )
)
def test_the_ends_of_time_do_not_raise(lines: list[str]) -> None:
    for entry in salvaged(event(*lines)).unreadable:
        assert all(WINDOW.start <= each.start < each.end <= WINDOW.end for each in entry.spans)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from('BEGINVT:;=\n ,/TZ0123456789PDRUL"\\\x00\u202e'), max_size=300))
def test_no_text_raises(noise: str) -> None:
    salvage(noise, perspective(), WHY)
    salvage(calendar(event(START, noise, END)), perspective(), WHY)


def test_dates_far_away_do_not_count_among_too_many() -> None:
    dates = ",".join(f"2020010{day}T{minute:06d}Z" for day in range(1, 9) for minute in range(5000))
    assert only(START, END, "RDATE:" + dates).spans == (span("2026-11-03 09:00", "10:00"),)


def test_a_night_in_which_the_clocks_go_forward_may_end_by_the_stopwatch() -> None:
    spring = Span(span("2027-03-27 12:00", "13:00").start, span("2027-03-28 12:00", "13:00").end)
    start, end = f"DTSTART;{BERLIN}:20270301T230000", f"DTEND;{BERLIN}:20270302T050000"
    text = calendar(event(start, end, "RRULE:FREQ=DAILY"))
    (entry,) = salvage(text, perspective(spring), WHY).unreadable
    assert entry.spans == (span("2027-03-27 22:00", "2027-03-28 04:00"),)


def test_millions_of_dates_take_seconds() -> None:
    text = calendar(event(START, END, *["RDATE:" + ",".join(["20200101T100000Z"] * 1000)] * 500))
    started = time.process_time()
    assert salvage(text, perspective(), WHY).unreadable
    assert time.process_time() - started < timedelta(seconds=10).total_seconds()


def test_needs_no_calendar_library() -> None:
    code = (
        "import sys, connectd.formats.salvage; print({'icalendar', 'dateutil'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
