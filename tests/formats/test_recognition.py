"""Our own objects, recognized on the server, and what the server made of them."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import pytest
from sample_drafts import (
    INSTALLATION,
    UID,
    drafted,
    edited,
    invited,
    replaced,
    unfolded,
    with_lines,
)

from connectd.domain.model import Form
from connectd.formats.calendar_writer import Asked
from connectd.formats.recognition import (
    altered,
    attendee_addresses,
    is_cancelled,
    is_invitation,
    is_ours,
    sequence_of,
    title_of,
)

ANOTHER = "00000000-0000-4000-8000-000000000000"


@pytest.mark.parametrize("text", [drafted(Form.INVITATION), drafted(Form.PLAIN), invited()])
def test_our_own_object_is_recognized(text: str) -> None:
    assert is_ours(text, UID, INSTALLATION)
    assert not is_ours(text, ANOTHER, INSTALLATION)
    assert not is_ours(text, UID, ANOTHER)
    assert not is_ours(edited(text, lambda e: e.pop("X-CONNECTD-MEETING")), UID, INSTALLATION)
    assert not is_ours(edited(text, lambda e: replaced(e, "UID", "x")), UID, INSTALLATION)
    assert not is_ours("junk", UID, INSTALLATION)


def test_another_notation_of_the_same_people_is_no_change() -> None:
    written = drafted()
    upside_down = edited(written, lambda e: replaced(e, "ATTENDEE", e["ATTENDEE"][::-1]))
    flat = unfolded(written)
    stated = flat.replace(";ROLE=REQ-PARTICIPANT", ";CUTYPE=INDIVIDUAL")
    lower = written.replace("SCHEDULE-AGENT=CLIENT", "SCHEDULE-AGENT=client").replace(
        "alice@example.test", "Alice@Example.TEST"
    )
    for stored in (written, upside_down, lower, stated, with_lines(written, "COLOR:red")):
        assert not altered(written, stored)
    assert "ROLE=REQ" not in stated


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED"),
        ("RSVP=TRUE", "RSVP=FALSE"),
        ("ORGANIZER;CN=connectd;", "ORGANIZER;CN=connectd;EMAIL=c@example.test;"),
        ("ORGANIZER;CN=connectd;SCHEDULE-AGENT=CLIENT", "ORGANIZER;CN=connectd"),
        ("ORGANIZER", "X-ORGANIZER"),
        ("mailto:alice@", "mailto:eve@"),
        ("RSVP=TRUE", "RSVP=TRUE;SCHEDULE-STATUS=3.7"),
    ],
)
def test_a_server_that_changes_people_is_noticed(old: str, new: str) -> None:
    written = unfolded(drafted())
    assert old in written
    assert altered(written, written.replace(old, new))


def test_more_or_fewer_people_are_a_change() -> None:
    assert altered(drafted(), with_lines(drafted(), "ATTENDEE:mailto:alice@example.test"))
    assert altered(drafted(), drafted(Form.PLAIN))
    assert altered(drafted(), "junk")
    assert not altered(drafted(Form.PLAIN), drafted(Form.PLAIN))


def test_sequence_and_attendees() -> None:
    assert sequence_of(invited()) == 1
    assert sequence_of(invited().replace("SEQUENCE:1", "SEQUENCE:7")) == 7
    assert sequence_of(invited().replace("SEQUENCE:1\r\n", "")) == 0
    assert sequence_of(invited().replace("SEQUENCE:1", "SEQUENCE:many")) == 0
    assert sequence_of("junk") == 0
    assert attendee_addresses(invited()) == ("alice@example.test", "bob@example.test")
    assert attendee_addresses(drafted(Form.PLAIN)) == ()
    assert attendee_addresses("junk") == ()


def test_titles_are_read_as_they_stand_there() -> None:
    assert title_of(drafted()) == "? Bob Baker – coffee"
    assert title_of(edited(drafted(), lambda e: e.pop("SUMMARY"))) == ""
    assert title_of("junk") == ""


def test_what_was_called_off_says_so_in_its_status() -> None:
    off = invited().replace("STATUS:CONFIRMED", "STATUS:Cancelled")
    assert is_cancelled(off)
    assert not is_cancelled(invited())
    assert not is_cancelled(with_lines(invited(), "BEGIN:VALARM", "STATUS:CANCELLED", "END:VALARM"))
    assert not is_cancelled("junk")


@pytest.mark.parametrize("asked", list(Asked))
def test_an_invitation_is_told_from_a_draft_though_it_may_name_nobody(asked: Asked) -> None:
    def seen(text: str, sequence: int = 1, installation: str = INSTALLATION) -> bool:
        return is_invitation(text, UID, installation, sequence)

    sent = invited(asked=asked)
    assert seen(sent)
    assert seen(sent.replace("SEQUENCE:1", "SEQUENCE:2"))
    assert not seen(sent, sequence=2)
    assert not seen(sent, installation=ANOTHER)
    assert not seen(sent.replace("STATUS:CONFIRMED", "STATUS:CANCELLED"))
    said_yes = drafted(Form.PLAIN).replace("STATUS:TENTATIVE", "STATUS:CONFIRMED")
    assert not seen(said_yes.replace("SEQUENCE:0", "SEQUENCE:3"))
    assert not seen("junk")
