"""`connectd agenda` shows what to talk about, without any server; and what the page says of it."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from shell import NOW, Shell
from test_terminal_safety import NASTY, unsafe

from connectd.domain.agenda import FOLLOW_UP_QUESTION
from connectd.domain.introductions import Introduction
from connectd.domain.model import Fact, Meeting, Span, State
from connectd.edges.store import Store

PAGE = (Path(__file__).parents[2] / "docs" / "agenda.md").read_text()
EXAMPLE = re.compile(r"```console\n\$ connectd (?P<words>.+)\n(?P<printed>(?:.*\n)*?)```\n")
LONG = "x" * 10_000


@pytest.fixture
def bob(offline: Shell) -> Shell:
    about = ("--email", "bob@example.test", "--category", "business")
    offline.ok("contacts", "add", "Bob Baker", *about)
    return offline


def store_of(shell: Shell) -> Store:
    return Store.open(shell.database)


def questions_file(shell: Shell, text: str) -> Path:
    path = shell.config.with_name("questions.toml")
    path.write_text(text)
    return path


def test_a_next_meeting(bob: Shell) -> None:
    facts = ("--need", "a flat", "--offer", "legal advice", "--ask", "a word", "--promised", "tea")
    bob.ok("done", "bob", "--on", "2026-10-20", *facts)
    with store_of(bob) as store:
        now = datetime.fromisoformat(NOW)
        store.add_fact(
            Fact("bob-baker", "promised", "it", date(2026, 10, 20), due=date(2026, 10, 30)), now
        )

    document = bob.json("agenda", "bob")

    said = {"on": "2026-10-20"}
    questions = document.pop("questions")
    lines = document.pop("lines")
    assert document == {
        "contact": "bob-baker",
        "people": ["bob-baker"],
        "meeting": None,
        "step": "help_me",
        "last_met": "2026-10-20",
        "promises": [
            {"text": "tea", **said, "due": None},
            {"text": "it", **said, "due": "2026-10-30"},
        ],
        "asks": [{"text": "a word", **said}],
        "needs": [{"text": "a flat", **said}],
        "offers": [{"text": "legal advice", **said}],
        "introductions": [],
    }
    assert len(questions) == 2
    assert lines == [
        "Bob Baker, business",
        "Last met: Tuesday 20 October",
        "You promised: tea",
        "You promised by Friday 30 October, and it is not too late: it",
        "You hope for: a word",
        "They need: a flat",
        "They can give others: legal advice",
        *(f"Question: {question}" for question in questions),
        FOLLOW_UP_QUESTION,
    ]
    heading, *shown = bob.ok("agenda", "bob").out.splitlines()
    assert heading.startswith("No meeting with Bob Baker stands.")
    assert shown == [f"    - {line}" for line in lines]


def test_the_meeting_that_stands(online: Shell) -> None:
    before = online.json("agenda", "bob")
    online.ok("tick")
    drafted = online.json("agenda", "bob")
    assert drafted["meeting"] == online.json("status")["meetings"][0]["uid"]
    assert drafted["questions"] == before["questions"]
    shown = online.ok("agenda", "bob").out
    assert shown.startswith(
        "Coffee with Bob Baker, Wed 2026-11-04 09:00 to 09:45, a draft that waits for your yes\n"
    )


def test_a_meeting_of_three(bob: Shell) -> None:
    bob.ok("contacts", "add", "Ada", "--email", "ada@example.test", "--category", "results")
    start = datetime(2026, 11, 4, 9, tzinfo=UTC)
    three = Meeting(
        *("three", "bob-baker", 1, State.DRAFTED, Span(start, start + timedelta(hours=1))),
        other="ada",
        questions=("What first?", "What next?"),
    )
    with store_of(bob) as store:
        store.save_meeting(three, was=None)
        store.add_fact(Fact("ada", "need", "a printer", date(2026, 10, 1)), start)
    for who, needs in (("bob", []), ("ada", ["a printer"])):
        document = bob.json("agenda", who)
        assert document["people"] == ["bob-baker", "ada"]
        assert [need["text"] for need in document["needs"]] == needs
        assert document["questions"] == ["What first?", "What next?"]
        assert "Ada: they need: a printer" in document["lines"]
        assert "Bob Baker: no meeting on record yet" in document["lines"]
        assert bob.ok("agenda", who).out.startswith("Coffee with Bob Baker and Ada, Wed")


def test_introductions_that_wait_for_a_word(bob: Shell) -> None:
    bob.ok("contacts", "add", "Ada", "--email", "ada@example.test", "--category", "results")
    with store_of(bob) as store:
        store.save_introduction(
            Introduction("ada", "bob-baker", datetime(2026, 11, 1, tzinfo=UTC), "both sail")
        )
    assert bob.json("agenda", "bob")["introductions"] == [
        {"to": "ada", "name": "Ada", "because": "both sail"}
    ]
    line = "Ask Bob Baker whether meeting Ada would be welcome: both sail"
    assert line in bob.ok("agenda", "bob").out


def test_what_was_typed_is_shown_safely(bob: Shell) -> None:
    bob.ok("contacts", "edit", "bob", "--note", f"{NASTY}\n{LONG}")
    for kind in ("need", "offer", "ask", "promised"):
        bob.ok("done", "bob", "--on", "2026-10-20", f"--{kind}", f"{NASTY}\n🙂 {LONG}")
    questions_file(bob, f'[connect]\nquestions = ["\\u001b[31mred\\u202e {"y" * 150}"]\n')
    shown = bob.ok("agenda", "bob").out
    assert unsafe(shown) == set()
    assert max(map(len, shown.splitlines())) < 520
    document = bob.ok("agenda", "bob", "--json")
    assert unsafe(document.out) == set()
    assert document.json["needs"][0]["text"] == f"{NASTY}\n🙂 {LONG}"


def test_nobody_is_meant(bob: Shell) -> None:
    assert "Nobody on your list" in bob.run("agenda", "zoe").ends_with(6).err


class TestOnesOwnQuestions:
    def test_take_the_place_of_ours(self, bob: Shell) -> None:
        questions_file(bob, '[connect]\nreplace = true\nquestions = ["Tea?", "Or coffee?"]\n')
        assert sorted(bob.json("agenda", "bob")["questions"]) == ["Or coffee?", "Tea?"]

    @pytest.mark.parametrize("command", [("plan",), ("tick",), ("run",), ("agenda", "bob")])
    def test_that_are_wrong_stop_what_needs_them(
        self, bob: Shell, command: tuple[str, ...]
    ) -> None:
        path = questions_file(bob, '[connect]\nquestions = [""]\n[dinner]\n')
        now = None if command == ("run",) else NOW
        said = bob.run(*command, now=now).ends_with(3).err
        assert f"{path} cannot be used:" in said
        assert "connect.questions: number 1 is empty" in said
        assert "dinner: is no step" in said

    def test_that_are_wrong_stop_nothing_else(self, bob: Shell) -> None:
        questions_file(bob, "[connect")
        for words in (
            ("status",),
            ("contacts",),
            ("contacts", "show", "bob"),
            ("done", "bob", "--on", "2026-10-20"),
        ):
            bob.ok(*words)


class TestThePage:
    @pytest.fixture
    def life(self, bob: Shell) -> Shell:
        facts = ("--need", "a tax advisor", "--promised", "the printing quote")
        bob.ok("done", "bob", "--on", "2026-10-21", *facts)
        return bob

    def test_shows_what_is_printed(self, life: Shell) -> None:
        shown = list(examples())
        assert len(shown) == 2
        for words, printed in shown:
            assert life.ok(*shlex.split(words)).out == printed, words

    def test_tells_of_every_part_of_the_document(self, life: Shell) -> None:
        paragraph = PAGE.partition("With `--json`")[2].partition("\n\n")[0]
        assert set(re.findall(r"`(\w+)`", paragraph)) == set(life.json("agenda", "bob"))

    def test_shows_a_file_that_works(self, life: Shell) -> None:
        (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
        questions_file(life, example)
        assert tomllib.loads(example).keys() == {"connect", "introduce"}
        life.ok("agenda", "bob")

    def test_says_how_many_questions_there_are(self, life: Shell) -> None:
        ours = tomllib.loads(
            (Path(__file__).parents[2] / "connectd" / "data" / "questions.toml").read_text()
        )
        assert {len(table["questions"]) for table in ours.values()} == {16}
        assert "sixteen questions" in PAGE
        assert life.json("agenda", "bob")["step"] in ours


def examples() -> Iterator[tuple[str, str]]:
    """Every command on the page, with what stands below it."""
    for found in EXAMPLE.finditer(PAGE):
        yield found["words"], found["printed"]
