"""`connectd setup` on a terminal: from nothing to the first plan, on three servers."""

import re
import tomllib
from uuid import uuid4

import pytest
from servers import Cyrus, Radicale, User, Xandikos
from setup_answers import (
    BUSY,
    DRAFTS,
    GOAL,
    HOURS,
    KINDS,
    PEOPLE,
    SERVER,
    USERNAME,
    WRITE,
    YOU,
    Answer,
    answers,
    choices,
    command,
    give,
    traces,
    way_in,
)
from shell import Shell
from test_setup_command import options
from typist import typist

MOST_ANSWERS = 12
BIRTHDAY = "\r\n".join(
    [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", "BEGIN:VEVENT", "UID:ada"),
        *("DTSTAMP:20200101T000000Z", "DTSTART;VALUE=DATE:19800305", "RRULE:FREQ=YEARLY"),
        *("SUMMARY:Ada", "END:VEVENT", "END:VCALENDAR", ""),
    ]
)


@pytest.fixture(params=["radicale", "xandikos", "cyrus"])
def somebody(request: pytest.FixtureRequest) -> User:
    """Somebody with one calendar, once on each kind of server."""
    server: Radicale | Xandikos | Cyrus = request.getfixturevalue(request.param)
    return server.new_user()


def test_from_nothing_to_the_first_plan(shell: Shell, somebody: User) -> None:
    given = answers(somebody)
    before = set(somebody.dav.hrefs(somebody.home))

    with typist(shell, *command(somebody)) as user:
        give(user, given)
        said = user.ends_with(0)

    assert len(given) <= MOST_ANSWERS
    (made,) = set(somebody.dav.hrefs(somebody.home)) - before
    assert somebody.dav.objects(made) == {}
    yes = "status Confirmed" if somebody.schedules else "Accept"
    assert yes in said.partition("To answer it:")[2].splitlines()[2]
    plan = said.partition("Your first plan:")[2]
    assert "Wed 2026-11-04 09:00 to 09:45  Bob Baker, coffee" in plan
    written = tomllib.loads(shell.config.read_text())
    assert written["me"]["timezone"] == "Europe/Berlin"
    assert written["account"][0]["drafts"] == "Connections"
    assert [person["id"] for person in shell.json("contacts")] == ["bob-baker"]


def test_with_several_calendars_one_more_answer_says_which_block_time(
    shell: Shell, alice: User
) -> None:
    for name in ("Birthdays", "Work"):
        alice.dav.mkcalendar(f"{alice.home}{name}/", name).expect(201)
    alice.dav.put(f"{alice.home}Birthdays/ada.ics", BIRTHDAY).expect(201)
    given = answers(alice)
    given.insert(5, Answer(BUSY))
    people = "Ada <ada@example.test> t; Bob <bob@example.test> clients;"
    wanted = {
        DRAFTS: "Work",
        HOURS: "Tue 10-12",
        GOAL: "1 person a month for 3 months",
        KINDS: "team, house, clients",
        PEOPLE: people,
    }

    with typist(shell, "setup") as user:
        give(user, [Answer(q, wanted.get(q, typed)) for q, typed in given if q != WRITE])
        user.answer("and:", "Cy <cy@example.test> h")
        user.answer(WRITE)
        user.ends_with(0)

        said = user.seen

    assert len(given) <= MOST_ANSWERS
    assert "Birthdays (whole days only, such as birthdays: left out)" in said
    written = tomllib.loads(shell.config.read_text())
    account = written["account"][0]
    assert (account["busy"], account["ignore"]) == (["*"], ["Birthdays"])
    assert account["drafts"] == "Work"
    assert written["hours"] == {"tuesday": ["10:00-12:00"]}
    assert (written["goal"]["people_per_month"], written["goal"]["months"]) == (1, 3)
    listed = {one["name"]: one["category"] for one in shell.json("contacts")}
    assert listed == {"Ada": "team", "Bob": "clients", "Cy": "house"}


def test_an_answer_that_cannot_be_used_is_asked_for_again(shell: Shell, alice: User) -> None:
    (shell.folder / "people.csv").write_text("name,email\n")
    first = way_in(alice)

    with typist(shell, "setup") as user:
        user.answer(first[0].question, "alice")
        user.wait_for("is no e-mail address")
        give(user, first)
        user.answer(YOU, "Alice, Europe/Berlim")
        user.wait_for('did you mean "Europe/Berlin"')
        user.answer(YOU, "Alice, Europe/Berlin")
        user.answer(DRAFTS, "7")
        user.wait_for("a number from the list, or a name")
        user.answer(DRAFTS, "1")
        user.answer(HOURS, "always")
        user.wait_for("is no day such as Mon")
        user.answer(HOURS)
        user.answer(GOAL, "many")
        user.wait_for("write the goal as in")
        user.answer(GOAL, "3000")
        user.wait_for("At most 1000 people")
        user.answer(GOAL)
        user.answer(KINDS, "friends")
        user.wait_for("type 3 names")
        user.answer(KINDS, f"a, b, {'c' * 41}")
        user.wait_for("is too long")
        user.answer(KINDS)
        user.answer(PEOPLE, "people.csv")
        user.wait_for("there is no column category")
        user.answer(PEOPLE, "none.vcf")
        user.wait_for("There is no file none.vcf")
        user.answer(PEOPLE)
        user.answer(WRITE, "perhaps")
        user.wait_for("Please answer yes or no")
        before = traces(shell, alice)
        user.answer(WRITE, "no")
        assert user.ends_with(0).endswith("Nothing was written.\n")

    assert traces(shell, alice) == before


def test_what_is_given_by_options_is_not_asked_for(shell: Shell, alice: User) -> None:
    (shell.folder / "people.csv").write_text("name,email,category\nBob,b@example.test,business\n")
    given = {
        "email": alice.email,
        "url": alice.url,
        "password-command": f"echo {alice.password}",
        "username": alice.name,
        "name": "Alice Example",
        "timezone": "Europe/Berlin",
        "drafts": "Calendar",
        "hours": "9-17",
        "goal": "2 for 4",
        "people": "people.csv",
        "ignore": "Birthdays",
    }
    words = [word for name, value in given.items() for word in (f"--{name}", value)]
    kinds = ("--category", "team", "--category", "house", "--category", "business")

    with typist(shell, "setup", *words, *kinds) as user:
        user.answer(WRITE)
        said = user.ends_with(0)

    assert said.count("[") == 1
    assert "Bob, coffee" in said


def test_a_calendar_that_is_the_only_one_blocks_time_whatever_it_holds_today(
    shell: Shell, alice: User
) -> None:
    alice.dav.put(f"{alice.calendar}ada.ics", BIRTHDAY).expect(201)

    with typist(shell, "setup", "--url", alice.url) as user:
        give(user, [one for one in answers(alice) if one.question != SERVER])
        said = user.ends_with(0)

    assert "left out" not in said
    (account,) = tomllib.loads(shell.config.read_text())["account"]
    assert account["busy"] == ["*"]
    assert not account.get("ignore")


def test_calendars_are_chosen_by_numbers_in_whatever_way_they_are_typed(
    shell: Shell, alice: User
) -> None:
    for name in ("*", "7", "“Quoted”", "🎉 Party", "Home", "Home"):
        alice.dav.mkcalendar(f"{alice.home}{uuid4()}/", name).expect(201)
    way = [one for one in way_in(alice) if one.question != SERVER]

    with typist(shell, "setup", "--url", alice.url) as user:
        give(user, [*way, choices()[0]])
        for wrong in ("9", "6-9", "0", "1, home"):
            user.answer(BUSY, wrong)
            user.wait_for("is none of them; please type its number")
        numbers = dict(re.findall(r"^  (\d)  (.*?)\r*$", user.seen, re.MULTILINE))
        assert list(numbers.values()) == sorted(numbers.values(), key=str.casefold)
        user.answer(BUSY, "1-3 5, 7")
        give(user, choices()[1:])
        user.ends_with(0)

    (account,) = tomllib.loads(shell.config.read_text())["account"]
    left_out = {numbers[number] for number in "46"}
    named = {name for name in account["ignore"] if "://" not in name}
    assert len(account["ignore"]) == 2
    assert named == left_out - {"*", "Home"}


def test_no_calendars_at_all(shell: Shell, alice: User) -> None:
    alice.dav.delete(alice.calendar).expect(200)

    with typist(shell, "setup") as user:
        give(user, [*way_in(alice), choices()[0]])
        user.wait_for("There are no calendars yet; one for drafts will be made.")
        give(user, choices()[1:])
        said = user.ends_with(0)

    assert "Bob Baker, coffee" in said
    assert len(alice.dav.hrefs(alice.home)) == 1


def test_a_second_run_offers_what_is_there_and_changes_only_what_is_asked(
    shell: Shell, alice: User
) -> None:
    shell.ok(*options(alice), "--person", "Bob Baker <bob@example.test> business")
    shell.reconfigure("# for how many months", "# until the move")
    shell.configure(shell.config.read_text() + "\n# my own words\n[meeting]\nminutes = 30\n")
    before = shell.config.read_text()
    asked = ("Your e-mail address", "Your calendar server", USERNAME, YOU, BUSY, DRAFTS, HOURS)
    again = [Answer(question) for question in (*asked, GOAL, KINDS, PEOPLE, WRITE)]

    with typist(shell, "setup") as user:
        give(user, again)
        user.ends_with(0)
    assert shell.config.read_text() == before

    wanted = {
        HOURS: "Mon-Fri 9:00-12:00 13:00-17:00, Sat 10-12",
        KINDS: "results, organization, clients",
        PEOPLE: "Cy <cy@example.test> clients; Bob <bob@example.test> clients",
    }
    with typist(shell, "setup") as user:
        give(user, [Answer(question, wanted.get(question, "")) for question, _ in again])
        user.ends_with(0)
    written = shell.config.read_text()
    renamed = before.replace("[categories.business]", "[categories.clients]")
    assert written.startswith(renamed)
    assert tomllib.loads(written)["hours"]["saturday"] == ["10:00-12:00"]
    listed = {one["name"]: one["category"] for one in shell.json("contacts")}
    assert listed == {"Bob Baker": "clients", "Cy": "clients"}

    with typist(shell, "setup", "--goal", "4") as user:
        user.ends_with(0)
    assert shell.config.read_text() == written.replace(" = 3 ", " = 4 ")
