"""Text from elsewhere never steers the terminal: names, facts, calendars, titles, errors."""

import unicodedata

import pytest
from accounts import HOUR, event
from servers import User
from shell import Shell
from test_setup_command import options

RED = "\x1b[31m"
NASTY = f"ring\x07 {RED}red \x9b1m back\u202ewards \x7f"


def unsafe(text: str) -> set[str]:
    """What in the text is a control or format character, the line breaks left out."""
    return {c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Cs")}


def test_facts_and_notes(offline: Shell) -> None:
    offline.ok(
        *("contacts", "add", "Bob", "--email", "bob@example.test", "--category", "business"),
        *("--note", NASTY),
    )
    offline.ok("done", "bob", "--on", "2026-11-01", "--need", NASTY)

    shown = offline.ok("contacts", "show", "bob").out
    document = offline.ok("contacts", "show", "bob", "--json")

    assert "red" in shown
    assert unsafe(shown) == unsafe(document.out) == set()
    assert document.json["note"] == NASTY
    assert document.json["facts"][0]["text"] == NASTY


def test_bytes_that_are_no_text(offline: Shell) -> None:
    offline.ok("contacts", "add", "Bob", "--email", "bob@example.test", "--category", "business")
    offline.ok("done", "bob", "--on", "2026-11-01", "--need", b"caf\xe9")

    assert "caf" in offline.ok("contacts", "show", "bob").out
    assert "caf" in offline.json("contacts", "show", "bob")["facts"][0]["text"]
    assert unsafe(offline.run("done", b"caf\xe9").ends_with(6).err) == set()


@pytest.mark.parametrize("command", ["add", "edit", "show", "remove", "import"])
def test_words_of_the_user_in_an_error(offline: Shell, command: str) -> None:
    more = ["--email", NASTY, "--category", NASTY] if command == "add" else []

    refused = offline.run("contacts", command, NASTY, *more)

    assert refused.status in (2, 6)
    assert unsafe(refused.err) == set()


def test_a_name_that_reads_backwards(offline: Shell) -> None:
    for number in range(2):
        offline.run(
            *("contacts", "add", f"evil\u202e{number}", "--email", f"e{number}@example.test"),
            *("--category", "business"),
        ).ends_with(0)

    ambiguous = offline.run("contacts", "show", "evil").ends_with(6)

    for ran in (offline.ok("contacts"), offline.ok("contacts", "--json"), offline.ok("status")):
        assert unsafe(ran.out) == set()
    assert unsafe(ambiguous.err) == set()
    added = ("contacts", "edit", "evil0", "--name", "even\u202emore")
    assert unsafe(offline.ok(*added).out) == set()


def test_names_of_calendars_and_titles_of_events(shell: Shell, alice: User) -> None:
    alice.dav.mkcalendar(f"{alice.home}odd/", "Odd\u202e\x9b one").expect(201)
    odd = event("odd", HOUR, "An\u202eodd title", "RRULE:FREQ=DAILY;BYEASTER=1")
    alice.dav.put(f"{alice.home}odd/odd.ics", odd, new=True).expect(201)

    refused = shell.run(*options(alice, busy="Nonsense")).ends_with(3)
    done = shell.ok(*options(alice, drafts=None))
    plan = shell.run("plan", now="2026-11-30T07:00:00Z").ends_with(0)
    document = shell.run("plan", "--json", now="2026-11-30T07:00:00Z").ends_with(0)

    assert "Odd" in refused.err
    assert "odd title" in plan.err
    assert document.json["unreadable"]
    for text in (refused.err, done.out, plan.out, plan.err, document.out):
        assert unsafe(text) == set()


def test_columns_stand_under_each_other(offline: Shell) -> None:
    for name in ("Al", "Bartholomew"):
        offline.ok(
            "contacts", "add", name, "--email", f"{name}@example.test", "--category", "results"
        )

    first, second = offline.ok("contacts").out.splitlines()

    assert first.index("Al <") == second.index("Bartholomew <")
