"""What users do to drafts in calendar clients, and what connectd makes of it."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Event, vCalAddress
from sample_drafts import (
    BOB,
    ME,
    MINE,
    NOW,
    SPAN,
    START,
    UID,
    drafted,
    edited,
    heard,
    invited,
    meeting,
    replaced,
    with_lines,
)

from connectd.domain.model import Contact, Form, Reply, Span
from connectd.domain.view import Answer, Gesture
from connectd.errors import UnreadableEventError
from connectd.formats.calendar_writer import draft
from connectd.formats.gestures import (
    UNREADABLE,
    WITHOUT_A_TIME,
    gesture_from_json,
    gesture_to_json,
    read_confined,
    read_gesture,
)
from connectd.formats.marks import title_answer
from connectd.formats.stored_event import values
from connectd.formats.wording import DraftNotes

INVITATION, PLAIN = drafted(Form.INVITATION), drafted(Form.PLAIN)
Edit = Callable[[Event], object]


def read(after: str, before: str = INVITATION) -> Gesture:
    return heard(before, after)


def after(edit: Edit, before: str = INVITATION) -> Gesture:
    return read(edited(before, edit), before)


def put(name: str, value: object) -> Edit:
    return lambda event: replaced(event, name, value)


def my_answer(partstat: str) -> Edit:
    def answer(event: Event) -> None:
        for attendee in values(event, "ATTENDEE"):
            if attendee.params["CN"] == ME.name:
                attendee.params["PARTSTAT"] = partstat

    return answer


def category(*names: str) -> Edit:
    return lambda event: event.add("CATEGORIES", list(names))


def lengthened(event: Event) -> None:
    event.pop("DTEND")
    event.add("DURATION", timedelta(hours=1))


@pytest.mark.parametrize(
    ("edit", "how"),
    [
        (my_answer("ACCEPTED"), "you accepted it"),
        (my_answer("accepted"), "you accepted it"),
        (put("STATUS", "CONFIRMED"), "the status became confirmed"),
        (put("SUMMARY", "OK ? Bob Baker"), "the title starts with yes"),
        (category("Friends", "accept"), "a category says yes"),
        (category("ACCEPTED"), "a category says yes"),
    ],
)
def test_every_way_to_say_yes(edit: Edit, how: str) -> None:
    assert after(edit) == Gesture(SPAN, Answer.YES, how)


@pytest.mark.parametrize(
    ("edit", "how"),
    [
        (my_answer("DECLINED"), "you declined it"),
        (put("STATUS", "Cancelled"), "the status became cancelled"),
        (put("SUMMARY", "✗ Bob Baker"), "the title starts with no"),
        (category("Decline"), "a category says no"),
    ],
)
def test_every_way_to_say_no(edit: Edit, how: str) -> None:
    assert after(edit) == Gesture(SPAN, Answer.NO, how)


CHANNELS: dict[str, dict[Answer, Edit]] = {
    "partstat": {Answer.YES: my_answer("ACCEPTED"), Answer.NO: my_answer("DECLINED")},
    "status": {Answer.YES: put("STATUS", "CONFIRMED"), Answer.NO: put("STATUS", "CANCELLED")},
    "title": {Answer.YES: put("SUMMARY", "✓ Bob"), Answer.NO: put("SUMMARY", "no Bob")},
    "accept": {Answer.YES: category("ACCEPT")},
    "decline": {Answer.NO: category("DECLINE")},
}


@settings(deadline=None)  # a shared machine says nothing about speed
@given(said=st.fixed_dictionaries({name: st.sampled_from(Answer) for name in CHANNELS}))
def test_any_no_beats_any_yes(said: dict[str, Answer]) -> None:
    edits = [CHANNELS[name][answer] for name, answer in said.items() if answer in CHANNELS[name]]
    heard = {answer for name, answer in said.items() if answer in CHANNELS[name]}
    text = INVITATION
    for edit in edits:
        text = edited(text, edit)
    expected = next((one for one in (Answer.NO, Answer.YES) if one in heard), Answer.NONE)
    assert read(text).answer is expected


def rewritten_organizer(event: Event) -> None:
    replaced(event, "ORGANIZER", vCalAddress("mailto:alice@example.test"))


def dropped_machine(event: Event) -> None:
    replaced(event, "ATTENDEE", [one for one in values(event, "ATTENDEE") if "mailto" in one])


HARMLESS: list[Edit] = [
    put("STATUS", "TENTATIVE"),
    lambda event: event.pop("STATUS", None),
    my_answer("TENTATIVE"),
    my_answer("DELEGATED"),
    put("SEQUENCE", 3),
    put("DTSTAMP", NOW + timedelta(hours=1)),
    put("LAST-MODIFIED", NOW),
    put("DESCRIPTION", "OK, yes, ACCEPT"),
    put("LOCATION", "OK Corral"),
    put("COLOR", "red"),
    put("PRIORITY", 1),
    put("CLASS", "CONFIDENTIAL"),
    put("TRANSP", "TRANSPARENT"),
    put("X-MOZ-GENERATION", "2"),
    put("X-STATUS", "CONFIRMED"),
    category("Acceptable", "OK", "Yes"),
    put("DTSTART", SPAN.start),
    put("DTEND", SPAN.end),
    rewritten_organizer,
    dropped_machine,
]


@settings(deadline=None)  # a shared machine says nothing about speed
@given(
    edits=st.lists(st.sampled_from(HARMLESS), max_size=6),
    title=st.none() | st.text().filter(lambda title: title_answer("? x", title) is Answer.NONE),
    alarm=st.booleans(),
)
def test_harmless_edits_are_no_answer_and_no_move(
    edits: list[Edit], title: str | None, *, alarm: bool
) -> None:
    text = INVITATION
    for edit in edits:
        text = edited(text, edit)
    if title is not None:
        text = edited(text, put("SUMMARY", title))
    if alarm:
        text = with_lines(text, "BEGIN:VALARM", "STATUS:CONFIRMED", "TRIGGER:never", "END:VALARM")
    assert read(text) == Gesture(SPAN)


NAMES = st.text() | st.sampled_from(
    ["Ok Sun", "OK", "No Doubt", "NO", "✓", "✗ Ray", "Yes", "Yesenia", "? No", "ok\u200d", "O\\NK"]
)


@settings(deadline=None)  # a shared machine says nothing about speed
@given(name=NAMES, form=st.sampled_from(Form))
def test_a_draft_as_it_was_written_says_nothing(name: str, form: Form) -> None:
    contact = Contact(BOB.id, name, BOB.emails, "business")
    text = draft(meeting(form), [contact], ME, DraftNotes(agenda=(name,)), NOW)
    assert read(text, text) == Gesture(SPAN)


def test_the_status_counts_in_the_plain_form_too() -> None:
    assert after(put("STATUS", "CONFIRMED"), PLAIN).answer is Answer.YES
    assert after(put("STATUS", "CANCELLED"), PLAIN).answer is Answer.NO


def test_a_user_who_was_not_asked_cannot_accept_but_decline() -> None:
    """Clients enter the user as accepted when a guest is added to a plain event."""
    line = "ATTENDEE;PARTSTAT={}:mailto:alice@example.test"
    assert read(with_lines(PLAIN, line.format("ACCEPTED")), PLAIN).answer is Answer.NONE
    assert read(with_lines(PLAIN, line.format("DECLINED")), PLAIN).answer is Answer.NO


def test_the_user_is_known_by_any_of_his_addresses() -> None:
    def answered(event: Event) -> None:
        mine = vCalAddress("urn:uuid:00000000-0000-0000-0000-000000000000")
        mine.params["EMAIL"] = "Alice@HOME.test"
        mine.params["PARTSTAT"] = "ACCEPTED"
        replaced(event, "ATTENDEE", mine)

    assert after(answered).answer is Answer.YES
    assert read_gesture(INVITATION, edited(INVITATION, answered), ["x@y"], ()).answer is Answer.NONE


def test_another_attendee_answers_for_nobody_else() -> None:
    lines = "ATTENDEE;PARTSTAT=DECLINED:mailto:carol@example.test"
    assert read(with_lines(INVITATION, lines)).answer is Answer.NONE


@pytest.mark.parametrize(
    ("edit", "minutes_later", "minutes"),
    [
        (put("DTSTART", START + timedelta(minutes=15)), 15, 30),
        (put("DTEND", SPAN.end + timedelta(minutes=15)), 0, 60),
        (lengthened, 0, 60),
    ],
)
def test_a_move_is_no_answer(edit: Edit, minutes_later: int, minutes: int) -> None:
    start = START + timedelta(minutes=minutes_later)
    assert after(edit) == Gesture(Span(start, start + timedelta(minutes=minutes)))


def test_a_yes_together_with_a_move_is_both() -> None:
    text = edited(INVITATION, my_answer("ACCEPTED"))
    text = edited(text, put("DTSTART", START + timedelta(minutes=15)))
    assert read(text).answer is Answer.YES
    assert read(text).span.start == START + timedelta(minutes=15)


def written_times(start: str, *more: str) -> str:
    times = ("DTSTART;TZID=Europe/Berlin:20261201T100000\r\n", "DTEND;TZID=Europe/Berlin:")
    without = INVITATION.replace(times[0], "").replace(f"{times[1]}20261201T104500\r\n", "")
    return with_lines(without, start, *more)


@pytest.mark.filterwarnings("ignore:Timezone .* is a globally unique TZID")
@pytest.mark.parametrize(
    "times",
    [
        ("DTSTART:20261201T090000Z", "DTEND:20261201T094500Z"),
        ("DTSTART:20261201T090000Z", "DURATION:PT45M"),
        ("DTSTART;TZID=America/New_York:20261201T040000", "DURATION:PT45M"),
        ("DTSTART:20261201T100000", "DTEND:20261201T104500"),
        ("DTSTART;TZID=Europe/Berlin:20261201T090000Z", "DTEND:20261201T094500Z"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261201T100000",
         "DURATION:PT45M"),
        ("DTSTART;TZID=W. Europe Standard Time:20261201T100000", "DURATION:PT45M"),
        ("DTSTART:20261201T090000Z",),
        ("DTSTART:20261201T090000Z", "DTEND:20261201T090000Z"),
    ],
)  # fmt: skip
def test_the_same_time_in_another_notation_is_no_move(times: tuple[str, ...]) -> None:
    assert read(written_times(*times)) == Gesture(SPAN)


@pytest.mark.parametrize(
    "times",
    [
        ("DTSTART:yesterday",),
        ("DTSTART;TZID=Nowhere/Land:20261201T110000", "DURATION:PT45M"),
        ("DTSTART:20261201T110000Z", "DTEND:20261201T100000Z"),
        ("DTSTART:20261201T110000Z", "DTEND:soon"),
        ("DTSTART:20261201T110000Z", "DTEND;VALUE=DATE:20261202"),
        ("DTSTART:20261201T110000Z", "DURATION:P999999W"),
        ("DTSTART:99991231T235959Z", "DURATION:P1D"),
        ("DTSTART:20261201T110000Z", "DTSTART:20261202T110000Z"),
        ("X-NO-START:1",),
    ],
)
def test_a_time_that_cannot_be_said_is_no_move_and_no_yes(times: tuple[str, ...]) -> None:
    text = written_times(*times)
    assert read(text).span == SPAN
    accepted = text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED")
    assert read(accepted) == Gesture(SPAN, how=UNREADABLE)
    assert read(text.replace("STATUS:TENTATIVE", "STATUS:CANCELLED")).answer is Answer.NO


def test_an_all_day_event_takes_the_local_day_and_cannot_be_accepted() -> None:
    text = edited(INVITATION, put("DTSTART", date(2026, 12, 2)))
    text = edited(text, put("DTEND", date(2026, 12, 3)))
    day = Span(datetime(2026, 12, 1, 23, tzinfo=UTC), datetime(2026, 12, 2, 23, tzinfo=UTC))
    assert read(text) == Gesture(day)
    assert read(edited(text, my_answer("ACCEPTED"))) == Gesture(day, how=WITHOUT_A_TIME)
    assert read(edited(text, my_answer("DECLINED"))).answer is Answer.NO
    one_day = edited(text, lambda event: event.pop("DTEND"))
    assert read(one_day) == Gesture(day)


@pytest.mark.parametrize(
    "line", ["RRULE:FREQ=WEEKLY", "RDATE:20261208T090000Z", "RRULE:FREQ=SECONDLY;COUNT=1000000000"]
)
def test_a_series_is_noticed(line: str) -> None:
    assert read(with_lines(INVITATION, line)).series
    assert not read(INVITATION).series


def test_of_several_events_the_master_counts() -> None:
    override = (
        f"BEGIN:VEVENT\r\nUID:{UID}\r\nDTSTAMP:20261123T090102Z\r\n"
        "RECURRENCE-ID:20261208T090000Z\r\nDTSTART:20261208T100000Z\r\n"
        "STATUS:CONFIRMED\r\nSUMMARY:OK\r\nEND:VEVENT\r\n"
    )
    for text in (
        INVITATION.replace("END:VCALENDAR", override + "END:VCALENDAR"),
        INVITATION.replace("BEGIN:VEVENT", override + "BEGIN:VEVENT"),
    ):
        assert read(text) == Gesture(SPAN, series=True)


@pytest.mark.parametrize(
    ("partstat", "reply"),
    [
        ("ACCEPTED", Reply.ACCEPTED),
        ("declined", Reply.DECLINED),
        ("TENTATIVE", Reply.TENTATIVE),
        ("NEEDS-ACTION", Reply.NONE),
        ("DELEGATED", Reply.NONE),
    ],
)
def test_the_contacts_answer_is_read_from_the_invitation(partstat: str, reply: Reply) -> None:
    sent = invited()
    answered = sent.replace("PARTSTAT=NEEDS-ACTION", f"PARTSTAT={partstat}")
    assert read(answered, sent) == Gesture(SPAN, reply=reply)


def test_the_user_calls_an_invitation_off() -> None:
    sent = invited()
    assert after(put("STATUS", "CANCELLED"), sent).answer is Answer.NO
    assert read(sent, sent) == Gesture(SPAN)


def test_a_malformed_line_that_matters_is_no_yes() -> None:
    broken = with_lines(INVITATION, 'ATTENDEE;CN=a"b;PARTSTAT=DECLINED:mailto:alice@example.test')
    confirmed = edited(INVITATION, put("STATUS", "CONFIRMED"))
    assert read(broken) == Gesture(SPAN)
    assert read(broken.replace("TENTATIVE", "CONFIRMED")) == Gesture(SPAN, how=UNREADABLE)
    assert read(with_lines(confirmed, "X-FOO BAR")).answer is Answer.YES


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "/etc/hostname",
        "\x00\x01\udcff",
        "<html>login</html>",
        "BEGIN:VCALENDAR",
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        "BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        "END:VEVENT\r\n" * 3,
        INVITATION.replace("VEVENT", "VTODO"),
        INVITATION + INVITATION,
        INVITATION.replace(UID, "another"),
        INVITATION[:-40],
        "X" * 2_000_000,
    ],
)
def test_what_is_not_our_event_any_more_is_no_gesture(text: str) -> None:
    assert read(text) == Gesture(SPAN, how=UNREADABLE)


@settings(deadline=None)  # a shared machine says nothing about speed
@given(text=st.text(), at=st.floats(0, 1))
def test_foreign_bytes_raise_nothing(text: str, at: float) -> None:
    middle = int(len(INVITATION) * at)
    for torn in (text, INVITATION[:middle] + text + INVITATION[middle:], INVITATION[:middle]):
        assert isinstance(read(torn), Gesture)


def test_a_last_version_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(UnreadableEventError):
        read(INVITATION, "")
    request = {"before": "", "after": INVITATION, "me": list(MINE), "people": [list(BOB.emails)]}
    assert read_confined(request) == {"gesture": None}


def test_a_gesture_survives_the_way_through_another_process() -> None:
    sent = invited()
    stored = edited(sent, put("STATUS", "CANCELLED")).replace("NEEDS-ACTION", "DECLINED")
    stored = stored.replace("SEQUENCE:1", "SEQUENCE:7")
    request = {
        "before": sent,
        "after": with_lines(stored, "RRULE:FREQ=DAILY"),
        "me": list(MINE),
        "people": [list(BOB.emails)],
    }
    answer = json.loads(json.dumps(read_confined(json.loads(json.dumps(request)))))
    expected = Gesture(
        SPAN, Answer.NO, "the status became cancelled", Reply.DECLINED, series=True, sequence=7
    )
    assert gesture_from_json(answer["gesture"]) == expected
    assert gesture_to_json(expected) == answer["gesture"]


def test_a_gesture_kept_before_the_sequence_was_recorded_can_still_be_read() -> None:
    kept = gesture_to_json(Gesture(SPAN, Answer.YES, sequence=3))
    del kept["sequence"]
    assert gesture_from_json(kept) == Gesture(SPAN, Answer.YES)
