"""Finding somebody's server: real name and web servers, which say all that one may meet."""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from servers.dnsmasq import Dnsmasq
from servers.machine import require
from servers.ports import free_port
from web_server import Page, WebServer

from connectd.edges.dns import Names
from connectd.edges.web import Look, Web
from connectd.errors import ServerError, WrongInputError
from connectd.formats.providers import Provider, Providers
from connectd.service.finding_server import FoundBy, Place, find_server, known_providers

SERVICE = "_caldavs._tcp."
WELL_KNOWN = "/.well-known/caldav"
LOGIN = Page(status=401, headers={"WWW-Authenticate": 'Basic realm="x"'})
PORTAL = Page(b"<html>Welcome to the train</html>", headers={"Content-Type": "text/html"})


def moved(url: str, status: int = 301) -> Page:
    return Page(status=status, headers={"Location": url})


class Internet:
    """Leads to real servers of the test under names that this machine does not know."""

    def __init__(self, **sites: WebServer) -> None:
        self.sites = {name.replace("_", "."): site.url for name, site in sites.items()}
        self.hosts = dict[str, int]()

    def look(self, url: str, *, ca_file: Path | None = None, within: float = 10) -> Look:
        host = urlsplit(url).netloc
        self.hosts[host] = self.hosts.get(host, 0) + 1
        if host in self.sites:
            there = url.replace(f"https://{host}", self.sites[host], 1)
            seen = Web().look(there, ca_file=ca_file, within=within)
            return seen._replace(url=seen.url.replace(self.sites[host], f"https://{host}", 1))
        if urlsplit(url).hostname not in ("localhost", "127.0.0.1"):
            raise ServerError(f"{host} cannot be reached: there is no such host.")
        return Web().look(url, ca_file=ca_file, within=within)


class Setting:
    """Two secure sites that a name server knows of, for all tests of this module."""

    def __init__(self, folder: Path) -> None:
        self.site, self.certificate = WebServer.secure(folder / "site")
        self.other = WebServer(self.certificate)
        self.nobody = free_port()
        self.dnsmasq = Dnsmasq(
            folder,
            [
                f"--srv-host={SERVICE}path.test,localhost,{self.site.port}",
                f"--txt-record={SERVICE}path.test,path=/dav/",
                f"--srv-host={SERVICE}plain.test,localhost,{self.site.port}",
                f"--srv-host={SERVICE}evil.test,localhost,{self.site.port}",
                f"--txt-record={SERVICE}evil.test,path=//evil.test/,PATH=/dav/",
                f"--srv-host={SERVICE}tab.test,localhost,{self.site.port}",
                f"--txt-record={SERVICE}tab.test,path=/\t/evil.test/,PATH=/dav/",
                f"--srv-host={SERVICE}none.test",
                f"--srv-host={SERVICE}two.test,localhost,{self.nobody},0,0",
                f"--srv-host={SERVICE}two.test,localhost,{self.site.port},1,0",
                f"--srv-host={SERVICE}large.test,localhost,{self.site.port}",
            ],
        )
        self.names = Names(server=self.dnsmasq.server)

    def find(self, said: str, web: Internet | None = None, **options: object) -> tuple[Place, ...]:
        given = {"ca_file": self.certificate, **options}
        names, providers = self.names, given.pop("providers", known_providers())
        return find_server(said, names, web or Internet(), providers, **given)  # type: ignore[arg-type] # passed on

    def problem(self, said: str, web: Internet | None = None, **options: object) -> str:
        with pytest.raises(ServerError) as raised:
            self.find(said, web, **options)
        return str(raised.value)


@pytest.fixture(scope="module")
def setting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Setting]:
    require(Dnsmasq)
    setting = Setting(tmp_path_factory.mktemp("finding"))
    with setting.site, setting.other:
        yield setting
    setting.dnsmasq.stop()


@pytest.fixture(autouse=True)
def fresh(setting: Setting) -> None:
    for site in (setting.site, setting.other):
        site.pages.clear()
        site.requests.clear()


@pytest.fixture
def site(setting: Setting) -> WebServer:
    return setting.site


class TestByTheNameServer:
    def test_the_path_of_its_text_record_is_taken(self, setting: Setting, site: WebServer) -> None:
        site.pages["/dav/"] = LOGIN
        url = f"https://localhost:{site.port}/dav/"
        expected = Place(url, "localhost", FoundBy.DNS, None, same_domain=False)
        assert setting.find("alice@path.test") == (expected,)
        assert setting.find(" path.test ") == (expected,)

    def test_else_the_well_known_url_is_followed(self, setting: Setting, site: WebServer) -> None:
        site.pages[WELL_KNOWN] = moved("/remote.php/dav/")
        site.pages["/remote.php/dav/"] = LOGIN
        (place,) = setting.find("alice@plain.test")
        assert place.url == f"https://localhost:{site.port}/remote.php/dav/"
        assert place.found_by == FoundBy.DNS
        assert place.provider is not None
        assert place.provider.name == "Nextcloud"

    @pytest.mark.parametrize("domain", ["evil.test", "tab.test"])
    def test_a_path_that_is_none_is_no_way_to_another_host(
        self, setting: Setting, site: WebServer, domain: str
    ) -> None:
        site.pages["/dav/"] = LOGIN
        web = Internet(evil_test=setting.other)
        url = f"https://localhost:{site.port}/dav/"
        assert setting.find(f"alice@{domain}", web)[0].url == url
        assert "evil.test" not in web.hosts

    def test_the_next_host_is_tried(self, setting: Setting, site: WebServer) -> None:
        site.pages["/"] = LOGIN
        assert setting.find("alice@two.test")[0].url == f"https://localhost:{site.port}/"

    def test_it_comes_before_the_well_known_url_of_the_domain(
        self, setting: Setting, site: WebServer
    ) -> None:
        site.pages["/dav/"] = site.pages[WELL_KNOWN] = LOGIN
        web = Internet(path_test=setting.other)
        setting.find("alice@path.test", web)
        assert web.hosts == {f"localhost:{site.port}": 1}

    @pytest.mark.parametrize("domain", ["unknown.test", "none.test"])
    def test_where_it_knows_of_none_the_well_known_url_is_next(
        self, setting: Setting, site: WebServer, domain: str
    ) -> None:
        site.pages[WELL_KNOWN] = LOGIN
        web = Internet()
        web.sites[domain] = site.url
        found = setting.find(f"alice@{domain}", web)
        url = f"https://{domain}/"
        assert found == (Place(url, domain, FoundBy.WELL_KNOWN, None, same_domain=True),)

    def test_a_host_that_is_silent_is_asked_once(self, setting: Setting) -> None:
        web = Internet()
        setting.problem("two.test", web)
        assert web.hosts[f"localhost:{setting.nobody}"] == 1
        assert web.hosts["two.test"] == 1


class TestByTheWellKnownUrl:
    def test_another_host_is_shown_as_such(self, setting: Setting, site: WebServer) -> None:
        site.pages[WELL_KNOWN] = moved(f"https://127.0.0.1:{setting.other.port}/caldav/")
        setting.other.pages["/caldav/"] = LOGIN
        (place,) = setting.find("alice@here.test", Internet(here_test=site))
        assert place.host == "127.0.0.1"
        assert not place.same_domain
        assert place.found_by == FoundBy.WELL_KNOWN

    def test_nobody_learns_who_asks(self, setting: Setting, site: WebServer) -> None:
        site.pages[WELL_KNOWN] = moved("/dav/")
        site.pages["/dav/"] = LOGIN
        setting.find("alice-5ecret@here.test", Internet(here_test=site))
        assert [request.method for request in site.requests] == ["PROPFIND"] * 2
        for request in site.requests:
            assert "5ecret" not in f"{request.path}{request.headers}"
            assert not {"authorization", "cookie"} & request.headers.keys()

    @pytest.mark.parametrize(
        ("page", "said"),
        [
            (PORTAL, "answered with a web page; if that is the login of the network"),
            (Page(status=404), "answered with the status 404"),
            (moved(WELL_KNOWN), "sends from one address to the next without an end"),
            (moved("http://dav.example.test/"), "sends on to an address that may not be used"),
            (moved("https://alice:pw@dav.example.test/"), "an address that may not be used"),
            (moved("file:///etc/passwd"), "an address that may not be used"),
            (moved("https://[::1"), "an address that may not be used"),
            (moved(f"https://localhost:{free_port()}/"), "cannot be reached"),
        ],
        ids=["portal", "nothing", "loop", "http", "login", "file", "no URL", "nobody"],
    )
    def test_what_is_no_server_is_said(
        self, setting: Setting, site: WebServer, page: Page, said: str
    ) -> None:
        site.pages[WELL_KNOWN] = page
        problem = setting.problem("alice@here.test", Internet(here_test=site))
        assert problem.startswith("No calendar server was found for alice@here.test. ")
        assert said in problem
        assert problem.endswith("give that one.")

    def test_encryption_is_not_given_up_even_to_this_machine(
        self, setting: Setting, site: WebServer
    ) -> None:
        with WebServer() as plain:
            plain.pages["/"] = LOGIN
            site.pages[WELL_KNOWN] = moved(f"{plain.url}/")
            problem = setting.problem("alice@here.test", Internet(here_test=site))
            assert "may not be used" in problem
            assert plain.requests == []


class TestWhatWasGiven:
    def test_a_url_with_a_path_is_looked_at_first(self, setting: Setting, site: WebServer) -> None:
        site.pages["/alice/"] = site.pages[WELL_KNOWN] = LOGIN
        url = f"https://localhost:{site.port}/alice/"
        assert setting.find(url) == (Place(url, "localhost", FoundBy.GIVEN, None, True),)  # noqa: FBT003 - as the field says

    def test_it_may_lead_elsewhere(self, setting: Setting, site: WebServer) -> None:
        elsewhere = f"https://127.0.0.1:{setting.other.port}/"
        site.pages["/alice/"] = moved(elsewhere)
        setting.other.pages["/"] = Page(status=207)
        (place,) = setting.find(f"https://localhost:{site.port}/alice/")
        assert place == Place(elsewhere, "127.0.0.1", FoundBy.GIVEN, None, same_domain=False)

    @pytest.mark.parametrize("path", ["/", "/remote.php/dav/", "/dav.php/", "/SOGo/dav/", "/dav/"])
    def test_usual_paths_below_a_host_are_tried(
        self, setting: Setting, site: WebServer, path: str
    ) -> None:
        site.pages["/"] = PORTAL
        site.pages[path] = LOGIN
        (place,) = setting.find(f"localhost:{site.port}")
        assert place.url == f"https://localhost:{site.port}{path}"
        assert place.found_by == FoundBy.PATH
        assert place.same_domain

    @pytest.mark.parametrize(
        "said",
        [
            "",
            "   ",
            "alice",
            "alice smith",
            "@",
            "http://dav.example.test/",
            "ftp://dav.example.test/",
            "https://alice:pw5ecret@dav.example.test/",
            "https://",
            "https://dav.example.test:99999/",
            "alice@example.test@evil.test/",
        ],
    )
    def test_anything_else_is_sent_back(self, setting: Setting, said: str) -> None:
        web = Internet()
        with pytest.raises((WrongInputError, ServerError)) as raised:
            setting.find(said, web)
        assert "5ecret" not in str(raised.value)
        assert isinstance(raised.value, WrongInputError) or said == "alice"

    @pytest.mark.parametrize("kind", ["radicale", "xandikos", "cyrus"])
    def test_real_servers_are_found(
        self, setting: Setting, request: pytest.FixtureRequest, kind: str
    ) -> None:
        server = request.getfixturevalue(kind)
        ca_file = getattr(server.new_user(), "ca_file", None)
        found = setting.find(server.url, ca_file=Path(ca_file) if ca_file else None)
        assert found[0].host == "127.0.0.1"
        assert found[0].same_domain


class TestAtAKnownProvider:
    PROVIDERS = Providers(
        (Provider("Large", "https://dav.large.test/{name}/", ("large.test",)),), ()
    )

    def find(self, setting: Setting, web: Internet) -> tuple[Place, ...]:
        return setting.find("alice@large.test", web, providers=self.PROVIDERS)

    def test_its_own_url_is_the_last_resort(self, setting: Setting, site: WebServer) -> None:
        site.pages["/alice/"] = Page(status=403)
        (place,) = self.find(setting, Internet(dav_large_test=site))
        assert place.url == "https://dav.large.test/alice/"
        assert place.found_by == FoundBy.PROVIDER
        assert place.provider == self.PROVIDERS.known[0]
        assert place.same_domain

    def test_nothing_leads_off_it(self, setting: Setting, site: WebServer) -> None:
        """The name server says localhost, and a calendar server answers there."""
        site.pages["/"] = LOGIN
        (place,) = self.find(setting, Internet(dav_large_test=site))
        assert place.host == "dav.large.test"
        problem = setting.problem("alice@large.test", providers=self.PROVIDERS)
        assert "large.test leads to localhost, which is not Large." in problem

    def test_its_own_path_is_surer_than_a_redirect(self, setting: Setting, site: WebServer) -> None:
        site.pages[WELL_KNOWN] = moved("/somewhere/")
        site.pages["/somewhere/"] = LOGIN
        web = Internet(dav_large_test=site, large_test=site)
        web.look = _from_to(web.look, "https://large.test", "https://dav.large.test")  # type: ignore[method-assign] # the redirect to another name
        assert self.find(setting, web)[0].url == "https://dav.large.test/alice/"

    def test_one_without_calendars_says_what_to_do(self, setting: Setting) -> None:
        assert "DavMail" in setting.problem("alice@outlook.com")


def _from_to(look: Callable[..., Look], own: str, other: str) -> Callable[..., Look]:
    """Let what is seen at one name have been seen at another, as if one led to the other."""

    def elsewhere(url: str, **options: object) -> Look:
        seen = look(url, **options)
        return seen._replace(url=seen.url.replace(own, other, 1))

    return elsewhere


def test_without_a_network_that_is_what_is_said() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        names = Names(server=silent.getsockname(), seconds=0.2)
        with pytest.raises(ServerError) as raised:
            find_server("alice@here.test", names, Internet(), known_providers())
    assert "is this computer online?" in str(raised.value)
    assert "here.test cannot be reached" in str(raised.value)


def test_a_certificate_that_nobody_trusts_is_said(setting: Setting, site: WebServer) -> None:
    site.pages["/dav/"] = LOGIN
    problem = setting.problem("alice@path.test", ca_file=None)
    assert re.search(r"certificate of localhost cannot be trusted: .*ca_file", problem)
    assert site.requests == []
