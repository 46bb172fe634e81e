"""`connectd setup` refused: nothing is left behind, here or on the server."""

import socket
from pathlib import Path

import pytest
from proxy import Fault, Proxy, page
from servers import User
from shell import Shell
from test_setup_command import options

SECRET = "hunter2"


@pytest.fixture
def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def refuse(shell: Shell, user: User, status: int, *words: str) -> str:
    """Run a setup that must be refused with this status; return what it said."""
    here = sorted(shell.folder.rglob("*")), shell.files()
    there = user.dav.hrefs(user.home), user.dav.objects(user.calendar)

    refused = shell.run(*words, "--json").ends_with(status)

    assert refused.out == ""
    assert (sorted(shell.folder.rglob("*")), shell.files()) == here
    assert (user.dav.hrefs(user.home), user.dav.objects(user.calendar)) == there
    return refused.err


def test_nothing_listens_at_the_url(shell: Shell, alice: User, closed_port: int) -> None:
    words = options(alice, url=f"http://127.0.0.1:{closed_port}/")

    assert "cannot be reached: nothing listens there" in refuse(shell, alice, 5, *words)


def test_a_page_of_a_web_site(shell: Shell, alice: User) -> None:
    with Proxy(alice.url) as proxy:
        proxy.inject(Fault(forward=False, reply=page()), times=100)

        said = refuse(shell, alice, 5, *options(alice, url=proxy.url))

    assert "CalDAV" in said


def test_a_wrong_password(shell: Shell, user: User) -> None:
    words = options(user, **{"password-command": f"echo {SECRET}"})

    said = refuse(shell, user, 4, *words)

    assert "does not accept the credentials" in said
    assert SECRET not in said


def test_a_password_command_that_fails(shell: Shell, alice: User) -> None:
    words = options(alice, **{"password-command": "false"})

    assert "password_command" in refuse(shell, alice, 4, *words)


def test_a_password_for_a_keyring_that_is_not_there(shell: Shell, alice: User) -> None:
    words = options(alice, **{"password-command": None})
    there = alice.dav.hrefs(alice.home)

    refused = shell.spawn(*words, "--password-stdin", stdin=alice.password + "\n")

    assert refused.ends_with(4).out == ""
    assert alice.password not in refused.err
    assert shell.files() == {}
    assert alice.dav.hrefs(alice.home) == there


@pytest.mark.parametrize(
    ("option", "value", "status", "said"),
    [
        ("busy", "Nonsense", 3, "busy: there is no calendar “Nonsense” (there are: Calendar)"),
        ("timezone", "Mars/Base", 3, '"Mars/Base" is no known time zone'),
        ("email", "alice@example.test,b@example.test", 3, "is no e-mail address"),
        ("url", "http://dav.example.test/", 3, "must start with https://"),
        ("url", "dav.example.test", 3, "must be a URL"),
        ("name", "Alice\nExample", 3, "single line"),
        ("drafts", "https://dav.example.test/none/", 3, "there is no calendar at"),
        ("password-command", "echo 'half", 2, "cannot be split"),
        ("ca-file", "/nowhere/ca.pem", 2, "does not exist"),
    ],
)
def test_a_wish_that_cannot_be(
    shell: Shell, alice: User, option: str, value: str, status: int, said: str
) -> None:
    assert said in refuse(shell, alice, status, *options(alice, **{option: value}))


def test_a_drafts_calendar_that_cannot_be_made(shell: Shell, alice: User) -> None:
    with Proxy(alice.url) as proxy:
        proxy.inject(Fault(forward=False, reply=page(403)), method="MKCALENDAR", times=100)

        refuse(shell, alice, 5, *options(alice, url=proxy.url))


def test_a_new_drafts_calendar_that_cannot_be_written(shell: Shell, alice: User) -> None:
    with Proxy(alice.url) as proxy:
        proxy.inject(Fault(forward=False, reply=page(403)), method="PUT", times=100)

        refuse(shell, alice, 5, *options(alice, url=proxy.url))


def test_a_folder_that_cannot_be_written(shell: Shell, alice: User) -> None:
    (shell.folder / "config").write_text("no folder")

    assert "could not be written" in refuse(shell, alice, 3, *options(alice))


def test_a_configuration_in_the_place_of_a_folder(
    shell: Shell, alice: User, tmp_path: Path
) -> None:
    said = refuse(shell, alice, 3, *("--config", str(tmp_path)), *options(alice))

    assert "is a directory" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [(b"[me\n", "not valid TOML"), (b"# caf\xe9\n", "not UTF-8"), (b"[you]\n", "you")],
)
def test_a_configuration_that_is_wrong_is_not_written_over(
    shell: Shell, alice: User, text: bytes, said: str
) -> None:
    shell.configure("")
    shell.config.write_bytes(text)

    assert said in refuse(shell, alice, 3, *options(alice))


def test_a_change_that_is_refused_leaves_what_was_set_up(shell: Shell, alice: User) -> None:
    shell.ok(*options(alice))

    refuse(shell, alice, 3, "setup", "--yes", "--busy", "Nonsense")
    refuse(shell, alice, 4, "setup", "--yes", "--password-command", "echo wrong")
    assert shell.json("tick")["complete"] is True
