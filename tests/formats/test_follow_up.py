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
from connectd.formats.follow_up import due_day, follow_up, read_follow_up, with_due

TASK = follow_up_uid(INSTALLATION, UID)
NOW = datetime(2026, 12, 1, 9, 50, 3, tzinfo=UTC)


DUE = date(2026, 12, 2)
LATER = date(2026, 12, 9)
ADA = Contact("ada-adams", "Ada Adams", ("ada@example.test",), "results")


def written(
    contact: Contact = BOB, notes: tuple[str, ...] = (), agenda: tuple[str, ...] = ()
) -> str:
    return follow_up(meeting(), [contact], uid=TASK, due=DUE, notes=notes, now=NOW, agenda=agenda)


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


def test_written_ahead_it_says_what_to_talk_about_and_reads_well_afterwards_too() -> None:
    agenda = ("You promised: her\r\nbook", "Question: What is new?", "", "Note: bob@example.test")
    task = vobject.readOne(written(agenda=agenda, notes=("Rain",))).vtodo
    assert task.summary.value == "Coffee with Bob: what to talk about, and how it was"
    assert task.description.value == (
        "To talk about with Bob:\n"
        "- You promised: her book\n"
        "- Question: What is new?\n"
        "- Note: bob\n"
        "\n"
        "Once your coffee with Bob has taken place, tick this off.\n"
        "It did not? Then set this to cancelled, or run: connectd missed bob-baker\n"
        "\n"
        'What you heard is kept by: connectd done bob-baker --need "…"\n'
        "\n"
        "Worth remembering:\n"
        "- Rain"
    )
    assert task.contents["class"][0].value == "PRIVATE"
    assert not re.search("ATTENDEE|ORGANIZER|VALARM|METHOD|mailto", written(agenda=agenda))


def test_it_names_everybody_whom_the_user_meets() -> None:
    both = [BOB, ADA]
    texts = [
        follow_up(meeting(), both, uid=TASK, due=DUE, notes=(), now=NOW, agenda=agenda)
        for agenda in ((), ("Something",))
    ]
    titles = [vobject.readOne(text).vtodo.summary.value for text in texts]
    assert titles == [
        "How was it with Bob and Ada?",
        "Coffee with Bob and Ada: what to talk about, and how it was",
    ]


class TestAnotherDay:
    def test_stands_there_and_every_other_byte_stays(self) -> None:
        theirs = with_line('X-OWN;A="b":1\r\nBEGIN:VALARM\r\nDUE:1\r\nEND:VALARM')
        changed = with_due(theirs, LATER)
        assert changed == theirs.replace("VALUE=DATE:20261202", "VALUE=DATE:20261209")
        assert changed != theirs

    @pytest.mark.parametrize(
        "line", ["due;value=date:20261202", "DUE;X-A=b;VALUE=DATE: 20261202", "DUE:20261202"]
    )
    def test_stands_there_however_the_old_one_was_written(self, line: str) -> None:
        stored = written().replace("DUE;VALUE=DATE:20261202", line)
        assert due_day(stored, TASK) == DUE
        changed = with_due(stored, LATER)
        assert changed == written().replace("20261202", "20261209")

    @pytest.mark.parametrize(
        "stored",
        [
            written().replace("20261202", "20261203"),
            written().replace("DUE;VALUE=DATE:20261202", "DUE:20261202T170000Z"),
            written().replace("DUE;VALUE=DATE:20261202\r\n", ""),
            with_line("DUE;VALUE=DATE:20261202"),
            with_line("DTSTART;VALUE=DATE:20261201"),
            with_line("RRULE:FREQ=DAILY"),
            with_line("END:VTODO\r\nBEGIN:VTODO\r\nUID:other"),
            written().replace(TASK, "another"),
            drafted(),
            "",
        ],
    )
    def test_is_not_ours_to_choose_where_the_user_chose_one(self, stored: str) -> None:
        assert due_day(stored, TASK) != DUE


def test_a_contact_without_a_usable_name_is_called_by_the_id() -> None:
    assert "How was it with bob-baker?" in written(BOB._replace(name="\u200b"))


@settings(deadline=None, max_examples=50)  # a shared machine says nothing about speed
@given(name=st.text(), note=st.text(), point=st.text())
def test_any_name_and_note_and_point_can_be_written(name: str, note: str, point: str) -> None:
    text = written(BOB._replace(name=name), (note,), (point,))
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
