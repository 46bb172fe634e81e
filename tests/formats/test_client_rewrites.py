"""What the user says through each client, and the invitation that is made of what it stored."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from client_rewrites import (
    NEITHER,
    NOES,
    YESES,
    Rewrite,
    added,
    calcurse,
    cases,
    changed,
    etar,
    gnome,
    khal,
    khal_move,
    khal_title,
    korganizer,
    nextcloud,
    thunderbird_button,
)
from sample_drafts import (
    BOB,
    INSTALLATION,
    ME,
    MINE,
    NOW,
    SPAN,
    UID,
    drafted,
    heard,
    lines,
    meeting,
)

from connectd.domain.model import Form, Span
from connectd.domain.view import Answer, Gesture
from connectd.formats.amendments import marked, renamed
from connectd.formats.calendar_writer import Asked, invitation
from connectd.formats.gestures import read_gesture
from connectd.formats.look_alikes import likeness
from connectd.formats.recognition import is_ours
from connectd.formats.stored_event import read_stored

MOVED = Span(datetime(2026, 12, 5, 9, tzinfo=UTC), datetime(2026, 12, 5, 9, 45, tzinfo=UTC))
ASKED = "PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE"
NEW_UID = "95895da92ffb53804f37ff477a15b74c4c16cd72"


def gesture(form: Form, stored: str) -> Gesture:
    return heard(drafted(form), stored)


def sent(form: Form, stored: str, asked: Asked, span: Span = SPAN) -> str:
    """The invitation, with a SEQUENCE above whatever the client counted up to."""
    return invitation(
        meeting(form, span=span, sequence=read_stored(stored).sequence + 1),
        [BOB],
        ME,
        stored,
        written=drafted(form),
        asked=asked,
        now=NOW,
    )


@pytest.mark.parametrize("form", list(Form))
def test_what_a_client_stores_is_not_what_we_wrote(form: Form) -> None:
    for forms, rewrite in (YESES | NOES | NEITHER).values():
        assert form not in forms or rewrite(drafted(form)) != drafted(form)


@pytest.mark.parametrize(("form", "rewrite"), cases(YESES).values(), ids=cases(YESES))
class TestYes:
    def test_is_heard(self, form: Form, rewrite: Rewrite) -> None:
        said = gesture(form, rewrite(drafted(form)))
        assert (said.answer, said.span, said.series) == (Answer.YES, SPAN, False)
        assert is_ours(rewrite(drafted(form)), UID, INSTALLATION)

    def test_together_with_a_no_is_a_no(self, form: Form, rewrite: Rewrite) -> None:
        no = changed(rewrite(drafted(form)), added("CATEGORIES:DECLINE"))
        assert gesture(form, no).answer is Answer.NO
        cancelled = changed(rewrite(drafted(form)), added("STATUS:CANCELLED"))
        assert gesture(form, cancelled).answer is Answer.NO

    def test_can_be_taken_out_and_said_again(self, form: Form, rewrite: Rewrite) -> None:
        once_more = rewrite(drafted(form))
        conflict = marked(once_more, "“Dentist”", MINE, said_yes=True, written=drafted(form))
        baseline = marked(drafted(form), "“Dentist”", MINE, said_yes=True, written=drafted(form))
        assert heard(baseline, conflict) == Gesture(SPAN)
        assert heard(conflict, conflict) == Gesture(SPAN)

    @pytest.mark.parametrize("asked", list(Asked))
    def test_makes_a_right_invitation(self, form: Form, rewrite: Rewrite, asked: Asked) -> None:
        stored = rewrite(drafted(form))
        text = sent(form, stored, asked)
        agent = ";SCHEDULE-AGENT=CLIENT" if asked is Asked.BY_US else ""
        people = [
            'ATTENDEE;CN="Alice Example";PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:alice@example.test',
            f'ATTENDEE;CN="Bob Baker";{ASKED}{agent}:mailto:bob@example.test',
        ]
        organizer = ['ORGANIZER;CN="Alice Example":mailto:alice@example.test']
        assert lines(text, "ATTENDEE") == ([] if asked is Asked.NOT_HERE else people)
        assert lines(text, "ORGANIZER") == ([] if asked is Asked.NOT_HERE else organizer)
        assert lines(text, "SUMMARY") == ["SUMMARY:Coffee – Alice Example & Bob Baker"]
        assert lines(text, "STATUS") == ["STATUS:CONFIRMED"]
        assert lines(text, "UID") == [f"UID:{UID}"]
        assert lines(text, "SEQUENCE") == [f"SEQUENCE:{read_stored(stored).sequence + 1}"]
        assert lines(text, "DTSTART") == ["DTSTART;TZID=Europe/Berlin:20261201T100000"]
        assert lines(text, "CATEGORIES") == []
        assert text.count("BEGIN:VTIMEZONE") == 1
        assert text.count("\r\nX-") == 1
        assert is_ours(text, UID, INSTALLATION)


@pytest.mark.parametrize(("form", "rewrite"), cases(NOES).values(), ids=cases(NOES))
def test_a_no_is_heard(form: Form, rewrite: Rewrite) -> None:
    said = gesture(form, rewrite(drafted(form)))
    assert (said.answer, said.span) == (Answer.NO, SPAN)


@pytest.mark.parametrize(("form", "rewrite"), cases(NEITHER).values(), ids=cases(NEITHER))
def test_a_rewrite_without_an_answer_says_nothing(form: Form, rewrite: Rewrite) -> None:
    assert gesture(form, rewrite(drafted(form))) == Gesture(SPAN)


@pytest.mark.parametrize(
    ("client", "sequence"), [(nextcloud("ACCEPTED"), 0), (etar("ACCEPTED"), 1), (gnome("? Bob"), 3)]
)
def test_the_sequence_a_client_counted_up_to_is_seen(client: Rewrite, sequence: int) -> None:
    assert read_gesture(drafted(), client(drafted()), MINE, [BOB.emails]).sequence == sequence


@pytest.mark.parametrize("form", list(Form))
def test_khal_moves_to_a_time_without_a_zone(form: Form) -> None:
    stored = khal_move(drafted(form))
    assert "TZID" not in stored
    assert gesture(form, stored) == Gesture(MOVED)


@pytest.mark.parametrize("form", list(Form))
def test_a_yes_together_with_a_move(form: Form) -> None:
    stored = changed(khal_move(drafted(form)), added("CATEGORIES:ACCEPT"))
    said = gesture(form, stored)
    assert (said.answer, said.span) == (Answer.YES, MOVED)
    text = sent(form, stored, Asked.BY_US, MOVED)
    assert lines(text, "DTSTART") == ["DTSTART;TZID=Europe/Berlin:20261205T100000"]
    assert lines(text, "DTEND") == ["DTEND;TZID=Europe/Berlin:20261205T104500"]


def test_an_answer_survives_a_second_client() -> None:
    """The phone accepts, the desktop saves it again."""
    accepted = etar("ACCEPTED")(drafted())
    again = changed(accepted, (r"^ATTENDEE;CN=connectd[^\r]*\r\n", ""), added("X-KDE-INCIDENCE:1"))
    assert gesture(Form.INVITATION, again).answer is Answer.YES
    declined = changed(again, ("PARTSTAT=ACCEPTED", "PARTSTAT=DECLINED"))
    assert gesture(Form.INVITATION, declined).answer is Answer.NO


def test_an_accepting_organizer_is_the_user_and_no_guest() -> None:
    stored = changed(
        etar("ACCEPTED")(drafted()),
        added("ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED:MAILTO:Alice@Example.TEST"),
    )
    text = sent(Form.INVITATION, stored, Asked.BY_SERVER)
    assert [line.rpartition(":")[2] for line in lines(text, "ATTENDEE")] == [
        "alice@example.test",
        "bob@example.test",
    ]


@pytest.mark.parametrize("partstat", ["TENTATIVE", "DELEGATED", "NEEDS-ACTION"])
@pytest.mark.parametrize("client", [thunderbird_button, etar, korganizer])
def test_no_other_button_is_an_answer(client: Callable[[str], Rewrite], partstat: str) -> None:
    assert gesture(Form.INVITATION, client(partstat)(drafted())) == Gesture(SPAN)


@pytest.mark.parametrize(
    ("title", "answer"),
    [("OK ? Bob Baker – coffee", Answer.YES), ("NO ? Bob Baker – coffee", Answer.NO)],
)
def test_calcurse_stores_a_look_alike_under_another_uid(title: str, answer: Answer) -> None:
    stored = calcurse(title)(drafted())
    assert not is_ours(stored, UID, INSTALLATION)
    assert gesture(Form.INVITATION, stored).answer is Answer.NONE
    assert likeness(read_stored(drafted()).title, read_stored(stored).title) is answer
    for form in Form:
        said = heard(renamed(drafted(form), NEW_UID), stored)
        assert (said.answer, said.span) == (answer, SPAN)


@pytest.mark.parametrize("asked", list(Asked))
def test_the_invitation_made_of_a_look_alike_is_right(asked: Asked) -> None:
    stored = calcurse("OK ? Bob Baker – coffee")(drafted())
    text = invitation(
        meeting(sequence=1)._replace(uid=NEW_UID),
        [BOB],
        ME,
        stored,
        written=renamed(drafted(), NEW_UID),
        asked=asked,
        now=NOW,
    )
    assert is_ours(text, NEW_UID, INSTALLATION)
    event = read_stored(text)
    assert event.title == "Coffee – Alice Example & Bob Baker"
    assert event.description.startswith("Alice Example would like to meet you")
    assert event.span(UTC, timedelta()) == SPAN
    assert len(event.attendees) == (0 if asked is Asked.NOT_HERE else 2)


def test_a_khal_title_of_the_users_own_reaches_the_contact() -> None:
    stored = khal_title("OK Sushi with Bob")(drafted())
    assert lines(sent(Form.INVITATION, stored, Asked.BY_US), "SUMMARY") == [
        "SUMMARY:Sushi with Bob"
    ]


def test_a_series_made_with_khal_is_noticed() -> None:
    stored = khal(added("RRULE:FREQ=WEEKLY"))(drafted())
    assert gesture(Form.INVITATION, stored).series
