"""Servers in trouble and users in a hurry: the right status, and the document all the same."""

import signal
import subprocess

import pytest
from proxy import Fault, Proxy, page
from servers import User, wait_until
from shell import Shell, configuration

LATER = "2026-11-02T07:10:00Z"

HEEDS_CTRL_C = ("env", "--default-signal=INT")
"""A shell lets its background jobs ignore Ctrl-C, and with them these tests, if one is."""


@pytest.fixture
def through(shell: Shell, alice: User, proxy: Proxy) -> Shell:
    """A home whose server is reached through the proxy."""
    text = configuration(alice).replace(alice.url, proxy.url)
    shell.configure(text)
    shell.ok("contacts", "add", "Bob Baker", "--email", "b@example.test", "--category", "business")
    return shell


@pytest.fixture
def user(alice: User) -> User:
    """The proxy stands before alice's server."""
    return alice


def objects(user: User) -> dict[str, str]:
    folders = [url for url in user.dav.hrefs(user.home) if url.endswith("/")]
    return {href: text for folder in folders for href, text in user.dav.objects(folder).items()}


@pytest.mark.parametrize("command", ["plan", "tick"])
def test_a_named_calendar_that_vanished(shell: Shell, alice: User, command: str) -> None:
    shell.configure(configuration(alice, account=('busy = ["Calendar", "Team"]',)))
    shell.ok("contacts", "add", "Bob Baker", "--email", "b@example.test", "--category", "business")
    alice.dav.mkcalendar(f"{alice.home}team/", "Team").expect(201)
    alice.dav.mkcalendar(f"{alice.home}drafts/", "Connections").expect(201)
    assert len(shell.json("plan")["proposals"]) == 1
    alice.dav.delete(f"{alice.home}team/").expect(200, 204)

    gone = shell.run(command, "--json").ends_with(5)

    assert gone.json["complete"] is False
    assert "Team" in gone.json["unread"][0]["calendar"]
    assert gone.json.get("proposals", []) == gone.json.get("applied", []) == []
    assert objects(alice) == {}
    assert "Not read: " in shell.run(command).ends_with(5).err


@pytest.mark.parametrize("command", ["plan", "tick"])
def test_a_drafts_calendar_that_vanished(online: Shell, alice: User, command: str) -> None:
    online.ok("tick")
    before = set(alice.dav.hrefs(alice.home))
    alice.dav.delete(f"{alice.home}connections/").expect(200, 204)

    gone = online.run(command, "--json", now=LATER).ends_with(5)

    assert gone.json["complete"] is False
    assert len(gone.json["unread"]) == 1
    assert set(alice.dav.hrefs(alice.home)) < before


@pytest.mark.parametrize("command", ["plan", "tick"])
def test_a_password_that_is_refused(online: Shell, alice: User, command: str) -> None:
    online.reconfigure(f'"{alice.password}"', '"hunter2"')

    refused = online.run(command, "--json").ends_with(4)

    assert refused.json["complete"] is False
    assert "credentials" in refused.json["unread"][0]["reason"]
    assert "hunter2" not in refused.out + refused.err
    assert objects(alice) == {}


@pytest.mark.parametrize("command", ["plan", "tick"])
def test_a_password_command_that_fails(online: Shell, command: str) -> None:
    online.reconfigure('["echo", ', '["false", ')

    assert online.run(command, "--json").ends_with(4).json["complete"] is False


@pytest.mark.parametrize("command", ["plan", "tick"])
def test_a_server_that_is_down(through: Shell, proxy: Proxy, command: str) -> None:
    proxy.close()

    down = through.run(command, "--json").ends_with(5)

    assert down.json["complete"] is False
    assert "cannot be reached" in down.json["unread"][0]["reason"]


def test_a_server_that_is_down_is_remembered_by_status(through: Shell, proxy: Proxy) -> None:
    through.ok("tick")
    proxy.close()
    through.run("tick", now=LATER).ends_with(5)

    daemon = through.json("status", now=LATER)["daemon"]

    assert daemon["last_success"] == "2026-11-02T07:00:00Z"
    assert "cannot be reached" in daemon["last_error"]
    (account,) = daemon["accounts"]
    assert account["last_success"] == "2026-11-02T07:00:00Z"
    assert account["failing_since"] == LATER
    assert "cannot be reached" in account["last_error"]
    said = " ".join(through.ok("status", now=LATER).out.split())
    assert "Account main: last read 10 minutes ago: all calendars: http" in said
    assert "Last problem" not in said


def test_a_draft_that_the_server_refuses(through: Shell, alice: User, proxy: Proxy) -> None:
    proxy.inject(Fault(forward=False, reply=page(403)), method="PUT", times=100)

    report = through.run("tick", "--json").ends_with(7).json

    assert report["applied"] == []
    (failure,) = report["failures"]
    assert set(failure) == {"action", "contact", "reason"}
    assert (failure["action"], failure["contact"]) == ("draft", "bob-baker")
    assert objects(alice) == {}


def test_an_interrupted_command_says_one_line(through: Shell, proxy: Proxy) -> None:
    proxy.inject(Fault(forward=False, hang=True), times=100)
    with subprocess.Popen(
        [*HEEDS_CTRL_C, *through.command("plan")],
        env=through.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        wait_until(lambda: bool(proxy.requests), "a request")
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=30)

    assert running.returncode == 130
    assert out == ""
    assert err.strip() == "connectd: stopped."


def test_a_reader_that_went_away_is_no_fault(offline: Shell) -> None:
    with subprocess.Popen(
        offline.command("contacts", "--json"),
        env=offline.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        said = running.stderr.read()

        running.wait(timeout=30)

    assert said == b""
