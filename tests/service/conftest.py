"""What the tests of the use cases share: connectd on every kind of server."""

from collections.abc import Iterator

import pytest
from installation import Install, Installation
from servers import SmtpSink, User


@pytest.fixture
def alice(user: User, install: Install) -> Installation:
    """Return connectd for somebody new, once on each kind of server."""
    return install(user)


@pytest.fixture
def bob(pair: tuple[User, User]) -> User:
    """Somebody whom alice can invite on their common server."""
    return pair[1]


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    """Return a mail server on this machine."""
    sink = SmtpSink()
    yield sink
    sink.stop()
