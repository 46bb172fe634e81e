"""What the commands say of a published calendar, and never of its address."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from servers import User
from shell import Shell, configuration
from web_server import WebServer

from connectd.edges.store import FeedRecord, Store

SECRET = "/private-5ecret/work.ics"
TEXT = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
SOON, LATER, NEXT_DAY = "2026-11-02T09:00:00Z", "2026-11-02T10:00:00Z", "2026-11-03T08:00:00Z"


@pytest.fixture
def site() -> Iterator[WebServer]:
    with WebServer() as site:
        yield site


@pytest.fixture
def shell(shell: Shell, alice: User, site: WebServer) -> Shell:
    """A home with a feed, and bob on the list."""
    url = site.publish(SECRET, TEXT)
    shell.configure(configuration(alice, "[[feed]]", 'name = "work"', f'url = "{url}"'))
    shell.ok("contacts", "add", "Bob", "--email", "bob@example.test", "--category", "business")
    return shell


def test_all_is_well(shell: Shell) -> None:
    assert shell.json("status")["feeds"] == [{"name": "work", "read_at": None, "error": None}]
    shell.ok("tick")
    read = {"name": "work", "read_at": "2026-11-02T07:00:00Z", "error": None}
    assert shell.json("status")["feeds"] == [read]
    assert "Feed" not in shell.ok("status").out


def test_a_copy_that_is_in_use_says_how_old_it_is(shell: Shell, site: WebServer) -> None:
    shell.ok("tick")
    site.pages.clear()
    shell.ok("tick", now=SOON)
    why = "127.0.0.1 answered with the status 404 (there is nothing at this address)."
    said = " ".join(shell.ok("status", now=LATER).out.split())
    assert f"Feed work: last read 3 hours ago: {why}" in said
    read = {"name": "work", "read_at": "2026-11-02T07:00:00Z", "error": why}
    assert shell.json("status", now=LATER)["feeds"] == [read]


@pytest.mark.parametrize(
    ("now", "age"),
    [
        ("2026-11-02T06:00:00Z", "0 minutes"),
        ("2026-11-02T07:01:59Z", "1 minute"),
        ("2026-11-02T07:59:00Z", "59 minutes"),
        ("2026-11-02T08:00:00Z", "1 hour"),
        ("2026-11-04T06:59:00Z", "47 hours"),
        ("2026-11-04T07:00:00Z", "2 days"),
    ],
)
def test_an_age_is_told_in_round_numbers(offline: Shell, now: str, age: str) -> None:
    offline.configure(configuration(None, "[[feed]]", 'name = "work"', 'url = "https://x.test/"'))
    read_at = datetime(2026, 11, 2, 7, tzinfo=UTC)
    with Store.open(offline.database) as store:
        store.save_feed(FeedRecord("work", "a-hash", read_at=read_at, error="It is gone."))
    assert f"Feed work: last read {age} ago: It is gone." in offline.ok("status", now=now).out


def test_one_unread_for_a_day_makes_the_view_incomplete(shell: Shell, site: WebServer) -> None:
    shell.ok("tick")
    site.pages.clear()
    for words in (("plan",), ("tick",)):
        document = shell.run(*words, "--json", now=NEXT_DAY).ends_with(5).json
        assert not document["complete"]
        (unread,) = document["unread"]
        assert unread["calendar"] == "work"
        assert "older than a day" in unread["reason"]
    assert {deed["action"] for deed in document["applied"]} <= {"expire"}
    assert "Feed work: last read 25 hours ago" in shell.run("status", now=NEXT_DAY).out


def test_one_never_read_says_so(shell: Shell, site: WebServer) -> None:
    site.pages.clear()
    assert "Not read: work: 127.0.0.1 answered" in shell.run("plan").ends_with(5).err
    shell.run("tick").ends_with(5)
    assert "Feed work: not read yet: 127.0.0.1 answered" in shell.run("status").out


def test_plan_reads_it_and_records_nothing(shell: Shell, site: WebServer) -> None:
    shell.ok("plan")
    assert site.answers() == [200]
    assert shell.json("status")["feeds"][0]["read_at"] is None


def test_its_certificate_may_be_ones_own(shell: Shell, alice: User, tmp_path: Path) -> None:
    secure, certificate = WebServer.secure(tmp_path / "tls")
    with secure:
        url = secure.publish(SECRET, TEXT).replace("https://", "webcal://")
        table = ("[[feed]]", 'name = "work"', f'url = "{url}"')
        shell.configure(configuration(alice, *table))
        assert "cannot be trusted" in shell.run("plan").ends_with(5).err
        shell.configure(configuration(alice, *table, f'ca_file = "{certificate}"'))
        shell.ok("plan")


def test_its_address_is_shown_nowhere(shell: Shell, site: WebServer) -> None:
    shell.ok("tick")
    site.pages.clear()
    for words in (("--verbose", "tick"), ("plan",), ("plan", "--json"), ("status", "--json")):
        ran = shell.run(*words, now=NEXT_DAY)
        assert "5ecret" not in ran.out + ran.err
    assert not [name for name, data in shell.files().items() if b"5ecret" in data and ".db" in name]
