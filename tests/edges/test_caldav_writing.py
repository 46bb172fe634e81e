"""Conditional writes on real servers, and what is known when one goes wrong."""

import threading
import time
from typing import TYPE_CHECKING

import pytest
from accounts import HOUR, event, server_for
from proxy import Fault, Listener, Proxy, Reply, page
from servers import Radicale, User

from connectd.edges.caldav_server import CalDavServer
from connectd.errors import (
    OutcomeUnknownError,
    PreconditionError,
    RefusedError,
    ServerError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = event("meeting", HOUR, "First")
CHANGED = event("meeting", HOUR, "Second")


@pytest.fixture
def href(user: User) -> str:
    return f"{user.calendar}meeting.ics"


def test_what_was_created_comes_back_as_it_is_stored(
    user: User, server: CalDavServer, href: str
) -> None:
    created = server.create(href, TEXT)
    stored = user.dav.get(href).expect(200)
    assert (created.href, created.etag, created.text) == (href, stored.etag, stored.text)
    assert "SUMMARY:First" in created.text


def test_nothing_is_created_over_something(user: User, server: CalDavServer, href: str) -> None:
    user.dav.put(href, TEXT, new=True).expect(201)
    with pytest.raises(PreconditionError, match="exists already"):
        server.create(href, CHANGED)
    assert "First" in user.dav.get(href).text


def test_what_appears_at_the_last_moment_is_not_overwritten(
    user: User, proxy: Proxy, behind: CalDavServer, href: str
) -> None:
    user.dav.put(href, TEXT, new=True).expect(201)
    proxy.inject(Fault(forward=False, reply=Reply(404)), "GET")
    with pytest.raises(PreconditionError):
        behind.create(proxy.through(href), CHANGED)
    assert proxy.requests[-1].headers["if-none-match"] == "*"
    assert "First" in user.dav.get(href).text


def test_only_the_version_that_was_read_is_replaced(
    user: User, server: CalDavServer, href: str
) -> None:
    first = server.create(href, TEXT)
    second = server.replace(href, CHANGED, first.etag or "")
    assert "Second" in second.text
    assert second.etag == user.dav.get(href).etag != first.etag
    with pytest.raises(PreconditionError, match="changed since"):
        server.replace(href, TEXT, first.etag or "")
    assert "Second" in user.dav.get(href).text


def test_writing_what_is_gone_anew_is_not_even_tried(
    proxy: Proxy, behind: CalDavServer, href: str
) -> None:
    with pytest.raises(PreconditionError, match="not there any more"):
        behind.replace(proxy.through(href), CHANGED, '"an older one"')
    assert "PUT" not in {seen.method for seen in proxy.requests}


def test_what_goes_at_the_last_moment_is_not_written_anew(
    user: User, proxy: Proxy, behind: CalDavServer, href: str
) -> None:
    user.dav.put(href, TEXT, new=True).expect(201)
    proxy.inject(Fault(forward=False, reply=Reply(404)), "PUT")
    with pytest.raises(PreconditionError, match="not there any more"):
        behind.replace(proxy.through(href), CHANGED, user.dav.get(href).etag)


def test_only_the_version_that_was_read_is_removed(
    user: User, server: CalDavServer, href: str
) -> None:
    first = server.create(href, TEXT)
    user.dav.put(href, CHANGED, etag=first.etag).expect(200, 201, 204)
    with pytest.raises(PreconditionError, match="changed since"):
        server.remove(href, first.etag or "")
    server.remove(href, user.dav.get(href).etag)
    user.dav.get(href).expect(404)
    server.remove(href, first.etag or "")


def test_a_removal_is_conditional_on_the_server_too(
    user: User, proxy: Proxy, behind: CalDavServer, href: str
) -> None:
    user.dav.put(href, TEXT, new=True).expect(201)
    etag = user.dav.get(href).etag
    behind.remove(proxy.through(href), etag)
    assert proxy.requests[-1].method == "DELETE"
    assert proxy.requests[-1].headers["if-match"] == etag


def test_a_server_that_ignores_conditions_is_not_asked_to_remove_a_change(
    user: User, proxy: Proxy, behind: CalDavServer, href: str
) -> None:
    user.dav.put(href, TEXT, new=True).expect(201)
    with pytest.raises(PreconditionError, match="changed since"):
        behind.remove(proxy.through(href), '"an older one"')
    assert "DELETE" not in {seen.method for seen in proxy.requests}


def test_what_another_removed_at_the_same_time_is_fine(
    user: User, proxy: Proxy, behind: CalDavServer, href: str
) -> None:
    user.dav.put(href, TEXT, new=True).expect(201)
    proxy.inject(Fault(forward=False, reply=Reply(404)), "DELETE")
    behind.remove(proxy.through(href), user.dav.get(href).etag)


def test_a_new_calendar_takes_events_and_stands_behind(user: User, server: CalDavServer) -> None:
    home = server.discover()
    made = server.make_calendar(home, "Verbindungen & <Käffchen>")
    assert made.name == "Verbindungen & <Käffchen>"
    assert made.url == f"{user.home}verbindungen-kaffchen/"
    assert made.components == {"VEVENT", "VTODO"}
    assert made in server.calendars(home)
    server.create(f"{made.url}meeting.ics", TEXT)
    again = server.make_calendar(home, "Verbindungen & <Käffchen>")
    assert again.url != made.url
    assert len(user.dav.objects(made.url)) == 1


def test_a_name_without_latin_letters_makes_a_calendar_too(
    user: User, server: CalDavServer
) -> None:
    made = server.make_calendar(server.discover(), "コーヒー")
    assert (made.url, made.name) == (f"{user.home}calendar/", "コーヒー") or user.schedules
    assert made.name == "コーヒー"


def test_a_calendar_that_is_there_is_not_even_tried(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    user.dav.mkcalendar(f"{user.home}connections/", "Theirs").expect(201)
    behind.make_calendar(behind.discover(), "Connections")
    [made] = [seen.path for seen in proxy.requests if seen.method == "MKCALENDAR"]
    assert made.endswith("/connections-2/")


def test_a_calendar_that_another_made_meanwhile_stays_as_it_is(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    home = behind.discover()
    user.dav.mkcalendar(f"{user.home}connections/", "Theirs").expect(201)
    proxy.inject(Fault(reply=Reply(207, {}, b'<multistatus xmlns="DAV:"/>')), "PROPFIND")
    made = behind.make_calendar(home, "Connections")
    assert made.url == proxy.through(f"{user.home}connections-2/")
    names = {info.name for info in behind.calendars(home)}
    assert {"Theirs", "Connections"} <= names


def test_an_order_that_is_not_kept_does_not_matter(
    user: User, proxy: Proxy, behind: CalDavServer
) -> None:
    home = behind.discover()
    proxy.inject(Fault(forward=False, reply=Reply(403)), "PROPPATCH")
    assert behind.make_calendar(home, "Connections").name == "Connections"
    [order] = [seen for seen in proxy.requests if seen.method == "PROPPATCH"]
    assert order.path == proxy.through(f"{user.home}connections/").removeprefix(proxy.url[:-1])


@pytest.mark.parametrize("status", [403, 405, 501])
def test_a_server_that_makes_no_calendars_says_so(
    proxy: Proxy, behind: CalDavServer, status: int
) -> None:
    home = behind.discover()
    proxy.inject(Fault(forward=False, reply=Reply(status)), "MKCALENDAR", times=9)
    with pytest.raises(RefusedError):
        behind.make_calendar(home, "Connections")


@pytest.mark.parametrize(
    ("fault", "arrived"),
    [
        (Fault(forward=True, drop=True), True),
        (Fault(forward=False, drop=True), False),
        (Fault(forward=True, hang=True), True),
        (Fault(forward=False, hang=True), False),
        (Fault(forward=True, reply=Reply(500)), True),
        (Fault(forward=False, reply=Reply(502)), False),
        (Fault(forward=False, reply=Reply(504)), False),
        (Fault(forward=False, reply=page()), False),
        (Fault(forward=True, reply=page(201)), True),
        (Fault(forward=False, reply=Reply(201)), False),
        (Fault(forward=True, drip=0.05), True),
    ],
)
def test_a_write_whose_outcome_is_unknown_says_so(
    radicale: Radicale, fault: Fault, *, arrived: bool
) -> None:
    user = radicale.new_user()
    href = f"{user.calendar}meeting.ics"
    with Proxy(user.url) as proxy:
        behind = server_for(user, proxy.url, timeout_seconds=1.5)
        proxy.inject(fault, "PUT")
        start = time.monotonic()
        with pytest.raises(OutcomeUnknownError):
            behind.create(proxy.through(href), TEXT)
        assert time.monotonic() - start < 12
        assert [seen.method for seen in proxy.requests].count("PUT") == 1
        assert (user.dav.get(href).status == 200) is arrived


@pytest.mark.parametrize("fault", [Fault(drop=True), Fault(reply=Reply(500)), Fault(cut=1)])
def test_a_write_that_cannot_be_read_back_is_unknown(radicale: Radicale, fault: Fault) -> None:
    user = radicale.new_user()
    first = server_for(user).create(f"{user.calendar}meeting.ics", TEXT)
    with Proxy(user.url) as proxy:
        proxy.inject(fault, "GET", times=2)
        with pytest.raises(OutcomeUnknownError, match="could not be read back"):
            server_for(user, proxy.url).replace(
                proxy.through(first.href), CHANGED, first.etag or ""
            )


def test_a_removal_that_breaks_off_is_unknown(radicale: Radicale) -> None:
    user = radicale.new_user()
    first = server_for(user).create(f"{user.calendar}meeting.ics", TEXT)
    with Proxy(user.url) as proxy:
        proxy.inject(Fault(drop=True), "DELETE")
        with pytest.raises(OutcomeUnknownError):
            server_for(user, proxy.url).remove(proxy.through(first.href), first.etag or "")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 415, 423, 501, 507])
def test_a_no_is_told_apart_from_an_unknown_outcome(radicale: Radicale, status: int) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        proxy.inject(Fault(forward=False, reply=Reply(status)), "PUT")
        with pytest.raises(RefusedError, match=f"not written.*status {status}") as caught:
            server_for(user, proxy.url).create(proxy.through(f"{user.calendar}a.ics"), TEXT)
        assert not isinstance(caught.value, OutcomeUnknownError | PreconditionError)


def test_the_reason_of_a_no_is_repeated(radicale: Radicale) -> None:
    user = radicale.new_user()
    why = b'<error xmlns="DAV:"><no-uid-conflict xmlns="urn:ietf:params:xml:ns:caldav"/></error>'
    with Proxy(user.url) as proxy:
        proxy.inject(Fault(forward=False, reply=Reply(403, {}, why)), "PUT")
        with pytest.raises(RefusedError, match="no-uid-conflict"):
            server_for(user, proxy.url).create(proxy.through(f"{user.calendar}a.ics"), TEXT)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "MKCALENDAR"])
def test_no_write_follows_a_redirect(radicale: Radicale, status: int, method: str) -> None:
    user = radicale.new_user()
    first = server_for(user).create(f"{user.calendar}meeting.ics", TEXT)
    with Proxy(user.url) as proxy, Listener() as elsewhere:
        behind = server_for(user, proxy.url)
        home = behind.discover()
        away = Reply(status, {"Location": f"{elsewhere.url}dav/"})
        proxy.inject(Fault(forward=False, reply=away), method)
        href, etag = proxy.through(first.href), first.etag or ""
        calls: dict[str, Callable[[], object]] = {
            "PUT": lambda: behind.replace(href, CHANGED, etag),
            "DELETE": lambda: behind.remove(href, etag),
            "MKCALENDAR": lambda: behind.make_calendar(home, "Connections"),
        }
        with pytest.raises(RefusedError, match="redirects to") as caught:
            calls[method]()
        assert elsewhere.url in str(caught.value)
        assert caught.value.exit_status == 5
        assert elsewhere.heard == []
    assert "First" in user.dav.get(first.href).text


def test_a_redirect_of_a_write_on_the_own_host_is_not_followed_either(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        away = Reply(307, {"Location": "/login"})
        proxy.inject(Fault(forward=False, reply=away), "PUT")
        with pytest.raises(RefusedError, match=r"redirects to .*/login"):
            server_for(user, proxy.url).create(proxy.through(f"{user.calendar}a.ics"), TEXT)
        assert [seen.method for seen in proxy.requests] == ["GET", "PUT"]


def test_too_many_requests_are_no_unknown_outcome(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        proxy.inject(Fault(forward=False, reply=Reply(429, {"Retry-After": "7"})), "PUT")
        with pytest.raises(ServerError, match="in 7 seconds") as caught:
            server_for(user, proxy.url).create(proxy.through(f"{user.calendar}a.ics"), TEXT)
        assert caught.value.retry_after == 7
        assert type(caught.value) is ServerError


def test_a_busy_server_may_have_written_all_the_same(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        proxy.inject(Fault(forward=True, reply=Reply(503, {"Retry-After": "60"})), "PUT")
        with pytest.raises(OutcomeUnknownError) as caught:
            server_for(user, proxy.url).create(proxy.through(f"{user.calendar}a.ics"), TEXT)
        assert caught.value.retry_after == 60


def test_a_write_that_never_left_is_certainly_not_made(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        behind = server_for(user, proxy.url)
        href = proxy.through(f"{user.calendar}a.ics")
    with pytest.raises(ServerError, match="nothing listens there") as caught:
        behind.replace(href, TEXT, '"1"')
    assert type(caught.value) is ServerError


def test_a_write_goes_over_no_connection_that_may_have_died(radicale: Radicale) -> None:
    user = radicale.new_user()
    first = server_for(user).create(f"{user.calendar}meeting.ics", TEXT)
    with Proxy(user.url) as proxy:
        behind = server_for(user, proxy.url)
        behind.get(proxy.through(first.href))
        proxy.inject(Fault(forward=False, drop=True, only_reused=True), "PUT")
        behind.replace(proxy.through(first.href), CHANGED, first.etag or "")
        assert [seen.method for seen in proxy.requests] == ["GET", "PROPFIND", "PUT", "GET"]


def test_a_write_going_on_can_be_hurried(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy:
        behind = server_for(user, proxy.url)
        proxy.inject(Fault(hang=True), "PUT")
        threading.Timer(0.3, behind.hurry, [0.2]).start()
        start = time.monotonic()
        with pytest.raises(OutcomeUnknownError):
            behind.create(proxy.through(f"{user.calendar}a.ics"), TEXT)
        assert time.monotonic() - start < 8
        with pytest.raises(ServerError, match="about to stop"):
            behind.get(proxy.through(f"{user.calendar}a.ics"))
