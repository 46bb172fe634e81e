"""An installation that is well, for the tests of the doctor to spoil."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from accounts import event
from servers import Radicale, User
from shell import Shell, configuration

from connectd.domain.model import Span

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
TOMORROW = Span(NOW + timedelta(days=1), NOW + timedelta(days=1, hours=1))


@pytest.fixture(scope="module")
def alice(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture(scope="module")
def ticked(alice: User, tmp_path_factory: pytest.TempPathFactory) -> Shell:
    """An installation that has just made a tick, for all tests here to copy."""
    shell = Shell(tmp_path_factory.mktemp("home"))
    shell.configure(configuration(alice))
    shell.config.chmod(0o600)
    shell.ok("tick")
    return shell


@pytest.fixture
def well(ticked: Shell, tmp_path: Path) -> Shell:
    return Shell(shutil.copytree(ticked.folder, tmp_path / "copy"))


@pytest.fixture
def odd(alice: User) -> Iterator[Callable[[str], None]]:
    """Return what puts an event into the calendar that cannot be read, for the test alone."""
    href = f"{alice.calendar}odd.ics"

    def put(title: str) -> None:
        text = event("odd", TOMORROW, title)
        for key in ("DTSTART", "DTEND"):
            text = text.replace(f"{key}:", f"{key};TZID=Mars/Phobos:")
        text = text.replace("00Z\r\nSUMMARY", "00\r\nSUMMARY").replace(
            "00Z\r\nDTEND", "00\r\nDTEND"
        )
        alice.dav.put(href, text, new=True).expect(201)

    yield put
    alice.dav.request("DELETE", href)
