"""The task after a meeting, and what its user told by it."""

import re
import time
from datetime import UTC, date, datetime

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_drafts import BOB, INSTALLATION, UID, drafted, meeting

from connectd.domain.identity import follow_up_uid
from connectd.domain.model import Contact
from connectd.domain.view import Told
from connectd.formats.follow_up import follow_up, read_follow_up

TASK = follow_up_uid(INSTALLATION, UID)
NOW = datetime(2026, 12, 1, 9, 50, 3, tzinfo=UTC)


def written(contact: Contact = BOB, notes: tuple[str, ...] = ()) -> str:
    return follow_up(meeting(), contact, uid=TASK, due=date(2026, 12, 2), notes=notes, now=NOW)


def with_line(line: str) -> str:
    return written().replace("END:VTODO", f"{line}\r\nEND:VTODO")


def ticked(line: str) -> str:
    return written().replace("STATUS:NEEDS-ACTION", line)


def test_it_asks_how_it_was_and_names_nobody_as_guest() -> None:
    task = vobject.readOne(written()).vtodo
    assert task.summary.value == "How was it with Bob?"
    assert task.due.value == date(2026, 12, 2)
    assert task.uid.value == TASK
    assert task.status.value == "NEEDS-ACTION"
    assert task.contents["class"][0].value == "PRIVATE"
    assert "DUE;VALUE=DATE:20261202" in written()
    assert not re.search("ATTENDEE|ORGANIZER|VALARM|METHOD|mailto", written())


def test_it_says_what_to_do_and_what_was_to_be_talked_about() -> None:
    notes = ("Her new job", "", "Needs a\r\nflat")
    words = vobject.readOne(written(notes=notes)).vtodo.description.value
    assert words == (
        "Did your coffee with Bob take place? Then tick this off.\n"
        "It did not? Then set this to cancelled, or run: connectd missed bob-baker\n"
        "\n"
        'What you heard is kept by: connectd done bob-baker --need "…"\n'
        "\n"
        "Worth remembering:\n"
        "- Her new job\n"
        "- Needs a flat"
    )
    assert "talk about" not in written()


def test_a_contact_without_a_usable_name_is_called_by_the_id() -> None:
    assert "How was it with bob-baker?" in written(BOB._replace(name="\u200b"))


@settings(deadline=None, max_examples=50)  # a shared machine says nothing about speed
@given(name=st.text(), note=st.text())
def test_any_name_and_note_can_be_written(name: str, note: str) -> None:
    text = written(BOB._replace(name=name), (note,))
    assert vobject.readOne(text).vtodo.uid.value == TASK
    assert read_follow_up(text, TASK) is Told.OPEN


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (written(), Told.OPEN),
        (ticked("STATUS:IN-PROCESS"), Told.OPEN),
        (ticked("PERCENT-COMPLETE:50"), Told.OPEN),
        (ticked("X-STATUS:COMPLETED"), Told.OPEN),
        (ticked("COMPLETED:"), Told.OPEN),
        (ticked("STATUS:COMPLETED"), Told.DONE),
        (ticked("status;X-A=b: completed "), Told.DONE),
        (ticked("COMPLETED:20261202T080000Z"), Told.DONE),
        (ticked("PERCENT-COMPLETE:100"), Told.DONE),
        (with_line("COMPLETED:20261202T080000Z"), Told.DONE),
        (ticked("STATUS:CANCELLED"), Told.MISSED),
        (ticked("STATUS:Cancelled\r\nPERCENT-COMPLETE:100\r\nCOMPLETED:20261202T08Z"), Told.MISSED),
        (ticked("STATUS:COMPLETED\r\nSTATUS:CANCELLED"), Told.MISSED),
        (with_line("BEGIN:VALARM\r\nSTATUS:COMPLETED\r\nEND:VALARM"), Told.OPEN),
        (with_line("X-NO COLON"), Told.OPEN),
        (written().replace("\r\n", "\n"), Told.OPEN),
        (written().replace("UID:", "UID:\r\n "), Told.OPEN),
    ],
)
def test_what_the_user_told(stored: str, told: Told) -> None:
    assert read_follow_up(stored, TASK) is told


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "<html>login</html>",
        "STATUS:COMPLETED",
        written().replace(TASK, "another"),
        written().replace("VTODO", "VEVENT"),
        written()[: written().index("END:VTODO")],
        drafted(),
        written() + " " * 1_000_000,
    ],
)
def test_what_is_not_the_task_cannot_be_read(stored: str) -> None:
    assert read_follow_up(stored, TASK) is Told.UNREADABLE


def test_another_task_in_the_same_object_says_nothing() -> None:
    other = "BEGIN:VTODO\r\nUID:other\r\nSTATUS:CANCELLED\r\nEND:VTODO\r\n"
    both = written().replace("BEGIN:VTODO", f"{other}BEGIN:VTODO")
    assert read_follow_up(both, TASK) is Told.OPEN


@settings(deadline=None)  # a shared machine says nothing about speed
@given(torn=st.text(), at=st.floats(0, 1))
def test_foreign_bytes_raise_nothing(torn: str, at: float) -> None:
    middle = int(len(written()) * at)
    assert read_follow_up(written()[:middle] + torn + written()[middle:], TASK) in Told


@pytest.mark.parametrize(
    "foreign",
    [
        "RRULE:FREQ=SECONDLY",
        "X:" + '"' * 900_000,
        "UID:" + "\\n" * 450_000,
        "BEGIN:VTODO\r\nEND:VTODO\r\n" * 40_000,
        "\r\n ".join("x" * 300_000),
    ],
)
def test_no_text_costs_more_than_its_length(foreign: str) -> None:
    text = with_line(foreign)
    started = time.process_time()
    assert read_follow_up(text, TASK) in (Told.OPEN, Told.UNREADABLE)
    assert time.process_time() - started < 10
