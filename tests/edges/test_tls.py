"""A certificate is looked at by the rules of every connection, on a real server."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mail_sink import MailSink
from servers.certificate import make_certificate
from servers.ports import free_port

from connectd.edges.host_names import addresses_of
from connectd.edges.server_clock import server_time
from connectd.edges.tls import certificate_end
from connectd.errors import ServerError


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("good") / "tls", days_left=9.5)


@pytest.fixture(params=["from the first byte", "after STARTTLS"])
def starttls(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "after STARTTLS")


@pytest.fixture
def server(good: Path, starttls: bool) -> Iterator[MailSink]:  # noqa: FBT001 - a fixture
    with MailSink(certificate=good, implicit=not starttls) as sink:
        yield sink


def test_it_says_when_the_certificate_ends(server: MailSink, good: Path, *, starttls: bool) -> None:
    ends = certificate_end("127.0.0.1", server.port, ca_file=good, starttls=starttls)
    left = ends - datetime.now(UTC)
    assert timedelta(days=9) < left < timedelta(days=9.5)


def test_one_from_an_unknown_authority_is_not_trusted(server: MailSink, *, starttls: bool) -> None:
    with pytest.raises(ServerError, match="not trusted: self-signed certificate"):
        certificate_end("127.0.0.1", server.port, starttls=starttls)


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({"days_left": -1}, "certificate has expired"),
        ({"address": "127.9.9.9"}, "IP address mismatch"),
    ],
)
def test_one_that_does_not_fit_is_not_trusted(
    tmp_path: Path, made: dict[str, float], why: str
) -> None:
    certificate = make_certificate(tmp_path / "tls", **made)  # type: ignore[arg-type] # from a table
    with (
        MailSink(certificate=certificate, implicit=True) as sink,
        pytest.raises(ServerError, match=why),
    ):
        certificate_end("127.0.0.1", sink.port, ca_file=certificate)


def test_a_server_without_encryption_is_named() -> None:
    with MailSink() as sink:
        with pytest.raises(ServerError, match="offers no STARTTLS"):
            certificate_end("127.0.0.1", sink.port, starttls=True)
        with pytest.raises(ServerError, match="No encrypted connection"):
            certificate_end("127.0.0.1", sink.port)


def test_a_server_that_is_not_there_is_named() -> None:
    port = free_port()
    with pytest.raises(ServerError, match=rf"127\.0\.0\.1 \(port {port}\) cannot be reached"):
        certificate_end("127.0.0.1", port)
    with pytest.raises(ServerError, match="did not say what time it is"):
        server_time(f"http://127.0.0.1:{port}/")


def test_a_ca_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="cannot be read"):
        certificate_end("127.0.0.1", 1, ca_file=tmp_path / "nowhere.pem")


@pytest.mark.parametrize("name", ["nowhere.invalid", "a..b", "\ud800"])
def test_a_name_that_is_nowhere_is_named(name: str) -> None:
    with pytest.raises(ServerError, match="No address is known"):
        addresses_of(name)


def test_a_name_is_looked_up() -> None:
    assert set(addresses_of("localhost")) <= {"127.0.0.1", "::1"}
    assert addresses_of("localhost")
