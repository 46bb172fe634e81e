"""A published calendar read object by object says what it says as a whole."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from readers import WINDOW, calendar, event, perspective

from connectd.domain.model import Span
from connectd.domain.spans import merge
from connectd.formats.calendar_reader import read
from connectd.formats.published_calendar import (
    is_whole,
    objects_near,
    version_of,
    without_stamps,
)

CALENDARS = Path(__file__).parents[1] / "calendars"
ZONE = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:19700101T000000
TZOFFSETFROM:+0{hours}00
TZOFFSETTO:+0{hours}00
END:STANDARD
END:VTIMEZONE"""
ONCE = event("UID:a", "DTSTART:20261103T090000Z", "DTEND:20261103T100000Z")

lines = st.sampled_from(
    [
        *(f"UID:{uid}" for uid in "abc"),
        *(f"DTSTART:202611{day:02}T090000Z" for day in (3, 4, 10)),
        "DTSTART:19990101T090000Z",
        "DTSTART;TZID=Own/Three:20261105T090000",
        "DTSTART;TZID=Own/Fo\n ur:20261105T090000",
        "DTSTART;TZID=Mars/Phobos:20261105T090000",
        "DTSTART:20261106T090000",
        "DTSTART;VALUE=DATE:20261218",
        "DTSTART:soon",
        *(f"DTEND:202611{day:02}T120000Z" for day in (3, 4, 10)),
        "DTEND;VALUE=DATE:20301218",
        "DURATION:PT90M",
        "RRULE:FREQ=WEEKLY;COUNT=5",
        "RRULE:FREQ=OFTEN",
        "RDATE:20261124T090000Z",
        "RECURRENCE-ID:20261110T090000Z",
        "EXDATE:20261110T090000Z",
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "SEQUENCE:2",
        "X-APPLE-TRAVEL-DURATION:PT1H",
        "BEGIN:VALARM\nUID:of-the-alarm\nDURATION:PT5M\nEND:VALARM",
        "BEGIN:VALARM",
        "SUMMARY:BEGIN:VEVENT",
        "FREEBUSY:20261112T090000Z/PT1H",
    ]
)
bodies = st.lists(lines, max_size=6).map(lambda drawn: "\n".join(dict.fromkeys(drawn)))
components = st.one_of(
    bodies.map(event),
    bodies.map(lambda body: f"BEGIN:VEVENT\nUID:torn\n{body}"),
    bodies.map(lambda body: f"BEGIN:VFREEBUSY\n{body}\nEND:VFREEBUSY"),
    st.just("BEGIN:VTODO\nDTSTART:20261103T090000Z\nEND:VTODO"),
    st.just("END:VCALENDAR\nBEGIN:VCALENDAR"),
    st.just("END:VTODO"),
    st.sampled_from(["X-WR-TIMEZONE:Asia/Tokyo", "X-WR-TIMEZONE:America/New_York"]),
    st.sampled_from(["Own/Three", "Own/Four"]).map(lambda n: ZONE.format(name=n, hours=3 + len(n))),
)
texts = st.lists(components, max_size=8).map(lambda drawn: calendar(*drawn))


def times(*texts: str) -> tuple[set[Span], set[tuple[str, Span]]]:
    """Return what the texts make busy or unknown by UID, one reading for each of them."""
    readings = [read(text, perspective()) for text in texts]
    unknown = {(e.uid, span) for r in readings for e in r.unreadable for span in e.spans}
    return {event.span for r in readings for event in r.events if event.busy}, unknown


@settings(deadline=None, max_examples=300)
@given(texts)
def test_split_and_read_is_read(text: str) -> None:
    parts = objects_near(text, WINDOW)
    whole_busy, whole_unknown = times(text)
    busy, unknown = times(*(part.text for part in parts.values()))
    if all("\nUID:" in part.text for part in parts.values()):
        assert (busy, unknown) == (whole_busy, whole_unknown)
    else:
        assert busy >= whole_busy
        assert unknown >= whole_unknown


@settings(deadline=None, max_examples=300)
@given(texts, st.integers(-60, 400))
def test_what_is_left_out_lies_outside(text: str, days: int) -> None:
    window = Span(WINDOW.start + timedelta(days=days), WINDOW.end + timedelta(days=days))
    everything = Span(WINDOW.start.replace(year=1990), WINDOW.end.replace(year=2040))
    near = objects_near(text, window)
    for name, part in objects_near(text, everything).items():
        reading = read(part.text, perspective(window))
        if name not in near:
            assert (reading.events, reading.unreadable) == ((), ())


@pytest.mark.parametrize("name", sorted(path.stem for path in CALENDARS.glob("*.ics")))
def test_every_rule_of_what_blocks_time_holds(name: str) -> None:
    text = (CALENDARS / f"{name}.ics").read_text()
    taken = times(*(part.text for part in objects_near(text, WINDOW).values()))
    whole = times(text)
    assert merge(taken[0]) == merge(whole[0])
    assert merge(span for _, span in taken[1]) == merge(span for _, span in whole[1])


def test_only_what_changed_has_another_version() -> None:
    other = event("UID:b", "DTSTART:20261103T090000Z", "SUMMARY:Old")
    before = objects_near(calendar(ONCE, other), WINDOW)
    after = objects_near(calendar(other.replace("Old", "New"), ONCE), WINDOW)
    changed = [name for name, part in after.items() if part != before[name]]
    assert before.keys() == after.keys()
    assert changed == [version_of("b")]


def test_a_series_stays_together_and_names_only_its_own_zones() -> None:
    master = event("UID:s", "DTSTART;TZID=Own/Three:20261103T090000", "RRULE:FREQ=DAILY")
    override = event("UID:s", "RECURRENCE-ID;TZID=Own/Three:20261104T090000", "DTSTART:20261104")
    zones = [ZONE.format(name=name, hours=3) for name in ("Own/Three", "Own/Four")]
    parts = objects_near(calendar(zones[1], master, ONCE, zones[0], override), WINDOW)
    series = parts[version_of("s")].text
    assert (series.count("BEGIN:VEVENT"), series.count("BEGIN:VTIMEZONE")) == (2, 1)
    assert "BEGIN:VTIMEZONE" not in parts[version_of("a")].text


def test_what_lies_far_away_is_left_out() -> None:
    past = event("UID:p", "DTSTART:20250103T090000Z", "DTEND:20250103T100000Z")
    future = event("UID:f", "DTSTART;VALUE=DATE:20290103")
    long = event("UID:l", "DTSTART;VALUE=DATE:20250103", "DTEND;VALUE=DATE:20290103")
    series = event("UID:s", "DTSTART:20250103T090000Z", "RRULE:FREQ=DAILY")
    parts = objects_near(calendar(past, future, long, series, ONCE), WINDOW)
    assert parts.keys() == {version_of(uid) for uid in "lsa"}


def test_events_without_a_uid_stand_for_themselves() -> None:
    nameless = [event(f"DTSTART:2026110{day}T090000Z") for day in (3, 4)]
    assert len(objects_near(calendar(*nameless), WINDOW)) == 2


def test_a_text_of_too_many_or_too_long_lines_is_one_object() -> None:
    for filling in ("X-A:b\n" * 1_000_001, "X-A:" + "b" * 2_100_000):
        (part,) = objects_near(calendar(ONCE, filling), WINDOW).values()
        assert part.text.startswith("BEGIN:VCALENDAR")
        reading = read(part.text, perspective())
        assert reading.events or reading.unreadable


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        (calendar(ONCE), True),
        (calendar(), True),
        (f"\n{calendar(ONCE)}\n{calendar(ONCE)}\n\n", True),
        (calendar(ONCE).replace("\n", "\r"), True),
        (calendar(ONCE).lower(), True),
        (calendar(ONCE).removesuffix("END:VCALENDAR\n"), False),
        (calendar(ONCE)[:-4], False),
        ("", False),
        ("<!DOCTYPE html><html>Please log in</html>", False),
        (f"<pre>\n{calendar(ONCE)}\n</pre>", False),
        ("BEGIN:VCALENDAR\nDESCRIPTION:END:VCALENDAR", False),
    ],
)
def test_a_whole_calendar_is_told_from_anything_else(
    text: str,
    whole: bool,  # noqa: FBT001 - given by pytest
) -> None:
    assert is_whole(text) is whole


def test_the_time_of_the_request_is_no_change() -> None:
    stamped = calendar(ONCE.replace("UID:a", "UID:a\nDTSTAMP:20261101T1200\n 00Z\nX-DTSTAMP:1"))
    assert without_stamps(stamped) == calendar(ONCE.replace("UID:a", "UID:a\nX-DTSTAMP:1"))


@given(st.text(max_size=200))
def test_anything_can_be_taken_apart(text: str) -> None:
    objects_near(text, WINDOW)
    is_whole(without_stamps(text))
