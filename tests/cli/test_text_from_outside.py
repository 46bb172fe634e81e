"""Whatever names, notes, facts, questions and titles hold, every command shows it safely."""

import csv
import io
import os

import pytest
from hostile import FORMULA, HOSTILE, LONG, ONE_LINE, unsafe, widest
from shell import Shell

ADA_CARD = f"""BEGIN:VCARD
VERSION:4.0
UID:ada\u202e
FN:Ada {ONE_LINE.replace(chr(92), "/").replace(",", "").replace(";", "")}
EMAIL:ada@example.test
CATEGORIES:business,tag\u202e\u0007gat
NOTE:{"y" * 10_000}\x1b[2J\\n\u202e
BDAY:19800305
END:VCARD
"""
TEXTS = (HOSTILE, LONG, FORMULA)
KINDS = ("need", "offer", "helped-me", "ask", "helped", "kept", "promised", "note")
QUESTION = "What \u202e \x9b1m of 👩\u200d💻 " + "?" * 150
LONGEST_LINE = 700
"""No line on a terminal is longer: 500 characters of a text, and what we say around it."""

SHOWN = (
    ("contacts",),
    ("contacts", "show", "ada"),
    ("contacts", "show", "ben"),
    ("status",),
    ("status", "--all"),
    ("digest",),
    ("agenda", "ada"),
    ("agenda", "ben"),
    ("introductions",),
    ("introductions", "list"),
)
TO_PASS_ON = (
    ("introductions", "ask", "ada", "ben", "--of", "ada", "--by-hand"),
    ("introductions", "agree", "ada", "ben", "--by", "ada"),
    ("introductions", "ask", "ada", "ben", "--of", "ben", "--by-hand"),
    ("introductions", "agree", "ada", "ben", "--by", "ben"),
    ("introductions", "by", "ada", "ben", "mail"),
    ("introductions", "send", "ada", "ben"),
)


@pytest.fixture
def ada(offline: Shell) -> Shell:
    """A home with two people of whom everything is on record that may be, in the worst words."""
    offline.folder.joinpath("ada.vcf").write_bytes(ADA_CARD.encode())
    rows = [["name", "email", "category", "note", "birthday", "tags"]]
    rows += [[f"Ben {ONE_LINE}", "ben@example.test", "results", FORMULA, "--02-29", "t\u202e"]]
    with offline.folder.joinpath("ben.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    offline.ok("contacts", "import", "ada.vcf")
    offline.ok("contacts", "import", "ben.csv")
    offline.ok("contacts", "edit", "ada", "--knows", "ben", "--tag", f"a{ONE_LINE}"[:100])
    offline.ok("contacts", "edit", "ben", "--note", as_typed(HOSTILE))
    for kind in KINDS:
        for text in TEXTS:
            offline.ok("note", "ada", f"--{kind}", as_typed(text))
    offline.ok("note", "ben", "--promised", as_typed(LONG), "--due", "2026-11-03")
    offline.ok("note", "ben", "--promised", as_typed(HOSTILE), "--due", "2026-10-03")
    offline.ok("done", "ben", "--on", "2026-11-01", "--need", as_typed(f"sailing {HOSTILE}"))
    questions = "[" + "".join(f"\\U{ord(character):08X}" for character in QUESTION).join('""') + "]"
    steps = ("connect", "help_me", "help_them", "introduce")
    own = "".join(f"[{step}]\nreplace = true\nquestions = {questions}\n" for step in steps)
    offline.config.with_name("questions.toml").write_text(own)
    return offline


def as_typed(text: str) -> bytes:
    return os.fsencode(text)


def assert_readable(text: str, lines: int = 120) -> None:
    assert unsafe(text) == set()
    assert widest(text) <= LONGEST_LINE
    assert text.count("\n") <= lines


@pytest.mark.parametrize("command", SHOWN, ids=" ".join)
def test_what_is_shown(ada: Shell, command: tuple[str, ...]) -> None:
    introduce(ada)
    shown = ada.ok(*command)
    assert shown.out.strip()
    assert_readable(shown.out)
    assert unsafe(ada.ok(*command, *([] if "--all" in command else ["--json"])).out) == set()


def introduce(ada: Shell) -> None:
    ada.ok("contacts", "edit", "ada", "--no-tags")
    begun = ada.ok("introduce", "ada", "ben", "--because", as_typed(HOSTILE), "--to-first", LONG)
    assert unsafe(begun.out) == set()


def test_the_page_stays_on_a_screen(ada: Shell) -> None:
    introduce(ada)
    page = ada.ok("status").out
    assert page.count("\n") <= 24
    assert widest(page) <= 80


def test_a_digest_is_short(ada: Shell) -> None:
    assert len(ada.ok("digest").out) < 3_000


@pytest.mark.parametrize("way", ["--json", "in words"])
def test_an_introduction_from_the_reason_to_the_mail(ada: Shell, way: str) -> None:
    introduce(ada)
    json_too = ["--json"] if way == "--json" else []
    for command in TO_PASS_ON:
        told = ada.ok(*command, *json_too)
        assert unsafe(told.out) == set()
        assert json_too == [] or told.json["because"]


def test_short_messages(ada: Shell) -> None:
    for words in (
        ("done", "ada", "--on", "2026-11-01", "--note", as_typed(HOSTILE)),
        ("done", "ben", "--json", "--on", "2026-10-01", "--ask", as_typed(LONG)),
        ("note", "ada", "--need", as_typed(HOSTILE), "--json"),
        ("snooze", "ben", "--until", "2026-12-01"),
        ("contacts", "remove", "ben"),
    ):
        assert_readable(ada.ok(*words).out, 400)
    for words in (
        ("note", as_typed(HOSTILE), "--need", "x"),
        ("why", as_typed(LONG)),
        ("introduce", as_typed(HOSTILE), "ada"),
        ("introductions", "agree", "ada", as_typed(LONG), "--by", as_typed(HOSTILE)),
        ("introductions", as_typed(HOSTILE)),
        (as_typed(HOSTILE),),
        ("note", "ada", as_typed(f"--{HOSTILE}")),
        ("note", "ada", "--need", "x", "--on", as_typed(HOSTILE)),
        ("note", "ada", "--need", "x", "--on", as_typed(LONG)),
        ("contacts", "add", "Cy", "--email", as_typed(LONG), "--category", "results"),
        ("contacts", "add", "Cy", "--email", "c@x.test", "--category", as_typed(HOSTILE)),
        ("contacts", "edit", "ada", "--birthday", as_typed(LONG)),
        ("contacts", "edit", "ada", "--tag", as_typed(HOSTILE)),
        ("contacts", "import", as_typed(f"./{ONE_LINE.replace('/', '')}.csv")),
        ("contacts", "export", as_typed(f"missing/{ONE_LINE.replace('/', '')}.csv")),
    ):
        refused = ada.run(*words)
        assert refused.status in (2, 6), words
        assert "Traceback" not in refused.err
        assert_readable(refused.err)


def test_out_to_a_file_and_back(ada: Shell) -> None:
    before = ada.json("contacts")
    for file in ("all.csv", "all.vcf"):
        ada.ok("contacts", "export", file)
        ada.ok("contacts", "remove", "ada")
        ada.ok("contacts", "remove", "ben")
        ada.ok("contacts", "import", file)
        assert [one["name"] for one in ada.json("contacts")] == [one["name"] for one in before]


def test_a_spreadsheet_runs_nothing(ada: Shell) -> None:
    ada.ok("contacts", "edit", "ben", "--note", FORMULA, "--name", FORMULA)
    rows = list(csv.reader(io.StringIO(ada.ok("contacts", "export", "-").out)))
    assert [field for row in rows for field in row if field[:1] in ("=", "+", "@", "\t")] == []
