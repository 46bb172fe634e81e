"""Reads that go wrong on the way: said plainly, bounded in time, repeated at most once."""

import logging
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from accounts import HOUR, event, server_for
from proxy import Fault, Proxy, Reply, page
from servers import Radicale, User

from connectd.domain.model import Span
from connectd.edges.caldav_server import CalDavServer
from connectd.errors import OutcomeUnknownError, RefusedError, ServerError

WINDOW = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


@pytest.fixture
def user(radicale: Radicale) -> User:
    user = radicale.new_user()
    user.dav.put(f"{user.calendar}one.ics", event("one", HOUR), new=True).expect(201)
    return user


@pytest.fixture
def behind(user: User, proxy: Proxy) -> CalDavServer:
    return server_for(user, proxy.url, timeout_seconds=1.0)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(hang=True),
        Fault(forward=False, hang=True),
        Fault(drip=0.05),
        Fault(forward=False, reply=Reply(207, {"X-Long": "x" * 5000}), drip=0.01),
        Fault(change=lambda reply: replace(reply, body=b" " * 5000), drip=0.0005),
    ],
)
def test_no_server_can_keep_a_read_waiting(
    user: User, proxy: Proxy, behind: CalDavServer, fault: Fault
) -> None:
    proxy.inject(fault, "REPORT")
    start = time.monotonic()
    with pytest.raises(ServerError, match=r"no whole answer in|CalDAV server"):
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert time.monotonic() - start < 10
    assert len(behind.listing(proxy.through(user.calendar), WINDOW)) == 1


def test_a_read_going_on_can_be_hurried(user: User, proxy: Proxy) -> None:
    patient = server_for(user, proxy.url)
    proxy.inject(Fault(hang=True), "REPORT")
    threading.Timer(0.3, patient.hurry, [0.1]).start()
    start = time.monotonic()
    with pytest.raises(ServerError, match="no whole answer"):
        patient.listing(proxy.through(user.calendar), WINDOW)
    assert time.monotonic() - start < 8


@pytest.mark.parametrize("cut", [0, 1, 100])
def test_half_an_answer_is_no_answer(
    user: User, proxy: Proxy, behind: CalDavServer, cut: int
) -> None:
    proxy.inject(Fault(cut=cut), "REPORT")
    with pytest.raises(ServerError, match=r"broke its answer off|closed the connection"):
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert len(proxy.requests) == 1


def test_a_connection_that_died_while_kept_is_made_anew(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    behind.listing(proxy.through(user.calendar), WINDOW)
    proxy.inject(Fault(forward=False, drop=True, only_reused=True), times=9)
    assert len(behind.listing(proxy.through(user.calendar), WINDOW)) == 1
    assert behind.requests == len(proxy.requests) == 3


def test_a_new_connection_that_dies_is_not_tried_again(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    proxy.inject(Fault(forward=False, drop=True), times=9)
    with pytest.raises(ServerError, match="closed the connection"):
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 501])
def test_a_read_that_is_refused_says_why(
    user: User, proxy: Proxy, behind: CalDavServer, status: int
) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(status)), "REPORT")
    expected = RefusedError if status < 500 else ServerError
    with pytest.raises(expected, match=f"status {status}") as caught:
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert not isinstance(caught.value, OutcomeUnknownError)


@pytest.mark.parametrize(
    ("status", "header", "seconds"),
    [
        (503, "120", 120),
        (429, "3", 3),
        (503, "Sat, 01 Jan 2000 00:00:00 GMT", 0),
        (503, "soon", None),
        (429, "-5", 0),
        (500, "9", 9),
    ],
)
def test_what_a_busy_server_asks_for_is_passed_on(
    user: User,
    proxy: Proxy,
    behind: CalDavServer,
    status: int,
    header: str,
    seconds: int | None,
) -> None:
    busy = Reply(status, {"Retry-After": header})
    proxy.inject(Fault(forward=False, reply=busy), "REPORT")
    with pytest.raises(ServerError) as caught:
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert caught.value.retry_after == seconds
    assert len(proxy.requests) == 1


def test_a_busy_server_may_say_nothing_about_when(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(503)), "REPORT")
    with pytest.raises(ServerError, match="try again later") as caught:
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert caught.value.retry_after is None


@pytest.mark.parametrize("status", [200, 207])
def test_a_web_page_is_no_answer(
    user: User, proxy: Proxy, behind: CalDavServer, status: int
) -> None:
    href = proxy.through(f"{user.calendar}one.ics")
    proxy.inject(Fault(forward=False, reply=page(status)), times=3)
    with pytest.raises(ServerError, match="web page"):
        behind.listing(proxy.through(user.calendar), WINDOW)
    with pytest.raises(ServerError, match="web page"):
        list(behind.fetch(proxy.through(user.calendar), [href]))
    with pytest.raises(ServerError, match="web page"):
        behind.get(href)


def test_a_compressed_answer_is_not_unpacked(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    packed = Reply(207, {"Content-Encoding": "gzip", "Content-Type": "text/xml"}, b"\x1f\x8b")
    proxy.inject(Fault(forward=False, reply=packed), "REPORT")
    with pytest.raises(ServerError, match="compressed"):
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert proxy.requests[0].headers["accept-encoding"] == "identity"


def test_surprises_are_neither_printed_nor_logged(
    user: User,
    proxy: Proxy,
    behind: CalDavServer,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    escape = Reply(200, {"Content-Type": "text/html"}, b"\x1b]0;owned\x07<html>")
    proxy.inject(Fault(forward=False, reply=escape), times=3)
    calls = (
        lambda: behind.listing(proxy.through(user.calendar), WINDOW),
        lambda: behind.get(proxy.through(f"{user.calendar}\u202e.ics")),
    )
    for call in calls:
        with pytest.raises(ServerError) as caught:
            call()
        assert str(caught.value).isprintable()
    assert capfd.readouterr() == ("", "")
    assert caplog.text == ""


def test_a_wrong_name_for_the_content_changes_nothing(
    user: User, proxy: Proxy, behind: CalDavServer, caplog: pytest.LogCaptureFixture
) -> None:
    odd = Fault(change=lambda reply: replace(reply, headers={"Content-Type": "text/html"}))
    proxy.inject(odd, "REPORT")
    assert len(behind.listing(proxy.through(user.calendar), WINDOW)) == 1
    assert caplog.text == ""
