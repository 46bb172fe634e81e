"""Fetching a published document, from real servers on the loopback address."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_server import Page, WebServer

from connectd.edges.web import Fetched, Web
from connectd.errors import RefusedError, ServerError

SECRET = "/private-5ecret/my.ics"
TEXT = "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def site() -> Iterator[WebServer]:
    with WebServer() as site:
        yield site


def refused(url: str, web: Web | None = None, **options: object) -> str:
    """Return what is said of a URL that cannot be had; it never names more than the host."""
    with pytest.raises(ServerError) as caught:
        (web or Web()).fetch(url, **options)  # type: ignore[arg-type] # passed on
    said = str(caught.value)
    assert "5ecret" not in said
    assert caught.value.__cause__ is None or "5ecret" not in str(caught.value.__cause__)
    return said


def test_a_document_is_fetched_with_what_names_its_version(site: WebServer) -> None:
    url = site.publish(SECRET, "\ufeff" + TEXT)
    page = site.pages[SECRET]
    site.pages[SECRET] = Page(page.body, headers={"Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"})
    assert Web().fetch(url) == Fetched(TEXT, page.etag, "Mon, 02 Nov 2026 10:00:00 GMT")


def test_a_version_that_is_known_is_not_sent_again(site: WebServer) -> None:
    url = site.publish(SECRET, TEXT)
    fetched = Web().fetch(url)
    assert fetched is not None
    date = "Mon, 02 Nov 2026 10:00:00 GMT"
    assert Web().fetch(url, etag=fetched.etag, last_modified=date) is None
    assert site.requests[-1].headers["if-modified-since"] == date
    assert site.answers() == [200, 304]


def test_a_304_that_nobody_asked_for_is_an_error(site: WebServer) -> None:
    site.pages[SECRET] = Page(status=304)
    assert refused(site.url + SECRET) == "127.0.0.1 answered with the status 304."


def test_a_query_belongs_to_the_address(site: WebServer) -> None:
    url = site.publish(SECRET, TEXT)
    assert Web().fetch(f"{url}?key=a b".replace(" ", "%20") + "&ü=1#part") is not None
    assert site.requests[-1].path == SECRET + "?key=a%20b&%C3%BC=1"


def test_nothing_of_the_environment_is_used(
    site: WebServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login alice password wonderland\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    site.pages[SECRET] = Page(TEXT.encode(), headers={"Set-Cookie": "who=alice"})
    web = Web()
    for _ in range(2):
        assert web.fetch(site.url + SECRET) is not None
    sent = site.requests[-1].headers
    assert set(sent) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert sent["user-agent"].startswith("connectd/")


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_server_that_says_no(site: WebServer, status: int) -> None:
    site.pages[SECRET] = Page(status=status)
    with pytest.raises(RefusedError, match=f"127.0.0.1 answered with the status {status}"):
        Web().fetch(site.url + SECRET)


@pytest.mark.parametrize("status", [204, 206, 300, 429, 500, 503])
def test_an_answer_that_is_no_document_is_no_refusal_either(site: WebServer, status: int) -> None:
    site.pages[SECRET] = Page(status=status)
    with pytest.raises(ServerError) as caught:
        Web().fetch(site.url + SECRET)
    assert not isinstance(caught.value, RefusedError)


def test_a_redirect_on_the_same_host_is_followed(site: WebServer) -> None:
    site.publish("/new.ics", TEXT)
    site.pages[SECRET] = Page(status=302, headers={"Location": "/moved.ics?a=b"})
    site.pages["/moved.ics"] = Page(status=308, headers={"Location": f"{site.url}/new.ics"})
    assert Web().fetch(site.url + SECRET) is not None
    assert site.answers() == [302, 308, 200]


def test_redirects_have_an_end(site: WebServer) -> None:
    site.pages[SECRET] = Page(status=302, headers={"Location": SECRET})
    assert "without an end" in refused(site.url + SECRET)
    assert site.answers() == [302] * 4


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_another_host_or_port_is_not_asked(site: WebServer, host: str) -> None:
    with WebServer() as other:
        other.publish(SECRET, TEXT)
        elsewhere = f"http://{host}:{other.port}{SECRET}"
        site.pages["/here"] = Page(status=301, headers={"Location": elsewhere})
        assert "sends on to another" in refused(f"{site.url}/here")
        assert other.requests == []


@pytest.mark.parametrize(
    "there",
    [
        "http://example.test/5ecret",
        "file:///etc/5ecret",
        "//alice:5ecret@127.0.0.1/",
        "https://127.0.0.1\\@example.test/5ecret",
        "http://[5ecret",
    ],
)
def test_a_redirect_to_what_may_not_be_asked_is_an_error(site: WebServer, there: str) -> None:
    site.pages["/here"] = Page(status=301, headers={"Location": there})
    refused(f"{site.url}/here")
    assert site.answers() == [301]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.test/5ecret.ics",
        "ftp://127.0.0.1/5ecret.ics",
        "https:///5ecret.ics",
        "https://alice:5ecret@example.test/",
        "https://example.test/5ecret\r\nX: y",
        "https://example.test:5ecret/",
    ],
)
def test_an_address_that_may_not_be_asked(url: str) -> None:
    assert refused(url).startswith("The address ")


def test_a_document_that_is_too_large_is_not_read_to_its_end(site: WebServer) -> None:
    site.pages[SECRET] = Page(b"x" * (2**20 + 1))
    assert "more than 1 MiB" in refused(site.url + SECRET, Web(largest=2**20))
    site.pages[SECRET] = Page(b"x" * 2**20)
    assert Web(largest=2**20).fetch(site.url + SECRET) is not None


def test_compressed_data_is_not_unpacked(site: WebServer) -> None:
    site.pages[SECRET] = Page(gzip.compress(bytes(1000)), headers={"Content-Encoding": "gzip"})
    assert "compressed" in refused(site.url + SECRET)


def test_a_document_that_breaks_off_is_none(site: WebServer) -> None:
    site.pages[SECRET] = Page(TEXT.encode(), announced=5000)
    assert "broke off" in refused(site.url + SECRET)


def test_bytes_that_drip_have_an_end(site: WebServer) -> None:
    site.pages[SECRET] = Page(b"x" * 1000, drip=0.05)
    began = time.monotonic()
    assert "in time" in refused(site.url + SECRET, Web(timeout_seconds=0.5))
    assert time.monotonic() - began < 10


def test_headers_that_drip_have_an_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        over = threading.Event()

        def drip() -> None:
            with listener.accept()[0] as connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not over.wait(0.05):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}{SECRET}"
        try:
            assert "in time" in refused(url, Web(timeout_seconds=0.5))
        finally:
            over.set()
            thread.join()


def test_a_hurry_ends_the_wait(site: WebServer) -> None:
    site.pages[SECRET] = Page(b"x" * 100_000, drip=0.05)
    web = Web()
    hurry = threading.Timer(0.3, web.hurry, [0.1])
    hurry.start()
    began = time.monotonic()
    assert "in time" in refused(site.url + SECRET, web)
    assert time.monotonic() - began < 20
    assert "in time" in refused(site.url + SECRET, web)


def test_nobody_there_is_told_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    said = refused(f"http://127.0.0.1:{port}{SECRET}")
    assert said == "127.0.0.1 cannot be reached: Connection refused."


def test_what_speaks_no_http_is_told_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def chat() -> None:
            with listener.accept()[0] as connection:
                connection.recv(10_000)
                connection.sendall(b"220 5ecret ready\r\n")

        thread = threading.Thread(target=chat)
        thread.start()
        said = refused(f"http://127.0.0.1:{listener.getsockname()[1]}{SECRET}")
        thread.join()
    assert said == "127.0.0.1 did not answer as a web server does."


def test_only_a_trusted_certificate_will_do(tmp_path: Path) -> None:
    site, certificate = WebServer.secure(tmp_path / "tls")
    with site:
        url = site.publish(SECRET, TEXT)
        assert "certificate of 127.0.0.1 cannot be trusted" in refused(url)
        assert site.requests == []
        assert Web().fetch(url, ca_file=certificate) is not None
        webcal = url.replace("https://", "webcal://")
        assert Web().fetch(webcal, ca_file=certificate) is not None


def test_encryption_is_not_given_up_by_a_redirect(tmp_path: Path, site: WebServer) -> None:
    secure, certificate = WebServer.secure(tmp_path / "tls")
    with secure:
        secure.pages[SECRET] = Page(status=302, headers={"Location": site.publish("/a", TEXT)})
        said = refused(secure.url + SECRET, ca_file=certificate)
    assert "sends on to another address" in said
    assert site.requests == []


def test_a_ca_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    site, _ = WebServer.secure(tmp_path / "tls")
    with site:
        said = refused(site.url + SECRET, ca_file=tmp_path / "none.pem")
    assert said == f"The ca_file {tmp_path / 'none.pem'} cannot be used: No such file or directory."
