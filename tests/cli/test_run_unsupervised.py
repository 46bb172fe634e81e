"""`connectd run` on a terminal, with nobody to keep it running."""

from shell import Shell
from typist import typist


def test_it_says_once_how_it_is_kept_running(offline: Shell) -> None:
    with typist(offline, "run", now=None) as someone:
        someone.wait_for("`connectd setup --service` makes it a service")
        someone.press("connectd is running", "c")
        seen = someone.ends_with(0)
    assert seen.count("ends with its terminal") == 1
