"""The examples on the page about planning: every command there prints what the page says."""

import re
import shlex
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from servers import User
from shell import Shell, configuration

PAGE = Path(__file__).parents[2] / "docs" / "planning.md"
MONDAY = "2026-11-02T07:00:00Z"
EXAMPLE = re.compile(r"```console\n\$ connectd (?P<words>.+)\n(?P<printed>(?:.*\n)*?)```\n")

PEOPLE = (
    ("Bob Baker", "business", "coffee", None, "2026-09-21"),
    ("Carol Cole", "results", "lunch", None, "2026-09-28"),
    ("Dan Diaz", "organization", "video", "America/New_York", None),
    ("Erin Eng", "business", "walk", None, "2025-11-10"),
    ("Finn Frost", "results", "coffee", None, "2026-10-20"),
)
EVENTS = (
    ("Team", "DTSTART;TZID=Europe/Berlin:20261102T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY"),
    ("Dentist", "DTSTART:20261104T080000Z", "DURATION:PT1H"),
    ("Workshop", "DTSTART:20261105T080000Z", "DTEND:20261105T150000Z"),
    ("Hold", "DTSTART:20261106T090000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT"),
    ("Vacation", "DTSTART;VALUE=DATE:20261116", "DTEND;VALUE=DATE:20261121"),
)


def examples() -> Iterator[tuple[str, str]]:
    """Every command on the page, with what stands below it."""
    for found in EXAMPLE.finditer(PAGE.read_text()):
        yield found["words"], found["printed"]


@pytest.fixture
def life(shell: Shell, alice: User) -> Shell:
    """Alice's calendar and list, as the page tells of them."""
    shell.configure(configuration(alice))
    text = shell.config.read_text()
    shell.config.write_text(text.replace("[me]\n", '[me]\ncountry = "DE"\nsubdivision = "BY"\n'))
    for name, category, kind, zone, last_met in PEOPLE:
        email = f"{name.split()[0].lower()}@example.test"
        where = ("--timezone", zone) if zone else ()
        about = ("--email", email, "--category", category, "--kind", kind, *where)
        shell.ok("contacts", "add", name, *about, now=MONDAY)
        if last_met:
            shell.ok("done", name, "--on", last_met, now=MONDAY)
    shell.ok("done", "bob", "--on", "2026-09-21", "--promised", "the paper", now=MONDAY)
    for number, (title, *lines) in enumerate(EVENTS):
        written = calendar_object(f"event-{number}", title, lines)
        alice.dav.put(f"{alice.calendar}{number}.ics", written).expect(201)
    return shell


def calendar_object(uid: str, title: str, lines: Iterable[str]) -> str:
    event = ("BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20261101T000000Z", f"SUMMARY:{title}", *lines)
    whole = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", *event, "END:VEVENT")
    return "\r\n".join([*whole, "END:VCALENDAR", ""])


def test_the_page_shows_what_is_printed(life: Shell) -> None:
    shown = list(examples())
    assert len(shown) >= 5
    for words, printed in shown:
        assert life.ok(*shlex.split(words), now=MONDAY).out == printed, words
