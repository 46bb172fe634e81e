"""Invitations and cancellations as they go out by mail."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event
from sample_drafts import (
    BOB,
    ENDLESS_ZONE,
    START,
    UID,
    drafted,
    edited,
    event_in,
    invited,
    lines,
    replaced,
    unfolded,
    with_lines,
)

from connectd.domain.model import Form
from connectd.errors import UnreadableEventError
from connectd.formats.calendar_writer import Asked
from connectd.formats.itip import cancellation, request
from connectd.formats.stored_event import read_stored
from connectd.formats.wording import one_line

LATER = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
BOB_IS_ASKED = 'ATTENDEE;CN="Bob Baker";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT'
WORDS = (
    "Alice Example would like to meet you: coffee\\, 45 minutes.\\n"
    "If the time does not suit you\\, please decline or suggest another one."
)


def stored(*lines: str) -> str:
    """The invitation in the user's calendar, with lines that some client added."""
    return with_lines(invited(asked=Asked.BY_US), *lines)


def requested(text: str | None = None) -> str:
    return request(stored() if text is None else text, [BOB.emails])


def test_a_request_holds_the_meeting_and_whom_it_asks() -> None:
    text = requested()

    assert sorted(lines(text)) == [
        'ATTENDEE;CN="Alice Example";PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:alice@example.test',
        f"{BOB_IS_ASKED};RSVP=TRUE:mailto:bob@example.test",
        f"DESCRIPTION:{WORDS}",
        "DTEND;TZID=Europe/Berlin:20261201T104500",
        "DTSTAMP:20261123T090102Z",
        "DTSTART;TZID=Europe/Berlin:20261201T100000",
        'ORGANIZER;CN="Alice Example":mailto:alice@example.test',
        "SEQUENCE:1",
        "STATUS:CONFIRMED",
        "SUMMARY:Coffee – Alice Example & Bob Baker",
        "TRANSP:OPAQUE",
        f"UID:{UID}",
    ]


def test_a_cancellation_takes_back_the_same_event_and_says_no_more() -> None:
    text = cancellation(stored(), 4, LATER)

    assert sorted(lines(text)) == [
        'ATTENDEE;CN="Alice Example";PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:alice@example.test',
        f"{BOB_IS_ASKED}:mailto:bob@example.test",
        "DTEND;TZID=Europe/Berlin:20261201T104500",
        "DTSTAMP:20261130T080000Z",
        "DTSTART;TZID=Europe/Berlin:20261201T100000",
        'ORGANIZER;CN="Alice Example":mailto:alice@example.test',
        "SEQUENCE:4",
        "STATUS:CANCELLED",
        "SUMMARY:Coffee – Alice Example & Bob Baker",
        f"UID:{UID}",
    ]


@pytest.mark.parametrize(
    ("text", "method"), [(requested(), "REQUEST"), (cancellation(stored(), 2, LATER), "CANCEL")]
)
def test_another_library_reads_the_method_and_the_same_moment(text: str, method: str) -> None:
    calendar = vobject.readOne(text)

    assert calendar.method.value == method
    assert calendar.vevent.dtstart.value == START
    assert calendar.vevent.dtend.value == START + timedelta(minutes=45)
    assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")
    assert not re.search(r"[^\r]\n|\r[^\n]", text)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_what_clients_and_servers_noted_stays_at_home() -> None:
    text = stored(
        "X-MOZ-GENERATION:3",
        "X-ALT-DESC;FMTTYPE=text/html:<p>Ask for the budget</p>",
        "CATEGORIES:Weak ties",
        "COMMENT:Ask for the budget",
        "COLOR:red",
        "ATTACH;VALUE=BINARY;ENCODING=BASE64:c2VjcmV0",
        "CONTACT:Carol Cole",
        "RELATED-TO:another-uid",
        "REQUEST-STATUS:2.0;Success",
        "CREATED:20261101T000000Z",
        "ATTENDEE;X-NUM-GUESTS=0;SCHEDULE-STATUS=1.1;X-NOTE=budget:mailto:carol@example.test",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT15M",
        "DESCRIPTION:Ask for the budget",
        "END:VALARM",
    ).replace("ORGANIZER;", "ORGANIZER;SCHEDULE-STATUS=1.2;X-NOTE=budget;")

    for sent in (requested(text), cancellation(text, 2, LATER)):
        private = "SCHEDULE|X-|budget|VALARM|Weak|secret|Carol|another-uid|red"
        assert not re.search(private, unfolded(sent))


def test_what_the_user_says_about_the_meeting_goes_along() -> None:
    text = requested(
        stored(
            'LOCATION;ALTREP="data:text/html,secret":Café Möhring\\, 2nd floor\x07',
            "URL;X-NOTE=budget:https://meet.example.test/alice",
            "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://meet.example.test/alice",
            "CLASS:PRIVATE",
        )
    )

    assert lines(text, "LOCATION") == ["LOCATION:Café Möhring\\, 2nd floor"]
    assert lines(text, "URL") == ["URL:https://meet.example.test/alice"]
    assert len(lines(text, "CONFERENCE")) == 1
    assert lines(text, "CLASS") == ["CLASS:PRIVATE"]


def test_a_request_asks_again_whoever_has_answered_before() -> None:
    text = stored().replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED").replace("RSVP=TRUE;", "")

    guests = event_in(request(text, [("b@work.test", "BOB@Example.Test")]))["ATTENDEE"]

    assert [guest.params["PARTSTAT"] for guest in guests] == ["ACCEPTED", "NEEDS-ACTION"]
    assert guests[1].params["RSVP"] == "TRUE"


def test_what_is_not_settled_yet_is_said_to_be_so() -> None:
    text = requested(stored().replace("STATUS:CONFIRMED", "STATUS:TENTATIVE"))

    assert lines(text, "STATUS") == ["STATUS:TENTATIVE"]


def test_people_are_named_by_their_mail_addresses() -> None:
    text = (
        stored(
            "ATTENDEE;CN=Projector:urn:uuid:6f1d3c1e-0d3a-4a6e-9a51-c0ffee000002",
            "ATTENDEE;CN=Evil:mailto:a@b.test\\,eve@evil.test?bcc=x",
        )
        .replace("mailto:bob@example.test", "/principals/bob/")
        .replace('ATTENDEE;CN="Bob Baker"', 'ATTENDEE;CN="Bob Baker";EMAIL=Bob@example.test')
    )

    assert [str(guest) for guest in event_in(requested(text))["ATTENDEE"]] == [
        "mailto:alice@example.test",
        "mailto:bob@example.test",
    ]


@pytest.mark.parametrize("form", Form)
def test_a_draft_is_never_sent(form: Form) -> None:
    with pytest.raises(UnreadableEventError):
        requested(drafted(form))
    added = with_lines(drafted(form), "ATTENDEE:mailto:bob@example.test")
    with pytest.raises(UnreadableEventError, match="no organizer"):
        requested(added)
    with pytest.raises(UnreadableEventError, match="no organizer"):
        cancellation(drafted(form), 1, LATER)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("RRULE:FREQ=WEEKLY", "a series"),
        ("RDATE:20261208T090000Z", "a series"),
        ("STATUS:CANCELLED", "cancelled"),
        ("DTSTART:rubbish", "times"),
    ],
)
def test_what_must_not_be_sent_so_is_refused(line: str, reason: str) -> None:
    with pytest.raises(UnreadableEventError, match=reason):
        requested(stored(line))


def test_nobody_is_asked_who_is_not_invited() -> None:
    with pytest.raises(UnreadableEventError, match="guests"):
        request(stored(), [("carol@example.test",)])


@pytest.mark.parametrize("text", ["", "rubbish", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"])
def test_what_is_no_event_is_refused(text: str) -> None:
    with pytest.raises(UnreadableEventError):
        requested(text)
    with pytest.raises(UnreadableEventError):
        cancellation(text, 1, LATER)


def moved(zone: str, start: str) -> str:
    """The invitation after a client wrote the start so."""
    text = re.sub(r"BEGIN:VTIMEZONE.*END:VTIMEZONE\r\n", "", stored(), flags=re.DOTALL)
    text = re.sub(r"DTEND;[^\r]*\r\n", "DURATION:PT1H\r\n", text)
    return re.sub(r"DTSTART;[^\r]*", f"DTSTART{zone}:{start}", text)


@pytest.mark.filterwarnings("ignore:Timezone '/mozilla.org")
@pytest.mark.parametrize(
    ("zone", "start", "written", "definitions"),
    [
        ("", "20261202T090000Z", "DTSTART:20261202T090000Z", 0),
        (";TZID=Etc/UTC", "20261202T090000", "DTSTART:20261202T090000Z", 0),
        (";TZID=Asia/Tokyo", "20261202T090000", "DTSTART;TZID=Asia/Tokyo:20261202T090000", 1),
        (
            ";TZID=/mozilla.org/20070129_1/Europe/Paris",
            "20261202T090000",
            "DTSTART;TZID=Europe/Paris:20261202T090000",
            1,
        ),
        (
            ';TZID="W. Europe Standard Time"',
            "20261202T090000",
            "DTSTART;TZID=Europe/Berlin:20261202T090000",
            1,
        ),
        (";VALUE=DATE", "20261202", "DTSTART;VALUE=DATE:20261202", 0),
    ],
)
def test_the_time_is_sent_as_the_user_moved_it(
    zone: str, start: str, written: str, definitions: int
) -> None:
    text = requested(moved(zone, start))

    assert lines(text, "DTSTART") == [written]
    assert lines(text, "DURATION") == ["DURATION:PT1H"]
    assert text.count("BEGIN:VTIMEZONE") == definitions


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("", "20261202T090000"),
        (";TZID=Nowhere/Land", "20261202T090000"),
        (";TZID=Europe/Berlin", "00010101T000000"),
        (";TZID=Europe/Berlin", "99991231T235959"),
    ],
)
def test_a_time_that_others_might_understand_otherwise_is_refused(zone: str, start: str) -> None:
    with pytest.raises(UnreadableEventError):
        requested(moved(zone, start))


def test_start_and_end_may_stand_in_two_zones() -> None:
    text = requested(
        stored().replace(
            "DTEND;TZID=Europe/Berlin:20261201T1", "DTEND;TZID=Europe/London:20261201T0"
        )
    )

    assert text.count("BEGIN:VTIMEZONE") == 2
    assert lines(text, "DTEND") == ["DTEND;TZID=Europe/London:20261201T004500"]


def test_endless_rules_of_a_zone_cost_nothing() -> None:
    began = time.process_time()
    for begin in ("BEGIN:VTIMEZONE", "BEGIN:VTIME\r\n ZONE"):
        rules = ENDLESS_ZONE.replace("BEGIN:VTIMEZONE", begin)
        text = stored().replace("BEGIN:VEVENT", rules.replace("TZID:Own", "TZID:Europe/Berlin"))
        requested(text)
        cancellation(text, 2, LATER)
    assert time.process_time() - began < 5


@settings(deadline=None, max_examples=60)  # a shared machine says nothing about speed
@given(words=st.text(), place=st.text())
def test_any_words_of_the_user_arrive(words: str, place: str) -> None:
    texts = {"SUMMARY": f"Lunch {words}", "DESCRIPTION": words, "LOCATION": place}

    def edit(event: Event) -> None:
        for name, text in texts.items():
            replaced(event, name, text.encode(errors="replace").decode())

    before = edited(stored(), edit)
    found = read_stored(before)
    sent = read_stored(requested(before))

    assert sent.title == one_line(found.title)
    assert sent.description == found.description
    assert isinstance(Calendar.from_ical(requested(before).encode()), Calendar)
