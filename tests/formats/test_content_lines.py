"""The scanner against the parser of icalendar on sound text, and against torn text alone."""

import time
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from icalendar.prop import vCalAddress, vText
from readers import calendar, event

from connectd.formats.content_lines import (
    BREAKS_LIMIT,
    COMPONENTS_LIMIT,
    LINE_LIMIT,
    Component,
    Line,
    take_apart,
)

VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200)
NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"'), min_size=1)


def only(text: str) -> Component:
    (component,) = take_apart(text).components
    return component


@given(title=VALUES, name=NAMES)
def test_reads_what_icalendar_writes(title: str, name: str) -> None:
    written = Event()
    written["SUMMARY"] = vText(title)
    written["ATTENDEE"] = vCalAddress("mailto:bob@example.test", params={"CN": name})
    whole = Calendar()
    whole.add_component(written)
    component = only(whole.to_ical().decode())
    assert component.whole
    assert component.first("SUMMARY").text() == title
    assert component.value("ATTENDEE") == "mailto:bob@example.test"


def test_parameters_may_hold_colons_and_semicolons_in_quotes() -> None:
    line = 'attendee;CN="Baker: Bob; Mr";PARTSTAT=DECLINED ; ROLE = CHAIR:mailto:bob@example.test'
    assert only(calendar(event(line))).lines == [
        Line(
            "ATTENDEE",
            {"CN": "Baker: Bob; Mr", "PARTSTAT": "DECLINED", "ROLE": "CHAIR"},
            "mailto:bob@example.test",
        )
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_unfolds_anywhere_with_any_line_break(newline: str) -> None:
    text = calendar(event("DTST", " ART;TZID=Euro", "\tpe/Berlin:2026", "", " 1103T100000"))
    component = only(text.replace("\n", newline))
    assert component.lines == [Line("DTSTART", {"TZID": "Europe/Berlin"}, "20261103T100000")]


def test_text_loses_its_backslashes() -> None:
    component = only(calendar(event(r"SUMMARY:one\, two\; three\\n\nfour\Nfive")))
    assert component.first("SUMMARY").text() == "one, two; three\\n\nfour\nfive"


def test_an_alarm_says_nothing_about_its_event() -> None:
    alarm = "BEGIN:VALARM\nDURATION:PT15M\nSUMMARY:Alarm\nEND:VALARM"
    assert [line.name for line in only(calendar(event("UID:1", alarm, "SUMMARY:Real"))).lines] == [
        "UID",
        "SUMMARY",
    ]


@pytest.mark.parametrize(
    "torn",
    [
        "BEGIN:VEVENT\nUID:1\n",
        "BEGIN:VEVENT\nUID:1\nEND:VCALENDAR\n",
        "BEGIN:VEVENT\nUID:1\nEND:VTODO\nEND:VCALENDAR\n",
        "BEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nEND:VEVENT\nEND:VCALENDAR\n",
        "BEGIN:VEVENT\nUID:1\nBEGIN:VTODO\nEND:VTODO\nEND:VEVENT\n",
    ],
)
def test_an_event_without_its_end_is_not_whole(torn: str) -> None:
    assert not only("BEGIN:VCALENDAR\n" + torn).whole


def test_the_event_after_a_torn_one_is_whole() -> None:
    found = take_apart(
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n" + event("UID:2") + "\nEND:VCALENDAR"
    )
    assert [(part.value("UID"), part.whole) for part in found.components] == [
        ("1", False),
        ("2", True),
    ]


def test_finds_zones_wherever_they_stand() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE"
    )
    found = take_apart(calendar("X-WR-TIMEZONE:Europe/Berlin", event("UID:1"), zone))
    assert found.zones == {"Here": zone.replace("\n", "\r\n")}
    assert found.default_zone == "Europe/Berlin"
    assert [part.value("UID") for part in found.components] == ["1"]


@pytest.mark.parametrize(
    "text",
    ["", "\n", "\x00", "<html><body>Log in</body></html>", ":", ";;;", "BEGIN", "END:VEVENT"],
)
def test_what_is_no_calendar_says_so(text: str) -> None:
    found = take_apart(text)
    assert not found.is_calendar
    assert found.components == []


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(
            [
                "BEGIN:VCALENDAR",
                "BEGIN:VEVENT",
                "END:VEVENT",
                "END:VCALENDAR",
                "BEGIN:VALARM",
                "END:VALARM",
                "BEGIN:VTIMEZONE",
                "END:VTIMEZONE",
                "TZID:x",
                "UID:1",
                'SUMMARY;X="',
                ":",
                "",
            ]
        )
    ).map("\n".join)
)
def test_no_order_of_lines_is_too_much(text: str) -> None:
    found = take_apart(text)
    assert len(found.components) == text.count("BEGIN:VEVENT")


HEAD = "BEGIN:VCALENDAR\nBEGIN:VEVENT\n"
SIZE = 5_000_000


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "SUMMARY:" + "x" * SIZE,
        HEAD + "SUMMARY:" + "\n ".join(["x" * 70] * (SIZE // 70)),
        HEAD + "RDATE:20261103T100000Z\n" * (SIZE // 23),
        HEAD + "BEGIN:VEVENT\n" * (SIZE // 13),
        HEAD + "BEGIN:X\n" * (SIZE // 8),
        HEAD + "DTSTART" + ";A=b" * (SIZE // 4),
        HEAD + 'DTSTART;A="' + '"' * SIZE,
        HEAD + "\n" * SIZE,
        HEAD + " " * SIZE,
        "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\n" + "TZID:x\n" * (SIZE // 7),
    ],
    ids=[
        "line",
        "folded",
        "dates",
        "events",
        "nested",
        "parameters",
        "quotes",
        "breaks",
        "blanks",
        "zone",
    ],
)
def test_huge_text_takes_seconds_and_is_cut_down(text: str) -> None:
    started = time.process_time()
    found = take_apart(text)
    assert time.process_time() - started < timedelta(seconds=20).total_seconds()
    assert len(found.components) <= COMPONENTS_LIMIT
    assert all(len(line.value) <= LINE_LIMIT for part in found.components for line in part.lines)
    assert not any(part.whole for part in found.components)


def test_says_when_it_did_not_look_at_everything() -> None:
    assert take_apart(HEAD + "\n" * (BREAKS_LIMIT + 1)).left_out
    assert take_apart(
        "BEGIN:VCALENDAR\n" + "BEGIN:VEVENT\nEND:VEVENT\n" * (COMPONENTS_LIMIT + 1)
    ).left_out
    assert not take_apart(calendar(event("UID:1"))).left_out


def test_a_list_of_dates_that_was_cut_makes_the_event_incomplete() -> None:
    dates = ",".join(["20261103T100000Z"] * (LINE_LIMIT // 16))
    assert not only(calendar(event("RDATE:" + dates))).whole
    assert only(calendar(event("SUMMARY:" + "x" * (LINE_LIMIT + 1)))).whole
