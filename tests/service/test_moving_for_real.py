"""connectd moves to another machine in the middle of its work, with a real calendar server.

What stood on the old machine stands, is answered and is sent from the new one, and nothing of it
a second time.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from calendar_client import answer, edit, prefix
from installation import Install, Installation
from mail_sink import MailSink
from mailed import mail_table
from servers import Radicale, User
from shell import Shell

PEOPLE = ("Ann", "Ben", "Cid", "Dan", "Eve", "Fay", "Gus", "Hal")
MEETING = {"open_drafts": 8, "per_day": 2, "per_week": 4}
WEDNESDAY = datetime(2026, 11, 4, 12, tzinfo=UTC)
FIVE = {"minutes": 5}


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def mail() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


@pytest.fixture
def old(user: User, mail: MailSink, install: Install) -> Installation:
    """Return an old machine, on which all kinds of things have begun, the last one just now."""
    alice = install(user, meeting=MEETING, goal=8, more=mail_table(mail.port))
    for name in PEOPLE:
        alice.add(name, f"{name.lower()}@example.test")
    alice.tick()
    for who in ("ann", "cid", "dan"):
        say_yes(alice, who)
    alice.tick(**FIVE)
    alice.tick(**FIVE)
    edit(user, alice.path("dan"), answer("dan@example.test", "ACCEPTED"))
    command(alice, "decline", "fay")
    command(alice, "introduce", "ben", "eve", "--because", "You both sail")
    say_yes(alice, "gus")
    alice.tick(**FIVE)
    mail.answers["RCPT"] = "451 4.3.0 later"
    alice.tick(**FIVE)
    alice.now = WEDNESDAY
    command(alice, "done", "ann", "--promised", "a map", "--need", "a sail")
    say_yes(alice, "hal")
    alice.tick(minutes=10)
    return alice


@pytest.fixture
def new(old: Installation, user: User, mail: MailSink, install: Install) -> Installation:
    """Return the new machine, configured in the same way."""
    return install(user, now=old.now, meeting=MEETING, goal=8, more=mail_table(mail.port))


def command(alice: Installation, *words: str) -> Any:  # noqa: ANN401 - whatever the document is
    """Run a command, which must succeed; return its document."""
    shell = Shell(alice.config_file.parent)
    shell.environment["CONNECTD_CONFIG"] = str(alice.config_file)
    return shell.json(*words, now=alice.now.isoformat())


def say_yes(alice: Installation, who: str) -> None:
    edit(alice.user, alice.path(who), prefix("OK"))


def deeds(alice: Installation, **later: float) -> list[tuple[str, str]]:
    """Make a tick, which must work; return what it did to whom."""
    report = alice.tick(**later)
    assert (report.failures, report.unread) == ((), ())
    return [(deed.action.value, deed.contact) for deed in report.applied]


def shown(alice: Installation) -> list[Any]:
    """What the commands tell of people and meetings."""
    status = command(alice, "status")
    status.pop("daemon")
    words = (("introductions",), ("contacts", "--all"), ("contacts", "show", "ann"), ("digest",))
    return [status, *(command(alice, *one) for one in words)]


def invited(mail: MailSink) -> list[str]:
    """Whom the mails so far went to, in the order in which they came."""
    return [recipient.split("@")[0] for one in mail.mails for recipient in one.recipients]


def test_the_work_goes_on_where_it_was_and_nothing_is_done_twice(
    old: Installation, new: Installation, mail: MailSink, tmp_path: Path
) -> None:
    states = {meeting.contact: meeting.state.value for meeting in old.store.meetings()}
    assert [states[name.lower()] for name in PEOPLE] == [
        *("met", "expired", "invited", "confirmed"),
        *("drafted", "declined", "invited", "accepted"),
    ]
    file = str(tmp_path / "connectd.json")
    command(old, "export", file)
    command(new, "import", "--yes", file)
    assert shown(new) == shown(old)
    standing = new.drafted()
    assert invited(mail) == ["ann", "cid", "dan"]

    mail.answers.clear()
    assert deeds(new) == [("invite", "gus")], "the mail that waited leaves"
    assert invited(mail) == ["ann", "cid", "dan", "gus"]
    assert new.drafted() == standing, "nothing is drafted, and nothing written, anew"

    say_yes(new, "eve")
    assert deeds(new, **FIVE) == [("accept", "eve"), ("invite", "hal")]
    assert command(new, "import", "--yes", file)["done"] is False, "all of it is known or past"
    assert deeds(new, **FIVE) == [("invite", "eve")]
    assert deeds(new, **FIVE) == []
    assert invited(mail) == ["ann", "cid", "dan", "gus", "hal", "eve"]
    assert new.drafted().keys() == standing.keys()
