"""An account whose credentials were refused is left alone until there are others."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from installation import Install, Installation, second_account
from proxy import Fault, Proxy, Reply
from servers import Radicale, User
from shell import Shell
from shell import configuration as shell_configuration

from connectd.edges.store import AccountRecord
from connectd.service.pausing import resume

PAUSED = (
    "paused since 2026-11-02 08:00: the server did not accept the credentials; "
    "correct them or run `connectd doctor`"
)


class Note:
    """Where the user wrote the password down; ``times_read`` is how often it was looked up."""

    def __init__(self, folder: Path) -> None:
        self._path, self._reads = folder / "note", folder / "reads"
        self._reads.touch()
        script = f"echo x >> '{self._reads}'; cat '{self._path}'"
        self.command = ["sh", "-c", script]

    def write(self, password: str) -> None:
        self._path.write_text(password + "\n")

    @property
    def times_read(self) -> int:
        return len(self._reads.read_text().split())


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def note(tmp_path: Path) -> Note:
    note = Note(tmp_path)
    note.write("hunter2")
    return note


@pytest.fixture
def alice(user: User, note: Note, proxy: Proxy, install: Install) -> Installation:
    """Alice, who mistyped her password."""
    alice = install(user, url=proxy.url, account={"password_command": note.command})
    alice.add()
    return alice


def record(alice: Installation) -> AccountRecord:
    found = alice.store.account("main")
    assert found is not None
    return found


def test_one_refusal_is_enough(alice: Installation, note: Note, proxy: Proxy) -> None:
    first = alice.tick()

    assert "does not accept the credentials" in first.unread[0].reason
    assert (len(proxy.requests), note.times_read) == (1, 2)
    assert record(alice).paused_at == alice.now

    second = alice.tick(minutes=5)

    assert [unread.reason for unread in second.unread] == [PAUSED]
    assert (first.refused, second.refused, second.complete) == (True, True, False)
    assert (len(proxy.requests), note.times_read) == (1, 3)


def test_a_new_process_remembers(alice: Installation, note: Note, proxy: Proxy) -> None:
    alice.tick()
    for _ in range(3):
        alice.restart()
        assert alice.tick(minutes=5).unread[0].reason == PAUSED

    assert (len(proxy.requests), note.times_read) == (1, 5)


@pytest.mark.parametrize("restarted", [False, True])
def test_the_right_password_ends_it(alice: Installation, note: Note, *, restarted: bool) -> None:
    alice.tick()
    note.write(alice.user.password)
    if restarted:
        alice.restart()

    report = alice.tick(minutes=5)

    assert report.complete
    assert not report.refused
    assert (record(alice).paused_at, record(alice).refused_secret) == (None, None)
    assert len(alice.drafted()) == 1
    assert note.times_read == 3


def test_another_wrong_password_begins_a_new_pause(
    alice: Installation, note: Note, proxy: Proxy
) -> None:
    alice.tick()
    note.write("hunter3")
    alice.tick(minutes=5)
    alice.tick(minutes=5)

    assert len(proxy.requests) == 2
    assert record(alice).paused_at == alice.now - timedelta(minutes=5)


def test_the_user_can_have_it_tried_again(alice: Installation, proxy: Proxy) -> None:
    alice.tick()
    resume(alice.store, "main")
    resume(alice.store, "nobody")
    alice.tick(minutes=5)

    assert len(proxy.requests) == 2
    assert record(alice).paused_at == alice.now


def test_another_user_name_counts_as_other_credentials(alice: Installation, proxy: Proxy) -> None:
    alice.tick()
    alice.configure(f'username = "{alice.user.name}"', 'username = "bob"')
    alice.tick(minutes=5)

    assert len(proxy.requests) == 2


def test_a_password_that_cannot_be_had_changes_nothing(
    alice: Installation, proxy: Proxy, tmp_path: Path
) -> None:
    alice.tick()
    (tmp_path / "note").unlink()
    assert alice.tick(minutes=5).unread[0].reason == PAUSED
    (tmp_path / "note").write_text("hunter2")
    assert alice.tick(minutes=5).unread[0].reason == PAUSED

    assert len(proxy.requests) == 1


def test_nothing_more_is_asked_when_the_refusal_comes_in_the_middle(
    alice: Installation, note: Note, proxy: Proxy
) -> None:
    note.write(alice.user.password)
    alice.user.dav.mkcalendar(f"{alice.user.home}more/", "More").expect(201)
    proxy.inject(Fault(forward=False, reply=Reply(401)), "REPORT", times=99)

    report = alice.tick()

    assert [seen.method for seen in proxy.requests].count("REPORT") == 1
    assert report.refused
    assert record(alice).paused_at == alice.now
    assert alice.drafted() == {}


def test_other_accounts_go_on_reading_and_nothing_is_drafted(
    alice: Installation, radicale: Radicale, install: Install
) -> None:
    work = radicale.new_user()
    both = install(
        alice.user, account={"password_command": ["echo", "hunter2"]}, more=second_account(work)
    )
    both.add()
    both.tick()
    report = both.tick(minutes=5)

    assert [unread.calendar for unread in report.unread] == ["main: all calendars"]
    assert [calendar.account for calendar in both.store.calendars("work")] == ["work"]
    assert (report.applied, both.meetings()) == ((), [])


def test_the_database_says_next_to_nothing_about_the_password(alice: Installation) -> None:
    marks = []
    for _ in range(2):
        alice.tick(minutes=5)
        marks.append(record(alice).refused_secret)
        resume(alice.store, "main")

    assert all(mark and re.fullmatch("[0-9a-f]{16}:[0-9a-f]{4}", mark) for mark in marks)
    assert marks[0] != marks[1]


@pytest.mark.parametrize("command", ["plan", "why"])
def test_a_rehearsal_asks_for_real(user: User, proxy: Proxy, tmp_path: Path, command: str) -> None:
    shell = Shell(tmp_path)
    wrong = shell_configuration(user).replace(user.password, "hunter2")
    shell.configure(wrong.replace(user.url, proxy.url))
    words = ["plan"] if command == "plan" else ["why", "--week"]

    shell.run(*words).ends_with(4)
    again = shell.run(*words, "--json", now="2026-11-02T07:05:00Z").ends_with(4)

    assert len(proxy.requests) == 1
    if command == "plan":
        assert again.json["unread"][0]["reason"] == PAUSED


def test_a_setup_that_the_server_lets_in_ends_it(user: User, proxy: Proxy, tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.configure(shell_configuration(user).replace(user.url, proxy.url))
    proxy.inject(Fault(forward=False, reply=Reply(401)))
    shell.run("tick").ends_with(4)
    shell.run("tick", now="2026-11-02T07:05:00Z").ends_with(4)

    shell.run("setup", "--yes", "--no-service", now="2026-11-02T07:06:00Z").ends_with(0)

    shell.ok("tick", now="2026-11-02T07:10:00Z")


def test_the_address_book_of_a_paused_account_is_left_alone_too(
    user: User, note: Note, proxy: Proxy, install: Install
) -> None:
    people = '[people]\ngroup = "connect"\naccount = "main"'
    alice = install(user, url=proxy.url, account={"password_command": note.command}, more=people)
    alice.tick()
    asked = len(proxy.requests)
    alice.restart()
    later = alice.tick(days=1)

    assert len(proxy.requests) == asked
    assert PAUSED in later.failures[0].reason
    note.write(user.password)
    (asked_again,) = alice.tick(hours=1).failures
    assert "There is no address book" in asked_again.reason
