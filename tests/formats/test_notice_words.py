"""What notices say: the subject names nobody, the text says what it is and what to do."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hostile import HOSTILE

from connectd.formats.notice_words import (
    Lasting,
    WaitingDraft,
    words_of_drafts,
    words_of_trouble,
)

BERLIN = ZoneInfo("Europe/Berlin")
NINE = datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_trouble_says_what_since_when_why_and_what_to_do() -> None:
    words = words_of_trouble([Lasting("main: Work", NINE, "the server is busy (503)")], BERLIN)
    assert words.subject == "connectd needs your help"
    assert words.text.splitlines() == [
        "main: Work, since Tue 1 Dec, 09:00: the server is busy (503)",
        "“connectd doctor” finds out what is wrong, and says what to do.",
    ]


def test_drafts_are_counted_and_named_in_the_text_alone() -> None:
    drafts = [
        WaitingDraft(["Bob Baker"], NINE),
        WaitingDraft(["Ann Ames", "Carol Cole"], NINE + timedelta(days=1)),
    ]
    words = words_of_drafts(drafts, BERLIN)
    assert words.subject == "2 drafts wait for your answer"
    assert words.text.splitlines() == [
        "Bob Baker: Tue 1 Dec, 09:00",
        "Ann Ames and Carol Cole: Wed 2 Dec, 09:00",
        "Say yes or no in your calendar. Nobody hears of a draft before your yes.",
    ]
    assert words_of_drafts(drafts[:1], BERLIN).subject == "One draft waits for your answer"


def test_many_are_summed_up() -> None:
    words = words_of_drafts([WaitingDraft([f"P{n}"], NINE) for n in range(7)], BERLIN)
    assert "P4" in words.text
    assert "P5" not in words.text
    assert "… and 2 more" in words.text


def test_foreign_text_brings_no_control_characters_along() -> None:
    trouble = words_of_trouble([Lasting(HOSTILE, NINE, HOSTILE)], BERLIN)
    drafts = words_of_drafts([WaitingDraft([HOSTILE], NINE)], BERLIN)
    for words in (trouble, drafts):
        assert len(words.text.splitlines()) == 2
        assert all(line.isprintable() for line in words.text.splitlines())
