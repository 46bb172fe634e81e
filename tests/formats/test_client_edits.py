"""What the demo does in the name of a calendar client is what connectd takes for an answer."""

from datetime import UTC, datetime, timedelta

import pytest
from sample_drafts import BOB, ME, SPAN, drafted, heard, meeting, unfolded

from connectd.domain.model import Contact, Form, Span
from connectd.domain.view import Answer
from connectd.formats.calendar_writer import draft
from connectd.formats.client_edits import answered, moved, retitled
from connectd.formats.stored_event import read_stored
from connectd.formats.wording import DraftNotes

LATER = Span(SPAN.start + timedelta(days=3, hours=2), SPAN.end + timedelta(days=3, hours=2))
IN_SUMMER = Span(datetime(2027, 6, 1, 9, tzinfo=UTC), datetime(2027, 6, 1, 9, 45, tzinfo=UTC))
NIGHT = Span(datetime(2026, 10, 25, 1, 15, tzinfo=UTC), datetime(2026, 10, 25, 1, 45, tzinfo=UTC))


@pytest.mark.parametrize(
    ("partstat", "answer"), [("ACCEPTED", Answer.YES), ("DECLINED", Answer.NO)]
)
def test_a_pressed_button_is_an_answer(partstat: str, answer: Answer) -> None:
    before = drafted()
    gesture = heard(before, answered(before, ME.email, partstat))
    assert (gesture.answer, gesture.span) == (answer, SPAN)


def test_only_the_one_who_presses_it_answers() -> None:
    before = drafted()
    assert answered(before, "somebody@example.test", "ACCEPTED") == before


@pytest.mark.parametrize("span", [LATER, IN_SUMMER])
def test_a_dragged_event_stands_at_the_new_time(span: Span) -> None:
    before = drafted()
    gesture = heard(before, moved(before, span))
    assert (gesture.answer, gesture.span) == (Answer.NONE, span)


def test_a_time_in_utc_stays_in_utc() -> None:
    in_the_hour_that_comes_twice = meeting(span=NIGHT)
    before = draft(in_the_hour_that_comes_twice, [BOB], ME, DraftNotes(), NIGHT.start)
    assert f"DTSTART:{NIGHT.start:%Y%m%dT%H%M%SZ}" in before
    assert heard(before, moved(before, LATER)).span == LATER


def test_ok_in_front_of_the_title_is_a_yes() -> None:
    before = drafted(Form.PLAIN)
    after = retitled(before, "OK ")
    assert read_stored(after).title == "OK ? Bob Baker – coffee"  # noqa: RUF001 (as titles are)
    assert heard(before, after).answer is Answer.YES


def test_nothing_else_is_touched_and_lines_stay_short() -> None:
    long_name = Contact("bob-baker", "Bartholomäus " * 9 + "Baker", BOB.emails, "business")
    before = drafted(contact=long_name)
    after = retitled(moved(answered(before, ME.email, "ACCEPTED"), LATER), "OK ")
    changed = set(unfolded(before).split("\r\n")) ^ set(unfolded(after).split("\r\n"))
    assert {line.partition(":")[0].partition(";")[0] for line in changed} == {
        "ATTENDEE",
        "DTSTART",
        "DTEND",
        "SUMMARY",
    }
    assert max(len(line.encode()) for line in after.split("\r\n")) <= 75


def test_zone_rules_keep_their_own_times() -> None:
    before = drafted()
    rules = before[before.index("BEGIN:VTIMEZONE") : before.index("END:VTIMEZONE")]
    assert "DTSTART" in rules
    assert rules in moved(before, LATER)
