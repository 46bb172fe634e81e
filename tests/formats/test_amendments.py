"""What connectd changes in an object that the user may have changed too."""

# ruff: noqa: RUF001 (our titles have an en dash between their words)

import difflib
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sample_drafts import (
    BOB,
    INSTALLATION,
    ME,
    MINE,
    NOW,
    UID,
    drafted,
    edited,
    heard,
    invited,
    lines,
    meeting,
    replaced,
    unfolded,
    with_lines,
)

from connectd.domain.model import Form
from connectd.domain.view import Answer
from connectd.errors import UnreadableEventError
from connectd.formats.amendments import cancelled, marked, renamed, unmarked
from connectd.formats.calendar_writer import Asked, invitation
from connectd.formats.client_edits import answered, retitled
from connectd.formats.recognition import is_ours
from connectd.formats.stored_event import read_stored

TAKEN = "This time is taken: “Dentist”. "
BEFORE_A_YES = f"{TAKEN}It stays a draft here; move it, or free the time before you say yes."
AFTER_A_YES = (
    f"{TAKEN}Nothing has been sent. Say yes once more to send it all the same, or free the time. "
    "Moved to another time, it waits for a yes to that time."
)
WIDE_ENDING = AFTER_A_YES.removeprefix(TAKEN).replace(" ", " " * 10_000)


def mark(stored: str, *, said_yes: bool = True, written: str = "") -> str:
    return marked(stored, "“Dentist”", MINE, said_yes=said_yes, written=written)


def changed(before: str, after: str) -> list[str]:
    """The lines that differ, without those that were only added or left out by folding."""
    pairs = (unfolded(before).split("\r\n"), unfolded(after).split("\r\n"))
    return [line for line in difflib.ndiff(*pairs) if line[0] in "+-"]


def names(differing: Sequence[str]) -> set[str]:
    return {line[2:].partition(":")[0].partition(";")[0] for line in differing}


def titled(title: str) -> str:
    return edited(drafted(), lambda event: replaced(event, "SUMMARY", title))


@pytest.mark.parametrize("form", list(Form))
@pytest.mark.parametrize(
    ("said_yes", "words"), [(False, BEFORE_A_YES), (True, AFTER_A_YES)], ids=["before", "after"]
)
def test_a_marked_draft_says_first_that_its_time_is_taken(
    form: Form, words: str, *, said_yes: bool
) -> None:
    before = drafted(form)
    after = mark(before, said_yes=said_yes)
    event, old = read_stored(after), read_stored(before)
    assert event.title == "?! Bob Baker – coffee"
    assert event.description == f"{words}\n\n{old.description}"
    assert names(changed(before, after)) == {"SUMMARY", "DESCRIPTION"}
    assert unfolded(unmarked(after)) == unfolded(before)


def test_marking_again_replaces_the_paragraph() -> None:
    once = mark(drafted(), said_yes=False)
    assert mark(once, said_yes=False) == once
    assert mark(once) == mark(drafted())
    assert read_stored(mark(mark(once))).title == "?! Bob Baker – coffee"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("? Bob Baker – coffee", "?! Bob Baker – coffee"),
        ("?! Bob Baker – coffee", "?! Bob Baker – coffee"),
        ("?Bob", "?! Bob"),
        ("Sushi with Bob", "?! Sushi with Bob"),
        ("Party!", "?! Party!"),
        ("!important", "?! !important"),
        ("", "?!"),
        ("OK ? Bob Baker – coffee", "?! Bob Baker – coffee"),
        ("OK ?! Bob Baker – coffee", "?! Bob Baker – coffee"),
        ("?! OK Bob Baker – coffee", "?! Bob Baker – coffee"),
        ("? ✓ yes, ok: Bob", "?! Bob"),
        ("NO ? Bob Baker – coffee", "?! NO ? Bob Baker – coffee"),
        ("✗ Bob", "?! ✗ Bob"),
    ],
)
def test_the_title_loses_a_yes_and_gets_the_mark_once(title: str, expected: str) -> None:
    assert read_stored(mark(titled(title))).title == expected
    assert read_stored(mark(mark(titled(title)))).title == expected


def test_a_contact_called_ok_keeps_the_name() -> None:
    written = drafted(contact=BOB._replace(name="Ok Sun"))
    after = retitled(written, "OK ")
    assert read_stored(mark(after, written=written)).title == "?! Ok Sun – coffee"
    assert read_stored(mark(written, written=written)).title == "?! Ok Sun – coffee"
    assert read_stored(mark(drafted(), written=written[:300])).title == "?! Bob Baker – coffee"


YESES = {
    "button": answered(drafted(), ME.email, "ACCEPTED"),
    "status": drafted().replace("STATUS:TENTATIVE", "STATUS:Confirmed"),
    "title": titled("OK ? Bob Baker – coffee"),
    "sign": titled("✓ Bob"),
    "category": with_lines(drafted(), "CATEGORIES:Friends\\, old,accept,ACCEPTED,Tea"),
    "only category": with_lines(drafted(), "CATEGORIES;LANGUAGE=en: Accept"),
    "another address": with_lines(
        drafted(), 'ATTENDEE;PARTSTAT="accepted";EMAIL=ALICE@home.test:urn:uuid:1'
    ),
}


@pytest.mark.parametrize("way", YESES)
def test_every_trace_of_a_yes_is_taken_out_and_can_be_made_again(way: str) -> None:
    said = YESES[way]
    after = mark(said)
    for baseline in (after, mark(drafted())):
        assert heard(baseline, after).answer is Answer.NONE
    again = {
        "button": lambda: answered(after, ME.email, "ACCEPTED"),
        "status": lambda: after.replace("STATUS:TENTATIVE", "STATUS:CONFIRMED"),
        "title": lambda: retitled(after, "OK "),
        "sign": lambda: retitled(after, "✓"),
        "category": lambda: with_lines(after, "CATEGORIES:ACCEPT"),
        "only category": lambda: with_lines(after, "CATEGORIES:ACCEPT"),
        "another address": lambda: answered(after, ME.email, "ACCEPTED"),
    }[way]()
    assert heard(after, again).answer is Answer.YES
    assert heard(mark(drafted()), again).answer is Answer.YES


def test_other_categories_and_other_people_stay() -> None:
    assert lines(mark(YESES["category"]), "CATEGORIES") == ["CATEGORIES:Friends\\, old,Tea"]
    assert lines(mark(YESES["only category"]), "CATEGORIES") == []
    carol = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:carol@example.test"
    assert carol in unfolded(mark(with_lines(drafted(), carol)))


def test_nothing_of_a_no_is_touched() -> None:
    no = with_lines(
        answered(drafted(), ME.email, "DECLINED").replace("TENTATIVE", "CANCELLED"),
        "CATEGORIES:DECLINE",
    )
    after = mark(no)
    assert names(changed(no, after)) == {"SUMMARY", "DESCRIPTION"}
    assert heard(mark(drafted()), after).answer is Answer.NO


def test_what_the_user_and_the_clients_put_in_stays_byte_for_byte() -> None:
    more = (
        "LOCATION:Café\\, Berlin",
        "X-MOZ-LASTACK:20261123T090000Z",
        'X-ODD;P="a:b";Q=c:d\\e',
        "BEGIN:VALARM",
        "DESCRIPTION:This time is taken: nothing",
        "SUMMARY:? alarm",
        "STATUS:CONFIRMED",
        "END:VALARM",
        "X-LAST:after the alarm",
    )
    before = with_lines(drafted(), *more)
    assert names(changed(before, mark(before))) == {"SUMMARY", "DESCRIPTION"}
    assert unfolded(unmarked(mark(before))) == unfolded(before)


def test_a_formatted_copy_of_the_description_is_dropped_since_it_would_hide_the_words() -> None:
    before = drafted().replace("DESCRIPTION:", 'DESCRIPTION;ALTREP="data:text/html,x";LANGUAGE=en:')
    (description,) = lines(mark(before), "DESCRIPTION")
    assert description.startswith("DESCRIPTION;LANGUAGE=en:This time is taken")


def test_without_title_and_description_both_are_added_and_the_words_go_again() -> None:
    bare = edited(drafted(), lambda event: (event.pop("SUMMARY"), event.pop("DESCRIPTION")))
    after = mark(bare)
    assert lines(after, "SUMMARY") == ["SUMMARY:?!"]
    assert read_stored(after).description == AFTER_A_YES
    assert lines(unmarked(after), "DESCRIPTION") == []
    assert lines(unmarked(after), "SUMMARY") == ["SUMMARY:?"]


@pytest.mark.parametrize(
    "wrapped",
    [
        AFTER_A_YES.replace(" ", "\n"),
        AFTER_A_YES.replace(". ", ".\n\n"),
        f"\n {AFTER_A_YES}  ",
        BEFORE_A_YES.replace(". ", ".\n"),
    ],
)
def test_a_paragraph_that_a_client_wrapped_is_still_found(wrapped: str) -> None:
    text = edited(drafted(), lambda event: replaced(event, "DESCRIPTION", f"{wrapped}\n\nMine."))
    assert read_stored(unmarked(text)).description == "Mine."
    assert read_stored(mark(text)).description == f"{AFTER_A_YES}\n\nMine."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("?! Bob", "? Bob"),
        ("OK ?! Bob", "OK ? Bob"),
        ("? Bob", "? Bob"),
        ("What?! Bob", "What?! Bob"),
        ("Bob!", "Bob!"),
    ],
)
def test_unmarking_touches_no_other_exclamation(title: str, expected: str) -> None:
    assert read_stored(unmarked(titled(title))).title == expected


def test_the_conflict_is_one_clean_line_without_any_address() -> None:
    text = marked(
        drafted(),
        "“Lunch\r\nwith \x1b[31mbob@example.test\u202e, b\u200d.baker@work.test @Luigi's”"
        + "x" * 999,
        MINE,
        said_yes=False,
    )
    words = read_stored(text).description.split("\n")[0]
    assert words.startswith("This time is taken: “Lunch with [31mbob b.baker @Luigi's”xxx")
    assert len(words) < 300
    assert not any(address in unfolded(text) for address in BOB.emails)


@pytest.mark.parametrize("asked", list(Asked))
@pytest.mark.parametrize("baseline", ["ours", "stored"])
def test_the_contact_never_sees_the_mark_nor_the_conflict(asked: Asked, baseline: str) -> None:
    for stored in (mark(drafted()), retitled(mark(drafted()), "OK "), mark(titled("Sushi"))):
        written = mark(drafted()) if baseline == "ours" else stored
        text = unfolded(invited(stored, written, asked=asked))
        for word in ("!", "Dentist", "taken", "Nothing has been sent", "stays a draft"):
            assert word not in text


def test_with_our_marked_version_as_the_last_one_the_users_words_reach_the_contact() -> None:
    def mine(title: str, words: str) -> str:
        stored = edited(titled(title), lambda event: replaced(event, "DESCRIPTION", words))
        return mark(stored, written=drafted())

    text = invitation(
        meeting(sequence=1),
        [BOB],
        ME,
        retitled(mine("Sushi with Bob", "Let us sit outside."), "OK "),
        written=mark(drafted()),
        asked=Asked.BY_SERVER,
        now=NOW,
    )
    event = read_stored(text)
    assert (event.title, event.description) == ("Sushi with Bob", "Let us sit outside.")


@pytest.mark.parametrize("asked", list(Asked))
def test_a_cancelled_invitation_says_so_and_frees_its_time(asked: Asked) -> None:
    before = with_lines(invited(asked=asked), "X-OTHER:1")
    after = cancelled(before, 2, datetime(2026, 11, 24, 8, tzinfo=UTC))
    assert set(changed(before, after)) == {
        "- DTSTAMP:20261123T090102Z",
        "+ DTSTAMP:20261124T080000Z",
        "- SEQUENCE:1",
        "+ SEQUENCE:2",
        "- TRANSP:OPAQUE",
        "+ TRANSP:TRANSPARENT",
        "- STATUS:CONFIRMED",
        "+ STATUS:CANCELLED",
    }
    event = read_stored(after)
    assert event.statuses == {"CANCELLED"}
    assert (event.sequence, event.title) == (2, read_stored(before).title)
    assert is_ours(after, UID, INSTALLATION)


def test_what_is_missing_is_added_to_cancel() -> None:
    bare = edited(
        invited(), lambda event: [event.pop(name) for name in ("STATUS", "TRANSP", "SEQUENCE")]
    )
    after = cancelled(with_lines(bare, "BEGIN:VALARM", "STATUS:X", "END:VALARM"), 7, NOW)
    assert lines(after, "TRANSP") == ["TRANSP:TRANSPARENT"]
    assert lines(after, "SEQUENCE") == ["SEQUENCE:7"]
    assert lines(after, "STATUS") == ["STATUS:CANCELLED", "STATUS:X"]


def test_an_object_under_another_uid() -> None:
    after = renamed(drafted(), "another,\r\nUID:one")
    assert lines(after, "UID") == ["UID:another\\,\\nUID:one"]
    assert renamed(after, UID) == drafted()


@settings(deadline=None)  # a shared machine says nothing about speed
@given(torn=st.text(), at=st.floats(0, 1), conflict=st.text())
def test_foreign_bytes_are_changed_or_refused(torn: str, at: float, conflict: str) -> None:
    middle = int(len(drafted()) * at)
    text = drafted()[:middle] + torn + drafted()[middle:]
    try:
        after = marked(text, conflict, MINE, said_yes=True)
        unmarked(after)
        cancelled(text, 1, NOW)
        renamed(text, "x")
    except UnreadableEventError:
        return
    assert marked(after, conflict, MINE, said_yes=True) == after


@pytest.mark.parametrize(
    "line",
    [
        "SUMMARY:" + "?!" * 400_000,
        "SUMMARY:" + "OK " * 250_000,
        "SUMMARY:" + " " * 900_000,
        "DESCRIPTION:This time is taken:" + "\\n" * 400_000,
        "DESCRIPTION:" + "This time is taken: Nothing " * 30_000,
        "DESCRIPTION:This time is taken: " + "Nothing has been sent. Say yes " * 30_000,
        f"DESCRIPTION:{TAKEN}{WIDE_ENDING}",
        f"DESCRIPTION:{TAKEN}{WIDE_ENDING.removesuffix('.')}",
        "CATEGORIES:" + "ACCEPT," * 120_000,
        "CATEGORIES:" + "\\" * 900_000,
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:" + "%61" * 250_000,
    ],
)
def test_no_text_costs_more_than_its_length(line: str) -> None:
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n{line}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    started = time.process_time()
    unmarked(mark(text))
    assert time.process_time() - started < 15
