"""Notices on the desktop, over a real bus."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desktop import Notifications, Shown, session_bus

from connectd.edges.desktop_notice import DesktopNotice
from connectd.errors import ServerError


@pytest.fixture(scope="module")
def bus() -> Iterator[str]:
    with session_bus() as address:
        yield address


@pytest.fixture
def notice(bus: str) -> DesktopNotice:
    return DesktopNotice({"DBUS_SESSION_BUS_ADDRESS": bus}, limit_seconds=0.5)


def test_without_a_session_it_says_so() -> None:
    with pytest.raises(ServerError, match="there is no desktop session here"):
        DesktopNotice({}).show("Hello", "there")


def test_without_anybody_who_shows_notices_it_says_so(notice: DesktopNotice) -> None:
    with pytest.raises(ServerError, match=r"shows no notices \(.*ServiceUnknown\)"):
        notice.show("Hello", "there")


def test_a_bus_that_is_gone_is_no_fault(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"shows no notices \(FileNotFoundError\)"):
        DesktopNotice({"DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/gone"}).show("a", "b")


@pytest.mark.parametrize("address", ["nonsense", "tcp:host=localhost,port=1", "unix:path"])
def test_an_address_that_is_none_is_no_fault(address: str) -> None:
    with pytest.raises(ServerError, match="the desktop shows no notices"):
        DesktopNotice({"DBUS_SESSION_BUS_ADDRESS": address}).show("a", "b")


def test_a_bus_that_never_answers_holds_nobody_up() -> None:
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as silent:
        silent.bind(os.path.join(folder, "bus"))  # noqa: PTH118 - a text is what it takes
        silent.listen()
        began = time.monotonic()
        notice = DesktopNotice({"XDG_RUNTIME_DIR": folder}, limit_seconds=0.3)
        with pytest.raises(ServerError, match=r"no answer in 0\.3 seconds"):
            notice.show("a", "b")
        assert time.monotonic() - began < 5
        threads = threading.active_count()
        with pytest.raises(ServerError, match="has not answered the last time"):
            notice.show("a", "b")
        assert threading.active_count() == threads


class TestOnADesktop:
    """Each has a bus of its own, since one alone may show notices on it."""

    @pytest.fixture
    def bus(self) -> Iterator[str]:
        with session_bus() as address:
            yield address

    def test_a_notice_is_shown_as_plain_text(self, bus: str, notice: DesktopNotice) -> None:
        desktop = Notifications(bus, "body")
        notice.show("2 drafts wait", "Bob & <Carol>: Tue")
        assert desktop.shown == [
            Shown("connectd", 0, "", "2 drafts wait", "Bob & <Carol>: Tue", [], {}, -1)
        ]

    def test_where_text_is_markup_it_is_escaped(self, bus: str, notice: DesktopNotice) -> None:
        desktop = Notifications(bus, "body", "body-markup")
        notice.show("<b>", 'Bob & <a href="x">')
        (shown,) = desktop.shown
        assert (shown.title, shown.body) == ("<b>", 'Bob &amp; &lt;a href="x"&gt;')

    def test_one_that_refuses_is_named_by_its_reason(self, bus: str, notice: DesktopNotice) -> None:
        Notifications(bus, refusing=True)
        with pytest.raises(ServerError, match="LimitsExceeded"):
            notice.show("Hello", "there")

    def test_one_that_does_not_answer_holds_nobody_up(
        self, bus: str, notice: DesktopNotice
    ) -> None:
        Notifications(bus, silent=True)
        with pytest.raises(ServerError, match="the desktop"):
            notice.show("Hello", "there")
