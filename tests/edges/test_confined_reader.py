"""Hostile calendar objects, each read by way of the confined process as a tick does it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from connectd.domain.model import Span
from connectd.edges.confined import Confined
from connectd.errors import TooCostlyError
from connectd.formats.readings import Perspective, Reading, decode, perspective_to_json
from connectd.formats.salvage import salvage

WINDOW = Span(datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 12, 21, tzinfo=UTC))
USER = Perspective("Work", "/one.ics", "Europe/Berlin", ("alice@example.test",), WINDOW)
TIME = Span(datetime(2026, 11, 3, 10, tzinfo=UTC), datetime(2026, 11, 3, 11, tzinfo=UTC))


@pytest.fixture(scope="module")
def confined() -> Iterator[Confined]:
    with Confined("connectd.formats.calendar_reader:read_confined") as child:
        yield child


def read(confined: Confined, text: str) -> Reading:
    request = {"text": text, "perspective": perspective_to_json(USER)}
    try:
        return decode(confined.call(request)["reading"])
    except TooCostlyError as error:
        return salvage(text, USER, str(error))


def one(*lines: str, start: str = "20261103T100000Z", before: str = "") -> str:
    event = ("BEGIN:VEVENT", "UID:1", f"DTSTART:{start}", "DURATION:PT1H", *lines, "END:VEVENT")
    return "\n".join(
        ("BEGIN:VCALENDAR", *([before] if before else []), *event, "END:VCALENDAR", "")
    )


def taken(reading: Reading) -> list[Span]:
    busy = [event.span for event in reading.events if event.busy]
    return busy + [span for entry in reading.unreadable for span in entry.spans]


DATES = ",".join(["20261103T100000Z", *["20200101T100000Z"] * 100_000])
OFFSETS = "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200"
CHANGE = "BEGIN:{0}\nDTSTART:16010101T000000\n" + OFFSETS + "\nRRULE:{1}\nEND:{0}"
ZONE = "BEGIN:VTIMEZONE\nTZID:Z\n" + CHANGE + "\nEND:VTIMEZONE"
HOSTILE = {
    "every second": one("RRULE:FREQ=SECONDLY"),
    "every minute": one("RRULE:FREQ=MINUTELY"),
    "every hour since long": one("RRULE:FREQ=HOURLY", start="19000101T100000Z"),
    "interval 0": one("RRULE:FREQ=DAILY;INTERVAL=0"),
    "a thousand million times": one("RRULE:FREQ=DAILY;COUNT=1000000000"),
    "a thousand million times since year 1": one(
        "RRULE:FREQ=DAILY;COUNT=1000000000", start="00010101T100000Z"
    ),
    "30 February": one("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "never, not seen at once": one("RRULE:FREQ=YEARLY;BYMONTH=2;BYYEARDAY=1"),
    "never, by the hour": one("RRULE:FREQ=HOURLY;BYMONTH=2;BYYEARDAY=1"),
    "every second of every day": one(
        "RRULE:FREQ=DAILY;BYHOUR="
        + ",".join(map(str, range(24)))
        + ";BYMINUTE="
        + ",".join(map(str, range(60)))
        + ";BYSECOND="
        + ",".join(map(str, range(60)))
    ),
    "a hundred thousand dates": one("RDATE:" + DATES),
    "a hundred thousand excluded dates": one("RRULE:FREQ=DAILY", "EXDATE:" + DATES[17:]),
    "daily since year 1": one("RRULE:FREQ=DAILY", start="00010101T100000Z"),
    "yearly since year 1": one("RRULE:FREQ=YEARLY", start="00011103T100000Z"),
    "fifty megabytes without a line break": one("DESCRIPTION:" + "x" * 50_000_000),
    "fifty megabytes of a title": one("SUMMARY:" + "x" * 50_000_000),
    "three megabytes of breaks": one("\n" * 3_000_000),
    "components in components": one("BEGIN:X\n" * 100_000),
    "parameters": one("ATTENDEE" + ";X=y" * 500_000 + ":mailto:bob@example.test"),
    "an endless zone": one(before=ZONE.format("STANDARD", "FREQ=SECONDLY")),
    "a zone that never changes": one(
        "DTEND;TZID=Z:20261103T110000",
        before=ZONE.format("DAYLIGHT", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    ),
    "a name of a zone": one("DTEND;TZID=" + "/../" * 10_000 + ":20261103T110000"),
    "the end of time": one("DTEND:99991231T235959Z", "RRULE:FREQ=YEARLY;INTERVAL=9999"),
    "for ever": one("DURATION:P999999999W", "RRULE:FREQ=DAILY"),
}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("name", HOSTILE)
def test_costs_its_own_time_and_no_more(confined: Confined, name: str) -> None:
    started = time.process_time()
    reading = read(confined, HOSTILE[name])
    assert time.process_time() - started < 20
    covering = [
        span for span in taken(reading) if span.start <= TIME.start and TIME.end <= span.end
    ]
    assert covering, reading.unreadable
    assert taken(read(confined, one())) == [TIME]


def test_what_is_stopped_is_named_with_its_time_of_day(confined: Confined) -> None:
    (entry,) = read(confined, one("RRULE:FREQ=DAILY;BYMONTH=2;BYYEARDAY=1")).unreadable
    assert entry.reason == "it took more than 2 s of computing time"
    assert entry.blocks == "10:00-11:00 (UTC) every day from 2026-11-03"
    assert len(entry.spans) == 48


def test_good_events_beside_a_stopped_one_cost_their_own_time(confined: Confined) -> None:
    good = one(start="20261110T100000Z").partition("\n")[2]
    text = HOSTILE["never, by the hour"].replace("END:VCALENDAR\n", good)
    first, second = read(confined, text).unreadable
    assert [span.start.day for span in first.spans] == [3]
    assert [span.start.day for span in second.spans] == [10]
