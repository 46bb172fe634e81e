"""What the weekly digest says, and that no name and no text in it can do harm."""

import unicodedata
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectd.domain.goal import Standing
from connectd.domain.introductions import Introduction
from connectd.domain.model import Month
from connectd.domain.outlook import Outlook, Raise
from connectd.domain.summary import Summary
from connectd.domain.waiting import Awaited, Waiting
from connectd.formats.digest import Ahead, Held, Week, digest_words
from connectd.formats.digest_event import digest_day, digest_event
from connectd.formats.look_alikes import likeness

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 30, 7, tzinfo=UTC)
TODAY = date(2026, 11, 30)
NOVEMBER = Month(2026, 11)
NAMES = {"bob": "Bob Baker", "ann": "Ann Ames"}


def week(**given: object) -> Week:
    return Week("Alice Example", TODAY, NAMES, **given)  # type: ignore[arg-type] # any field


def said(**given: object) -> str:
    return digest_words(week(**given), BERLIN).text


def test_all_of_it() -> None:
    words = digest_words(
        week(
            held=[Held(("bob",), date(2026, 11, 24))],
            month=Standing(NOVEMBER, 3, ("bob",), ("ann",), 1),
            outlook=Outlook(NOVEMBER, 0.416, (Raise("one more draft", 0.63),)),
            drafts=[Ahead(("ann",), "coffee", datetime(2026, 12, 2, 8, tzinfo=UTC))],
            ahead=[Ahead(("ann", "bob"), "lunch", datetime(2026, 12, 3, 11, tzinfo=UTC))],
            waiting=[
                Waiting(Awaited.DRAFT, "ann", None, "say yes or no", date(2026, 12, 2)),
                Waiting(Awaited.DONE, "bob", None, "say whether it took place", date(2026, 11, 27)),
                Waiting(Awaited.PROMISE, "bob", None, "the paper", date(2026, 11, 28)),
                Waiting(Awaited.PROMISE, "ann", None, "a book", date(2026, 12, 4)),
            ],
            introduction=Introduction("ann", "bob", NOW, "both restore boats"),
            overdue=("ann", 12),
        ),
        BERLIN,
    )
    assert words.subject == "Your week: 1 meeting held, 1 of 3 people met in 2026-11"
    assert words.text == (
        "Hello Alice,\n"
        "\n"
        "Held in the last seven days:\n"
        "- Bob Baker, Tue 24 Nov\n"
        "\n"
        "Your goal for 2026-11: 1 of 3 different people met, 1 more scheduled.\n"
        "The chance of reaching it is 42 %.\n"
        "With one more draft it would be 63 %.\n"
        "\n"
        "Waiting for your yes or no:\n"
        "- Wed 2 Dec, 09:00: coffee with Ann Ames\n"
        "\n"
        "This waits for you, too:\n"
        "- Bob Baker (Fri 27 Nov): say whether it took place\n"
        "\n"
        "The week ahead:\n"
        "- Thu 3 Dec, 12:00: lunch with Ann Ames and Bob Baker\n"
        "\n"
        "What you promised:\n"
        "- the paper, to Bob Baker, by Sat 28 Nov, 2 days late\n"
        "- a book, to Ann Ames, by Fri 4 Dec\n"
        "\n"
        "You could introduce Ann Ames and Bob Baker to each other: both restore boats\n"
        "To ask them: connectd introductions\n"
        "\n"
        "Most overdue is a meeting with Ann Ames, by 12 days.\n"
        "\n"
        "All of it: connectd status\n"
    )


BOTH = ("ann", "bob")


@pytest.mark.parametrize(
    ("introduction", "first", "second"),
    [
        (
            Introduction(*BOTH, NOW),
            "You could introduce Ann Ames and Bob Baker to each other.",
            'If you want to: connectd introduce ann bob --because "…"',
        ),
        (
            Introduction(*BOTH, NOW, "both restore boats"),
            "You could introduce Ann Ames and Bob Baker to each other: both restore boats",
            "To ask them: connectd introductions",
        ),
        (
            Introduction(*BOTH, NOW, "both restore boats", asked=BOTH, agreed=BOTH),
            "Ann Ames and Bob Baker both agreed to meet, but no draft came to a meeting.",
            "Write to both, or drop it: connectd introductions",
        ),
    ],
)
def test_an_introduction_says_what_comes_next(
    introduction: Introduction, first: str, second: str
) -> None:
    assert f"\n\n{first}\n{second}\n\n" in said(introduction=introduction)


def test_a_week_without_anything_is_short() -> None:
    words = digest_words(week(), BERLIN)
    assert words.subject == "Your week: 0 meetings held"
    assert words.text == (
        "Hello Alice,\n\nNo meeting took place in the last seven days.\n\n"
        "All of it: connectd status\n"
    )


def test_a_meeting_of_three_is_one_meeting() -> None:
    words = digest_words(week(held=[Held(("ann", "bob"), TODAY)]), BERLIN)
    assert words.subject == "Your week: 1 meeting held"
    assert "\n- Ann Ames and Bob Baker, Mon 30 Nov\n" in words.text


def test_after_another_digest_it_tells_what_is_new_since() -> None:
    assert "No meeting was marked as held since the last digest." in said(since_last=True)
    text = said(since_last=True, held=[Held(("bob",), date(2026, 11, 20))])
    assert "Marked as held since the last digest:\n- Bob Baker, Fri 20 Nov\n" in text


def test_a_goal_that_is_reached_needs_no_chance() -> None:
    month = Standing(NOVEMBER, 1, ("bob",), (), 0)
    text = said(month=month, outlook=Outlook(NOVEMBER, 1.0))
    assert "Your goal for 2026-11: 1 of 1 different people met.\n" in text
    assert "chance" not in text


def test_a_goal_that_is_over_is_summed_up() -> None:
    assert "2 of 6 months reached, different people met: 5, meetings: 9." in said(
        summary=Summary(2, 6, 5, 9)
    )


def test_long_lists_say_how_much_is_left_out() -> None:
    text = said(held=[Held(("bob",), TODAY)] * 25)
    assert text.count("- Bob Baker, Mon 30 Nov") == 10
    assert "- and 15 more\n" in text


NASTY = "\u202eevil\x1b[31m\x07\r\nBcc: x@example.test\n" + "x" * 10_000


@pytest.mark.parametrize("text", [NASTY, "🎈" * 5000, "شخص", "", " \n"])
def test_names_and_texts_are_made_safe(text: str) -> None:
    words = digest_words(
        Week(
            me=text,
            today=TODAY,
            names={"bob": text},
            held=[Held(("bob",), TODAY)],
            ahead=[Ahead(("bob",), text, NOW)],
            waiting=[Waiting(Awaited.PROMISE, "bob", None, text, TODAY)],
            introduction=Introduction("bob", "ann", NOW, text),
            outlook=Outlook(NOVEMBER, 0.5, (Raise(text, 0.6),)),
            month=Standing(NOVEMBER, 1, (), (), 0),
        ),
        BERLIN,
    )
    shown = words.subject + words.text
    assert len(shown) < 3000
    unsafe = {c for c in shown if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")}
    assert unsafe == set()
    assert not [line for line in words.text.splitlines() if line.startswith("Bcc:")]


class TestAsAnEvent:
    UID = "8c6a3c52-1111-5222-8333-444444444444"

    def test_its_day_is_found_again(self) -> None:
        text = digest_event(digest_words(week(), BERLIN), self.UID, TODAY, NOW)
        assert digest_day(text, self.UID) == "20261130"
        assert digest_day(text, "another") is None

    @pytest.mark.parametrize(
        ("change", "day"),
        [
            (("DTSTART;VALUE=DATE:20261130", "DTSTART:20261203T100000Z"), "20261203"),
            (("DTSTART;VALUE=DATE:20261130\r\n", ""), ""),
            (("END:VEVENT", ""), None),
            (("VEVENT", "VTODO"), None),
        ],
    )
    def test_whatever_became_of_it(self, change: tuple[str, str], day: str | None) -> None:
        text = digest_event(digest_words(week(), BERLIN), self.UID, TODAY, NOW)
        assert digest_day(text.replace(*change), self.UID) == day

    @given(st.text(max_size=300))
    def test_any_text_can_be_looked_at(self, text: str) -> None:
        digest_day(text, self.UID)

    @pytest.mark.parametrize("name", ["Bob Baker", "Your week"])
    def test_its_title_is_like_no_draft(self, name: str) -> None:
        subject = digest_words(week(), BERLIN).subject
        assert likeness(f"? {name} – coffee", f"OK {subject}") is None  # noqa: RUF001 (our dash)
