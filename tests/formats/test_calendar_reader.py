"""What the reader makes of an event beside its time, and that no content makes it raise.

The rules about time have a file each in tests/calendars.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.timezone import tzp
from readers import WINDOW, calendar, event, perspective, span

from connectd.domain.model import Span
from connectd.domain.view import Event
from connectd.formats.calendar_reader import TEXT_LIMIT, read, read_confined
from connectd.formats.readings import Reading, decode, perspective_to_json

BERLIN = "TZID=Europe/Berlin"
START = f"DTSTART;{BERLIN}:20261103T100000"
END = f"DTEND;{BERLIN}:20261103T110000"
TIME = span("2026-11-03 09:00", "10:00")
ME = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test"
BOB = "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:Bob@Example.test"
BY_BOB = "ORGANIZER;CN=Bob:mailto:bob@example.test"
BY_ME = "ORGANIZER:mailto:alice@work.example.test"


def reading_of(*lines: str) -> Reading:
    return read(calendar(event("UID:one@example.test", START, END, *lines)), perspective())


def only(*lines: str) -> Event:
    (found,) = reading_of(*lines).events
    return found


def test_an_event_carries_what_identifies_it() -> None:
    assert only("SUMMARY:Lunch\\, with Bob", BY_ME, ME, BOB) == Event(
        calendar="Work",
        href="/alice/work/one.ics",
        uid="one@example.test",
        title="Lunch, with Bob",
        span=TIME,
        people=("bob@example.test",),
        attendee_count=2,
    )


def test_a_title_is_fit_to_be_shown() -> None:
    title = only("SUMMARY:\x1b]0;gotcha\x07One\\nTwo\u202e" + "x" * 500).title
    assert title.startswith("]0;gotchaOne Twoxxx")
    assert len(title) == 200


def test_a_uid_is_fit_to_be_shown() -> None:
    reading = read(calendar(event("UID:a\x1bb", START, END)), perspective())
    assert reading.uid == reading.events[0].uid == "ab"


@pytest.mark.parametrize(
    ("lines", "mine"),
    [
        ([], True),
        ([BY_ME, BOB], True),
        ([BY_BOB, ME], True),
        ([BY_BOB], False),
        ([BY_BOB, BOB], False),
        ([BY_BOB, ME.replace("ACCEPTED", "DECLINED")], False),
        ([BY_BOB, ME.replace("ACCEPTED", "NEEDS-ACTION")], True),
        ([BY_ME, ME, "STATUS:CANCELLED"], False),
        (["ORGANIZER:urn:uuid:7f3c", ME], True),
        (["ORGANIZER:urn:uuid:7f3c"], False),
        (["ORGANIZER;EMAIL=alice@example.test:/principals/alice/"], True),
        ([BY_BOB, "ATTENDEE;EMAIL=ALICE@example.test:/principals/alice/"], True),
    ],
)
def test_whose_event_it_is(lines: list[str], mine: bool) -> None:  # noqa: FBT001 a table's column
    assert only(*lines).mine is mine


def test_declining_under_one_of_two_addresses_is_not_declining() -> None:
    other = "ATTENDEE;PARTSTAT=DECLINED:mailto:alice@work.example.test"
    assert only(BY_BOB, ME, other).busy
    assert not only(BY_BOB, ME.replace("ACCEPTED", "DECLINED"), other).busy


def test_people_are_the_others_who_have_not_declined() -> None:
    carol = "ATTENDEE;PARTSTAT=DECLINED:mailto:carol@example.test"
    found = only(BY_BOB, ME, BOB, BOB, carol, "ATTENDEE:MAILTO:dan@example.test")
    assert found.people == ("bob@example.test", "dan@example.test")
    assert found.attendee_count == 4


def test_an_organizer_who_declined_is_not_there() -> None:
    assert only(BY_BOB, ME, BOB.replace("NEEDS-ACTION", "DECLINED")).people == ()


@pytest.mark.parametrize(
    "value",
    [
        "mailto:a@b,evil@x.test?bcc=c@d.test",
        "mailto:bob@example.test?subject=x",
        "mailto:bob@example.test%0d%0aBcc:x@y.test",
        "mailto:",
        "mailto:bob",
        "bob@example.test",
        "http://bob@example.test",
        "mailto:\u202ebob@example.test",
        "mailto:" + "b" * 5000 + "@example.test",
    ],
)
def test_what_is_not_exactly_an_address_is_none(value: str) -> None:
    found = only(BY_ME, ME, f"ATTENDEE:{value}")
    assert found.people == ()
    assert found.attendee_count == 2


def test_an_all_day_event_says_so() -> None:
    text = calendar(event("UID:1", "DTSTART;VALUE=DATE:20261103"))
    (found,) = read(text, perspective()).events
    assert found.all_day
    assert not only().all_day


def test_an_event_without_a_length_is_there_but_takes_no_time() -> None:
    (found,) = read(calendar(event("UID:1", START)), perspective()).events
    assert found.span == Span(TIME.start, TIME.start)


def test_occurrences_come_in_order_and_inside_the_window_only() -> None:
    lines = ("RRULE:FREQ=DAILY", f"RDATE;{BERLIN}:20261104T080000")
    starts = [each.span.start for each in reading_of(*lines).events]
    assert starts == sorted(starts)
    assert len(starts) == len(set(starts)) == 49
    assert starts[-1] < WINDOW.end


@pytest.mark.parametrize(
    ("lines", "recurring"),
    [
        ([], False),
        (["RRULE:FREQ=DAILY"], True),
        (["RDATE:20270101T100000Z"], True),
        (["RECURRENCE-ID:20261103T090000Z"], True),
    ],
)
def test_whether_another_window_may_show_more(lines: list[str], recurring: bool) -> None:  # noqa: FBT001 a table's column
    assert reading_of(*lines).recurring is recurring


def test_several_uids_in_one_object_are_read_apart() -> None:
    text = calendar(*(event(f"UID:{uid}", START, END, "RRULE:FREQ=DAILY;COUNT=2") for uid in "ab"))
    assert [each.uid for each in read(text, perspective()).events] == ["a", "b", "a", "b"]


def test_an_object_without_events_says_nothing() -> None:
    assert read(
        calendar("BEGIN:VTODO\nUID:1\nDUE:20261103T100000Z\nEND:VTODO"), perspective()
    ) == Reading("")


@pytest.mark.parametrize(
    "text", ["", "<html><body>Log in</body></html>", "\x00", "BEGIN:VCARD\nEND:VCARD"]
)
def test_what_is_no_calendar_is_named(text: str) -> None:
    (entry,) = read(text, perspective()).unreadable
    assert entry.reason == "it is not a calendar object"


def test_another_calendar_than_the_gregorian_is_not_understood() -> None:
    text = calendar("CALSCALE:CHINESE", event("UID:1", START, END))
    reading = read(text, perspective())
    assert reading.events == ()
    assert reading.unreadable[0].spans == (TIME,)


def test_a_zone_known_from_one_object_is_not_used_for_another() -> None:
    offset = "TZOFFSETFROM:+0100\nTZOFFSETTO:+0100"
    standard = f"BEGIN:STANDARD\nDTSTART:20000101T000000\n{offset}\nEND:STANDARD"
    zone = f"BEGIN:VTIMEZONE\nTZID:Mine\n{standard}\nEND:VTIMEZONE"
    lines = [line.replace("Europe/Berlin", "Mine") for line in (START, END)]
    assert read(calendar(zone, event("UID:1", *lines)), perspective()).events[0].span == TIME
    assert read(calendar(event("UID:1", *lines)), perspective()).events == ()
    assert tzp.timezone("Mine") is None


def test_a_zone_that_changes_every_second_is_no_zone() -> None:
    offset = "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=SECONDLY"
    standard = f"BEGIN:STANDARD\nDTSTART:20000101T000000\n{offset}\nEND:STANDARD"
    zone = f"BEGIN:VTIMEZONE\nTZID:Mine\n{standard}\nEND:VTIMEZONE"
    lines = [line.replace("Europe/Berlin", "Mine") for line in (START, END)]
    (entry,) = read(calendar(zone, event("UID:1", *lines)), perspective()).unreadable
    assert entry.reason == "its time zone 'Mine' is not known"


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=HOURLY;BYMINUTE=0,15,30,45",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;BYHOUR=25",
        "FREQ=DAILY;X-MINE=1",
        "FREQ=YEARLY;BYEASTER=0",
        "FREQ=DAILY;INTERVAL=99999999",
        "COUNT=3",
        "",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30,31",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=DAILY;BYSETPOS=2",
        "FREQ=DAILY;FREQ=WEEKLY",
        "FREQ=DAILY;COUNT=-1",
    ],
)
def test_a_rule_that_is_not_computed_is_unknown_time(rule: str) -> None:
    reading = reading_of(f"RRULE:{rule}")
    assert reading.events == ()
    assert reading.unreadable[0].spans[0].start <= TIME.start


def test_an_old_counted_series_by_weekday_is_refused_rather_than_stepped_through() -> None:
    lines = (
        "DTSTART:00010101T100000Z",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;BYDAY=MO;COUNT=1000000000",
    )
    (entry,) = read(calendar(event("UID:1", *lines)), perspective()).unreadable
    assert entry.reason == "its repetitions would take too long to compute"


def test_a_text_that_is_too_long_is_only_salvaged() -> None:
    reading = reading_of("DESCRIPTION:" + "x" * TEXT_LIMIT)
    assert reading.events == ()
    assert reading.unreadable[0].reason == "it is too large"
    assert reading.unreadable[0].spans == (TIME,)


def test_a_large_attachment_does_no_harm() -> None:
    assert (
        only("ATTACH;ENCODING=BASE64;VALUE=BINARY:" + "\n ".join(["QUJD" * 18] * 30_000)).span
        == TIME
    )


def test_a_hundred_thousand_dates_are_read() -> None:
    dates = ",".join(["20200101T100000Z"] * 99_999 + ["20261104T090000Z"])
    spans = [each.span for each in reading_of(f"RDATE:{dates}", f"EXDATE:{dates[:-17]}").events]
    assert spans == [TIME, span("2026-11-04 09:00", "10:00")]


def test_is_read_by_way_of_json() -> None:
    text = calendar(event("UID:1", START, END))
    answer = read_confined({"text": text, "perspective": perspective_to_json(perspective())})
    assert decode(answer["reading"]) == read(text, perspective())


LINES = st.sampled_from(
    [
        "UID:1",
        START,
        END,
        "DTSTART:99991231T235959Z",
        "DTSTART;VALUE=DATE:00010101",
        "DTSTART;TZID=Asia/Tokyo:00010101T000000",
        "DTEND;TZID=America/New_York:99991231T235959",
        "DTEND;VALUE=DATE:20261105",
        "DURATION:P999999999W",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY",
        "RRULE:FREQ=YEARLY;COUNT=2;UNTIL=20270101",
        "RRULE:FREQ=MONTHLY;BYDAY=-5FR,5SA;BYSETPOS=-1",
        "RDATE;VALUE=PERIOD:20261105T100000Z/P1D,20261101T000000Z/20261101T000000Z",
        "RDATE;VALUE=DATE:20261105",
        "EXDATE;VALUE=DATE:20261104",
        "EXDATE;TZID=Atlantis:20261104T100000,x",
        "RECURRENCE-ID:20261104T090000Z",
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261105T090000Z",
        "RECURRENCE-ID;VALUE=DATE:20261106",
        "SEQUENCE:2",
        "X-APPLE-TRAVEL-DURATION:PT999999999H",
        "TRANSP:TRANSPARENT",
    ]
)
EVENTS = st.lists(LINES, max_size=8).map(lambda lines: event(*lines))


@settings(max_examples=400, deadline=None)
@given(st.lists(EVENTS, max_size=3))
def test_no_combination_of_lines_raises(events: list[str]) -> None:
    reading = read(calendar(*events), perspective())
    for entry in reading.unreadable:
        assert all(WINDOW.start <= each.start < each.end <= WINDOW.end for each in entry.spans)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=200))
def test_no_text_raises(noise: str) -> None:
    read(noise, perspective())
    read(calendar(event(START, noise)), perspective())
