"""khal, a calendar on the command line, whose calendar vdirsyncer brings from the server."""

import re
from datetime import datetime
from pathlib import Path

from programs import run
from servers import User
from terminal import terminal

VDIRSYNCER = """\
[general]
status_path = "{home}/status/"

[pair drafts]
a = "here"
b = "there"
collections = null

[storage here]
type = "filesystem"
path = "{home}/drafts/"
fileext = ".ics"

[storage there]
type = "caldav"
url = "{url}"
username = "{user.name}"
password = "{user.password}"
"""
KHAL = """\
[calendars]
[[drafts]]
path = {home}/drafts/

[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
default_timezone = {zone}
local_timezone = {zone}

[sqlite]
path = {home}/khal.db
"""
MENU = r"Edit\?.*: "


class Khal:
    """One calendar of a user, synchronized before and after each gesture.

    ``search`` is a text that khal finds one event by.
    """

    def __init__(self, home: Path, user: User, calendar: str, zone: str) -> None:
        self._home = home
        (home / "drafts").mkdir()
        names = {"home": home, "user": user, "url": calendar, "zone": zone}
        self._settings = home / "khal.conf"
        self._settings.write_text(KHAL.format(**names))
        self._pairs = home / "vdirsyncer.conf"
        self._pairs.write_text(VDIRSYNCER.format(**names))
        self._vdirsyncer("discover")

    def put_before_title(self, search: str, word: str, title: str) -> None:
        """Write a word in front of the title, which is the one that khal shows."""
        self._edit(search, ("s", rf"summary \[{re.escape(title)}\]: ", f"{word} {title}"))

    def move(self, search: str, start: datetime, end: datetime) -> None:
        """Type another time; both are local times of the user."""
        times = f"{start:%Y-%m-%d %H:%M} {end:%Y-%m-%d %H:%M}"
        self._edit(search, ("t", r"datetime range \[.*\]: ", times))

    def delete(self, search: str) -> None:
        """Delete the event; vdirsyncer refuses to pass this on if it was the only one."""
        self._edit(search, ("D", r"Delete all .*\? \[y/N\]: ", "y"), ends=True)

    def _edit(self, search: str, change: tuple[str, str, str], *, ends: bool = False) -> None:
        key, question, words = change
        self._vdirsyncer("sync")
        command = ["khal", "--config", str(self._settings), "edit", "--show-past", search]
        with terminal(command, self._home) as khal:
            khal.answer(MENU, key)
            khal.answer(question, words)
            if not ends:
                khal.answer(MENU, "q")
            khal.until_ended()
        self._vdirsyncer("sync")

    def _vdirsyncer(self, command: str) -> None:
        run(["vdirsyncer", "--config", str(self._pairs), command], self._home)
