"""How the contact stands in the stored invitation, by who does the asking."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_drafts import BOB, ME, NOW, drafted, invited, lines, meeting, unfolded, with_lines

from connectd.domain.model import Form
from connectd.errors import SenselessError
from connectd.formats.calendar_writer import Asked, invitation
from connectd.formats.stored_event import read_stored

I_CHAIR = 'ATTENDEE;CN="Alice Example";PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:alice@example.test'
BOB_IS_ASKED = (
    'ATTENDEE;CN="Bob Baker";PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE{}'
    ":mailto:bob@example.test"
)
CAROL = 'ATTENDEE;CN="Carol";PARTSTAT=ACCEPTED:mailto:carol@example.test'


@pytest.mark.parametrize("form", list(Form))
def test_the_server_asks_a_plain_attendee(form: Form) -> None:
    text = invited(drafted(form), drafted(form), asked=Asked.BY_SERVER)
    assert lines(text, "ATTENDEE") == [I_CHAIR, BOB_IS_ASKED.format("")]


@pytest.mark.parametrize("form", list(Form))
def test_where_we_ask_the_server_is_told_to_leave_it_to_us(form: Form) -> None:
    text = invited(drafted(form), drafted(form), asked=Asked.BY_US)
    assert lines(text, "ATTENDEE") == [I_CHAIR, BOB_IS_ASKED.format(";SCHEDULE-AGENT=CLIENT")]
    assert lines(text, "ORGANIZER") == ['ORGANIZER;CN="Alice Example":mailto:alice@example.test']


@pytest.mark.parametrize("form", list(Form))
def test_where_the_server_would_send_all_the_same_it_sees_no_one(form: Form) -> None:
    text = invited(drafted(form), drafted(form), asked=Asked.NOT_HERE)
    assert lines(text, "ATTENDEE") == []
    assert lines(text, "ORGANIZER") == []
    assert "mailto:" not in unfolded(text).lower()
    assert "@" not in text
    event = read_stored(text)
    assert event.title == "Coffee – Alice Example & Bob Baker"
    assert event.statuses == {"CONFIRMED"}
    assert event.sequence == 1


def test_no_address_of_the_contact_is_left_in_what_the_user_wrote() -> None:
    stored = with_lines(
        drafted(Form.PLAIN).replace("DESCRIPTION:", "X-OLD:"),
        "DESCRIPTION:Call bob@example.test or BOB@Example.Test",
        "LOCATION:At bob@example.test's",
        "URL:mailto:bob%40example.test",
        "ATTACH;FILENAME=bob@example.test.vcf:https://files.example.test/1",
        "CONFERENCE;VALUE=URI:sip:b.baker@work.test",
        "CATEGORIES:Friends,bob@example.test",
        'ATTENDEE;CN="Carol";DELEGATED-FROM="mailto:bob@example.test":mailto:carol@example.test',
        "BEGIN:VALARM",
        "ACTION:AUDIO",
        "TRIGGER:-PT15M",
        "ATTACH:sip:bob@example.test",
        "END:VALARM",
    )
    text = unfolded(invited(stored, drafted(Form.PLAIN), asked=Asked.NOT_HERE))
    for address in (*BOB.emails, "bob%40example.test"):
        assert address not in text.lower()
    assert lines(text, "DESCRIPTION") == ["DESCRIPTION:Call bob or BOB"]
    assert lines(text, "LOCATION") == ["LOCATION:At bob's"]
    assert lines(text, "CATEGORIES") == ["CATEGORIES:Friends"]
    assert "TRIGGER:-PT15M" in text
    kept = unfolded(invited(stored, drafted(Form.PLAIN), asked=Asked.BY_US))
    assert "URL:mailto:bob%40example.test" in kept


ADDRESS_LIKE = st.sampled_from(
    [*BOB.emails, "BOB@example.TEST", "bob@bob@example.test", "b\u200db"]
)
TEXTS = st.lists(st.one_of(ADDRESS_LIKE, st.text(max_size=5)), max_size=4).map("".join)


@settings(deadline=None, max_examples=50)  # a shared machine says nothing about speed
@given(name=TEXTS, place=TEXTS)
def test_not_even_a_name_or_a_place_can_bring_the_address_in(name: str, place: str) -> None:
    contact = BOB._replace(name=name)
    written = drafted(Form.PLAIN, contact)
    escaped = "".join(one for one in place if one.isprintable() and one not in "\\;,")
    stored = with_lines(written, f"LOCATION:{escaped}")
    text = invitation(
        meeting(sequence=1), [contact], ME, stored, written=written, asked=Asked.NOT_HERE, now=NOW
    )
    for address in BOB.emails:
        assert address not in unfolded(text).lower()


def test_the_users_own_guests_are_not_called_off() -> None:
    """A server that schedules has sent them the event, and an organizer who goes cancels it."""
    guests = (
        'ORGANIZER;CN="Alice":mailto:alice@example.test',
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.test",
        CAROL,
    )
    stored = with_lines(drafted(Form.PLAIN), *guests)
    text = invited(stored, drafted(Form.PLAIN), asked=Asked.NOT_HERE)
    assert lines(text, "ORGANIZER") == ['ORGANIZER;CN="Alice Example":mailto:alice@example.test']
    assert lines(text, "ATTENDEE") == [I_CHAIR, CAROL.replace('"', "")]
    assert "bob@" not in unfolded(text)


def test_guests_of_nobody_stay_guests_of_nobody() -> None:
    stored = with_lines(drafted(Form.PLAIN), CAROL)
    text = invited(stored, drafted(Form.PLAIN), asked=Asked.NOT_HERE)
    assert lines(text, "ORGANIZER") == []
    assert lines(text, "ATTENDEE") == [CAROL.replace('"', "")]


@pytest.mark.parametrize("asked", list(Asked))
def test_nobody_is_invited_without_a_plain_address(asked: Asked) -> None:
    contact = BOB._replace(emails=("bob@example.test,eve@evil.test",))
    with pytest.raises(SenselessError, match="not an e-mail address"):
        invitation(meeting(), [contact], ME, drafted(), written=drafted(), asked=asked, now=NOW)
