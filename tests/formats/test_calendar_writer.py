"""Drafts and invitations as they go to the server."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_drafts import (
    BOB,
    INSTALLATION,
    ME,
    NOW,
    SPAN,
    START,
    UID,
    drafted,
    edited,
    event_in,
    invited,
    lines,
    meeting,
    replaced,
    unfolded,
    with_lines,
)

from connectd.domain.identity import meeting_uid
from connectd.domain.model import Contact, Delivery, Form, Kind, Meeting, Span, State
from connectd.errors import SenselessError, UnreadableEventError
from connectd.formats.calendar_writer import Asked, Me, draft, href_of, invitation
from connectd.formats.stored_event import read_stored
from connectd.formats.wording import DraftNotes

ASKED = "PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE"
MACHINE = f"urn:uuid:{INSTALLATION}"


def test_the_invitation_form_asks_the_user_and_nobody_else() -> None:
    text = drafted(Form.INVITATION)
    assert lines(text, "ORGANIZER") == [f"ORGANIZER;CN=connectd;SCHEDULE-AGENT=CLIENT:{MACHINE}"]
    assert lines(text, "ATTENDEE") == [
        f"ATTENDEE;CN=connectd;PARTSTAT=ACCEPTED;ROLE=CHAIR;SCHEDULE-AGENT=CLIENT:{MACHINE}",
        f'ATTENDEE;CN="Alice Example";{ASKED}:mailto:alice@example.test',
    ]


def test_the_plain_form_names_nobody() -> None:
    text = drafted(Form.PLAIN)
    assert not lines(text, "ORGANIZER")
    assert not lines(text, "ATTENDEE")
    assert "mailto:" not in text


@pytest.mark.parametrize("form", list(Form))
def test_a_draft_is_tentative_takes_time_and_rings_no_bell(form: Form) -> None:
    text = drafted(form)
    assert lines(text, "SUMMARY") == ["SUMMARY:? Bob Baker – coffee"]
    assert lines(text, "STATUS") == ["STATUS:TENTATIVE"]
    assert lines(text, "TRANSP") == ["TRANSP:OPAQUE"]
    assert lines(text, "SEQUENCE") == ["SEQUENCE:0"]
    assert lines(text, "DTSTAMP") == ["DTSTAMP:20261123T090102Z"]
    assert lines(text, "UID") == [f"UID:{UID}"]
    assert "VALARM" not in text
    assert "METHOD" not in text
    assert not re.search(r"[^\r]\n|\r[^\n]", text)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_mark_says_nothing_of_the_contact() -> None:
    mark = lines(drafted(), "X-CONNECTD-MEETING")[0]
    assert re.fullmatch(r"X-CONNECTD-MEETING:[0-9a-f-]{36}", mark)
    assert UID not in mark
    assert lines(drafted(), "X-") == []
    assert unfolded(drafted()).count("\r\nX-") == 1


def test_the_description_tells_the_user_what_to_know() -> None:
    asked = meeting()._replace(reasons=("You last met in June", ""))
    lapses = datetime(2026, 11, 30, 9, tzinfo=UTC)
    notes = DraftNotes(Delivery.SERVER, lapses, "Work", ("Her new job",))
    words = read_stored(draft(asked, [BOB], ME, notes, NOW)).description
    assert words.startswith("Draft by connectd: nothing has been sent, and Bob Baker knows")
    assert "press Accept. Bob Baker then gets an invitation from your calendar server." in words
    assert "put OK or NO before the title" in words
    assert "category ACCEPT or DECLINE" in words
    assert "Moved to the calendar Work it says yes too." in words
    assert "goes away on Mon 30 Nov 2026, 10:00 (Europe/Berlin)" in words
    assert words.endswith(
        "Why Bob Baker, and why now:\n- You last met in June\n\n"
        "To talk about with Bob Baker:\n- Her new job"
    )


@pytest.mark.parametrize(
    ("sends", "words"),
    [
        (Delivery.SERVER, "Bob Baker then gets an invitation from your calendar server."),
        (Delivery.MAIL, "Bob Baker then gets an invitation by mail."),
        (Delivery.MANUAL, "stands in your calendar; please tell Bob Baker yourself."),
    ],
)
def test_the_description_tells_what_a_yes_will_do(sends: Delivery, words: str) -> None:
    assert words in read_stored(draft(meeting(), [BOB], ME, DraftNotes(sends), NOW)).description


def test_the_description_promises_no_sending_that_does_not_happen() -> None:
    by_hand = read_stored(draft(meeting(Form.PLAIN), [BOB], ME, DraftNotes(), NOW)).description
    assert "set the status to Confirmed" in by_hand
    assert "please tell Bob Baker yourself" in by_hand
    assert "To talk about" not in by_hand
    assert "goes away on" not in by_hand


LETTERS = st.sampled_from("bobBOB@example.testEXAMPLE.TEST -,;\\\u200d\u202e\n")
ADDRESS_LIKE = st.sampled_from(
    [
        "bob@example.test",
        "BOB@Example.TEST",
        "b.baker@work.test",
        "bob@example.test@example.test",
        "bobob@example.test@example.test",
        "bo\u200db@exam\u202eple.test",
        "<mailto:bob@example.test?subject=x>",
        "bob@example\\.test",
    ]
)
TEXTS = st.lists(st.one_of(ADDRESS_LIKE, st.text(), st.text(LETTERS)), max_size=4).map("".join)


@settings(deadline=None)  # a shared machine says nothing about speed
@given(name=TEXTS, reason=TEXTS, agenda=TEXTS, my_name=TEXTS, form=st.sampled_from(Form))
def test_no_address_of_the_contact_is_in_any_draft(
    name: str, reason: str, agenda: str, my_name: str, form: Form
) -> None:
    contact = BOB._replace(name=name)
    asked = meeting(form)._replace(reasons=(reason,))
    me = replace(ME, name=my_name)
    text = draft(asked, [contact], me, DraftNotes(agenda=(agenda,), accepted_calendar=name), NOW)
    for address in BOB.emails:
        assert address not in unfolded(text).lower()
        assert address not in text.lower()
        assert address not in unfolded(text).replace("\\", "").lower()


@settings(deadline=None, max_examples=40)  # a shared machine says nothing about speed
@given(name=st.text(min_size=1), form=st.sampled_from(Form))
def test_any_name_can_be_written_and_read_by_another_library(name: str, form: Form) -> None:
    text = draft(
        meeting(form), [BOB._replace(name=name)], replace(ME, name=name), DraftNotes(), NOW
    )
    event = vobject.readOne(text).vevent
    assert event.uid.value == UID
    assert event.status.value == "TENTATIVE"
    assert event.summary.value == read_stored(text).title
    assert len(event.contents.get("attendee", [])) == (2 if form is Form.INVITATION else 0)
    sent = invitation(
        meeting(form)._replace(sequence=1),
        [BOB._replace(name=name)],
        replace(ME, name=name),
        text,
        written=text,
        asked=Asked.BY_SERVER,
        now=NOW,
    )
    guests = vobject.readOne(sent).vevent.attendee_list
    assert [guest.value for guest in guests] == [
        "mailto:alice@example.test",
        "mailto:bob@example.test",
    ]


def test_quotes_commas_and_line_breaks_in_a_name_stay_in_the_name() -> None:
    name = 'Bob "Bo" O\'Bäker, Dr.; PhD: x\r\nATTENDEE:mailto:eve@evil.test\x1b^'
    text = invited_as(name)
    guests = event_in(text)["ATTENDEE"]
    assert len(guests) == 2
    assert guests[1].params["CN"] == (
        "Bob 'Bo' O'Bäker, Dr.; PhD: x ATTENDEE:mailto:eve@evil.test^"
    )
    assert "\r\nATTENDEE:mailto:eve" not in unfolded(text)


def invited_as(name: str) -> str:
    contact = BOB._replace(name=name)
    written = drafted(contact=contact)
    return invitation(
        meeting(sequence=1), [contact], ME, written, written=written, asked=Asked.BY_SERVER, now=NOW
    )


def test_times_stand_in_the_zone_of_the_user_with_its_rules() -> None:
    text = drafted()
    assert lines(text, "DTSTART") == ["DTSTART;TZID=Europe/Berlin:20261201T100000"]
    assert lines(text, "DTEND") == ["DTEND;TZID=Europe/Berlin:20261201T104500"]
    assert text.index("BEGIN:VTIMEZONE") < text.index("BEGIN:VEVENT")


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC"])
def test_a_user_in_utc_gets_utc(zone: str) -> None:
    text = draft(meeting(), [BOB], replace(ME, zone=zone), DraftNotes(), NOW)
    assert lines(text, "DTSTART") == ["DTSTART:20261201T090000Z"]
    assert "VTIMEZONE" not in text


def test_the_second_of_the_two_hours_in_autumn_is_written_in_utc() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    for start, written in [
        (first, "DTSTART;TZID=Europe/Berlin:20261025T023000"),
        (first + timedelta(hours=1), "DTSTART:20261025T013000Z"),
    ]:
        span = Span(start, start + timedelta(minutes=15))
        text = draft(meeting(span=span), [BOB], ME, DraftNotes(), NOW)
        assert lines(text, "DTSTART") == [written]
        assert read_stored(text).span(UTC, timedelta()) == span


@settings(deadline=None)  # a shared machine says nothing about speed
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 (made UTC below)
    zone=st.sampled_from(
        ["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca"]
    ),
)
def test_every_time_is_read_back_as_it_was_meant(start: datetime, zone: str) -> None:
    begins = start.replace(second=0, microsecond=0, tzinfo=UTC)
    span = Span(begins, begins + timedelta(minutes=45))
    text = draft(meeting(span=span), [BOB], replace(ME, zone=zone), DraftNotes(), NOW)
    assert read_stored(text).span(UTC, timedelta()) == span


def test_an_address_of_the_user_that_is_none_is_refused() -> None:
    with pytest.raises(SenselessError, match="not an e-mail address"):
        draft(meeting(), [BOB], replace(ME, email="a@b,c@d"), DraftNotes(), NOW)


def test_the_href_comes_from_the_uid() -> None:
    uid = meeting_uid(INSTALLATION, "bob-baker", 1)
    assert href_of("https://dav.example.test/alice/cal", uid) == (
        f"https://dav.example.test/alice/cal/{uid}.ics"
    )
    assert href_of("https://d/c/", "a/b") == "https://d/c/a%2Fb.ics"


@pytest.mark.parametrize("form", list(Form))
def test_the_invitation_is_from_the_user_to_the_contact(form: Form) -> None:
    text = invited(drafted(form), drafted(form))
    assert lines(text, "ORGANIZER") == ['ORGANIZER;CN="Alice Example":mailto:alice@example.test']
    assert lines(text, "ATTENDEE") == [
        'ATTENDEE;CN="Alice Example";PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:alice@example.test',
        f'ATTENDEE;CN="Bob Baker";{ASKED}:mailto:bob@example.test',
    ]
    assert lines(text, "SUMMARY") == ["SUMMARY:Coffee – Alice Example & Bob Baker"]
    assert lines(text, "STATUS") == ["STATUS:CONFIRMED"]
    assert lines(text, "SEQUENCE") == ["SEQUENCE:1"]
    assert lines(text, "UID") == [f"UID:{UID}"]
    assert lines(text, "DTSTART") == ["DTSTART;TZID=Europe/Berlin:20261201T100000"]
    assert "urn:uuid" not in text
    assert "SCHEDULE-AGENT" not in text


def test_nothing_private_is_in_the_invitation() -> None:
    asked = meeting()._replace(reasons=("You owe him an answer since June",))
    notes = DraftNotes(agenda=("Ask about the divorce",))
    written = draft(asked, [BOB], ME, notes, NOW)
    copies = with_lines(
        written,
        "X-ALT-DESC;FMTTYPE=text/html:<p>You owe him</p>",
        "X-FANCY-NOTE:- Ask about the divorce",
        "X-PARAM;HINT=you owe him an answer:1",
        "X-CONNECTD-REASON:secret",
        "COMMENT:You owe him an answer since June",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT15M",
        "DESCRIPTION:You owe him an answer since June",
        "X-NOTE:You owe him an answer since June",
        "END:VALARM",
    )
    text = unfolded(
        invitation(asked, [BOB], ME, copies, written=written, asked=Asked.BY_SERVER, now=NOW)
    ).lower()
    for private in ("owe", "divorce", "secret", "reason", "draft by connectd", "tentative"):
        assert private not in text
    assert text.count("x-connectd-") == 1


@pytest.mark.parametrize(
    "words",
    [
        "- you owe him an answer",
        "<html><body><i>You owe him</i> an answer</body></html>",
        "My own words.\nDraft by connectd: nothing has been sent",
        "Divorce!",
    ],
)
def test_a_description_with_a_piece_of_the_draft_is_replaced(words: str) -> None:
    asked = meeting()._replace(reasons=("You owe him an answer since June",))
    written = draft(asked, [BOB], ME, DraftNotes(agenda=("Divorce",)), NOW)
    stored = edited(written, lambda event: replaced(event, "DESCRIPTION", words))
    text = invitation(asked, [BOB], ME, stored, written=written, asked=Asked.BY_SERVER, now=NOW)
    assert lines(text, "DESCRIPTION")[0].startswith("DESCRIPTION:Alice Example would like to meet")


def test_a_description_of_the_users_own_is_kept_and_goes_only_with_a_known_draft() -> None:
    words = "Let us sit outside.\nI bring cake, you bring Ann."
    stored = edited(drafted(), lambda event: replaced(event, "DESCRIPTION", words))
    assert read_stored(invited(stored)).description == words
    assert words not in read_stored(invited(stored, written="lost")).description


def test_what_the_user_put_in_is_kept() -> None:
    stored = with_lines(
        drafted(),
        "LOCATION:Café Central\\, Hauptstr. 1\\nBerlin",
        "COLOR:turquoise",
        "CATEGORIES:ACCEPT,Friends\\, old",
        "URL:https://meet.example.test/x",
        "X-MOZ-LASTACK:20261123T090000Z",
        "X-MOZ-SEND-INVITATIONS:TRUE",
        'ATTENDEE;CN="Carol";PARTSTAT=NEEDS-ACTION:mailto:carol@example.test',
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT15M",
        "DESCRIPTION:? Bob Baker – coffee",
        "END:VALARM",
    )
    text = invited(stored)
    assert lines(text, "LOCATION") == ["LOCATION:Café Central\\, Hauptstr. 1\\nBerlin"]
    assert lines(text, "COLOR") == ["COLOR:turquoise"]
    assert lines(text, "CATEGORIES") == ["CATEGORIES:Friends\\, old"]
    assert lines(text, "URL") == ["URL:https://meet.example.test/x"]
    assert "X-MOZ" not in text
    assert lines(text, "ATTENDEE")[2] == (
        "ATTENDEE;CN=Carol;PARTSTAT=NEEDS-ACTION:mailto:carol@example.test"
    )
    assert "TRIGGER:-PT15M" in text
    assert lines(text, "DESCRIPTION")[1] == "DESCRIPTION:Coffee – Alice Example & Bob Baker"


def test_an_organizer_that_a_client_rewrote_does_not_become_a_guest() -> None:
    me = replace(ME, other_emails=("alice@home.test",))
    stored = with_lines(
        drafted(Form.PLAIN),
        "ORGANIZER:mailto:alice@home.test",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ALICE@home.test",
        "ATTENDEE:invalid:nomail",
        "ATTENDEE:mailto:b.baker@work.test",
    )
    text = invitation(
        meeting(sequence=1),
        [BOB],
        me,
        stored,
        written=drafted(Form.PLAIN),
        asked=Asked.BY_SERVER,
        now=NOW,
    )
    assert [str(guest) for guest in event_in(text)["ATTENDEE"]] == [
        "mailto:alice@example.test",
        "mailto:bob@example.test",
    ]


@pytest.mark.parametrize(
    ("stored", "sent"),
    [
        ("? Bob Baker – coffee", "Coffee – Alice Example & Bob Baker"),
        ("OK ? Bob Baker – coffee", "Coffee – Alice Example & Bob Baker"),
        ("✓ Bob Baker – coffee", "Coffee – Alice Example & Bob Baker"),
        ("yes: Bob Baker – coffee", "Coffee – Alice Example & Bob Baker"),
        ("", "Coffee – Alice Example & Bob Baker"),
        ("OK", "Coffee – Alice Example & Bob Baker"),
        ("OK Sushi with Bob", "Sushi with Bob"),
        ("? Okonomiyaki with Bob", "Okonomiyaki with Bob"),
        ("Sushi?", "Sushi?"),
        ("long " * 60 + "title", "long " * 60 + "title"),
    ],
)
def test_the_users_title_is_kept_and_ours_is_not(stored: str, sent: str) -> None:
    text = invited(edited(drafted(), lambda event: replaced(event, "SUMMARY", stored)))
    assert read_stored(text).title == sent


def test_a_name_that_looks_like_a_yes_stays_whole_in_the_users_title() -> None:
    contact = BOB._replace(name="Ok Sun")
    written = drafted(contact=contact)
    stored = edited(written, lambda event: replaced(event, "SUMMARY", "OK ? Ok Sun – tea"))
    text = invitation(
        meeting(sequence=1), [contact], ME, stored, written=written, asked=Asked.BY_SERVER, now=NOW
    )
    assert read_stored(text).title == "Ok Sun – tea"


def test_the_time_is_that_of_the_meeting() -> None:
    moved = Span(START + timedelta(days=1), START + timedelta(days=1, minutes=30))
    stored = edited(drafted(), lambda event: replaced(event, "DTSTART", START))
    text = invitation(
        meeting(span=moved, sequence=1),
        [BOB],
        ME,
        stored,
        written=drafted(),
        asked=Asked.BY_SERVER,
        now=NOW,
    )
    assert lines(text, "DTSTART") == ["DTSTART;TZID=Europe/Berlin:20261202T100000"]
    assert lines(text, "DTEND") == ["DTEND;TZID=Europe/Berlin:20261202T103000"]


def test_a_broken_reminder_costs_only_itself() -> None:
    stored = with_lines(
        drafted(), "LOCATION:Park", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:soon", "END:VALARM"
    )
    text = invited(stored)
    assert lines(text, "LOCATION") == ["LOCATION:Park"]
    assert "VALARM" not in text


@pytest.mark.parametrize("stored", ["", "<html>login</html>", "BEGIN:VCALENDAR\r\nEND:VCALENDAR"])
def test_what_cannot_be_understood_is_never_overwritten(stored: str) -> None:
    with pytest.raises(UnreadableEventError):
        invited(stored)


@pytest.mark.parametrize("emails", [(), ("bob@example.test,eve@evil.test",)])
def test_nobody_is_invited_without_a_plain_address(emails: tuple[str, ...]) -> None:
    contact = BOB._replace(emails=emails)
    with pytest.raises(SenselessError, match="not an e-mail address"):
        invitation(
            meeting(), [contact], ME, drafted(), written=drafted(), asked=Asked.BY_SERVER, now=NOW
        )


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_meeting_has_its_words(kind: Kind) -> None:
    asked = Meeting(UID, BOB.id, 1, State.DRAFTED, SPAN, kind=kind)
    written = draft(asked, [BOB], ME, DraftNotes(), NOW)
    title = read_stored(
        invitation(asked, [BOB], ME, written, written=written, asked=Asked.BY_SERVER, now=NOW)
    ).title
    assert title.endswith(" – Alice Example & Bob Baker")
    assert title.split(" – ")[0].lower() == read_stored(written).title.split(" – ")[1]


def test_a_contact_without_a_usable_name_is_called_by_the_id() -> None:
    contact = Contact("contact-2", "\u200b\u202e", ("x@example.test",), "business")
    me = Me("", "alice@example.test", "UTC", INSTALLATION)
    assert read_stored(draft(meeting(), [contact], me, DraftNotes(), NOW)).title == (
        "? contact-2 – coffee"
    )
