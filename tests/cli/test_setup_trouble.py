"""The talk of `connectd setup` where something is wrong: it says so, and asks again."""

import socket

import pytest
from proxy import Fault, Proxy, Reply, page
from servers import Radicale, User
from setup_answers import (
    ADDRESS,
    COMMAND,
    DRAFTS,
    SERVER,
    USERNAME,
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
from typist import typist

from connectd.cli.setup_words import server_in

ELSEWHERE = "May your password go there?"
SECRET = "hunter2"


def test_a_wrong_password_is_asked_for_again(shell: Shell, alice: User) -> None:
    address, server, name, right = way_in(alice)

    with typist(shell, "setup") as user:
        give(user, [address, server, Answer(USERNAME), Answer(COMMAND, f"echo {SECRET}")])
        user.wait_for("does not accept the credentials")
        give(user, [name, right, *choices()])
        said = user.ends_with(0)

    assert "Bob Baker, coffee" in said
    assert SECRET not in said.replace(f"echo {SECRET}", "")


def test_after_three_wrong_passwords_it_ends_with_one_request_for_each(
    shell: Shell, alice: User
) -> None:
    before = traces(shell, alice)
    wrong = [Answer(USERNAME, alice.name), Answer(COMMAND, "echo wrong")]

    with Proxy(alice.url) as proxy, typist(shell, "setup", "--url", proxy.url) as user:
        give(user, [Answer(ADDRESS, alice.email), *wrong, *wrong, *wrong])
        said = user.ends_with(4)
        tried = len(proxy.requests)

    assert said.endswith("Nothing was written.\n")
    assert tried == 3
    assert traces(shell, alice) == before


def test_an_unreachable_host_is_said_before_any_password_is_asked_for(
    shell: Shell, alice: User
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{probe.getsockname()[1]}/"

    with typist(shell, "setup") as user:
        give(user, [way_in(alice)[0], Answer(SERVER, closed)])
        user.wait_for("cannot be reached")
        give(user, answers(alice)[1:])
        user.ends_with(0)


def test_a_page_of_a_web_site_is_no_calendar_server(shell: Shell, alice: User) -> None:
    with Proxy(alice.url) as proxy, typist(shell, "setup", "--url", proxy.url) as user:
        proxy.inject(Fault(forward=False, reply=page()), times=100)
        address, server, *login = way_in(alice)
        give(user, [address, *login])
        user.wait_for("No calendars were found")
        give(user, [server, *login, *choices()])
        user.ends_with(0)


@pytest.fixture
def bob(radicale: Radicale) -> User:
    return radicale.new_user("bob")


def test_a_server_that_redirects_to_another_host_is_shown_before_the_password_goes_there(
    shell: Shell, alice: User
) -> None:
    with Proxy(alice.url) as proxy:
        there = Reply(301, {"Location": alice.url})
        proxy.inject(Fault(forward=False, reply=there), method="PROPFIND", times=100)
        with typist(shell, "setup", "--url", proxy.url) as user:
            address, _, *login = way_in(alice)
            give(user, [address, *login])
            user.wait_for(f"leads to another one, 127.0.0.1:{alice.url.split(':')[2].strip('/')}")
            give(user, [Answer(ELSEWHERE, "yes"), *choices()])
            user.ends_with(0)

    assert f'url = "{alice.url}"' in shell.config.read_text()


def test_a_host_that_was_only_found_needs_a_yes_before_anything_goes_there(
    shell: Shell, alice: User
) -> None:
    there = Reply(301, {"Location": alice.url})
    with Proxy(alice.url) as proxy, Proxy(alice.url) as other:
        for one in (proxy, other):
            one.inject(Fault(forward=False, reply=there), part="/.well-known", times=100)
        with typist(shell, "setup") as user:
            user.answer(ADDRESS, alice.email)
            user.answer(SERVER, f"http://localhost:{proxy.port}/")
            user.wait_for(f"Found {server_in(alice.url)}, where localhost:{proxy.port} leads")
            user.wait_for("please look twice whether it is your provider's")
            user.answer("Type yes to send your password there all the same")
            user.wait_for("Please type it")
            user.answer("or another address", "no")
            user.answer(SERVER, f"http://localhost:{proxy.port}/")
            user.answer("or another address", other.url)
            user.wait_for(f"Found {server_in(alice.url)}")
            give(user, [Answer("Enter sends your password there"), *way_in(alice)[2:]])
            give(user, choices())
            said = user.ends_with(0)

    assert "found for no" not in said
    assert f'url = "{alice.url}"' in shell.config.read_text()


def test_a_password_goes_nowhere_else_without_a_yes(shell: Shell, alice: User, bob: User) -> None:
    with Proxy(alice.url) as proxy, Proxy(bob.url) as other:
        there = Reply(301, {"Location": other.url})
        proxy.inject(Fault(forward=False, reply=there), method="PROPFIND", times=100)
        with typist(shell, "setup", "--url", proxy.url) as user:
            address, _, *login = way_in(alice)
            give(user, [address, *login, Answer(ELSEWHERE)])
            give(user, answers(alice)[1:])
            user.ends_with(0)
        assert other.requests == []

    assert f'url = "{alice.url}"' in shell.config.read_text()


@pytest.mark.parametrize("status", [403, 501])
def test_a_server_that_makes_no_calendar_is_not_asked_for_one_again(
    shell: Shell, alice: User, status: int
) -> None:
    with Proxy(alice.url) as proxy:
        proxy.inject(Fault(forward=False, reply=page(status)), method="MKCALENDAR", times=100)
        with typist(shell, "setup", "--url", proxy.url) as user:
            address, _, *login = way_in(alice)
            give(user, [address, *login, *choices()])
            user.answer("your server makes no new one")
            user.wait_for("type the number of one")
            user.answer(DRAFTS, "1")
            said = user.ends_with(0)

    assert "Drafts go to the calendar “Calendar”, which was there." in said


def test_a_place_that_cannot_be_written_is_said_before_anything_is_asked(shell: Shell) -> None:
    (shell.folder / "state").write_text("no folder")

    with typist(shell, "setup") as user:
        said = user.ends_with(3)

    assert "could not be written" in said
    assert ADDRESS not in said


def test_letters_of_a_terminal_that_does_not_send_utf_8_are_asked_for_again(
    shell: Shell, alice: User
) -> None:
    address, _, *login = way_in(alice)

    with typist(shell, "setup", "--url", alice.url) as user:
        give(user, [address, *login])
        user.answer(YOU, "Ren\udce9, Europe/Berlin")
        user.wait_for("must be a single line")
        give(user, choices())
        user.ends_with(0)


def test_drafts_go_to_another_calendar_where_the_chosen_one_can_only_be_read(
    shell: Shell, alice: User
) -> None:
    with Proxy(alice.url) as proxy:
        refused = Fault(forward=False, reply=page(403))
        proxy.inject(refused, method="PUT", part="/cal", times=100)
        with typist(shell, *command(alice, "--url", proxy.url)) as user:
            address, _, *login = way_in(alice)
            give(user, [address, *login, *choices(drafts="1")])
            user.wait_for("Drafts cannot be written to")
            user.answer(DRAFTS, "1")
            user.wait_for("can only be read")
            user.answer(DRAFTS)
            said = user.ends_with(0)

    assert "Drafts go to the calendar “Connections”, made for it." in said
