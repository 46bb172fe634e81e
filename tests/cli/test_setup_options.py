"""Each question of `connectd setup` as an option, for those who ask nothing."""

import tomllib

import pytest
from address_book import address_book
from servers import User
from shell import Shell
from test_setup_command import options
from test_setup_refused import refuse

CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Dee Doe\r\nN:Doe;Dee;;;\r\nEMAIL:dee@example.test\r\n"
KINDS = ("--category", "team", "--category", "house", "--category", "clients")


def test_every_choice_can_be_given(shell: Shell, alice: User) -> None:
    people = shell.folder / "people.csv"
    people.write_text("name,email,category\nBob,bob@example.test,clients\n")
    given = {"hours": "Tue 9-12, Thu 13-24", "goal": "2 people a month for 4 months"}
    more = ("--ignore", "Birthdays", "--ignore", "Holidays", "--people", "~/people.csv")
    typed = ("--person", "Cy <cy@example.test> team", "--person", "Di <di@example.test> h")

    done = shell.json(*options(alice, **given), *KINDS, *more, *typed)

    assert done["added"] == ["cy", "di", "bob"]
    written = tomllib.loads(shell.config.read_text())
    assert written["hours"] == {"tuesday": ["09:00-12:00"], "thursday": ["13:00-24:00"]}
    assert (written["goal"]["people_per_month"], written["goal"]["months"]) == (2, 4)
    assert list(written["categories"]) == ["team", "house", "clients"]
    assert written["account"][0]["ignore"] == ["Birthdays", "Holidays"]
    again = shell.json(*options(alice), *typed, "--person", "Ed <ed@example.test> team")
    assert again["added"] == ["ed"]


def test_the_first_plan_is_shown_where_people_came_along(shell: Shell, alice: User) -> None:
    said = shell.ok(*options(alice), "--person", "Bob <bob@example.test> business").out

    assert "Bob, coffee" in said.partition("Your first plan:")[2]
    assert "Your first plan:" not in shell.ok("setup", "--yes", "--goal", "4").out


def test_people_come_from_the_address_book(shell: Shell, alice: User) -> None:
    book = address_book(alice)
    book.person("ada")
    book.person("bob", categories="friends")

    said = shell.ok(*options(alice), "--people", "carddav").out

    assert tomllib.loads(shell.config.read_text())["people"] == {"group": "connect"}
    assert "Added: Ada Example (ada-example)." in said
    assert "Ada Example, coffee" in said.partition("Your first plan:")[2]


def test_an_address_book_that_is_not_there_is_said_and_the_setup_holds(
    shell: Shell, alice: User
) -> None:
    shell.ok(*options(alice))

    ran = shell.run("setup", "--yes", "--people", "carddav").ends_with(7)

    assert "The setup holds, but there is no plan yet" in ran.out
    assert shell.json("plan")["complete"] is True


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--hours", "never"), 2, "is no day such as Mon"),
        (("--goal", "many"), 2, "write the goal as in"),
        (("--goal", "3", "--months", "4"), 2, "--goal says what"),
        (("--token-command", "oama"), 2, "--password-command and --token-command exclude"),
        (("--category", "friends"), 2, "please give 3 names, not 1"),
        (("--category", "a", "--category", "A", "--category", "b"), 2, "a name of its own"),
        (("--person", "Bob <bob@example.test> friends"), 2, "unknown category 'friends'"),
        (("--person", "Bob"), 2, "must be written as in"),
        (("--people", "nowhere.csv"), 2, "There is no file nowhere.csv"),
    ],
)
def test_a_choice_that_cannot_be(
    shell: Shell, alice: User, words: tuple[str, ...], status: int, said: str
) -> None:
    assert said in refuse(shell, alice, status, *options(alice), *words)


def test_a_card_without_a_category_is_refused_whole(shell: Shell, alice: User) -> None:
    (shell.folder / "people.vcf").write_text(f"{CARD}END:VCARD\r\n")

    said = refuse(shell, alice, 2, *options(alice), "--people", "people.vcf")

    assert "none of the categories" in said
