"""calcurse, a calendar in a terminal window, and calcurse-caldav, which takes it to a server."""

from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from programs import run
from servers import User
from terminal import terminal

SETTINGS = """\
general.autosave=yes
general.confirmquit=no
format.inputdate=4
"""
SERVER = """\
[General]
Hostname = {address.netloc}
Path = {address.path}
HTTPS = No
DryRun = No
SyncFilter = cal

[Auth]
Username = {user.name}
Password = {user.password}
"""
BEGINNING_OF_LINE = "\x01"


class Calcurse:
    """One calendar of a user, synchronized before and after each gesture."""

    def __init__(self, home: Path, user: User, calendar: str, zone: str) -> None:
        self._home = home
        self._zone = zone
        own = home / ".calcurse"
        (own / "caldav").mkdir(parents=True)
        (own / "conf").write_text(SETTINGS)
        server = SERVER.format(address=urlsplit(calendar), user=user)
        (own / "caldav" / "config").write_text(server)
        self._synchronize("--init", "keep-remote")

    def put_before_title(self, day: date, word: str, title: str) -> None:
        """Write a word in front of the title of the only event of a day."""
        with terminal(["calcurse"], self._home, TZ=self._zone) as calcurse:
            calcurse.press("OtherCmd", "g")
            calcurse.press("go to", f"{day:%Y-%m-%d}\r")
            calcurse.press(title, "\t")
            calcurse.press("Edit Itm", "e")
            calcurse.press("Description.*1/2/3", "3")
            calcurse.press(title, f"{BEGINNING_OF_LINE}{word} \r")
            calcurse.press(f"{word} .*{title}.*Edit Itm", "q")
            calcurse.until_ended()
        self._synchronize()

    def _synchronize(self, *options: str) -> None:
        run(["calcurse-caldav", *options], self._home, TZ=self._zone)
