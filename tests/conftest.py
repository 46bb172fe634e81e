"""What tests share: real servers (one of each kind per worker), users on them, and connectd."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from accounts import server_for
from installation import NOW, CountedReader, Install, Installation, configuration
from proxy import Proxy
from servers import Cyrus, Davical, Radicale, Sogo, User, Xandikos
from servers.machine import require

from connectd.edges.caldav_server import CalDavServer


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with those that take long, so that no worker is left alone with one at the end."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def xandikos(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Xandikos]:
    server = Xandikos(tmp_path_factory.mktemp("xandikos"))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def cyrus() -> Iterator[Cyrus]:
    require(Cyrus)
    server = Cyrus()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def davical() -> Iterator[Davical]:
    require(Davical)
    server = Davical()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sogo() -> Iterator[Sogo]:
    require(Sogo)
    server = Sogo()
    yield server
    server.stop()


@pytest.fixture(params=["radicale", "xandikos"])
def anyserver(request: pytest.FixtureRequest) -> Radicale | Xandikos:
    server = request.getfixturevalue(request.param)
    assert isinstance(server, Radicale | Xandikos)
    return server


@pytest.fixture
def user(anyserver: Radicale | Xandikos) -> User:
    """Somebody new, once on each kind of server."""
    return anyserver.new_user()


@pytest.fixture
def pair(xandikos: Xandikos) -> tuple[User, User]:
    """Alice and bob, who can invite each other."""
    return xandikos.new_user("alice"), xandikos.new_user("bob")


@pytest.fixture
def server(user: User) -> Iterator[CalDavServer]:
    """Return connectd's edge for this user."""
    server = server_for(user)
    yield server
    server.close()


@pytest.fixture
def proxy(user: User) -> Iterator[Proxy]:
    with Proxy(user.url) as proxy:
        yield proxy


@pytest.fixture
def behind(user: User, proxy: Proxy) -> Iterator[CalDavServer]:
    """Return connectd's edge for this user, through the proxy."""
    behind = server_for(user, proxy.url)
    yield behind
    behind.close()


@pytest.fixture(scope="session")
def reader() -> Iterator[CountedReader]:
    with CountedReader() as reader:
        yield reader


@pytest.fixture
def install(tmp_path: Path, reader: CountedReader) -> Iterator[Install]:
    """Return what sets connectd up for a user; the options are those of ``configuration``."""
    made: list[Installation] = []

    def set_up(user: User, *, now: datetime = NOW, **options: object) -> Installation:
        folder = tmp_path / f"{len(made)}-{user.name}"
        folder.mkdir()
        text = configuration(user, folder, **options)  # type: ignore[arg-type] # passed on
        installation = Installation(folder, user, reader, text, now)
        made.append(installation)
        return installation

    yield set_up
    for installation in made:
        installation.close()
