"""Everything on record about one person, for people and for scripts."""

import unicodedata
from datetime import UTC, datetime

import pytest
from shell import Shell

from connectd.domain.introductions import Introduction
from connectd.edges.store import Store

LONG = "x" * 10_000


@pytest.fixture
def known(offline: Shell) -> Shell:
    """A home with bob and carol on the list, and no server."""
    for name, category in (("Bob Baker", "business"), ("Carol Cole", "results")):
        email = f"{name.split()[0].lower()}@example.test"
        offline.ok("contacts", "add", name, "--email", email, "--category", category)
    return offline


def introduce(shell: Shell, one: str, other: str) -> None:
    """Put an introduction on record, begun, and dropped a day later."""
    begun, dropped = datetime(2026, 10, 20, 10, tzinfo=UTC), datetime(2026, 10, 21, 23, tzinfo=UTC)
    with Store.open(shell.database) as store:
        store.save_introduction(Introduction(one, other, begun, "both print", dropped_at=dropped))


def test_a_story_is_told_in_the_order_of_time(known: Shell) -> None:
    about = ("--note", "likes tea", "--tag", "printing", "--birthday", "--03-05")
    known.ok("contacts", "edit", "bob", "--knows", "carol", *about)
    known.ok("note", "bob", "--need", "a designer", "--ask", "a new job", "--on", "2026-10-22")
    known.ok("done", "bob", "--on", "2026-10-30", "--promised", "the paper", "--due", "2026-11-20")
    introduce(known, "carol-cole", "bob-baker")

    assert known.ok("contacts", "show", "bob").out.splitlines() == [
        "bob-baker  Bob Baker <bob@example.test>  business, last met 2026-10-30",
        "    step help_me, coffee, as their category says",
        "    tags: printing",
        "    birthday: 03-05",
        "    knows Carol Cole",
        "    note: likes tea",
        "    open: you promised the paper (until 2026-11-20)",
        "    open: you hope for a new job",
        "2026-10-20  introduction: to Carol Cole: begun, because both print",
        "2026-10-22  need: a designer",
        "2026-10-22  ask: a new job",
        "2026-10-22  introduction: to Carol Cole: dropped",
        "2026-10-30  met: you said so",
        "2026-10-30  promised: the paper (until 2026-11-20)",
    ]


def test_a_story_for_scripts(known: Shell) -> None:
    known.ok("note", "bob", "--ask", "a new job", "--on", "2026-10-22")
    known.ok("note", "bob", "--promised", "the paper", "--due", "2026-11-20")
    known.ok("contacts", "edit", "bob", "--knows", "carol")
    introduce(known, "bob-baker", "carol-cole")

    story = known.json("contacts", "show", "bob")

    fact = {"due": None, "meeting": None}
    ask = fact | {"kind": "ask", "text": "a new job", "on": "2026-10-22"}
    promise = fact | {"kind": "promised", "text": "the paper", "on": "2026-11-02"}
    promise |= {"due": "2026-11-20"}
    assert story["facts"] == [ask, promise]
    assert story["outstanding"] == {"promises": [promise], "asks": [ask]}
    assert story["knows"] == ["carol-cole"]
    assert story["introductions"] == [
        {
            "with": "carol-cole",
            "state": "dropped",
            "because": "both print",
            "by": "meeting",
            "began_at": "2026-10-20T10:00:00Z",
            "introduced_at": None,
            "dropped_at": "2026-10-21T23:00:00Z",
        }
    ]
    assert story["timeline"] == [
        {
            "on": "2026-10-20",
            "what": "introduction",
            "text": "to Carol Cole: begun, because both print",
        },
        {"on": "2026-10-22", "what": "ask", "text": "a new job"},
        {"on": "2026-10-22", "what": "introduction", "text": "to Carol Cole: dropped"},
        {"on": "2026-11-02", "what": "promised", "text": "the paper (until 2026-11-20)"},
    ]


def test_what_is_on_record_about_others_is_not_told(known: Shell) -> None:
    before = known.json("contacts", "show", "bob")
    add = ("contacts", "add", "Dan Diaz", "--email", "dan@example.test", "--category", "results")
    known.ok(*add, "--knows", "carol")
    known.ok("done", "carol", "--on", "2026-10-30", "--need", "a designer", "--promised", "it")
    introduce(known, "carol-cole", "dan-diaz")

    assert known.json("contacts", "show", "bob") == before


def test_what_ended_is_open_no_more(known: Shell) -> None:
    known.ok("note", "bob", "--promised", "the paper", "--promised", "a book", "--ask", "a new job")

    known.ok("done", "bob", "--on", "2026-11-01", "--kept", "that paper", "--helped-me", "found it")

    shown = known.ok("contacts", "show", "bob").out
    assert "open: you promised a book\n" in shown
    assert shown.count("open:") == 1
    assert "2026-11-01  kept: that paper" in shown


def test_a_meeting_that_is_open_and_how_it_ended(online: Shell) -> None:
    online.ok("tick")
    drafted = online.ok("contacts", "show", "bob").out.splitlines()
    assert "    open: Wed 2026-11-04 09:00 to 09:45 drafted, because " in "\n".join(drafted)
    assert drafted[-1] == "2026-11-04  meeting: 09:00 coffee: drafted"

    online.ok("done", "bob", "--need", "a designer", now="2026-11-04T10:00:00Z")

    story = online.json("contacts", "show", "bob")
    assert [(entry["what"], entry["text"]) for entry in story["timeline"]] == [
        ("meeting", "09:00 coffee: met"),
        ("met", "you said so"),
        ("need", "a designer"),
    ]
    assert story["facts"][0]["meeting"] == story["meetings"][0]["uid"]
    assert "open:" not in online.ok("contacts", "show", "bob").out


@pytest.mark.parametrize("kind", ["need", "promised", "ask"])
def test_text_from_outside_never_steers_the_terminal(known: Shell, kind: str) -> None:
    nasty = f"ring\x07 \x1b[31mred\x9b1m back\u202ewards\r\nnext\u2028line 👩\u200d🚀 {LONG}"
    known.ok("note", "bob", f"--{kind}", nasty)
    known.ok("contacts", "edit", "bob", "--note", nasty, "--tag", "tag\u202e")

    shown = known.ok("contacts", "show", "bob").out
    document = known.ok("contacts", "show", "bob", "--json")

    for text in (shown, document.out):
        controls = {c for c in text if unicodedata.category(c) in ("Cc", "Cf", "Cs")}
        assert controls - {"\n"} == set()
    assert all(len(line) <= 500 for line in shown.splitlines())
    (told,) = (line for line in shown.splitlines() if line.startswith("2026-11-02"))
    assert told.startswith(f"2026-11-02  {kind}: ring [31mred1m backwards next line 👩🚀 xxx")
    assert document.json["facts"][0]["text"] == nasty
    assert document.json["timeline"][0]["text"] == nasty


def test_who_was_removed_breaks_nothing_for_the_others(known: Shell) -> None:
    known.ok("contacts", "edit", "bob", "--knows", "carol")
    known.ok("note", "carol", "--promised", "the paper", "--need", "a designer")
    introduce(known, "carol-cole", "bob-baker")
    before = known.json("contacts", "show", "carol")

    known.ok("contacts", "remove", "carol")

    shown = known.ok("contacts", "show", "bob").out
    assert "introduction: to carol-cole: begun" in shown
    assert "knows" not in shown
    assert known.json("contacts", "show", "bob")["introductions"][0]["with"] == "carol-cole"
    assert "Nobody on your list" in known.run("contacts", "show", "carol").ends_with(6).err
    known.ok("status")
    add = ("contacts", "add", "Carol Cole", "--email", "carol@example.test")
    known.ok(*add, "--category", "results")
    assert known.json("contacts", "show", "carol") == before
