"""The question when others are busy, and what is made of the answers."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from connectd.domain.model import Span
from connectd.domain.spans import merge
from connectd.formats.confined_readers import read
from connectd.formats.free_busy import SPANS_LIMIT, busy_spans, question
from connectd.formats.readings import span_from_json, span_to_json

START = datetime(2026, 11, 2, tzinfo=UTC)
WINDOW = Span(START, START + timedelta(days=30))
NINE = START + timedelta(hours=9)
HOUR = timedelta(hours=1)
BOB = ("bob@example.test",)


def calendar(kind: str, *lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", f"BEGIN:{kind}", *lines, f"END:{kind}", "END:VCALENDAR"])


def busy(text: str) -> tuple[Span, ...] | None:
    return busy_spans(text, "Europe/Berlin", BOB, WINDOW)


def test_a_question_names_who_asks_about_whom_and_nothing_else() -> None:
    text = question("alice@example.test", ["bob@example.test", "c@example.test"], WINDOW, NINE)
    parsed = Calendar.from_ical(text)
    (asked,) = parsed.walk("VFREEBUSY")
    assert (str(parsed["METHOD"]), str(asked["ORGANIZER"])) == (
        "REQUEST",
        "mailto:alice@example.test",
    )
    assert list(map(str, asked["ATTENDEE"])) == ["mailto:bob@example.test", "mailto:c@example.test"]
    assert (asked.decoded("DTSTART"), asked.decoded("DTEND")) == tuple(WINDOW)
    needed = {"UID", "DTSTAMP", "DTSTART", "DTEND", "ORGANIZER", "ATTENDEE"}
    assert set(asked) == needed


def test_all_kinds_of_busy_count_and_free_does_not() -> None:
    text = calendar(
        "VFREEBUSY",
        "FREEBUSY:20261103T090000Z/20261103T100000Z,20261104T090000Z/PT2H",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261105T090000Z/PT1H",
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261106T090000Z/PT1H",
        "FREEBUSY;FBTYPE=X-OF-SOMEBODY:20261107T090000Z/PT1H",
        "FREEBUSY;FBTYPE=FREE:20261108T090000Z/PT1H",
    )
    lengths = (1, 2, 1, 1, 1)
    assert busy(text) == tuple(
        Span(NINE + timedelta(days=day), NINE + timedelta(days=day, hours=hours))
        for day, hours in enumerate(lengths, 1)
    )


@pytest.mark.parametrize(
    "more",
    [
        ("TRANSP:TRANSPARENT",),
        ("STATUS:CANCELLED",),
        ("ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.test",),
    ],
)
def test_events_count_unless_they_take_none_of_their_time(more: tuple[str, ...]) -> None:
    lines = ("UID:1", "DTSTART:20261102T090000Z", "DTEND:20261102T100000Z", "SUMMARY:Secret")
    assert busy(calendar("VEVENT", *lines)) == (Span(NINE, NINE + HOUR),)
    assert busy(calendar("VEVENT", *lines, *more)) == ()


def test_floating_times_are_theirs() -> None:
    text = calendar("VEVENT", "UID:1", "DTSTART:20261102T090000", "DURATION:PT1H")
    assert busy(text) == (Span(NINE - HOUR, NINE),)
    assert busy_spans(text, "Asia/Kolkata", BOB, WINDOW) == (
        Span(NINE - timedelta(hours=5.5), NINE - timedelta(hours=4.5)),
    )


def test_what_lies_outside_the_window_is_cut_off() -> None:
    text = calendar("VFREEBUSY", "FREEBUSY:20260101T000000Z/20261102T090000Z")
    assert busy(text) == (Span(START, NINE),)


def test_what_is_not_understood_takes_its_own_time_and_never_all() -> None:
    unknown_zone = calendar("VEVENT", "UID:1", "DTSTART;TZID=Nowhere:20261110T090000", "SUMMARY:x")
    spans = busy(unknown_zone)
    assert spans is not None
    assert any(
        span.overlaps(Span(NINE + 8 * 24 * HOUR, NINE + 8 * 24 * HOUR + HOUR)) for span in spans
    )
    assert sum((span.length for span in spans), timedelta()) < timedelta(days=3)
    torn = "BEGIN:VCALENDAR\r\nBEGIN:VFREEBUSY\r\nFREEBUSY:"
    assert busy(torn) == ()


@pytest.mark.parametrize("text", ["", "<html>Log in</html>", "BEGIN:VCARD\r\nEND:VCARD"])
def test_what_is_no_calendar_says_nothing(text: str) -> None:
    assert busy(text) is None


def test_no_more_is_kept_than_anybody_needs() -> None:
    minutes = (NINE + timedelta(minutes=2 * number) for number in range(SPANS_LIMIT + 100))
    periods = (f"FREEBUSY:{minute:%Y%m%dT%H%M%SZ}/PT1M" for minute in minutes)
    spans = busy(calendar("VFREEBUSY", *periods))
    assert spans is not None
    assert len(spans) == SPANS_LIMIT


@given(st.lists(st.tuples(st.integers(0, 700), st.integers(1, 40)), max_size=20))
def test_it_comes_through_the_child_as_it_is(hours: list[tuple[int, int]]) -> None:
    spans = [Span(START + start * HOUR, START + (start + length) * HOUR) for start, length in hours]
    periods = (f"FREEBUSY:{s.start:%Y%m%dT%H%M%SZ}/{s.end:%Y%m%dT%H%M%SZ}" for s in spans)
    answer = read(
        {
            "what": "free_busy",
            "text": calendar("VFREEBUSY", *periods),
            "zone": "Europe/Berlin",
            "addresses": [],
            "window": span_to_json(WINDOW),
        }
    )
    within = [Span(span.start, min(span.end, WINDOW.end)) for span in spans]
    assert tuple(map(span_from_json, answer["spans"])) == merge(within)
