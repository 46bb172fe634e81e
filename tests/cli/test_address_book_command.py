"""`connectd contacts import carddav`: read now, said to people and to scripts."""

from datetime import UTC, datetime

import pytest
from address_book import AddressBook, address_book
from servers import User
from shell import Shell, configuration

from connectd.edges.lock import InstanceLock

PEOPLE = ("[people]", 'group = "connect"')


@pytest.fixture
def book(alice: User) -> AddressBook:
    return address_book(alice)


@pytest.fixture
def home(shell: Shell, book: AddressBook) -> Shell:
    """A home whose configuration names an address book."""
    shell.configure(configuration(book.user, *PEOPLE))
    return shell


def test_what_happened_is_said_in_words(home: Shell, book: AddressBook) -> None:
    book.person("ada")
    book.person("bob")
    ran = home.ok("contacts", "import", "carddav")
    assert ran.out == "Added: Ada Example (ada-example).\nAdded: Bob Example (bob-example).\n"
    assert home.ok("contacts", "import", "carddav").out == "Nothing has changed.\n"
    book.person("ada", "NOTE:tea")
    book.delete("bob")
    out = home.ok("contacts", "import", "carddav").out
    assert "Changed: Ada Example (ada-example).\n" in out
    assert "Archived, since the address book no longer puts them on the list: Bob Example" in out


def test_a_script_gets_one_document(home: Shell, book: AddressBook) -> None:
    book.person("ada")
    first = home.json("contacts", "import", "carddav")
    assert [person["id"] for person in first.pop("added")] == ["ada-example"]
    assert first == {"changed": [], "archived": [], "back": [], "problems": []}
    assert home.json("contacts")[0]["emails"] == ["ada@example.test"]
    book.person("ada", categories="")
    assert home.json("contacts", "import", "carddav")["archived"] == ["ada-example"]
    assert home.json("contacts") == []
    (archived,) = home.json("contacts", "--all")
    assert archived["archived"]
    assert home.json("contacts", "show", "ada-example")["archived"]
    book.person("ada")
    assert home.json("contacts", "import", "carddav")["back"] == ["ada-example"]


def test_a_card_with_a_problem_is_exit_status_7_and_shown_in_status(
    home: Shell, book: AddressBook
) -> None:
    book.person("ada")
    book.put("bob", "FN:Bob\N{RIGHT-TO-LEFT OVERRIDE}", "CATEGORIES:connect/business")
    ran = home.run("contacts", "import", "carddav", "--json").ends_with(7)
    assert ran.json["problems"] == [
        {"card": "Bob\N{RIGHT-TO-LEFT OVERRIDE}", "reason": "there is no e-mail address"}
    ]
    assert len(ran.json["added"]) == 1
    ran = home.run("contacts", "import", "carddav").ends_with(7)
    assert ran.err == "Bob: there is no e-mail address\n"
    assert "Address book: Bob: there is no e-mail address" in home.run("status").out
    told = home.run("status", "--json").json["address_book"]
    assert told["last_error"].endswith("there is no e-mail address")
    book.delete("bob")
    home.ok("contacts", "import", "carddav")
    assert home.json("status")["address_book"] == {"last_error": None}


def test_without_the_table_the_lines_to_add_are_named(online: Shell) -> None:
    ran = online.run("contacts", "import", "carddav").ends_with(3)
    assert 'group = "connect"' in ran.err
    assert "[people]" in ran.err
    assert ran.out == ""


def test_wrong_credentials_and_a_dead_server_have_their_exit_status(
    home: Shell, book: AddressBook
) -> None:
    home.reconfigure(book.user.password, "wrong")
    home.run("contacts", "import", "carddav").ends_with(4)
    home.configure(configuration(book.user, *PEOPLE, 'url = "http://127.0.0.1:9/"'))
    home.run("contacts", "import", "carddav").ends_with(5)


def test_a_file_of_that_name_is_reached_by_its_path(offline: Shell) -> None:
    (offline.folder / "carddav").write_text("name,email,category\nBob,b@x.test,business\n")
    assert len(offline.json("contacts", "import", "./carddav")) == 1
    offline.run("contacts", "import", "carddav").ends_with(3)
    ran = offline.run("contacts", "import", "carddav", "--category", "business").ends_with(2)
    assert "[people] has a key for it" in ran.err


def test_it_can_be_read_while_another_connectd_holds_the_lock(
    home: Shell, book: AddressBook
) -> None:
    book.person("ada")
    home.json("status")
    with InstanceLock.acquire(home.database.parent, datetime.now(UTC)):
        assert len(home.json("contacts", "import", "carddav")["added"]) == 1
