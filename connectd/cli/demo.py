"""The command `demo`."""

import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

import click

from connectd.cli.demo_terminal import Teller
from connectd.cli.documents import Document, time_text
from connectd.cli.invocation import Invocation, as_json, print_json
from connectd.cli.status_documents import status_document
from connectd.edges.calendar_client import CalendarClient
from connectd.edges.local_server import LocalServer
from connectd.edges.lock import InstanceLock
from connectd.service import demo_world
from connectd.service.demo import Story, watch
from connectd.service.demo_scenes import Scene
from connectd.service.demo_stage import Stage

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ENDED_BY = 128
_PRIVATE = 0o600


@click.command()
@click.option("--serve", is_flag=True, help="Keep the server up, for your own calendar client.")
@as_json
@click.pass_obj
def demo(call: Invocation, serve: bool, as_json: bool) -> None:  # noqa: FBT001 - click passes flags by name
    """Show a month with connectd, on a calendar server of its own in a temporary directory."""
    teller = Teller(call.environment, silent=as_json)
    with _stopping() as stopping, _theatre(call, stopping) as (stage, server):
        teller.opening(stage.monday)
        scenes: list[Scene] = []
        for scene in Story(stage).scenes():
            stopping.check()
            teller.scene(scene)
            scenes.append(scene)
        if as_json:
            print_json(_document(scenes, server if serve else None))
            sys.stdout.flush()  # whoever reads it wants the account while the server is up
        if serve:
            ends_at = scenes[-1].at
            teller.serving(server, stage.means.config.path, ends_at)
            for report in watch(stage, _clock(ends_at), stopping.asked):
                teller.news(report)
    teller.closing()


class _Stopping:
    """Takes the signals that end a program as a request, so that all is put away first."""

    def __init__(self) -> None:
        self.asked = Event()
        self._number = 0

    def ask(self, number: int, _frame: FrameType | None) -> None:
        """Take a signal."""
        self._number = number
        self.asked.set()

    def check(self) -> None:
        """Leave, with the exit status that a shell expects, if that was asked for."""
        if self.asked.is_set():
            click.echo("connectd: stopped.", err=True)
            raise click.exceptions.Exit(_ENDED_BY + self._number)


@contextmanager
def _stopping() -> Iterator[_Stopping]:
    stopping = _Stopping()
    before = {number: signal.signal(number, stopping.ask) for number in _ENDING}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _theatre(call: Invocation, stopping: _Stopping) -> Iterator[tuple[Stage, LocalServer]]:
    """A running server, a configuration and an empty state, all of it gone afterwards."""
    password = secrets.token_hex(6)
    with (
        tempfile.TemporaryDirectory(prefix="connectd-demo-") as name,
        LocalServer(Path(name), demo_world.USERNAME, password) as server,
    ):
        server.start(stopping.asked)
        stopping.check()
        monday = demo_world.first_monday(call.now())
        begins = demo_world.moment(monday, 0, "08:00")
        kept = _write(Path(name, "password"), password)
        text = demo_world.configuration(server.url, kept, monday)
        config = _write(Path(name, "config.toml"), text)
        with (
            InstanceLock.acquire(config.parent, begins),
            Invocation(str(config), begins, call.environment).means() as means,
        ):
            client = CalendarClient(server.home, server.username, password)
            yield Stage(means, client, monday), server


def _write(path: Path, text: str) -> Path:
    path.touch(_PRIVATE)
    path.write_text(text, "utf-8")
    return path


def _clock(starts_at: datetime) -> Callable[[], datetime]:
    """The time goes on from where the story ended."""
    began = time.monotonic()
    return lambda: starts_at + timedelta(seconds=int(time.monotonic() - began))


def _document(scenes: list[Scene], server: LocalServer | None) -> Document:
    account: dict[str, Any] | None = None
    if server:
        account = {"url": server.url, "username": server.username, "password": server.password}
    return {
        "scenes": [
            {
                "at": time_text(scene.at),
                "title": scene.title,
                "lines": [line.text for line in scene.lines],
            }
            for scene in scenes
        ],
        "status": next((status_document(s.status) for s in scenes if s.status), None),
        "account": account,
    }
