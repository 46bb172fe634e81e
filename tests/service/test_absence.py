"""Absence is no evidence: only the server's word that an object is gone counts, and not at once."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from accounts import HOUR, event
from calendar_client import edit, set_status
from installation import Install, Installation
from proxy import Fault, Proxy, Reply, with_tree
from servers import Radicale, User

from connectd.domain.model import State

BROKEN = Fault(forward=False, reply=Reply(500))
SILENT = pytest.mark.parametrize(
    "fault",
    [BROKEN, Fault(forward=False, drop=True), Fault(forward=False, hang=True)],
    ids=["500", "dropped", "hangs"],
)


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


@pytest.fixture
def alice(user: User, proxy: Proxy, install: Install) -> Installation:
    """Alice with an open draft, beside which something else lies in the drafts calendar."""
    alice = install(user, url=proxy.url)
    alice.add()
    alice.tick()
    return alice


def without(part: str) -> Fault:
    """Leave out of an answer whatever has this in its address."""

    def change(tree: ET.Element) -> None:
        for response in list(tree.findall("{DAV:}response")):
            if part in str(response.findtext("{DAV:}href")):
                tree.remove(response)

    return Fault(change=with_tree(change))


def look_for_an_hour(alice: Installation, fault: Fault | None = None) -> None:
    """Tick every ten minutes; the calendar changes each time, so that it is read each time."""
    if fault and fault.hang:
        alice.be_impatient()
    for number in range(6):
        href = f"{alice.drafts}other-{alice.now.hour}-{number}.ics"
        alice.user.dav.put(href, event(f"other-{href}", HOUR), new=True).expect(201)
        alice.tick(minutes=10)


def assert_still_there(alice: Installation, proxy: Proxy) -> None:
    assert (alice.state(), alice.meeting().missing_since) == (State.DRAFTED, None)
    assert [seen.method for seen in proxy.requests if seen.method in ("PUT", "DELETE")] == []
    assert any(alice.path() in href for href in alice.drafted())
    assert len(alice.meetings()) == 1
    proxy.clear()
    alice.restart()
    edit(alice.user, alice.path(), set_status("CONFIRMED"))
    alice.tick(minutes=5)
    assert alice.state() is State.ACCEPTED


def test_a_listing_without_the_draft_is_not_believed(alice: Installation, proxy: Proxy) -> None:
    proxy.clear()
    proxy.inject(without(alice.path()), "REPORT", part="/connections/", times=1000)
    look_for_an_hour(alice)
    assert_still_there(alice, proxy)


@SILENT
def test_nor_is_a_server_that_cannot_say(alice: Installation, proxy: Proxy, fault: Fault) -> None:
    proxy.clear()
    proxy.inject(without(alice.path()), "REPORT", part="/connections/", times=1000)
    proxy.inject(fault, "GET", part=alice.path(), times=1000)
    look_for_an_hour(alice, fault)
    assert_still_there(alice, proxy)


@SILENT
@pytest.mark.parametrize("method", ["REPORT", "PROPFIND"])
def test_a_calendar_that_cannot_be_read_says_nothing_of_the_draft(
    alice: Installation, proxy: Proxy, method: str, fault: Fault
) -> None:
    proxy.clear()
    proxy.inject(fault, method, times=1000)
    look_for_an_hour(alice, fault)
    assert_still_there(alice, proxy)


def test_a_home_without_the_drafts_calendar_is_not_believed(
    alice: Installation, proxy: Proxy
) -> None:
    proxy.clear()
    proxy.inject(without("/connections"), "PROPFIND", times=1000)
    look_for_an_hour(alice)
    assert not alice.tick(minutes=10).complete
    assert [seen for seen in proxy.requests if seen.method == "MKCALENDAR"] == []
    assert_still_there(alice, proxy)


def test_a_single_404_is_forgotten_when_the_draft_is_there_again(
    alice: Installation, proxy: Proxy
) -> None:
    proxy.clear()
    proxy.inject(without(alice.path()), "REPORT", part="/connections/")
    proxy.inject(without(alice.path()), "REPORT", part="/connections/")
    proxy.inject(Fault(forward=False, reply=Reply(404)), "GET", part=alice.path())
    alice.user.dav.put(f"{alice.drafts}other.ics", event("other", HOUR), new=True).expect(201)
    alice.tick(minutes=5)
    assert alice.meeting().missing_since == alice.now
    look_for_an_hour(alice)
    assert_still_there(alice, proxy)


def test_a_draft_that_may_lie_in_a_calendar_that_cannot_be_read_is_not_gone(
    alice: Installation, proxy: Proxy
) -> None:
    team = f"{alice.user.home}team/"
    alice.user.dav.mkcalendar(team, "Team").expect(201)
    alice.tick(minutes=5)
    text = alice.user.dav.get(alice.path()).expect(200).text
    proxy.inject(BROKEN, "REPORT", part="/team/", times=1000)
    alice.user.dav.put(f"{team}moved.ics", text, new=True).expect(201)
    alice.user.dav.delete(alice.path()).expect(200, 204)
    look_for_an_hour(alice)
    assert (alice.state(), alice.meeting().missing_since) == (State.DRAFTED, None)

    proxy.clear()
    alice.tick(minutes=5)
    assert alice.state() is State.DRAFTED
    assert alice.path().endswith("/team/moved.ics")


def test_ten_minutes_are_counted_from_the_first_look_not_from_the_deletion(
    alice: Installation,
) -> None:
    alice.user.dav.delete(alice.path()).expect(200, 204)
    alice.tick(hours=3)
    assert alice.state() is State.DRAFTED
    alice.now += timedelta(minutes=9)
    alice.tick()
    assert alice.state() is State.DRAFTED
    alice.tick(minutes=1)
    assert alice.state() is State.DECLINED
