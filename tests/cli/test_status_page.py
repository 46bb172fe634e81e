"""The page of `status`: thirty people and a busy month on one screen, and all of it on demand."""

import re
import shlex
from datetime import timedelta

import busy_life
import pexpect
import pytest
from busy_life import AT, FIRST_NAMES, NOW, TODAY
from shell import Shell

from connectd.cli.page import columns
from connectd.domain.model import Contact, Encounter, Fact, Step
from connectd.edges.store import Store
from connectd.service.notes import leave_people_error

SIGNS = {
    "results": "~Jo 29 ~Dan 15 ~Pia 1 ?Birgit ?Vera ?Yuri +Ada +Gus +Mia +Sam",
    "organization": "!Erin 40 !Kim 31 ~Tess 20 ~Ned 10 ?Cem ?Walt ?Zoe* +Ben +Hal +Quin",
    "business": "!Olga 70 !Finn 65 !Rosa 45 ~Carol 4 ~Ida 3 ?Anton ?Dora ?Ugo ?Xenia +Lea",
}


@pytest.fixture
def busy(shell: Shell) -> Shell:
    busy_life.live(shell)
    return shell


def page(shell: Shell, *words: str) -> str:
    return shell.ok("status", *words, now=NOW).out


def test_thirty_people_and_a_busy_month_fit_on_a_screen(busy: Shell) -> None:
    lines = page(busy).splitlines()
    assert len(lines) <= 24
    assert max(map(columns, lines)) <= 80
    said = " ".join(page(busy).split())
    for category, people in SIGNS.items():
        assert f"{category} {people}" in said
    for told in (
        "Yes or no to the draft: Ada, Ben, Carol",
        "A second yes: Dan (25 Nov)",
        "Did it take place? Hal (16 Nov), Ida (17 Nov)",
        "Promised: the paper on resilience to Carol (late), and 2 more (--all)",
        "Introductions: Ada and Ben (to decide), and 2 more (--all)",
        "Tell them yourself: Jo (20 Nov), Erin (23 Nov)",
        "Steps: 10 connect, 16 help me, 3 help them, 1 introduce; moved this month: Ada to",
        "Thu 2026-11-19 14:00-14:45 Finn: invited, no answer yet (mail)",
        "and 8 more (connectd status --all)",
        "Account main: last read 5 minutes ago: Work: the server gave no",
        "Calendars last read 2026-11-18 08:55",
    ):
        assert told in said


def test_what_was_promised_to_somebody_archived_is_still_to_be_kept(busy: Shell) -> None:
    with Store.open(busy.database) as store:
        carol = store.contact("carol")
        assert carol
        store.update_contact(carol._replace(archived=True))

    assert "Promised: the paper on resilience to carol (late)" in " ".join(page(busy).split())
    document = busy.json("status", now=NOW)
    assert "carol" in {promise["contact"] for promise in document["promises"]}
    assert "carol" not in {contact["id"] for contact in document["contacts"]}
    assert "- the paper on resilience, to Carol Ng, by Fri 13 Nov" in busy.ok("digest", now=NOW).out


def test_all_of_it_leaves_nothing_out(busy: Shell) -> None:
    said = " ".join(page(busy, "--all").split())
    for told in (
        "2027-04: 0 of 3 met",
        "moved this month: Ada Ng to introduce, Ben Ng to help me, Erin Ng to help them, Gus Ng",
        "Promised: the paper on resilience to Carol Ng (late since 2026-11-13), an introduction",
        "to the team of Lea to Kim Ng (by 2026-11-18), a book to Ben Ng (by 2026-11-20)",
        "Promised, not due yet: the slides to Mia Ng by 2027-03-01",
        "Promised, not due yet: lunch to Lea Ng",
        "Mia Ng and Ned Ng (the mail is to be sent)",
        "Carol Ng: draft, waits for your yes; conflict: “Board meeting” in Work, so it needs a yes",
        "Jo Ng: called off; connectd has sent nothing, so please tell them yourself",
        "Ida Ng: invited, no answer yet (mail); did it take place? connectd done ida, or missed",
        "Resting until 2027-01-05: Zoe Ng, 3 invitations in a row without a yes",
        "Feed work: last read 3 hours ago: It is gone.",
        "Could not read “Odd one” in Work: it repeats in a way that is not known. Blocked: 9:00",
    ):
        assert told in said
    assert "more (" not in said


def test_with_little_to_say_the_page_is_short(offline: Shell) -> None:
    offline.ok("contacts", "add", "Bob", "--email", "bob@example.test", "--category", "business")
    assert len(offline.ok("status").out.splitlines()) <= 10


def test_with_nobody_on_the_list_it_says_how_to_begin(offline: Shell) -> None:
    assert "Nobody is on the list yet. Add somebody: connectd contacts add" in page(offline)


def test_three_hundred_people_fit_as_well(busy: Shell) -> None:
    with Store.open(busy.database) as store:
        for number in range(270):
            name = f"Somebody{number}"
            store.add_contact(Contact(name.lower(), name, (f"{name}@x.test",), "business"))
    said = page(busy)
    assert len(said.splitlines()) <= 24
    assert re.search(r"and \d+ more \(--all\)", said)
    assert all(f"Somebody{number}" in page(busy, "--all") for number in range(270))


def test_many_months_fit_as_well(busy: Shell) -> None:
    busy.reconfigure("months = 6", "months = 60")
    busy.reconfigure('starts = "2026-11"', 'starts = "2025-01"')
    lines = page(busy).splitlines()
    assert lines[1].startswith("19 before  2026-08 ●●○")
    assert ">2026-11 ●●●" in lines[1]
    assert "more (--all)" in lines[2]
    assert len(lines) <= 24


@pytest.mark.parametrize("width", [60, 20, 7, 1])
def test_a_narrow_terminal_gets_the_page_all_the_same(busy: Shell, width: int) -> None:
    busy.environment["COLUMNS"] = str(width)
    lines = page(busy).splitlines()
    assert lines[-1].startswith("Calendars last read")
    assert width < 60 or max(map(columns, lines[:-1])) <= width


def test_a_large_goal_is_shown_in_numbers(busy: Shell) -> None:
    busy.reconfigure("people_per_month = 3", "people_per_month = 60")
    assert ">2026-11 5/60  2026-12 0/60" in page(busy)


def test_people_with_the_same_first_name_are_shown_by_their_ids(offline: Shell) -> None:
    for number, name in enumerate(("Bob Baker", "Bob Brown", "Dr. Cy Cole")):
        address = f"p{number}@example.test"
        offline.ok("contacts", "add", name, "--email", address, "--category", "results")
    assert "results       ?bob-baker  ?bob-brown  ?Cy\n" in page(offline)


def test_a_category_of_the_past_keeps_its_people(busy: Shell) -> None:
    busy.configure(busy.config.read_text() + "[categories.work]\nideal_days = 30\n")
    busy.configure(busy.config.read_text() + "longest_days = 60\n")
    categories = busy.json("status", now=NOW)["categories"]
    assert categories[0] == {"name": "work", "people": []}
    assert sum(len(one["people"]) for one in categories) == len(FIRST_NAMES)
    assert "work          nobody yet\n" in page(busy)


def test_long_and_foreign_names_are_cut_by_their_columns(offline: Shell) -> None:
    names = ("漢" * 50, "x" * 10_000, "\u202eevil\x1b[31m", "🎈" * 30, "\x07", "two\nlines")
    with Store.open(offline.database) as store:
        store.begin(AT)
        for number, name in enumerate(names):
            address = f"p{number}@example.test"
            store.add_contact(Contact(f"p-{number}", name, (address,), "results"))
    for words in ((), ("--all",)):
        said = page(offline, *words)
        assert max(map(columns, said.splitlines())) <= 80
        assert "\x1b" not in said
        assert "\u202e" not in said


def test_a_promise_of_ten_kilobytes_takes_a_line(busy: Shell) -> None:
    with Store.open(busy.database) as store:
        text = "very \x07long " * 1000
        store.add_fact(Fact("vera", "promised", text, TODAY, due=TODAY - timedelta(days=30)), AT)
    said = page(busy)
    assert "Promised: very long very long ver… to Vera (late), and 3 more (--all)" in said
    assert len(said.splitlines()) <= 24


def test_the_document_has_all_of_it(busy: Shell) -> None:
    status = busy.json("status", now=NOW)
    assert status["steps"] == {"connect": 10, "help_me": 16, "help_them": 3, "introduce": 1}
    assert {"contact": "ada", "from": "help_me", "to": "introduce"} in status["moved"]
    assert {one["contact"] for one in status["moved"]} == {
        "ada",
        "ben",
        "erin",
        "gus",
        "lea",
        "sam",
    }
    kinds = [(one["kind"], one["contact"], one["other"], one["on"]) for one in status["waiting"]]
    assert kinds == [
        ("draft", "ada", None, "2026-11-20"),
        ("draft", "ben", None, "2026-11-24"),
        ("draft", "carol", None, "2026-11-26"),
        ("second_yes", "dan", None, "2026-11-25"),
        ("done", "hal", None, "2026-11-16"),
        ("done", "ida", None, "2026-11-17"),
        ("promise", "carol", None, "2026-11-13"),
        ("promise", "kim", None, "2026-11-18"),
        ("promise", "ben", None, "2026-11-20"),
        ("introduction", "ada", "ben", None),
        ("introduction", "kim", "lea", None),
        ("introduction", "mia", "ned", None),
        ("tell", "jo", None, "2026-11-20"),
        ("tell", "erin", None, "2026-11-23"),
    ]
    assert [(one["contact"], one["text"], one["due"]) for one in status["promises"]] == [
        ("carol", "the paper on resilience", "2026-11-13"),
        ("kim", "an introduction to the team of Lea", "2026-11-18"),
        ("ben", "a book", "2026-11-20"),
        ("mia", "the slides", "2027-03-01"),
        ("lea", "lunch", None),
    ]
    assert status["promises"][0]["on"] == "2026-10-06"
    assert {"first": "olga", "second": "pia", "state": "dropped"} in status["introductions"]
    assert [one["name"] for one in status["categories"]] == [*SIGNS]
    assert status["address_book"] == {"last_error": None}


def test_a_pinned_step_counts_and_moves_nowhere(offline: Shell) -> None:
    with Store.open(offline.database) as store:
        store.begin(AT)
        ann = Contact("ann", "Ann", ("a@x.test",), "results", step=Step.INTRODUCE)
        store.add_contact(ann)
        store.add_encounter(Encounter("ann", TODAY))
    status = offline.json("status", now=NOW)
    assert (status["steps"]["introduce"], status["moved"]) == (1, [])


def test_promises_to_people_who_were_removed_do_not_wait(busy: Shell) -> None:
    busy.ok("contacts", "remove", "carol", now=NOW)
    assert "carol" not in {one["contact"] for one in busy.json("status", now=NOW)["promises"]}


def test_an_address_book_that_cannot_be_read_is_told(busy: Shell) -> None:
    busy.configure(busy.config.read_text() + '[people]\ngroup = "connect"\n')
    with Store.open(busy.database) as store:
        leave_people_error(store, "It is gone.")
    assert "Address book: It is gone." in page(busy, "--all")
    assert busy.json("status", now=NOW)["address_book"] == {"last_error": "It is gone."}


def on_a_terminal(shell: Shell, **environment: str) -> str:
    """What `status` writes to a terminal of 100 columns."""
    program, *words = map(str, shell.command("status", now=NOW))
    given = {**shell.environment, "TERM": "xterm", **environment}
    return str(
        pexpect.run(
            shlex.join([program, *words]),
            env=given,
            cwd=shell.folder,
            dimensions=(40, 100),
            encoding="utf-8",
        )
    )


def test_colours_are_for_terminals_that_want_them(busy: Shell) -> None:
    coloured = on_a_terminal(busy)
    assert "\x1b[31m!Erin 40\x1b[0m" in coloured
    assert "\x1b[32m+Ada\x1b[0m" in coloured
    plain = on_a_terminal(busy, NO_COLOR="1")
    assert "\x1b" not in plain
    assert "!Erin 40" in plain
    assert max(len(line.rstrip()) for line in plain.splitlines()) > 80
