"""From the URL a user knows to the calendars, on real servers."""

import subprocess
import sys
from dataclasses import replace

import pytest
from accounts import server_for
from proxy import Fault, Listener, Proxy, Reply, page, with_body
from servers import Radicale, User, Xandikos

from connectd.edges.caldav_server import CalDavServer, Credential
from connectd.errors import CredentialsError, ServerError


def header(name: str, value: str) -> Fault:
    return Fault(change=lambda reply: replace(reply, headers=reply.headers | {name: value}))


@pytest.mark.parametrize(
    "path", ["", "{name}/", "{home}", "{calendar}", ".well-known/caldav", "nowhere/at/all/"]
)
def test_every_url_a_user_may_know_leads_to_the_same_home(user: User, path: str) -> None:
    known = path.format(
        name=user.name,
        home=user.home.removeprefix(user.url),
        calendar=user.calendar.removeprefix(user.url),
    )
    home = server_for(user, user.url + known).discover()
    assert (home.principal, home.home) == (f"{user.url}{user.name}/", user.home)


def test_what_xandikos_says_about_scheduling(xandikos: Xandikos) -> None:
    user = xandikos.new_user()
    home = server_for(user).discover()
    assert home.schedules
    assert not home.sabre
    assert home.addresses == (user.email,)
    assert home.inbox == f"{user.url}{user.name}/inbox/"
    assert home.outbox == f"{user.url}{user.name}/outbox/"
    assert home.default_calendar == user.calendar


def test_what_radicale_says_about_scheduling(radicale: Radicale) -> None:
    home = server_for(radicale.new_user()).discover()
    assert not home.schedules
    assert (home.addresses, home.inbox, home.outbox, home.default_calendar) == (
        (),
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Sabre-Version", "4.7.0"),
        ("DAV", "1, 3, calendar-access, nc-calendar-search"),
        ("DAV", "1, nextcloud-checksum-update"),
        ("DAV", "1, calendarserver-sharing, resource-sharing, calendar-proxy"),
    ],
)
def test_sabre_is_known_by_its_headers(user: User, proxy: Proxy, name: str, value: str) -> None:
    proxy.inject(header(name, value), "OPTIONS", times=9)
    assert server_for(user, proxy.url).discover().sabre


def test_calendar_proxy_alone_is_not_sabre(user: User, proxy: Proxy) -> None:
    proxy.inject(header("DAV", "1, calendar-proxy, resource-sharing"), "OPTIONS", times=9)
    assert not server_for(user, proxy.url).discover().sabre


def test_options_that_fail_are_no_proof_that_nothing_is_sent(user: User, proxy: Proxy) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(500)), "OPTIONS")
    with pytest.raises(ServerError, match="problem of its own"):
        server_for(user, proxy.url).discover()


@pytest.mark.parametrize("known", ["calendar", "home"])
def test_a_server_that_names_no_principal_is_searched(radicale: Radicale, known: str) -> None:
    user = radicale.new_user()
    nameless = with_body(
        lambda text: text.replace("current-user-", "lost-").replace("calendar-home-set", "lost")
    )
    with Proxy(user.url) as proxy:
        proxy.inject(Fault(change=nameless), "PROPFIND", times=99)
        server = server_for(user, proxy.through(getattr(user, known)))
        assert server.discover().home == proxy.through(user.home)


def test_a_principal_without_calendars_is_no_home(radicale: Radicale) -> None:
    user = radicale.new_user()
    homeless = with_body(lambda text: text.replace("calendar-home-set", "lost"))
    with Proxy(user.url) as proxy:
        proxy.inject(Fault(change=homeless), "PROPFIND", times=99)
        with pytest.raises(ServerError, match="No calendars were found"):
            server_for(user, proxy.url).discover()


def test_a_web_page_is_no_calendar_server(user: User, proxy: Proxy) -> None:
    proxy.inject(Fault(forward=False, reply=page()), times=99)
    server = server_for(user, proxy.url)
    with pytest.raises(ServerError, match=r"No calendars .* web page.* Check the url"):
        server.discover()


def test_a_server_without_caldav_is_told_apart(user: User, proxy: Proxy) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(404)), times=99)
    with pytest.raises(ServerError, match=r"No calendars were found .* not there"):
        server_for(user, proxy.url + "dav/").discover()


def test_a_wrong_password_is_said_at_once(user: User) -> None:
    server = server_for(user, credential=lambda: Credential(user.name, "wrong"))
    with pytest.raises(CredentialsError, match=r"127.0.0.1 does not accept .* 'main'"):
        server.discover()
    assert server.requests == 1


def test_a_home_on_another_host_is_named_and_never_visited(radicale: Radicale) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy, Listener() as elsewhere:
        moved = with_body(
            lambda text: text.replace(
                f"calendar-home-set><href>/{user.name}/", f"calendar-home-set><href>{elsewhere.url}"
            )
        )
        proxy.inject(Fault(change=moved), "PROPFIND", part=user.name)
        with pytest.raises(ServerError, match="another host") as caught:
            server_for(user, proxy.url).discover()
        assert elsewhere.url in str(caught.value)
        assert elsewhere.heard == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_another_host_is_not_followed(radicale: Radicale, status: int) -> None:
    user = radicale.new_user()
    with Proxy(user.url) as proxy, Listener() as elsewhere:
        away = Reply(status, {"Location": f"{elsewhere.url}dav/"})
        proxy.inject(Fault(forward=False, reply=away), "PROPFIND")
        with pytest.raises(ServerError, match="another host") as caught:
            server_for(user, proxy.url).discover()
        assert elsewhere.url in str(caught.value)
        assert elsewhere.heard == []


def test_a_redirect_on_the_own_host_is_followed(user: User, proxy: Proxy) -> None:
    proxy.inject(Fault(forward=False, reply=Reply(308, {"Location": "/"})), "PROPFIND", part="dav")
    server = server_for(user, proxy.url + "dav")
    assert server.discover().home == proxy.through(user.home)
    assert server.requests == len(proxy.requests)
    assert proxy.requests[1].headers["depth"] == "0"


def test_redirects_in_a_circle_end(user: User, proxy: Proxy) -> None:
    around = Fault(forward=False, reply=Reply(302, {"Location": "/again/"}))
    proxy.inject(around, times=99)
    with pytest.raises(ServerError, match="without an end"):
        server_for(user, proxy.url).discover()
    assert len(proxy.requests) == 6


def test_a_server_that_names_itself_with_another_scheme_is_understood(
    xandikos: Xandikos,
) -> None:
    user = xandikos.new_user()
    with Proxy(user.url) as proxy:
        secure = f"https://127.0.0.1:{proxy.port}/{user.name}/"
        absolute = with_body(lambda text: text.replace(f">/{user.name}/", f">{secure}"))
        proxy.inject(Fault(change=absolute), "PROPFIND", times=99)
        server = server_for(user, proxy.url)
        assert server.calendars(server.discover())[0].url == proxy.through(user.calendar)


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://192.0.2.1/dav/", "unencrypted"),
        ("ftp://localhost/", "is not a URL that begins with https://"),
        ("https://", "is not a URL"),
        ("https://good.example\\@evil.example/", "user name or password in it"),
        ("https://good.example\\.evil.example/", "is not a URL"),
        ("https://alice:hunter2@dav.example.test/", "user name or password in it"),
        ("https://dav.example.test:port/", "is not a URL"),
    ],
)
def test_unsafe_urls_are_refused_before_anything_is_sent(url: str, problem: str) -> None:
    server = CalDavServer("main", url, lambda: Credential("alice", "hunter2"))
    with pytest.raises(ServerError, match=problem) as caught:
        server.discover()
    assert "hunter2" not in str(caught.value)
    assert server.requests == 0


def test_a_host_that_does_not_exist_is_said_plainly() -> None:
    server = CalDavServer("main", "https://dav.nowhere.invalid/", lambda: Credential("a", "b"))
    with pytest.raises(ServerError, match=r"dav.nowhere.invalid cannot be reached: there is no"):
        server.discover()


def test_a_certificate_needs_its_ca_file(xandikos: Xandikos) -> None:
    user = replace(xandikos.new_user(), ca_file=None)
    with pytest.raises(ServerError, match=r"certificate is not trusted .* ca_file"):
        server_for(user).discover()


def test_a_missing_ca_file_is_named(xandikos: Xandikos) -> None:
    user = replace(xandikos.new_user(), ca_file="/nowhere/ca.pem")
    with pytest.raises(ServerError, match=r"no file /nowhere/ca.pem"):
        server_for(user).discover()


def test_importing_the_edge_imports_no_library() -> None:
    code = (
        "import sys, connectd.edges.caldav_server as edge\n"
        "edge.CalDavServer('main', 'https://localhost/', lambda: None)\n"
        "print({'caldav', 'niquests', 'lxml', 'icalendar'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
