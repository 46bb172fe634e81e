"""Whose credentials go where: as few times, to as few places, as can be."""

import hashlib
import math
import re
import traceback
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from accounts import server_for
from door import Door
from proxy import Fault, Listener, Proxy, Reply, page
from servers import Radicale, User

from connectd.edges.caldav_server import CalDavServer, Credential
from connectd.edges.caldav_server.places import origin_of
from connectd.edges.caldav_server.wire import Wire
from connectd.errors import ConnectdError, CredentialsError, RefusedError, ServerError

TOKEN = "ya29.a-token"


@dataclass
class Purse:
    """Hands out one credential after the other, the last one again and again."""

    credentials: list[Credential]
    asked: int = 0

    def __call__(self) -> Credential:
        self.asked += 1
        return self.credentials[min(self.asked, len(self.credentials)) - 1]


@pytest.fixture
def user(radicale: Radicale) -> User:
    return radicale.new_user()


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - what the scheme asks for


def digest_of(user: User) -> Callable[[str, str], bool]:
    """Return a check of RFC 7616 responses, for MD5 with qop=auth."""

    def accepts(method: str, shown: str) -> bool:
        fields = dict(re.findall(r'(\w+)="?([^",]+)"?', shown))
        if not shown.startswith("Digest ") or fields.get("nonce") != "n0nce":
            return False
        identity = _md5(f"{user.name}:lab:{user.password}")
        middle = ":".join(fields[name] for name in ("nonce", "nc", "cnonce", "qop"))
        request = _md5(f"{method}:{fields['uri']}")
        return str(fields["response"]) == _md5(f"{identity}:{middle}:{request}")

    return accepts


def test_a_token_goes_as_bearer(user: User) -> None:
    with Door(user, "Bearer", lambda _, shown: shown == f"Bearer {TOKEN}") as door:
        server = server_for(
            user, door.url, credential=lambda: Credential(user.name, TOKEN, bearer=True)
        )
        assert server.discover().home == door.through(user.home)
        assert set(door.shown) == {f"Bearer {TOKEN}"}


def test_digest_is_used_where_only_that_is_offered(user: User) -> None:
    challenge = 'Digest realm="lab", nonce="n0nce", qop="auth", algorithm=MD5'
    with Door(user, challenge, digest_of(user)) as door:
        server = server_for(user, door.url)
        home = server.discover()
        made = server.make_calendar(home, "Made")
        assert made.name == "Made"
        assert server.requests == len(door.requests)
        assert [shown.split(" ")[0] for shown in door.shown][:3] == ["Basic", "", "Digest"]
        refused = server_for(user, door.url, credential=lambda: Credential(user.name, "wrong"))
        with pytest.raises(CredentialsError):
            refused.discover()


def test_a_refused_credential_is_fetched_anew_once(user: User) -> None:
    purse = Purse([Credential(user.name, "old"), Credential(user.name, user.password)])
    server = server_for(user, credential=purse)
    assert server.discover().home == user.home
    server.calendars(server.discover())
    assert purse.asked == 2


def test_the_same_refused_credential_is_not_sent_twice(user: User, proxy: Proxy) -> None:
    purse = Purse([Credential(user.name, "wrong")])
    server = server_for(user, proxy.url, credential=purse)
    with pytest.raises(CredentialsError):
        server.discover()
    assert (purse.asked, len(proxy.requests)) == (2, 1)


def test_two_refused_credentials_are_enough(user: User, proxy: Proxy) -> None:
    purse = Purse([Credential(user.name, f"wrong-{number}") for number in range(9)])
    server = server_for(user, proxy.url, credential=purse)
    with pytest.raises(CredentialsError, match="main"):
        server.discover()
    assert (purse.asked, len(proxy.requests)) == (2, 2)


def test_a_refused_write_is_an_error_of_credentials(user: User, proxy: Proxy) -> None:
    server = server_for(user, proxy.url)
    href = proxy.through(f"{user.calendar}a.ics")
    proxy.inject(Fault(forward=False, reply=Reply(401)), "PUT")
    with pytest.raises(CredentialsError):
        server.create(href, "BEGIN:VCALENDAR")


def test_a_credential_is_fetched_only_when_it_is_needed(user: User) -> None:
    purse = Purse([Credential(user.name, user.password)])
    server = server_for(user, credential=purse)
    assert purse.asked == 0
    server.discover()
    server.close()
    server.discover()
    assert purse.asked == 1


@pytest.mark.parametrize("secret", ["hunter2\n", "hunter2\r\nX-Evil: 1", "hunter2\x00"])
def test_a_secret_that_would_break_a_header_is_not_sent(
    user: User, proxy: Proxy, secret: str
) -> None:
    server = server_for(user, proxy.url, credential=lambda: Credential("alice", secret))
    with pytest.raises(CredentialsError) as caught:
        server.discover()
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert proxy.requests == []


def test_a_token_is_ascii(user: User, proxy: Proxy) -> None:
    token = Credential("alice", "hünter2", bearer=True)
    with pytest.raises(CredentialsError) as caught:
        server_for(user, proxy.url, credential=lambda: token).discover()
    assert "nter2" not in "".join(traceback.format_exception(caught.value))


def test_a_password_may_have_any_letters(radicale: Radicale) -> None:
    user = radicale.new_user()
    accepted = "Basic " + b64encode("alice:pässwörd€".encode()).decode()
    with Door(user, "Basic", lambda _, shown: shown == accepted) as door:
        server = server_for(user, door.url, credential=lambda: Credential("alice", "pässwörd€"))
        assert server.discover().home == door.through(user.home)


def test_environment_and_netrc_have_no_say(
    user: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password hers\n")
    with Listener() as elsewhere:
        monkeypatch.setenv("NETRC", str(netrc))
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, elsewhere.url)
        monkeypatch.setenv("NO_PROXY", "")
        assert server_for(user).discover().home == user.home
        assert elsewhere.heard == []


def test_no_error_and_no_object_shows_the_secret(user: User, proxy: Proxy) -> None:
    secret = "correct-horse-battery"
    encoded = b64encode(f"{user.name}:{secret}".encode()).decode()
    server = CalDavServer("main", proxy.url, lambda: Credential(user.name, secret))
    faults = [
        Fault(),
        Fault(drop=True, forward=False),
        Fault(forward=False, reply=page()),
        Fault(forward=False, reply=Reply(500)),
        Fault(forward=False, reply=Reply(403)),
        Fault(forward=False, reply=Reply(503, {"Retry-After": "1"})),
        Fault(forward=False, reply=Reply(207, {}, b"<")),
        Fault(forward=False, reply=Reply(302, {"Location": "https://evil.example/"})),
        Fault(forward=False, reply=Reply(200, {"Content-Encoding": "gzip"}, b"x")),
    ]
    for fault in faults:
        proxy.inject(fault, times=3)
        for call in (
            server.discover,
            lambda: server.create(proxy.through(f"{user.calendar}a.ics"), "x"),
        ):
            with pytest.raises(ConnectdError) as caught:
                call()
            shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
            assert secret not in shown
            assert encoded not in shown
        proxy.clear()
    shown = repr(server) + repr(Credential(user.name, secret)) + str(vars(server))
    assert secret not in shown


def test_the_last_word_on_where_to_send_is_below_the_library() -> None:
    def refuse(url: str) -> None:
        raise ServerError(f"not to {url}")

    with Listener() as elsewhere:
        wire = Wire(elsewhere.url, Credential("alice", "hunter2"), None)
        with pytest.raises(ServerError, match=f"not to {elsewhere.url}x"):
            wire.exchange(
                "GET",
                f"{elsewhere.url}x",
                "",
                {},
                write=False,
                cap=1,
                keep_beginning=False,
                allow=refuse,
                ends_at=lambda: math.inf,
            )
        assert elsewhere.heard == []


@pytest.mark.parametrize(
    ("own", "other", "may"),
    [
        ("https://caldav.icloud.com/", "https://p07-caldav.icloud.com/123/", True),
        ("https://caldav.icloud.com/", "https://caldav.icloud.com.evil.example/", False),
        ("https://caldav.icloud.com/", "https://evil-icloud.com/", False),
        ("https://caldav.icloud.com/", "https://p07-caldav.icloud.com:8443/", False),
        ("https://dav.example.test/", "https://p07-caldav.icloud.com/", False),
        ("https://dav.example.test/", "https://DAV.example.test:443/x", True),
        ("https://dav.example.test/", "https://dav.example.test:8443/", False),
        ("https://dav.example.test/", "https://sub.dav.example.test/", False),
        ("http://localhost:5232/", "https://localhost:5232/", False),
        ("http://localhost:5232/", "http://[::1]:5232/", False),
        ("https://müller.example/", "https://xn--mller-kva.example/", True),
    ],
)
def test_where_credentials_may_go(own: str, other: str, *, may: bool) -> None:
    assert origin_of(own).may_reach(origin_of(other)) is may


@pytest.mark.parametrize(
    "href", ["http://[::1", "//[x/", "/\t/evil.example/", "/\n/[x/", "https://evil.example:x/"]
)
@pytest.mark.parametrize("by", ["a redirect", "an answer", "a refused write"])
def test_what_is_no_url_is_an_answer_that_makes_no_sense(
    user: User, proxy: Proxy, href: str, by: str
) -> None:
    principal = f"<current-user-principal><href>{href}</href></current-user-principal>"
    found = f"<propstat><prop>{principal}</prop><status>HTTP/1.1 200 OK</status></propstat>"
    told = f'<multistatus xmlns="DAV:"><response><href>/</href>{found}</response></multistatus>'
    moved = Reply(301, {"Location": href.translate({9: " ", 10: " "})})
    is_xml = {"Content-Type": "application/xml"}
    reply = Reply(207, is_xml, told.encode()) if by == "an answer" else moved
    server = server_for(user, proxy.url)
    if by == "a refused write":
        proxy.inject(Fault(forward=False, reply=reply), "PUT")
        with pytest.raises(RefusedError, match="was not written"):
            server.create(proxy.through(f"{user.calendar}a.ics"), "BEGIN:VCALENDAR")
        return
    proxy.inject(Fault(forward=False, reply=reply), "PROPFIND", times=9)
    with pytest.raises(ServerError):
        server.discover()
