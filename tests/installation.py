"""connectd set up for one user on a real server, with a clock that the test holds."""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from servers import User

from connectd.cli.building import build_means
from connectd.config import Config, load
from connectd.domain.model import Contact, Meeting, State
from connectd.edges.caldav_server import CalDavServer, Credential
from connectd.edges.confined import Confined
from connectd.edges.store import Placement, Store
from connectd.formats.people import PersonRow
from connectd.service import people
from connectd.service.answers import Said
from connectd.service.means import Means
from connectd.service.tick import Report, tick

NOW = datetime(2026, 11, 2, 7, tzinfo=UTC)
"""A Monday morning, 08:00 in Berlin, at the beginning of the month that the goal starts with."""

FIRST_SLOT = datetime(2026, 11, 4, 8, tzinfo=UTC)
"""What the first draft of an empty calendar gets: Wednesday 09:00, two days ahead."""


Answer = Callable[[Store, Contact, datetime, ZoneInfo], Said]


class CountedReader(Confined):
    """The child process of the program itself, which counts what it is asked."""

    def __init__(self) -> None:
        super().__init__("connectd.formats.confined_readers:read")
        self.calls = 0

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        self.calls += 1
        return super().call(request)


class Installation:
    """A configuration, a database and the edges, as ``connectd tick`` builds them.

    ``reader`` outlives it: starting one for each test would cost a second of CPU time.
    """

    def __init__(
        self, folder: Path, user: User, reader: CountedReader, text: str, now: datetime = NOW
    ) -> None:
        self.user = user
        self.reader = reader
        self.now = now
        self.config_file = folder / "config.toml"
        self.config_file.write_text(text)
        self.config: Config = load(self.config_file, os.environ)
        self.means = self._built()

    def _built(self) -> Means:
        store = Store.open(self.config.state)
        store.begin(self.now)
        return replace(build_means(self.config, store, os.environ), reader=self.reader)

    @property
    def store(self) -> Store:
        return self.means.store

    def close(self) -> None:
        for server in self.means.servers.values():
            server.close()
        self.means.store.close()

    def restart(self) -> None:
        """End, and start again: what is not in the database is forgotten."""
        self.close()
        self.means = self._built()

    def configure(self, old: str, new: str) -> None:
        """Change the configuration file and start again."""
        text = self.config_file.read_text()
        assert old in text
        self.config_file.write_text(text.replace(old, new))
        self.config = load(self.config_file, os.environ)
        self.restart()

    def be_impatient(self, seconds: float = 0.5) -> None:
        """Let requests end after less than the usual thirty seconds."""
        account = self.config.drafts_account
        server = CalDavServer(
            account.name,
            account.url,
            lambda: Credential(self.user.name, self.user.password),
            ca_file=str(account.ca_file) if account.ca_file else None,
            timeout_seconds=seconds,
        )
        self.means.servers[account.name].close()
        self.means = replace(self.means, servers={**self.means.servers, account.name: server})

    def command(self, *words: str) -> list[str]:
        """Return the command line of a connectd of its own."""
        program = "from connectd.cli.main import main; main()"
        return [sys.executable, "-c", program, "--config", str(self.config_file), *words]

    def add(
        self,
        name: str = "Bob Baker",
        email: str = "bob@example.test",
        category: str = "business",
        free_busy: str | None = None,
    ) -> Contact:
        row = PersonRow(name, (email,), category, free_busy=free_busy)
        return people.add(self.store, row, self.config.policy.categories)

    def says(self, answer: Answer) -> Said:
        """Give an answer in the shell, about the one contact there is."""
        (contact,) = self.store.contacts()
        return answer(self.store, contact, self.now, self.config.me.timezone)

    def tick(self, **later: float) -> Report:
        """Make a tick, so much later than the last one (as ``timedelta`` takes it)."""
        self.now += timedelta(**later)
        return tick(self.now, self.means)

    def meetings(self, contact: str = "bob-baker") -> list[Meeting]:
        """Return the meetings with a contact, from the first attempt on."""
        theirs = (m for m in self.store.meetings() if m.contact == contact)
        return sorted(theirs, key=lambda meeting: meeting.attempt)

    def meeting(self, contact: str = "bob-baker") -> Meeting:
        """Return the latest meeting with a contact."""
        return self.meetings(contact)[-1]

    def state(self, contact: str = "bob-baker") -> State:
        return self.meeting(contact).state

    def placement(self, contact: str = "bob-baker") -> Placement:
        found = self.store.placement(self.meeting(contact).uid)
        assert found is not None
        return found

    def path(self, contact: str = "bob-baker") -> str:
        """Return where the object of the latest meeting lies, as a path on the server."""
        return urlsplit(self.placement(contact).href).path

    @property
    def drafts(self) -> str:
        """The drafts calendar, as a path on the server."""
        account = self.store.account(self.config.drafts_account.name)
        assert account is not None
        assert account.drafts is not None
        return urlsplit(account.drafts).path

    def drafted(self) -> dict[str, str]:
        """Return every object in the drafts calendar by its URL, as the user's client sees it."""
        return self.user.dav.objects(self.drafts)


def configuration(  # noqa: PLR0913 - one for each thing that tests vary
    user: User,
    folder: Path,
    *,
    url: str | None = None,
    meeting: Mapping[str, int] | None = None,
    account: Mapping[str, object] | None = None,
    more: str = "",
    goal: int = 1,
    starts: str | None = "2026-11",
    every_minutes: int = 5,
    agenda: str = "none",
    notices: str = "none",
) -> str:
    """Return a configuration for this user; ``account`` and ``meeting`` hold further keys.

    Unlike in real life, no task with an agenda stands beside an invitation without being asked
    for, so that tests can count objects, and no notice comes to the desktop of whoever tests.
    """
    keys = {
        "name": "main",
        "url": url or user.url,
        "username": user.name,
        "password_command": ["echo", user.password],
        "drafts": "Connections",
    }
    if account and "token_command" in account:
        del keys["password_command"]
    if user.ca_file and url is None:
        keys["ca_file"] = user.ca_file
    return "\n".join(
        [
            *("[me]", 'name = "Alice Example"', f"emails = [{_toml(user.email)}]"),
            'timezone = "Europe/Berlin"',
            *("[goal]", f"people_per_month = {goal}", "months = 6"),
            *([f"starts = {_toml(starts)}"] if starts else []),
            *("[state]", f"path = {_toml(str(folder / 'state' / 'connectd.db'))}"),
            *("[agenda]", f"where = {_toml(agenda)}"),
            *("[daemon]", f"every_minutes = {every_minutes}", f"notices = {_toml(notices)}"),
            *("[meeting]", *(f"{key} = {value}" for key, value in (meeting or {}).items())),
            "[[account]]",
            *(f"{key} = {_toml(value)}" for key, value in (keys | dict(account or {})).items()),
            more,
        ]
    )


def second_account(user: User, *, url: str | None = None) -> str:
    """Return the table of an account that only blocks time."""
    keys = {
        "name": "work",
        "url": url or user.url,
        "username": user.name,
        "password_command": ["echo", user.password],
    }
    if user.ca_file and url is None:
        keys["ca_file"] = user.ca_file
    return "\n".join(["[[account]]", *(f"{key} = {_toml(value)}" for key, value in keys.items())])


def _toml(value: object) -> str:
    """Write a text, a number or a list of them; JSON is TOML for these."""
    return json.dumps(value)


Install = Callable[..., Installation]
"""Sets connectd up for a user; the options are those of ``configuration``."""
