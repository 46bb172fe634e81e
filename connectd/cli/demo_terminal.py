"""Prints the demo: plain text, with colours on a terminal that wants them."""

import textwrap
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from connectd.cli import terminal
from connectd.cli.colours import coloured, wants_colours
from connectd.cli.terminal_status import show_status
from connectd.edges.local_server import LocalServer
from connectd.service.demo_scenes import Line, Scene, Tone
from connectd.service.demo_world import ZONE
from connectd.service.tick import Report

_WIDTH = 78
_INDENTS = {Tone.SAY: ("  ", "  "), Tone.POINT: ("  ", "    "), Tone.REMARK: ("      ",) * 2}


class Teller:
    """Tells the story on standard output, or nothing at all where it is ``silent``."""

    def __init__(self, environment: Mapping[str, str], *, silent: bool) -> None:
        self._silent = silent
        self._colours = wants_colours(environment)

    def opening(self, monday: date) -> None:
        """Say what is going to be seen, in the month that begins on ``monday``."""
        self._say(
            "connectd keeps one promise: you meet the people you said you would meet. This is a "
            f"month with it, {monday:%B %Y}, on a calendar server of its own in a temporary "
            "directory. Everybody is made up; your own calendars and settings are not touched."
        )

    def scene(self, scene: Scene) -> None:
        """Show one step."""
        if self._silent:
            return
        local = scene.at.astimezone(ZONE)
        self._put("")
        heading = f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"
        self._put(f"{self._styled(heading, fg='cyan')}  {self._styled(scene.title, bold=True)}")
        for line in scene.lines:
            self._line(line)
        if scene.status:
            show_status(scene.status, ZONE)

    def serving(self, server: LocalServer, config: Path, at: datetime) -> None:
        """Say how to look around with a calendar client, and that connectd goes on."""
        local = at.astimezone(ZONE)
        self._put("")
        self._say("The server stays up. To look around, add a CalDAV account to your client:")
        self._put(f"    URL       {server.url}")
        self._put(f"    User      {server.username}")
        self._put(f"    Password  {server.password}")
        self._say(
            f"The drafts are in the calendar Connections, in the month after {local:%B %Y}. Answer "
            "one: connectd goes on, and tells here what it sees. In another terminal:"
        )
        self._put(f"    connectd --config {config} status")
        self._say("Ctrl-C ends it and removes everything.")
        self._put("")

    def news(self, report: Report) -> None:
        """Say what a tick did while the server stays up, as `connectd tick` says it."""
        if not self._silent:
            self._put(self._styled(f"{report.now.astimezone(ZONE):%H:%M:%S}", fg="cyan"))
            terminal.show_report(report)

    def closing(self) -> None:
        """Say what it was, and what comes next."""
        self._put("")
        self._say(
            "All of this happened on a real CalDAV server, which is gone now, by the code that "
            "works for you: connectd setup"
        )

    def _line(self, line: Line) -> None:
        if line.tone is Tone.DRAWING:
            self._put("  " + (coloured(line.text) if self._colours else line.text))
            return
        first, others = _INDENTS[line.tone]
        text = textwrap.fill(
            line.text,
            _WIDTH,
            initial_indent=first,
            subsequent_indent=others,
            break_long_words=False,
            break_on_hyphens=False,
        )
        self._put(self._styled(text, dim=True) if line.tone is Tone.REMARK else text)

    def _say(self, text: str) -> None:
        self._put(textwrap.fill(text, _WIDTH))

    def _styled(self, text: str, **looks: Any) -> str:  # noqa: ANN401 - passed on
        return click.style(text, **looks) if self._colours else text

    def _put(self, text: str) -> None:
        if not self._silent:
            click.echo(text)
