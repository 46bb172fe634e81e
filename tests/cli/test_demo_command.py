import base64
import json
import os
import pty
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from servers import wait_until

COMMAND = [sys.executable, "-c", "from connectd.cli.main import main; main()"]
NOW = "2026-11-20T12:00:00Z"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    return tmp_path


def environment(room: Path, **more: str) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "CONNECTD_", "NO_COLOR"))
    }
    return kept | {"HOME": str(room / "home"), "TMPDIR": str(room / "tmp"), "TERM": "xterm"} | more


def words(*arguments: str) -> list[str]:
    return [*COMMAND, "--now", NOW, "demo", *arguments]


def run(room: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        words(*arguments), env=environment(room), capture_output=True, text=True, check=False
    )


@contextmanager
def started(room: Path, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        words(*arguments),
        env=environment(room),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: "subprocess.Popen[str]", wanted: str) -> list[str]:
    assert process.stdout is not None
    seen: list[str] = []
    for line in process.stdout:
        seen.append(line.rstrip("\n"))
        if wanted in line:
            return seen
    raise AssertionError(f"no {wanted!r} in {seen}")


def processes_in(folder: Path) -> list[str]:
    """Every process that was started with something in this folder, or works there."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
            works_in = os.readlink(entry / "cwd")  # noqa: PTH115 - it may be gone already
        except OSError:
            continue
        if str(folder) in command + works_in:
            found.append(command)
    return found


def assert_nothing_is_left(room: Path) -> None:
    assert list((room / "tmp").iterdir()) == []
    assert list((room / "home").iterdir()) == []
    assert processes_in(room / "tmp") == []


def test_it_tells_the_same_story_each_time_and_leaves_nothing_behind(room: Path) -> None:
    told = run(room)
    assert (told.returncode, told.stderr) == (0, "")
    assert_nothing_is_left(room)
    assert "\x1b" not in told.stdout
    assert all(len(line) <= 80 for line in told.stdout.splitlines())
    for expected in (
        "Mon 2 Nov, 08:05",
        "  Thu  5 Nov      ·█··[B]·····    ············████",
        "last met 75 days ago; 30 days is your ideal gap",
        "Maya Moreno: she drags it to Fri 13 Nov, 15:00 to 15:45, and presses Accept.",
        "Coffee – Alice Example & Maya Moreno: Fri 13 Nov, 15:00 to 15:45",  # noqa: RUF001 (a title)
        "asked: Maya Moreno <maya.moreno@example.org>",
        "Delivery: manual",
        "2026-11  ●●●  3 of 3 met",
        "2026-12: 0 of 3 met, 3 waiting for your yes; chance ",
    ):
        assert expected in told.stdout
    as_json = run(room, "--json")
    assert (as_json.returncode, as_json.stderr) == (0, "")
    document = json.loads(as_json.stdout)
    flat = " ".join(told.stdout.split())
    for scene in document["scenes"]:
        assert scene["title"] in flat
        for line in scene["lines"]:
            assert " ".join(line.split()) in flat
    assert document["account"] is None
    people = document["status"]["months"][0]["people"]
    assert sorted(people) == ["carol-cole", "gus-grant", "maya-moreno"]


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_it_and_leaves_nothing_behind(
    room: Path, number: signal.Signals, status: int
) -> None:
    with started(room) as process:
        lines_until(process, "writes drafts")
        assert processes_in(room / "tmp") != []
        process.send_signal(number)
        process.send_signal(number)
        assert process.stderr is not None
        assert process.stderr.read() == "connectd: stopped.\n"
        assert process.wait() == status
    assert_nothing_is_left(room)


def test_a_signal_while_the_server_starts_leaves_nothing_behind(room: Path) -> None:
    with started(room) as process:
        wait_until(lambda: any((room / "tmp").iterdir()), "the temporary directory")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 143
    assert_nothing_is_left(room)


def test_a_reader_that_goes_away_leaves_nothing_behind(room: Path) -> None:
    with started(room) as process:
        lines_until(process, "makes a list")
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait() == 1
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert_nothing_is_left(room)


def test_serve_gives_an_account_and_goes_on_until_it_is_stopped(room: Path) -> None:
    with started(room, "--serve") as process:
        told = "\n".join(lines_until(process, "Ctrl-C"))
        account = dict(re.findall(r"^ +(URL|User|Password) +(\S+)$", told, re.MULTILINE))
        assert account["User"] == "alice"
        assert "Connections" in dav(account, "PROPFIND", "alice/", {"Depth": "1"})
        href, text = a_draft(account)
        dav(account, "PUT", href, {}, text.replace("SUMMARY:?", "SUMMARY:NO ?"))
        seen = lines_until(process, "you said no")
        assert re.search(r"decline [a-z-]+: you said no: the title", "\n".join(seen))
        process.send_signal(signal.SIGINT)
        lines_until(process, "All of this happened")
        assert process.wait() == 0
    assert_nothing_is_left(room)


def a_draft(account: Mapping[str, str]) -> tuple[str, str]:
    listing = dav(account, "PROPFIND", "alice/connections/", {"Depth": "1"})
    for path in re.findall(r"/(alice/connections/[^<]+\.ics)", listing):
        text = dav(account, "GET", path, {})
        if "SUMMARY:?" in text:
            return path, text
    raise AssertionError(listing)


def dav(
    account: Mapping[str, str], method: str, path: str, headers: Mapping[str, str], body: str = ""
) -> str:
    token = base64.b64encode(f"{account['User']}:{account['Password']}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        account["URL"] + path,
        body.encode() or None,
        {"Authorization": f"Basic {token}", **headers},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        return str(answer.read(), "utf-8")


@pytest.mark.parametrize(("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colours_are_for_terminals_that_want_them(
    room: Path, more: dict[str, str], *, coloured: bool
) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        words(), env=environment(room, **more), stdout=theirs, stderr=theirs, stdin=theirs
    ) as process:
        os.close(theirs)
        seen = b""
        while b"makes a list" not in seen:
            seen += os.read(ours, 4096)
        process.send_signal(signal.SIGTERM)
        while True:
            try:
                seen += os.read(ours, 4096)
            except OSError:
                break
        assert process.wait() == 143
    os.close(ours)
    assert (b"\x1b[" in seen) is coloured


def test_without_radicale_it_says_what_to_install(room: Path) -> None:
    program = (
        "import sys; sys.modules['radicale'] = None\nfrom connectd.cli.main import main; main()"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, "demo"],
        env=environment(room),
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 6
    assert "pip install radicale" in told.stderr
    assert told.stdout == ""
    assert_nothing_is_left(room)
