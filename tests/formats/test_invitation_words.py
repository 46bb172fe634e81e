"""What the contact reads in an invitation."""

from datetime import UTC, datetime, timedelta

import pytest
from sample_drafts import BOB, ME, NOW, drafted, edited, meeting, replaced

from connectd.domain.model import Contact, Delivery, Kind, Span
from connectd.formats.calendar_writer import Asked, Me, draft, invitation
from connectd.formats.first_names import first_name
from connectd.formats.stored_event import read_stored
from connectd.formats.wording import DraftNotes, InvitationWords

EVERYTHING = """
Dear {first_name} ({name}),
{activity}, {minutes} minutes, on {day} at {time}?
{{Another time}}: {booking_url}
{me}
"""
PAGE = "https://cal.example.test/alice"
START = datetime(2026, 12, 7, 9, tzinfo=UTC)
MONDAY = meeting(span=Span(START, START + timedelta(minutes=45)), sequence=1)


def said(words: InvitationWords, contact: Contact = BOB, me: Me = ME) -> str:
    written = drafted(contact=contact)
    text = invitation(
        MONDAY, [contact], me, written, written=written, asked=Asked.BY_SERVER, words=words, now=NOW
    )
    return read_stored(text).description


def test_the_usual_words() -> None:
    assert said(InvitationWords()) == (
        "Alice Example would like to meet you: coffee, 45 minutes.\n"
        "If the time does not suit you, please decline or suggest another one."
    )


def test_a_booking_page_adds_a_line_to_the_usual_words() -> None:
    usual = said(InvitationWords())
    assert said(InvitationWords(booking_url=PAGE)) == (
        f"{usual}\nIf this does not suit you, pick another time here: {PAGE}"
    )


def test_the_users_own_words_with_every_placeholder() -> None:
    assert said(InvitationWords(EVERYTHING, PAGE)) == (
        "Dear Bob (Bob Baker),\n"
        "coffee, 45 minutes, on Monday 7 December at 10:00 (Europe/Berlin)?\n"
        f"{{Another time}}: {PAGE}\n"
        "Alice Example"
    )


def test_own_words_say_nothing_of_a_booking_page_unless_they_name_it() -> None:
    assert said(InvitationWords("Coffee?", PAGE)) == "Coffee?"


def test_the_activity_is_the_one_of_the_meeting() -> None:
    written = drafted()
    text = invitation(
        MONDAY._replace(kind=Kind.VIDEO),
        [BOB],
        ME,
        written,
        written=written,
        asked=Asked.BY_US,
        words=InvitationWords("A {activity}?"),
        now=NOW,
    )
    assert read_stored(text).description == "A video call?"


def test_a_name_is_put_in_as_it_is_and_on_one_line() -> None:
    contact = BOB._replace(name="{me}\r\nATTENDEE:mailto:eve@evil.test \x1b[31m{name.x} \\n,;")
    assert said(InvitationWords("Hi {name}!"), contact) == (
        "Hi {me} ATTENDEE:mailto:eve@evil.test [31m{name.x} /n,;!"
    )


def test_bidirectional_overrides_and_the_like_do_not_reach_the_contact() -> None:
    assert said(InvitationWords("a\u202eb\u200bc")) == "abc"


def test_the_users_description_in_the_draft_goes_before_any_words_of_ours() -> None:
    written = drafted()
    stored = edited(written, lambda event: replaced(event, "DESCRIPTION", "Bring the plans."))
    text = invitation(
        MONDAY,
        [BOB],
        ME,
        stored,
        written=written,
        asked=Asked.BY_US,
        words=InvitationWords(EVERYTHING, PAGE),
        now=NOW,
    )
    assert read_stored(text).description == "Bring the plans."


@pytest.mark.parametrize(
    "own",
    [
        "We meet in front of the station.",
        "I would like to talk about the offsite.",
        "Happy to do that in person!",
        "Thank you for moving it to the afternoon.",
    ],
)
def test_what_people_write_themselves_is_not_taken_for_the_drafts(own: str) -> None:
    notes = DraftNotes(Delivery.SERVER, START, "Work", ("How is her new job?",))
    written = draft(MONDAY, [BOB], ME, notes, NOW)
    stored = edited(written, lambda event: replaced(event, "DESCRIPTION", own))
    text = invitation(MONDAY, [BOB], ME, stored, written=written, asked=Asked.BY_US, now=NOW)
    assert read_stored(text).description == own


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Bob Baker", "Bob"),
        ("Bob", "Bob"),
        ("Dr. Bob Baker", "Bob"),
        ("Prof. Dr. Zoë Ångström", "Zoë"),
        ("Baker, Bob", "Bob"),
        ("Bob Baker, PhD", "Bob"),
        ("Dr.", "Dr."),
        ("", ""),
        ("李 小龙", "李"),
    ],
)
def test_first_names(name: str, first: str) -> None:
    assert first_name(name) == first
