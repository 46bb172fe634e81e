"""Calendars, listings and objects as they are read from real servers."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

import pytest
from accounts import HOUR, event, fill, server_for
from proxy import DAV, Fault, Proxy, Reply, failing, with_body, with_tree
from servers import Radicale, User, Xandikos

from connectd.domain.model import Span
from connectd.edges.caldav_server import CalDavServer, CalendarInfo, Home
from connectd.errors import RefusedError, ServerError

WINDOW = Span(datetime(2026, 11, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
MIB = 1024 * 1024


def replacing(old: str, new: str) -> Callable[[str], str]:
    return lambda text: text.replace(old, new)


def by_name(infos: tuple[CalendarInfo, ...]) -> dict[str, CalendarInfo]:
    return {info.name: info for info in infos}


def test_the_calendars_of_a_home_cost_one_request(user: User, server: CalDavServer) -> None:
    user.dav.mkcalendar(f"{user.home}work/", "Work & <more>").expect(201)
    user.dav.mkcalendar(f"{user.home}tasks/", "Tasks", ("VTODO",)).expect(201)
    user.dav.mkcalendar(f"{user.home}free/", "Free", ("VFREEBUSY",))
    home = server.discover()
    before = server.requests
    found = by_name(server.calendars(home))
    assert server.requests == before + 1
    assert found["Work & <more>"].url == f"{user.home}work/"
    assert found["Work & <more>"].components == {"VEVENT"}
    assert found["Work & <more>"].writable
    assert found["Free"].components == {"VFREEBUSY"}
    assert "Tasks" not in found
    assert all(info.url.endswith("/") for info in found.values())


def test_a_version_changes_with_the_calendar_alone(user: User, server: CalDavServer) -> None:
    user.dav.mkcalendar(f"{user.home}other/", "Other").expect(201)
    home = server.discover()
    first = {info.url: info.version for info in server.calendars(home)}
    assert first == {info.url: info.version for info in server.calendars(home)}
    fill(user, 1)
    second = {info.url: info.version for info in server.calendars(home)}
    assert second[user.calendar] != first[user.calendar]
    assert second[f"{user.home}other/"] == first[f"{user.home}other/"]


def test_the_ctag_stands_in_for_a_missing_token(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    home = behind.discover()

    def old_server(tree: ET.Element) -> None:
        for prop in tree.iter(f"{DAV}prop"):
            for token in prop.findall(f"{DAV}sync-token"):
                prop.remove(token)
        for ctag in tree.iter("{http://calendarserver.org/ns/}getctag"):
            ctag.text = "-1"

    proxy.inject(Fault(change=with_tree(old_server)), "PROPFIND")
    found = {info.url: info for info in behind.calendars(home)}
    assert found[proxy.through(user.calendar)].version == "-1"


def test_a_server_without_any_version_says_none(proxy: Proxy, behind: CalDavServer) -> None:
    home = behind.discover()
    lost = with_body(lambda text: text.replace("sync-token", "lost").replace("getctag", "gone"))
    proxy.inject(Fault(change=lost), "PROPFIND")
    assert [info.version for info in behind.calendars(home)] == [None]


@pytest.mark.parametrize(
    ("seconds_ago", "settled"), [(0, False), (4, False), (6, True), (-4, False), (86400, True)]
)
def test_a_version_of_this_very_second_may_still_come_again(
    user: User, proxy: Proxy, behind: CalDavServer, seconds_ago: int, *, settled: bool
) -> None:
    home = behind.discover()
    answered = datetime(2026, 11, 26, 12, tzinfo=UTC)
    second = f"{answered.timestamp() - seconds_ago:.0f}"

    def by_the_clock(tree: ET.Element) -> None:
        for token in tree.iter(f"{DAV}sync-token"):
            token.text = second

    dated = {"Date": format_datetime(answered, usegmt=True)}
    change = with_tree(by_the_clock)
    fault = Fault(change=lambda reply: replace(change(reply), headers=reply.headers | dated))
    proxy.inject(fault, "PROPFIND")
    found = {info.url: info for info in behind.calendars(home)}
    assert found[proxy.through(user.calendar)].version == (second if settled else None)


@pytest.mark.parametrize("version", ["9" * 400, "9" * 5000, "1000000000"])
@pytest.mark.parametrize("date", ["", "Thu, 26 Nov 2026 12:00:00 +99999999999999"])
def test_no_number_or_date_is_too_much(
    user: User, proxy: Proxy, behind: CalDavServer, version: str, date: str
) -> None:
    home = behind.discover()

    def numbered(tree: ET.Element) -> None:
        for token in tree.iter(f"{DAV}sync-token"):
            token.text = version

    change = with_tree(numbered)
    dated = {"Date": date}
    fault = Fault(change=lambda reply: replace(change(reply), headers=reply.headers | dated))
    proxy.inject(fault, "PROPFIND")
    found = {info.url: info for info in behind.calendars(home)}
    assert found[proxy.through(user.calendar)].version == version


def test_a_calendar_may_be_an_outbox_too(user: User, proxy: Proxy, behind: CalDavServer) -> None:
    home = behind.discover()

    def both(tree: ET.Element) -> None:
        for calendar in tree.iter(f"{DAV}resourcetype"):
            if calendar.find(f"{CALDAV}calendar") is not None:
                ET.SubElement(calendar, f"{CALDAV}schedule-outbox")

    proxy.inject(Fault(change=with_tree(both)), "PROPFIND")
    assert proxy.through(user.calendar) in {info.url for info in behind.calendars(home)}


def test_names_are_cleaned(user: User, server: CalDavServer) -> None:
    user.dav.mkcalendar(f"{user.home}bidi/", "a\u202eb\u0085c\u200d  d").expect(201)
    names = {info.url: info.name for info in server.calendars(server.discover())}
    assert names[f"{user.home}bidi/"] == "a b c\u200d d"


def test_a_calendar_without_a_name_is_called_by_its_path(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    user.dav.mkcalendar(f"{user.home}my%20own/", "Named").expect(201)
    home = behind.discover()
    proxy.inject(Fault(change=failing(f"{DAV}displayname", "404 Not Found")), "PROPFIND")
    assert "my own" in {info.name for info in behind.calendars(home)}


def test_a_calendar_one_may_only_read(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        behind = server_for(user, proxy.url)
        home = behind.discover()
        readers = with_body(
            lambda text: text.replace("<all />", "<read-acl />").replace("<write", "<no-write")
        )
        proxy.inject(Fault(change=readers), "PROPFIND")
        assert [info.writable for info in behind.calendars(home)] == [False]


def test_inboxes_and_deleted_calendars_are_no_calendars(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        behind = server_for(user, proxy.url)
        home = behind.discover()
        for kind in (
            '<C:schedule-inbox xmlns:C="urn:ietf:params:xml:ns:caldav"/>',
            '<n:deleted-calendar xmlns:n="http://nextcloud.com/ns"/>',
            '<s:subscribed xmlns:s="http://calendarserver.org/ns/"/>',
        ):
            special = with_body(replacing("<C:calendar />", "<C:calendar />" + kind))
            proxy.inject(Fault(change=special), "PROPFIND")
            assert behind.calendars(home) == ()


def test_a_listing_holds_what_lies_in_the_window(user: User, server: CalDavServer) -> None:
    near = fill(user, 2)
    far = Span(datetime(2028, 1, 1, tzinfo=UTC), datetime(2028, 1, 2, tzinfo=UTC))
    user.dav.put(f"{user.calendar}far.ics", event("far", far), new=True).expect(201)
    before = server.requests
    listed = server.listing(user.calendar, WINDOW)
    assert server.requests == before + 1
    assert sorted(listed) == near
    assert listed[near[0]] == user.dav.get(near[0]).etag


def test_free_busy_objects_are_listed_by_their_own_component(
    xandikos: Xandikos,
) -> None:
    user = xandikos.new_user()
    server = server_for(user)
    text = event("free", HOUR).replace("VEVENT", "VFREEBUSY").replace("SUMMARY:Something\r\n", "")
    user.dav.put(f"{user.calendar}free.ics", text, new=True).expect(201)
    assert server.listing(user.calendar, WINDOW) == {}
    assert list(server.listing(user.calendar, WINDOW, "VFREEBUSY")) == [f"{user.calendar}free.ics"]


@pytest.mark.parametrize("status", ["500 Internal Server Error", "403 Forbidden"])
def test_an_etag_that_could_not_be_had_breaks_the_listing(
    user: User, proxy: Proxy, behind: CalDavServer, status: str
) -> None:
    fill(user, 1)
    broken = failing(f"{DAV}getetag", status)
    proxy.inject(Fault(change=broken), "REPORT")
    with pytest.raises(ServerError, match=f"status {status[:3]}.* not whole"):
        behind.listing(proxy.through(user.calendar), WINDOW)
    assert len(behind.listing(proxy.through(user.calendar), WINDOW)) == 1


@pytest.mark.parametrize("status", [403, 500, 507])
@pytest.mark.parametrize("method", ["PROPFIND", "REPORT"])
def test_a_resource_the_server_failed_on_breaks_the_listing(
    user: User, proxy: Proxy, behind: CalDavServer, status: int, method: str
) -> None:
    home = behind.discover()

    def cut_short(tree: ET.Element) -> None:
        response = ET.SubElement(tree, f"{DAV}response")
        ET.SubElement(response, f"{DAV}href").text = "/x/"
        ET.SubElement(response, f"{DAV}status").text = f"HTTP/1.1 {status} No"

    proxy.inject(Fault(change=with_tree(cut_short)), method)
    calls: dict[str, Callable[[], object]] = {
        "PROPFIND": lambda: behind.calendars(home),
        "REPORT": lambda: behind.listing(proxy.through(user.calendar), WINDOW),
    }
    with pytest.raises(ServerError, match=rf"status {status}.* not whole"):
        calls[method]()


def test_a_resource_type_that_could_not_be_had_breaks_the_listing(
    proxy: Proxy, behind: CalDavServer
) -> None:
    home = behind.discover()
    broken = failing(f"{DAV}resourcetype", "500 Oops")
    proxy.inject(Fault(change=broken), "PROPFIND")
    with pytest.raises(ServerError, match="not whole"):
        behind.calendars(home)


def test_a_calendar_that_vanished_is_refused_not_empty(user: User, server: CalDavServer) -> None:
    with pytest.raises(RefusedError, match=r"not there|not allowed"):
        server.listing(f"{user.home}vanished/", WINDOW)


def test_a_listing_that_is_too_large_is_no_listing(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    flood = Fault(forward=False, reply=Reply(207, {}, b" " * (64 * MIB + 1)))
    proxy.inject(flood, "REPORT")
    with pytest.raises(ServerError, match="more than 64 MiB"):
        behind.listing(proxy.through(user.calendar), WINDOW)


LISTED = (
    "<multistatus xmlns='DAV:' note='{note}'><response><href>/x.ics</href><propstat><prop>{prop}"
    "</prop><status>HTTP/1.1 200 OK</status></propstat></response></multistatus>"
)
WHOLE = LISTED.format(note="", prop="<getetag>1</getetag>")
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE multistatus [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    + LISTED.format(note="&b;", prop="<getetag>1</getetag>")
)


def test_what_spoiled_answers_are_compared_with_is_a_listing(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(207, {}, WHOLE.encode())), "REPORT")
    listed = behind.listing(proxy.through(user.calendar), WINDOW)
    assert listed == {f"{proxy.url}x.ics": "1"}


@pytest.mark.parametrize(
    "body",
    [
        BOMB.encode(),
        BOMB.encode("utf-16"),
        BOMB.replace("?>", "?><!-- <a> -->", 1).encode(),
        b"",
        WHOLE[:-5].encode(),
        WHOLE.replace("multistatus", "other").encode(),
        b"BEGIN:VCALENDAR",
        LISTED.format(note="", prop="<getetag/>").encode(),
    ],
)
def test_an_answer_that_is_no_plain_multistatus_is_no_listing(
    user: User, proxy: Proxy, behind: CalDavServer, body: bytes
) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(207, {}, body)), "REPORT")
    problem = "no ETag" if b"<getetag/>" in body else "did not answer as a CalDAV server"
    with pytest.raises(ServerError, match=problem):
        behind.listing(proxy.through(user.calendar), WINDOW)


def test_the_schedule_inbox_holds_what_others_sent(pair: tuple[User, User]) -> None:
    alice, bob = pair
    server = server_for(bob)
    home = server.discover()
    assert server.inbox(home) == {}
    invitation = event(
        "invited",
        HOUR,
        "Coffee",
        f"ORGANIZER:mailto:{alice.email}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{alice.email}",
        f"ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{bob.email}",
    )
    alice.dav.put(f"{alice.calendar}invited.ics", invitation, new=True).expect(201)
    [(href, etag)] = server.inbox(home).items()
    assert href.startswith(f"{bob.url}{bob.name}/inbox/")
    [[message]] = server.fetch(home.inbox or "", [href])
    assert "METHOD:REQUEST" in message.text
    assert message.etag == etag
    server.remove(href, etag)
    assert server.inbox(home) == {}


def test_there_is_no_inbox_without_scheduling(user: User, server: CalDavServer) -> None:
    assert server.inbox(Home(principal=user.url, home=user.home)) == {}
    assert server.requests == 0


def test_the_moment_of_a_listing_is_bounded(user: User, proxy: Proxy) -> None:
    impatient = server_for(user, proxy.url, timeout_seconds=0.5)
    proxy.inject(Fault(hang=True), "REPORT")
    start = time.monotonic()
    with pytest.raises(ServerError, match=r"no whole answer in"):
        impatient.listing(proxy.through(user.calendar), WINDOW)
    assert timedelta(seconds=time.monotonic() - start) < timedelta(seconds=8)
