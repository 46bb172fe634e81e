"""An invitation that is written a second time, because the user moved it."""

from datetime import UTC, timedelta

import pytest
from icalendar import Event
from sample_drafts import (
    BOB,
    ME,
    NOW,
    SPAN,
    START,
    drafted,
    edited,
    invited,
    lines,
    meeting,
    replaced,
    with_lines,
)

from connectd.domain.model import Form, Meeting, Span
from connectd.formats.calendar_writer import Asked, invitation
from connectd.formats.stored_event import read_stored
from connectd.formats.wording import InvitationWords

LATER = Span(START + timedelta(days=1, hours=2), START + timedelta(days=1, hours=3))
MOVED = meeting(span=LATER, sequence=4)
TIMED = InvitationWords("Coffee on {day} at {time}, {minutes} minutes?")


def first(asked: Asked, form: Form = Form.PLAIN, words: InvitationWords = TIMED) -> str:
    return invitation(
        meeting(form, sequence=1),
        [BOB],
        ME,
        drafted(form),
        written=drafted(form),
        asked=asked,
        words=words,
        now=NOW,
    )


def again(
    stored: str,
    written: str,
    asked: Asked,
    to: Meeting = MOVED,
    words: InvitationWords = TIMED,
) -> str:
    return invitation(to, [BOB], ME, stored, written=written, asked=asked, words=words, now=NOW)


def dragged(event: Event) -> None:
    replaced(event, "DTSTART", LATER.start)
    replaced(event, "DTEND", LATER.end)
    replaced(event, "SEQUENCE", 3)


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize("asked", list(Asked))
def test_it_is_the_same_invitation_at_the_new_time(asked: Asked, form: Form) -> None:
    before = first(asked, form)
    text = again(edited(before, dragged), before, asked)
    for name in ("UID", "SUMMARY", "STATUS", "ORGANIZER", "ATTENDEE", "X-CONNECTD-MEETING"):
        assert lines(text, name) == lines(before, name)
    assert lines(text, "SEQUENCE") == ["SEQUENCE:4"]
    assert read_stored(text).span(UTC, timedelta()) == LATER


@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
@pytest.mark.parametrize("asked", [Asked.BY_SERVER, Asked.BY_US])
def test_the_contact_is_asked_anew(asked: Asked, partstat: str) -> None:
    before = first(asked)
    stored = edited(before.replace("NEEDS-ACTION", f"{partstat};SCHEDULE-STATUS=2.0"), dragged)
    assert lines(again(stored, before, asked), "ATTENDEE") == lines(before, "ATTENDEE")


@pytest.mark.parametrize("asked", list(Asked))
def test_our_words_tell_the_new_time(asked: Asked) -> None:
    before = first(asked)
    assert read_stored(before).description == (
        "Coffee on Tuesday 1 December at 10:00 (Europe/Berlin), 45 minutes?"
    )
    assert read_stored(again(edited(before, dragged), before, asked)).description == (
        "Coffee on Wednesday 2 December at 12:00 (Europe/Berlin), 60 minutes?"
    )


def test_our_words_make_way_within_the_users_words() -> None:
    before = first(Asked.BY_SERVER)
    added = f"{read_stored(before).description}\nAnd bring the plans."
    stored = edited(before, lambda event: replaced(event, "DESCRIPTION", added))
    assert read_stored(again(stored, before, Asked.BY_SERVER)).description == (
        "Coffee on Wednesday 2 December at 12:00 (Europe/Berlin), 60 minutes?\nAnd bring the plans."
    )


@pytest.mark.parametrize("asked", list(Asked))
def test_what_the_user_changed_meanwhile_is_kept(asked: Asked) -> None:
    before = first(asked)

    def change(event: Event) -> None:
        dragged(event)
        replaced(event, "SUMMARY", "Tea at last")
        replaced(event, "DESCRIPTION", "My own words.")

    stored = with_lines(
        edited(before, change),
        "LOCATION:Café Central",
        "COLOR:turquoise",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:carol@example.test",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER:-PT15M",
        "DESCRIPTION:Do not be late",
        "END:VALARM",
    )
    text = again(stored, before, asked)
    assert lines(text, "SUMMARY") == ["SUMMARY:Tea at last"]
    assert lines(text, "DESCRIPTION") == ["DESCRIPTION:My own words.", "DESCRIPTION:Tea at last"]
    assert lines(text, "LOCATION") == ["LOCATION:Café Central"]
    assert lines(text, "COLOR") == ["COLOR:turquoise"]
    assert "TRIGGER:-PT15M" in text
    assert lines(text, "ATTENDEE")[-1] == "ATTENDEE;PARTSTAT=ACCEPTED:mailto:carol@example.test"


def test_words_that_the_user_had_in_the_draft_stay_through_both() -> None:
    stored = edited(drafted(), lambda event: replaced(event, "DESCRIPTION", "Bring the plans."))
    before = invited(stored)
    assert read_stored(again(before, before, Asked.BY_US)).description == "Bring the plans."


def test_the_same_time_again_changes_nothing_but_the_sequence() -> None:
    before = first(Asked.BY_SERVER)
    text = again(before, before, Asked.BY_SERVER, meeting(span=SPAN, sequence=2))
    assert text == before.replace("SEQUENCE:1", "SEQUENCE:2")
