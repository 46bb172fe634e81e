"""`connectd setup --local`: from nothing to a first tick, without any account elsewhere."""

import signal
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from servers import wait_until
from servers.process import listening
from setup_answers import ADDRESS
from shell import Shell
from typist import typist

OPTIONS = (
    *("setup", "--local", "--yes", "--no-service", "--username", "alice"),
    *("--email", "alice@example.test", "--name", "Alice Example", "--timezone", "Europe/Berlin"),
)
BY_COMMAND = ("--password-command", "echo open-sesame")


@contextmanager
def supervised(said: str) -> Iterator[None]:
    """Run the server by the command that was told, as a supervisor would."""
    (line,) = (line for line in said.splitlines() if " -m radicale " in line)
    port = next(int(urlsplit(word).port or 0) for word in said.split() if "://127" in word)
    with subprocess.Popen(line.split()) as server:
        wait_until(listening(port), "the server")
        yield
        server.terminate()


def test_it_goes_on_with_a_server_of_its_own(shell: Shell) -> None:
    done = shell.ok(*OPTIONS, *BY_COMMAND)

    (account,) = tomllib.loads(shell.config.read_text())["account"]
    assert account["username"] == "alice"
    assert account["password_command"] == ["echo", "open-sesame"]
    assert f"address    {account['url']}\n" in done.out
    for client in ("Thunderbird", "Evolution", "GNOME Calendar", "DAVx5"):
        assert client in done.out
    assert "Nothing keeps the server running yet" in done.out
    state = b"".join(data for name, data in shell.files().items() if "config.toml" not in name)
    assert b"open-sesame" not in state
    before = shell.files()
    with supervised(done.out):
        assert shell.json("tick")["complete"] is True
        again = shell.ok("setup", "--local", "--yes", "--no-service", "--people-per-month", "2")
    assert account["url"] in again.out
    kept = (path for path in before if "/radicale/" in path and "data" not in path)
    assert all(shell.files()[path] == before[path] for path in kept)


@pytest.mark.parametrize(
    ("more", "status", "words"),
    [
        ((), 4, "no keyring here that could keep the password"),
        ((*BY_COMMAND, "--url", "http://127.0.0.1:1/"), 2, "leave out --url"),
        ((*BY_COMMAND, "--username", "a/b"), 2, "letters, digits"),
        ((*BY_COMMAND, "--busy", "Missing"), 3, "no calendar “Missing”"),
    ],
)
def test_a_refused_setup_leaves_nothing(
    shell: Shell, more: tuple[str, ...], status: int, words: str
) -> None:
    refused = shell.run(*OPTIONS, *more).ends_with(status)
    assert words in refused.err
    assert shell.files() == {}
    assert not Path(shell.folder, "state").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_a_talk_that_is_ended_leaves_nothing(shell: Shell, number: signal.Signals) -> None:
    """Ctrl-C, a terminal that is closed, a machine that is shut down."""
    with typist(shell, "setup", "--local", *BY_COMMAND, now=None) as user:
        user.signal(ADDRESS, number)
        user.ends_with(128 + number)

    assert list(shell.folder.iterdir()) == []


def test_an_account_elsewhere_is_not_given_up_silently(shell: Shell) -> None:
    shell.configure(
        '[me]\nname = "A"\nemails = ["a@example.test"]\ntimezone = "Europe/Berlin"\n'
        "[goal]\npeople_per_month = 3\nmonths = 6\n"
        '[[account]]\nname = "main"\nurl = "https://dav.example.test/"\nusername = "a"\n'
        'drafts = "Connections"\n'
    )
    before = shell.files()
    refused = shell.run("setup", "--local", "--yes").ends_with(6)
    assert "https://dav.example.test/ already" in refused.err
    assert "move" in refused.err
    assert shell.files() == before
